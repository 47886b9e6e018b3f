/* SPDX-License-Identifier: Apache-2.0 */
#include "kern/cgctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "kern/cgroup.h"
#include "kern/need.h"

#define CONTROLLERS "cgroup.controllers"
#define SUBTREE_CONTROL "cgroup.subtree_control"
#define TYPE "cgroup.type"

enum {
	/* Those a cgroup has, or gives its children: words in a file. */
	CONTROLLERS_SIZE = 256,
	TYPE_SIZE = 32,
};

static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word), n;

	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		if (n == len && memcmp(text, word, n) == 0)
			return true;
	}
	return false;
}

/* A cgroup made below one that is threaded can hold nothing until it is
 * threaded, too, which it can't take back. */
static int validate(int dir, const char *name)
{
	char type[TYPE_SIZE];

	if (fd_read_text(dir, TYPE, type, sizeof(type)) < 0 ||
	    !str_eq(type, "domain invalid") ||
	    fd_write_text(dir, TYPE, "threaded") == 0)
		return 0;
	return err_prefix("cgroup %s is in an invalid state", name);
}

/* Makes a cgroup give its children all controllers that it has. */
static void enable_in(int dir)
{
	char has[CONTROLLERS_SIZE], gives[CONTROLLERS_SIZE], one[64], *word;
	char text[2 * CONTROLLERS_SIZE];
	struct sbuf b = SBUF(text);
	size_t n;
	int ret;

	if (fd_read_text(dir, CONTROLLERS, has, sizeof(has)) < 0 ||
	    fd_read_text(dir, SUBTREE_CONTROL, gives, sizeof(gives)) < 0)
		return;
	for (word = has; *word; word += n) {
		n = strcspn(word, " ");
		n += word[n] == ' ';
		if (str_fmt(one, sizeof(one), "%.*s", (int)strcspn(word, " "),
			    word) >= 0 &&
		    !has_word(gives, one))
			sbuf_fmt(&b, "+%s ", one);
	}
	ret = b.len ? fd_write_text(dir, SUBTREE_CONTROL, text) : 0;
	/* All or none: then one by one. Not where processes live, which would
	 * let it have those of threads, and become threaded by that. */
	if (ret == 0 || ret == -EBUSY)
		return;
	for (word = text; *word; word += n + 1) {
		n = strcspn(word, " ");
		word[n] = '\0';
		fd_write_text(dir, SUBTREE_CONTROL, word);
	}
}

/* At the end of the way nothing is enabled: a cgroup that gives controllers to
 * those below it can hold no processes. */
static int prepare(int dir, const char *name, bool leaf, const void *arg)
{
	int ret = validate(dir, name);

	(void)arg;
	if (ret == 0 && !leaf)
		enable_in(dir);
	return ret;
}

/* Neither threaded nor below one that is: no other has these controllers. */
static bool is_domain(int dir, const char *controllers)
{
	char type[TYPE_SIZE];

	return has_word(controllers, "memory") ||
	       has_word(controllers, "hugetlb") ||
	       (fd_read_text(dir, TYPE, type, sizeof(type)) >= 0 &&
		str_eq(type, "domain"));
}

int cgctl_enable(int mount, const char *path, int leaf)
{
	char all[CONTROLLERS_SIZE], here[CONTROLLERS_SIZE];

	/* Then there is nothing to look for on the way. */
	if (fd_read_text(leaf, CONTROLLERS, here, sizeof(here)) >= 0 &&
	    fd_read_text(mount, CONTROLLERS, all, sizeof(all)) >= 0 &&
	    str_eq(all, here) && is_domain(leaf, here))
		return 0;
	return cgroup_each(mount, path, prepare, NULL);
}

/* The line "NAME<TAB>HIERARCHY<TAB>CGROUPS<TAB>ENABLED" of /proc/cgroups,
 * behind its name, or NULL. */
static char *kernel_knows(const char *controller, char *text, size_t size)
{
	/* v1's name. */
	const char *name = str_eq(controller, "io") ? "blkio" : controller;
	size_t len = strlen(name);
	char *line = text;

	if (fd_read_text(AT_FDCWD, "/proc/cgroups", text, size) < 0)
		return NULL;
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0 && line[len] == '\t') {
			line[strcspn(line, "\n")] = '\0';
			return line + len + 1;
		}
	}
	return NULL;
}

