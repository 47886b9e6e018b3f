/* SPDX-License-Identifier: Apache-2.0 */
/* --help, from the tables that the options are read with. */
#include "cmd/cmd.h"

enum { HELP_SIZE = 4096 };

int cmd_help(const struct verb *v)
{
	char text[HELP_SIZE];
	struct sbuf b = SBUF(text);

	sbuf_fmt(&b, "Usage: runt %s [OPTION]...%s%s\n\n%s.\n\nOptions:\n",
		 v->name, v->args[0] ? " " : "", v->args, v->help);
	opt_print(&b, v->opts);
	sbuf_str(&b, "\nSee runt(8).\n");
	return cmd_print(b.p, b.len);
}

static void print_group(struct sbuf *b, const struct verb *const *verbs,
			enum verb_group group)
{
	size_t start;

	for (; *verbs; verbs++) {
		if ((*verbs)->group != group)
			continue;
		start = b->len;
		sbuf_fmt(b, "  %s %s", (*verbs)->name, (*verbs)->args);
		opt_column(b, start, 24);
		sbuf_fmt(b, "%s\n", (*verbs)->help);
	}
}

int cmd_help_all(const struct verb *const *verbs, const struct opt *globals)
{
	char text[HELP_SIZE];
	struct sbuf b = SBUF(text);

	sbuf_str(&b, "Usage: runt [OPTION]... COMMAND [ARGUMENT]...\n\n"
		     "Runs containers from OCI bundles.\n\nLifecycle:\n");
	print_group(&b, verbs, VERB_LIFECYCLE);
	sbuf_str(&b, "\nInspect:\n");
	print_group(&b, verbs, VERB_INSPECT);
	sbuf_str(&b, "  help [COMMAND]        Explain a command\n\nOptions:\n");
	opt_print(&b, globals);
	sbuf_str(&b, "\nOptions of a command: runt COMMAND --help."
		     " See runt(8).\n");
	return cmd_print(b.p, b.len);
}
