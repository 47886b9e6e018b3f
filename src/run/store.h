/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state directory: <root>/<id>/ with
 *	state.json	the record (oci/state.h), replaced by rename only
 *	config.json	the bytes that the container was created from
 *	resources.json	its linux.resources of now, once they were updated
 *	gate		the socket at which a created container's init waits
 *	notify/		with the socket by which it says that it is ready
 * The directory itself carries the lock: flock(2), which ends with its holder
 * however that ends. Who creates, starts or deletes holds it; who only looks
 * does not.
 */
#ifndef RUN_STORE_H
#define RUN_STORE_H

#include <stdbool.h>

#include "oci/state.h"

struct store {
	int root; /* the state root; owned */
	int dir;  /* <root>/<id>; owned; the lock is on it */
	const char *id;
};

#define STORE_NONE                    \
	{                             \
		.root = -1, .dir = -1 \
	}

void store_close(struct store *s);
#define autostore __attribute__((cleanup(store_close))) struct store

/* Opens the root, making it (0700) first if make. -ENOENT when it is not
 * there. */
int store_open_root(const char *root, bool make);

/* Opens the directory of an existing container, without the lock.
 * -ENOENT: "container does not exist". */
int store_open(struct store *s, const char *root, const char *id);

/* Names a container in the root that s has open, only for store_load() and
 * store_has_gate(): its directory is not opened. */
int store_look(struct store *s, const char *id);

/* Takes the lock; waits for who holds it, but not for ever: -EBUSY. -ENOENT if
 * the container was deleted meanwhile. */
int store_lock(const struct store *s);

void store_unlock(const struct store *s);

/* As store_lock(), but -EWOULDBLOCK when somebody holds it. */
int store_trylock(const struct store *s);

/*
 * Claims the id for a new container: makes its directory, locked.
 * -EEXIST: the directory is there; s is open then, locked if *locked.
 */
int store_claim(struct store *s, const char *root, const char *id,
		bool *locked);

/* For the record of a new container: which boot it is of, NULL if none but
 * this one will see it. */
const char *store_boot(const struct store *s);

int store_save(const struct store *s, const struct state *state);

/* The same in two steps, of which only the second is seen by others. Nothing
 * else is saved between them. */
int store_prepare(const struct store *s, const struct state *state);
int store_commit(const struct store *s);
/* One of an earlier boot comes back as abandoned while it was created; -ENOENT:
 * there is none, or it was lost when the power was cut. */
int store_load(const struct store *s, struct state *state);

/* Keeps the config's text. */
int store_save_config(const struct store *s, const char *text, size_t len);

/* Keeps the text of the resources of now; NULL: they are the config's. */
int store_save_resources(const struct store *s, const char *text, size_t len);
bool store_has_resources(const struct store *s);

/* True while the container waits at its gate. */
bool store_has_gate(const struct store *s);

/* Removes the directory and all in it; the record last. */
int store_remove(const struct store *s);

#endif
