/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kern/dbus.c and kern/bus.c: messages as the specification has them, and what
 * becomes of those that are not, byte by byte. The peers are children of ours
 * that say what a script has for them.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/err.h"
#include "kern/bus.h"
#include "kern/dbus.h"
#include "tap.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_writing(void)
{
	static const char expected[] =
		"l\1\0\1"
		"\100\0\0\0\7\0\0\0\75\0\0\0" /* 64 of body, no. 7, 61 */
		"\1\1o\0\2\0\0\0/a\0\0\0\0\0\0"
		"\2\1s\0\3\0\0\0b.c\0\0\0\0\0"
		"\3\1s\0\1\0\0\0D\0\0\0\0\0\0\0"
		"\10\1g\0\7sa(sv)t\0\0\0\0"
		"\2\0\0\0hi\0\0"                           /* s */
		"\46\0\0\0\0\0\0\0"                        /* a: 38 bytes */
		"\1\0\0\0k\0\1u\0\0\0\0\4\3\2\1"           /* (sv) */
		"\1\0\0\0x\0\2as\0\0\0\6\0\0\0\1\0\0\0y\0" /* (sv) */
		"\0\0\10\7\6\5\4\3\2\1";
	const struct dbus_call c = { "/a", "b.c", "D", "sa(sv)t" };
	uint8_t buffer[512];
	struct dbus_out o = { .p = buffer, .size = sizeof(buffer) };
	struct dbus_array all, one;
	size_t size;

	for (size = 144; size <= 512; size = size == 144 ? 143 : size + 512) {
		o.size = size;
		dbus_begin(&o, &c, NULL, 7);
		dbus_put_str(&o, "hi");
		all = dbus_open_array(&o, 8);
		dbus_align(&o, 8);
		dbus_put_str(&o, "k");
		dbus_put_sig(&o, "u");
		dbus_put_u32(&o, 0x01020304);
		dbus_align(&o, 8);
		dbus_put_str(&o, "x");
		dbus_put_sig(&o, "as");
		one = dbus_open_array(&o, 4);
		dbus_put_str(&o, "y");
		dbus_close_array(&o, one);
		dbus_close_array(&o, all);
		dbus_put_u64(&o, 0x0102030405060708);
		dbus_end(&o);
		if (size == 144) {
			is_num(o.len, sizeof(expected) - 1, "a call's size");
			ok(!o.full && memcmp(o.p, expected, o.len) == 0,
			   "and its bytes");
		} else {
			ok(o.full, "in a buffer too small by one");
		}
	}
	o.size = sizeof(buffer);
	dbus_begin(&o, &c, "to.me", 1);
	ok(!o.full && memmem(o.p, o.len, "\6\1s\0\5\0\0\0to.me", 14),
	   "the destination is a field of its own");
}

/* Answers to call no. 1, and a signal. */
static const char error_bytes[] = "l\3\1\1\10\0\0\0\11\0\0\0\52\0\0\0"
				  "\4\1s\0\5\0\0\0a.Err\0\0\0"
				  "\5\1u\0\1\0\0\0"
				  "\10\1g\0\1s\0\0"
				  "\7\1s\0\1\0\0\0x\0\0\0\0\0\0\0"
				  "\3\0\0\0no!";
static const char signal_bytes[] = "l\4\1\1\23\0\0\0\12\0\0\0\71\0\0\0"
				   "\1\1o\0\2\0\0\0/a\0\0\0\0\0\0"
				   "\2\1s\0\3\0\0\0b.c\0\0\0\0\0"
				   "\3\1s\0\4\0\0\0Gone\0\0\0\0"
				   "\10\1g\0\3uos\0\0\0\0\0\0\0\0"
				   "\7\0\0\0\1\0\0\0/\0\0\0\2\0\0\0hi";
static const char reply_bytes[] = "l\2\1\1\6\0\0\0\13\0\0\0\17\0\0\0"
				  "\5\1u\0\1\0\0\0"
				  "\10\1g\0\1s\0\0"
				  "\1\0\0\0y";

static uint8_t *page_end; /* where a page ends that none follows */

static void make_page(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + size, size, PROT_NONE) < 0)
		exit(1);
	page_end = p + size;
}

static size_t sum; /* so that no read is left out */

