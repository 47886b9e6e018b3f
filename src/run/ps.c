/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of a container: those of its cgroup and of all below it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/sort.h"
#include "base/time.h"
#include "kern/cgroup.h"
#include "kern/procfs.h"
#include "kern/procinfo.h"
#include "kern/sys.h"
#include "run/live.h"
#include "run/program.h"
#include "run/signals.h"

struct pids {
	pid_t *v;
	size_t n, room;
};

static int add(pid_t pid, void *arg)
{
	struct pids *all = arg;
	pid_t *more;

	if (all->n == all->room) {
		all->room = all->room ? 2 * all->room : 256;
		more = arena_get(all->room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		if (all->n)
			memcpy(more, all->v, all->n * sizeof(*more));
		all->v = more;
	}
	all->v[all->n++] = pid;
	return 0;
}

static int compare(const void *a, const void *b)
{
	return *(const pid_t *)a - *(const pid_t *)b;
}

int run_processes(const struct run_global *g, const char *id,
		  int (*each)(pid_t pid, void *arg), void *arg)
{
	autolive l = LIVE_NONE;
	struct pids all = { 0 };
	size_t i;
	int ret = live_open(&l, g, id);

	if (ret < 0)
		return ret;
	if (l.status != STATUS_STOPPED) {
		ret = live_need_cgroup(&l, "ps");
		if (ret < 0)
			return ret;
	}
	ret = l.cgroup < 0 ? 0 : cgroup_pids(l.cgroup, add, &all);
	if (all.n)
		sort(all.v, all.n, sizeof(*all.v), compare);
	for (i = 0; i < all.n && ret == 0; i++)
		ret = each(all.v[i], arg);
	return ret;
}

int run_process(struct run_process *out, pid_t pid)
{
	struct procinfo info;
	struct time now, up;
	autofd proc = procfs_open_host();
	int ret = proc < 0 ? proc : procinfo_read(&info, proc, pid);

	if (ret < 0)
		return ret;
	now = time_of(CLOCK_REALTIME);
	up = time_of(CLOCK_BOOTTIME);
	*out = (struct run_process){
		.pid = pid,
		.ppid = info.ppid,
		.uid = info.uid,
		.cpu = info.cpu,
	};
	if ((uint64_t)up.s > info.start)
		out->age = (uint64_t)up.s - info.start;
	out->started = (uint64_t)now.s - out->age;
	procinfo_tty(&info, out->tty, sizeof(out->tty));
	str_cut(out->command, sizeof(out->command), info.command);
	return 0;
}

/* fd stands at the end of the file. */
static int map_text(int fd, const char **text)
{
	off_t end = lseek(fd, 0, SEEK_CUR);
	char *p;

	if (end < 0 || write(fd, "", 1) != 1)
		return err_sys(errno, "the output of ps");
	p = mmap(NULL, (size_t)end + 1, PROT_READ, MAP_PRIVATE, fd, 0);
	*text = p;
	return p == MAP_FAILED ? err_sys(errno, "the output of ps") : 0;
}

int run_host_ps(char **argv, const char **text)
{
	autofd out = sys_memfd_create("ps", 0);
	const char *path;
	int status = 0;
	pid_t pid;

	if (out < 0)
		return err_sys(out, "memfd_create");
	if (program_search(&path, "ps") < 0)
		return err_say(ENOENT, "there is no ps in $PATH");
	pid = sys_fork();
	if (pid < 0)
		return err_sys(pid, "fork");
	if (pid == 0) {
		signals_reset();
		if (dup2(out, 1) >= 0)
			execve(path, argv, environ);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		return err_say(ECANCELED, "ps ended with status %d",
			       WIFEXITED(status) ? WEXITSTATUS(status) :
						   128 + WTERMSIG(status));
	return map_text(out, text);
}
