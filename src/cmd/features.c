/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/cmd.h"

#include <errno.h>

#include "base/err.h"
#include "run/features.h"

static int features(const struct run_global *g, char **args)
{
	char text[8 * 1024];
	struct sbuf b = SBUF(text);

	(void)g;
	(void)args;
	features_print(&b);
	if (b.full)
		return err_sys(ENOBUFS, "features");
	return cmd_print(b.p, b.len);
}

const struct verb verb_features = {
	.name = "features",
	.args = "",
	.help = "Print what this binary can do as JSON",
	.group = VERB_INSPECT,
	.main = features,
};