/* Reads all that can be read of a message; one byte too many is fatal. */
static bool digest(const char *bytes, size_t len)
{
	uint8_t *p = memcpy(page_end - len, bytes, len);
	struct dbus_message m;

	if (!dbus_parse(&m, p, len))
		return false;
	sum += strlen(m.interface) + strlen(m.member) + strlen(m.error) +
	       strlen(m.signature);
	while (!m.body.bad && m.body.pos < m.body.len) {
		sum += dbus_get_u32(&m.body);
		sum += strlen(dbus_get_str(&m.body));
		sum += strlen(dbus_get_sig(&m.body));
		sum += dbus_get_u8(&m.body);
	}
	return true;
}

static void test_reading(void)
{
	struct dbus_message m;

	ok(dbus_parse(&m, (const uint8_t *)error_bytes, sizeof(error_bytes)) &&
		   m.type == DBUS_ERROR && m.reply_serial == 1,
	   "an error is read");
	is_str(m.error, "a.Err", "  its name");
	is_str(m.signature, "s", "  its signature");
	is_str(dbus_get_str(&m.body), "no!", "  its text");
	ok(!m.body.bad && m.body.pos == m.body.len, "  all of it");
	is_str(dbus_get_str(&m.body), "", "  and no more");
	ok(m.body.bad, "  which is noticed");

	ok(dbus_parse(&m, (const uint8_t *)signal_bytes,
		      sizeof(signal_bytes)) &&
		   m.type == DBUS_SIGNAL,
	   "a signal is read");
	is_str(m.interface, "b.c", "  its interface");
	is_str(m.member, "Gone", "  its member");
	is_num(dbus_get_u32(&m.body), 7, "  a number");
	is_str(dbus_get_str(&m.body), "/", "  a path");
	is_str(dbus_get_str(&m.body), "hi", "  a string");
	ok(!m.body.bad, "  all of it");
}

static void test_mutations(const char *bytes, size_t len, const char *name)
{
	char copy[256];
	size_t i, taken = 0;
	int v;

	for (i = 0; i < len; i++)
		taken += digest(bytes, i);
	is_num((long long)taken, 0, name);
	memcpy(copy, bytes, len);
	for (i = 0; i < len; i++) {
		for (v = 0; v < 256; v++) {
			copy[i] = (char)v;
			taken += digest(copy, len);
		}
		copy[i] = bytes[i];
	}
	ok(taken > 0 && taken < 256 * len,
	   "  each byte of it changed: %zu of %zu are messages", taken,
	   256 * len);
}

/* One header that lies, each. */
static void test_lies(void)
{
	static const struct lie {
		const char *name;
		uint8_t at, value;
	} lies[] = {
		{ "big endian", 0, 'B' },
		{ "no type", 1, 0 },
		{ "version 2", 3, 2 },
		{ "a body that is longer than the message", 4, 0xff },
		{ "a body without end", 7, 0xff },
		{ "fields that are longer than the message", 12, 0xff },
		{ "fields without end", 15, 0xff },
		{ "a field of an unknown type", 18, 'v' },
		{ "a string that is too long", 20, 0x7f },
		{ "a string without end", 23, 0xff },
		{ "a string with another NUL", 25, 0 },
		{ "a string without a NUL", 29, 'x' },
		{ "a signature that is too long", 17, 0xff },
	};
	char copy[sizeof(error_bytes)];

	for (size_t i = 0; i < COUNT(lies); i++) {
		memcpy(copy, error_bytes, sizeof(copy));
		copy[lies[i].at] = (char)lies[i].value;
		ok(!digest(copy, sizeof(copy)), "%s", lies[i].name);
	}
}

/* What a peer says once it has heard something; the last line of a script has
 * nothing to hear. */
struct line {
	const char *heard;
	const char *say;
	size_t len;
};
#define TEXT(text) (text), sizeof(text) - 1
#define BYTES(bytes) (bytes), sizeof(bytes)
#define WELCOME                                          \
	{                                                \
		"BEGIN\r\n", TEXT("DATA\r\nOK 1234\r\n") \
	}
#define CALLED "q" /* nowhere in a call but in its body */
#define LEAVE                 \
	{                     \
		NULL, NULL, 0 \
	}
#define STAY                  \
	{                     \
		NULL, NULL, 1 \
	}

