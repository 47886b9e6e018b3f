/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events: what a container uses, every now and then, and at once when the OOM
 * killer was at work in it. The kernel wakes us for that by POLLPRI on
 * memory.events, and when init ends by its pidfd, which is the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/time.h"
#include "kern/cgstat.h"
#include "run/live.h"
#include "run/stats.h"

struct watch {
	struct live live;
	struct sbuf line; /* grows with the first event that needs it */
	int (*print)(const char *text, size_t len);
	int memory_events; /* owned; -1: nobody counts */
	uint64_t kills;
};

/* One line. */
static int print_event(struct watch *w, const char *type)
{
	struct sbuf *b = &w->line;

	do {
		struct jsonw j = { .b = b };

		if (!b->p || b->full) {
			b->size = b->size ? 2 * b->size : 16 * 1024;
			b->p = arena_get(b->size, 1);
			if (!b->p)
				return -ENOMEM;
		}
		b->len = 0;
		b->full = false;
		jsonw_object(&j, NULL);
		jsonw_str(&j, "type", type);
		jsonw_str(&j, "id", w->live.store.id);
		if (str_eq(type, "stats"))
			stats_write(&j, &w->live);
		jsonw_end(&j);
		sbuf_str(b, "\n");
	} while (b->full);
	return w->print(b->p, b->len);
}

/* How many processes were killed so far, in the container and below. */
static uint64_t read_kills(struct watch *w)
{
	char text[512];
	ssize_t n = pread(w->memory_events, text, sizeof(text) - 1, 0);

	/* ENODEV: the cgroup was removed. */
	if (n < 0) {
		fd_close(&w->memory_events);
		return w->kills;
	}
	text[n] = '\0';
	return cgstat_key(text, "oom_kill", 0);
}

static int check_kills(struct watch *w)
{
	uint64_t before = w->kills;

	if (w->memory_events < 0)
		return 0;
	w->kills = read_kills(w);
	return w->kills > before ? print_event(w, "oom") : 0;
}

static void open_memory_events(struct watch *w)
{
	w->memory_events =
		fd_open(w->live.cgroup, "memory.events", O_RDONLY, 0);
	if (w->memory_events < 0)
		log_line(LOG_WARNING, "no events of the OOM killer: %s",
			 err.text);
	else
		w->kills = read_kills(w);
}

/* Sleeps until the next sample is due or something happens. Returns 1 when the
 * container has ended. */
static int wait_event(struct watch *w, uint64_t due)
{
	struct pollfd p[] = {
		{ .fd = w->live.pidfd, .events = POLLIN },
		{ .fd = w->memory_events, .events = POLLPRI },
	};
	uint64_t now = time_us(), ms = 0;
	int ret;

	if (due > now)
		ms = (due - now + 999) / 1000;
	ret = poll(p, 2, ms > INT_MAX ? INT_MAX : (int)ms);
	if (ret < 0 && errno != EINTR)
		return err_sys(errno, "poll");
	ret = check_kills(w);
	return ret == 0 && p[0].revents ? 1 : ret;
}

static int watch(struct watch *w, uint64_t interval)
{
	uint64_t due = time_us() + interval, now;
	int ret;

	open_memory_events(w);
	while ((ret = wait_event(w, due)) == 0) {
		now = time_us();
		if (now < due)
			continue;
		ret = print_event(w, "stats");
		if (ret < 0)
			break;
		/* What could not be printed in time is left out. */
		due += interval * ((now - due) / interval + 1);
	}
	fd_close(&w->memory_events);
	return ret < 0 ? ret : 0;
}

int run_events(const struct run_global *g, const char *id, uint64_t interval,
	       int (*print)(const char *text, size_t len))
{
	struct watch w = { .live = LIVE_NONE,
			   .print = print,
			   .memory_events = -1 };
	int ret = live_open(&w.live, g, id);

	if (ret == 0 && w.live.status == STATUS_STOPPED)
		ret = err_say(ESRCH, "container is not running: %s", id);
	if (ret == 0)
		ret = live_need_cgroup(&w.live, "events");
	if (ret == 0)
		ret = interval ? watch(&w, interval) : print_event(&w, "stats");
	live_close(&w.live);
	return ret;
}
