/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/exitcode.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "kern/uapi.h"

int exitcode_of_pidfd(int pidfd, int *code)
{
	struct k_pidfd_info info = { .mask = K_PIDFD_INFO_EXIT };

	if (ioctl(pidfd, (int)K_PIDFD_GET_INFO, &info) < 0 ||
	    !(info.mask & K_PIDFD_INFO_EXIT))
		return 0;
	*code = info.exit_code;
	return 1;
}

/* The file shows 0 to those who may not know the code; the same right opens
 * the way to a link, which leads nowhere once the process has ended. */
static int may_look(int proc, pid_t pid)
{
	char path[32], c;

	return str_fmt(path, sizeof(path), "%d/exe", pid) >= 0 &&
	       readlinkat(proc, path, &c, 1) < 0 && errno == ENOENT;
}

int exitcode_of_zombie(int proc, pid_t pid, uint64_t start, int *code)
{
	struct proc_stat st;

	if (!may_look(proc, pid) || proc_read_stat(&st, proc, pid) < 0 ||
	    st.start != start || st.state != 'Z')
		return 0;
	*code = st.exit_code;
	return 1;
}

int exitcode_trace(pid_t pid)
{
	return ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0 ?
		       err_sys(errno, "trace process %d", pid) :
		       0;
}

void exitcode_pass(pid_t pid, int stopped)
{
	uintptr_t sig = WSTOPSIG(stopped);

	if (stopped >> 16 != PTRACE_EVENT_STOP)
		ptrace(PTRACE_CONT, pid, NULL, (void *)sig);
	else if (sig == SIGTRAP)
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	else /* all of it was stopped, until SIGCONT comes */
		ptrace(PTRACE_LISTEN, pid, NULL, NULL);
}