static char where[64];

static void follow(int fd, const struct line *l)
{
	char text[4096], *found;
	size_t have = 0;
	ssize_t n;

	for (; l->heard; l++) {
		while (!(found = memmem(text, have, l->heard,
					strlen(l->heard)))) {
			n = read(fd, text + have, sizeof(text) - have);
			if (n <= 0)
				return;
			have += (size_t)n;
		}
		found += strlen(l->heard);
		have -= (size_t)(found - text);
		memmove(text, found, have);
		if (write(fd, l->say, l->len) != (ssize_t)l->len)
			return;
	}
	if (l->len)
		pause();
}

static pid_t start_peer(const struct line *script)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	pid_t pid;

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", where);
	unlink(where);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    listen(fd, 1) < 0)
		exit(1);
	pid = fork();
	if (pid == 0) {
		follow(accept(fd, NULL, NULL), script);
		_exit(0);
	}
	close(fd);
	return pid;
}

static int heard;

static void on_signal(const struct dbus_message *m, void *arg)
{
	heard += strcmp(m->member, "Gone") == 0 && arg == &heard;
}

static struct bus bus;
static unsigned int patience = 20000;

/* The addresses are before, the peer's path, and after. */
static int call_there(struct dbus_message *reply, const char *before,
		      const char *after)
{
	const struct dbus_call c = { "/a", "b.c", "D", "s" };
	char addresses[256];
	int ret;

	bus = (struct bus){
		.patience_ms = patience,
		.fd = -1,
		.on_signal = on_signal,
		.arg = &heard,
	};
	heard = 0;
	snprintf(addresses, sizeof(addresses), "%s%s%s", before, where, after);
	ret = bus_open(&bus, addresses);
	if (ret == 0) {
		bus_begin(&bus, &c);
		dbus_put_str(&bus.out, "q");
		ret = bus_call(&bus, reply, "D");
	}
	bus_close(&bus);
	return ret;
}

static int call(const struct line *script, struct dbus_message *reply)
{
	pid_t pid = start_peer(script);
	int ret = call_there(reply,
			     "tcp:host=x;unix:path=/none/at/all;"
			     "unix:guid=1,path=",
			     ",x=y;unix:path=/more");

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return ret;
}

/* A signal that is larger than all we have room for, by its header. */
static char large[BUS_MESSAGE_MAX + 1024] =
	"l\4\1\1\360\203\0\0\1\0\0\0\0\0\0\0";

/* What comes before the answer, and that all the same there is one. */
static void test_calls(void)
{
	static const struct line modern[] = { WELCOME,
					      { CALLED, BYTES(reply_bytes) },
					      STAY };
	static const struct line old[] = { { "\0AUTH EXTERNAL\r\n" + 1,
					     TEXT("OK 1234\r\n") },
					   { "DATA\r\n", TEXT("ERROR\r\n") },
					   { CALLED, BYTES(reply_bytes) },
					   STAY };
	static const struct line talkative[] = {
		{ "AUTH EXTERNAL\r\n", TEXT("DAT") },
		{ "DATA\r\n", TEXT("A\r\nOK 12") },
		{ "", TEXT("34\r\n") },
		{ "BEGIN\r\n", BYTES(signal_bytes) },
		{ CALLED, BYTES(large) },
		{ "", BYTES(signal_bytes) },
		/* An answer to nothing, in two parts. */
		{ "", TEXT("l\2\1\1\0\0\0\0\1\0\0\0\10\0\0\0\5\1") },
		{ "", TEXT("u\0\2\0\0\0") },
		{ "", BYTES(reply_bytes) },
		STAY
	};
	struct dbus_message m;

	is_num(call(modern, &m), 0, "a call");
	is_str(dbus_get_str(&m.body), "y", "  answers");
	is_str(bus.address + strlen(bus.address) - 9, "/peer,x=y",
	       "  and has its address known");
	is_num(call(old, NULL), 0, "a peer that is content early");
	is_num(call(talkative, &m), 0, "a peer that says much, in pieces");
	is_str(dbus_get_str(&m.body), "y", "  answers");
	is_num(heard, 2, "  and its signals are heard");
}

