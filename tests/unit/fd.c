/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/fd.c: descriptors close on exec and at the end of their scope, whole
 * transfers, small files, standard streams.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "tap.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int scope(int fd, bool take)
{
	autofd owned = fd;

	return take ? fd_take(&owned) : -1;
}

static void test_ownership(void)
{
	int fd = fd_open(AT_FDCWD, "/dev/null", O_RDWR, 0);
	int again;

	ok(fd >= 0, "a file is opened");
	is_num(fcntl(fd, F_GETFD), FD_CLOEXEC, "and closes on exec");
	is_num(scope(fd, true), fd, "what is taken leaves the scope");
	ok(is_open(fd), "and stays open");
	scope(fd, false);
	ok(!is_open(fd), "what is not taken is closed");
	again = -EBADF;
	fd_close(&again);
	is_num(again, -1, "an error is no descriptor");
}

static void test_open(int dir)
{
	err.num = 0;
	is_num(fd_open(dir, "missing", O_RDONLY, 0), -ENOENT,
	       "a missing file is an error");
	ok(strstr(err.text, "missing") && err.num == ENOENT,
	   "that names it: %s", err.text);
}

static void make(int dir, const char *name, const char *text)
{
	autofd fd = fd_open(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	is_num(fd_write(fd, text, strlen(text), name), 0, "a file is written");
}

static void test_text(int dir)
{
	char buf[8];

	make(dir, "f", "12345\n");
	is_num(fd_read_text(dir, "f", buf, sizeof(buf)), 5,
	       "the length has no newline");
	is_str(buf, "12345", "nor has the text");
	make(dir, "f", "1234567");
	is_num(fd_read_text(dir, "f", buf, sizeof(buf)), 7,
	       "a text that just fits");
	make(dir, "f", "12345678");
	is_num(fd_read_text(dir, "f", buf, sizeof(buf)), -EFBIG,
	       "one byte more is an error");
	make(dir, "f", "");
	is_num(fd_read_text(dir, "f", buf, sizeof(buf)), 0, "an empty file");
	is_str(buf, "", "is an empty text");
	make(dir, "f", "old text");
	is_num(fd_write_text(dir, "f", "new"), 0, "a text is written");
	is_num(fd_read_text(dir, "f", buf, sizeof(buf)), -EFBIG,
	       "over the old one, which stays behind it as in sysfs");
	is_num(fd_write_text(dir, "none", "x"), -ENOENT,
	       "no file is made for a text");
	unlinkat(dir, "f", 0);
}

/* A pipe takes and gives less than asked for. */
static void test_pieces(void)
{
	static char sent[200000], got[200000];
	int p[2];
	pid_t pid;

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * 7 + i / 251);
	if (!ok(pipe(p) == 0, "a pipe"))
		return;
	pid = fork();
	if (pid == 0) {
		close(p[0]);
		_exit(fd_write(p[1], sent, sizeof(sent), "pipe") != 0);
	}
	close(p[1]);
	is_num(fd_read(p[0], got, sizeof(got), "pipe"), sizeof(got),
	       "what came in pieces is read whole");
	ok(memcmp(sent, got, sizeof(sent)) == 0, "and unchanged");
	is_num(fd_read(p[0], got, sizeof(got), "pipe"), 0, "then it ends");
	close(p[0]);
	waitpid(pid, NULL, 0);
}

static void test_errors(void)
{
	char c;

	is_num(fd_read(-1, &c, 1, "NAME"), -EBADF, "reading fails");
	is_str(err.text, "read NAME: Bad file descriptor", "and says so");
	is_num(fd_write(-1, "x", 1, "NAME"), -EBADF, "writing fails");
	is_str(err.text, "write NAME: Bad file descriptor", "and says so");
}

static bool is_null(int fd)
{
	struct stat st, null;

	return fstat(fd, &st) == 0 && stat("/dev/null", &null) == 0 &&
	       S_ISCHR(st.st_mode) && st.st_rdev == null.st_rdev;
}

/* What becomes of a standard stream first. */
enum { LEAVE, CLOSE, PLACE };

static void spoil(int fd, int how)
{
	int place;

	if (how == CLOSE)
		close(fd);
	if (how != PLACE)
		return;
	place = open("/dev", O_PATH);
	dup2(place, fd);
	if (place != fd)
		close(place);
}

/* In a child, which has not much left to say it with: the exit status. */
static int fill(int zero, int one, int two)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int next;

		spoil(0, zero);
		spoil(1, one);
		spoil(2, two);
		if (fd_fill_stdio() != 0)
			_exit(1);
		if ((zero && !is_null(0)) || (one && !is_null(1)) ||
		    (two && !is_null(2)))
			_exit(2);
		if (fcntl(0, F_GETFD) != 0 || fcntl(2, F_GETFD) != 0)
			_exit(3);
		next = open("/dev/null", O_RDONLY);
		_exit(next <= 2 ? 4 : 0);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ?
		       WEXITSTATUS(status) :
		       -1;
}

static void test_stdio(void)
{
	is_num(fill(LEAVE, LEAVE, LEAVE), 0, "open streams stay");
	is_num(fill(CLOSE, LEAVE, LEAVE), 0, "0 is filled");
	is_num(fill(LEAVE, LEAVE, CLOSE), 0, "2 is filled");
	is_num(fill(CLOSE, CLOSE, CLOSE), 0, "all three are filled");
	is_num(fill(CLOSE, LEAVE, CLOSE), 0, "0 and 2 are filled");
	is_num(fill(PLACE, LEAVE, LEAVE), 0, "0 is replaced");
	is_num(fill(PLACE, PLACE, PLACE), 0, "all three are replaced");
	is_num(fill(PLACE, CLOSE, PLACE), 0, "each in its way");
}

int main(void)
{
	char path[] = "/tmp/runt-fd-XXXXXX";
	int dir = mkdtemp(path) ? open(path, O_DIRECTORY) : -1;

	if (dir < 0)
		return 1;
	test_ownership();
	test_open(dir);
	test_text(dir);
	test_pieces();
	test_errors();
	test_stdio();
	close(dir);
	rmdir(path);
	return done();
}
