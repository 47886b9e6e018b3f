/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include <signal.h>

#include "base/log.h"
#include "base/time.h"
#include "kern/self.h"
#include "kern/sys.h"
#include "kern/userns.h"
#include "run/run.h"

int run_begin(void)
{
	int ret = self_refuse_setuid();

	/* Ignored by our caller, children would end without a status. */
	sys_default_signal(SIGCHLD);
	return ret < 0 ? ret : self_hide();
}

bool run_in_user_namespace(void)
{
	return userns_inside();
}

bool run_is_rootless(const struct run_global *g)
{
	if (g->rootless != ROOTLESS_AUTO)
		return g->rootless == ROOTLESS_TRUE;
	return geteuid() != 0 || userns_inside();
}

int stage_run(const struct stage *stages, size_t n, struct run *r,
	      const char *who)
{
	bool timed = log_wants(LOG_DEBUG);
	uint64_t begin = 0;
	size_t i;
	int ret;

	for (i = 0; i < n; i++) {
		if (timed)
			begin = time_us();
		ret = stages[i].run(r);
		if (timed)
			log_line(LOG_DEBUG, "%s: %s: %u us%s", who,
				 stages[i].name,
				 (unsigned int)(time_us() - begin),
				 ret < 0 ? ", failed" : "");
		if (ret < 0)
			return ret;
	}
	return 0;
}