static const struct failure {
	const char *name;
	int ret;
	const char *text; /* some of it */
	struct line script[4];
} failures[] = {
	{ "an error as the answer",
	  -EREMOTEIO,
	  "D: no! (a.Err)",
	  { WELCOME, { CALLED, BYTES(error_bytes) }, STAY } },
	{ "a peer that lets nobody in",
	  -EACCES,
	  "refuses us (REJECTED",
	  { { "AUTH", TEXT("REJECTED EXTERNAL\r\n") }, STAY } },
	{ "a peer of another protocol",
	  -EPROTO,
	  "not the authentication",
	  { { "AUTH", TEXT("HTTP/1.0 400 Bad\n") }, STAY } },
	{ "a line without end",
	  -EPROTO,
	  "not the authentication",
	  { { "AUTH", BYTES(large) }, STAY } },
	{ "a peer that refuses us later",
	  -EACCES,
	  "refuses us (REJECTED",
	  { { "AUTH", TEXT("DATA\r\nREJECTED\r\n") }, STAY } },
	{ "a peer that goes on asking",
	  -EACCES,
	  "refuses us (DATA",
	  { { "AUTH", TEXT("DATA\r\nDATA\r\n") }, STAY } },
	{ "a NUL in a line",
	  -EPROTO,
	  "not the authentication",
	  { { "AUTH", TEXT("OK \0\r\n") }, STAY } },
	{ "a peer that leaves at once",
	  -EPROTO,
	  "closed the connection",
	  { LEAVE } },
	{ "a peer that leaves when called",
	  -EPROTO,
	  "closed the connection",
	  { WELCOME, { CALLED, "", 0 }, LEAVE } },
	{ "a peer that leaves in its answer",
	  -EPROTO,
	  "closed the connection",
	  { WELCOME, { CALLED, reply_bytes, 20 }, LEAVE } },
	{ "a peer that says nothing",
	  -ETIMEDOUT,
	  "no answer in 300 ms",
	  { STAY } },
	{ "a peer that never answers",
	  -ETIMEDOUT,
	  "no answer in 300 ms",
	  { WELCOME, { CALLED, BYTES(signal_bytes) }, STAY } },
	{ "half an answer",
	  -ETIMEDOUT,
	  "no answer in 300 ms",
	  { WELCOME, { CALLED, reply_bytes, 20 }, STAY } },
	{ "no message",
	  -EPROTO,
	  "not a D-Bus message",
	  { WELCOME, { CALLED, TEXT("220 mail.example.com\r\n") }, STAY } },
	{ "a message of 4 GB",
	  -EPROTO,
	  "not a D-Bus message",
	  { WELCOME,
	    { CALLED, TEXT("l\2\1\1\377\377\377\377\1\0\0\0\0\0\0\0") },
	    STAY } },
	{ "a message that breaks off",
	  -EPROTO,
	  "malformed",
	  { WELCOME,
	    { CALLED, TEXT("l\2\1\1\0\0\0\0\1\0\0\0\10\0\0\0\5\1u\1\0\0\0\0") },
	    STAY } },
};

static void test_failures(void)
{
	for (size_t i = 0; i < COUNT(failures); i++) {
		const struct failure *f = &failures[i];

		patience = f->ret == -ETIMEDOUT ? 300 : 20000;
		is_num(call(f->script, NULL), f->ret, f->name);
		if (!ok(strstr(err.text, f->text) && !strchr(err.text, '\n'),
			"  and its error"))
			printf("# %s\n", err.text);
	}
	is_num(call_there(NULL, "unix:path=", ".none"), -ENOENT,
	       "nobody at the address");
	is_num(call_there(NULL, "unix:path=", "%6"), -ENOENT,
	       "an address that is none");
	is_num(call_there(NULL, "", ""), -ENOENT, "no address");
}

int main(void)
{
	char dir[] = "/tmp/runt-bus-XXXXXX";

	signal(SIGPIPE, SIG_IGN);
	if (!mkdtemp(dir))
		return 1;
	snprintf(where, sizeof(where), "%s/peer", dir);
	make_page();
	test_writing();
	test_reading();
	test_mutations(error_bytes, sizeof(error_bytes), "no part of an error");
	test_mutations(signal_bytes, sizeof(signal_bytes),
		       "no part of a signal");
	test_lies();
	test_calls();
	test_failures();
	unlink(where);
	rmdir(dir);
	return done();
}