/* The cgroup2 mount does not have it: who has? */
static int explain_absent(const char *controller, int need)
{
	char text[2048];
	const char *line = kernel_knows(controller, text, sizeof(text));

	if (!line) {
		err_say(ENOENT,
			"the kernel has no %s controller, or was booted without it",
			controller);
	} else if (*line != '0') {
		err_say(ENOENT,
			"the %s controller belongs to a cgroup v1 hierarchy",
			controller);
		need = NEED_CGROUP_V1;
	} else if (str_ends(line, "\t0")) {
		err_say(ENOENT,
			"the %s controller was disabled when the kernel booted",
			controller);
	} else {
		err_say(ENOENT,
			"the %s controller is not given to this part of the "
			"cgroup tree",
			controller);
		need = NEED_CGROUP_GIVEN;
	}
	return err_hint(need);
}

static int require_in(int dir, const char *name, bool leaf, const void *arg)
{
	const char *controller = arg;
	char gives[CONTROLLERS_SIZE], text[64];
	int ret = validate(dir, name);

	if (ret < 0 || leaf)
		return ret;
	if (fd_read_text(dir, SUBTREE_CONTROL, gives, sizeof(gives)) < 0)
		return -err.num;
	if (has_word(gives, controller))
		return 0;
	ret = str_fmt(text, sizeof(text), "+%s", controller);
	if (ret > 0)
		ret = fd_write_text(dir, SUBTREE_CONTROL, text);
	if (ret >= 0)
		return 0;
	/* It is not among those that it has itself. */
	if (ret == -EOPNOTSUPP || ret == -ENOENT)
		return err_say(-ret,
			       "cgroup %s is threaded and can't have the %s "
			       "controller",
			       name, controller);
	err_sys(ret, "enable the %s controller in cgroup %s", controller, name);
	return err_hint(ret == -EBUSY ? NEED_CGROUP_BUSY : NEED_CGROUP_GIVEN);
}

int cgctl_require(const char *path, const char *controller, int need)
{
	int mount = cgroup_mount(NULL);
	char has[CONTROLLERS_SIZE];
	ssize_t n;

	if (mount < 0)
		return mount;
	n = fd_read_text(mount, CONTROLLERS, has, sizeof(has));
	if (n < 0)
		return (int)n;
	if (!has_word(has, controller))
		return explain_absent(controller, need);
	return cgroup_each(mount, path, require_in, controller);
}

static int note_in(int dir, const char *name, bool leaf, const void *arg)
{
	struct cgctl_given *const *first = arg, *one;
	char gives[CONTROLLERS_SIZE];

	if (leaf ||
	    fd_read_text(dir, SUBTREE_CONTROL, gives, sizeof(gives)) < 0)
		return 0;
	one = arena_get(1, sizeof(*one));
	if (!one)
		return -ENOMEM;
	one->path = arena_str(name);
	one->controllers = arena_str(gives);
	one->next = (*first)->next;
	(*first)->next = one;
	return one->path && one->controllers ? 0 : -ENOMEM;
}

int cgctl_note(const char *path, struct cgctl_given **list)
{
	int mount = cgroup_mount(NULL);
	struct cgctl_given head = { .next = NULL }, *first = &head;
	int ret = mount < 0 ? mount : cgroup_each(mount, path, note_in, &first);

	*list = head.next;
	return ret == -ENOENT ? 0 : ret;
}

static void restore_one(const struct cgctl_given *g)
{
	autofd dir = cgroup_open(g->path);
	char gives[CONTROLLERS_SIZE], less[64];
	const char *word;
	size_t n;

	if (dir < 0 ||
	    fd_read_text(dir, SUBTREE_CONTROL, gives, sizeof(gives)) < 0)
		return;
	for (word = gives; *word; word += n) {
		n = strcspn(word, " ");
		if (str_fmt(less, sizeof(less), "-%.*s", (int)n, word) > 0 &&
		    !has_word(g->controllers, less + 1))
			fd_write_text(dir, SUBTREE_CONTROL, less);
		n += word[n] == ' ';
	}
}

/* The deepest come first. */
void cgctl_restore(const struct cgctl_given *list)
{
	for (; list; list = list->next)
		restore_one(list);
}
