/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.json of the OCI runtime-spec 1.3 as plain structs, Linux only, with
 * the spec's own names (in C spelling). Strings point into the mapping of the
 * document; arrays live in the arena. A pointer is NULL and an opt_ is unset
 * where the document has no such key, or null; a string that is not required
 * is NULL, too, where it is "". Nothing is interpreted here: capabilities,
 * mount options, signals and the like are still words.
 */
#ifndef OCI_SPEC_H
#define OCI_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The newest runtime-spec that all of this is of, and the oldest that is
 * read: every 1.x. */
#define OCI_VERSION "1.3.0"
#define OCI_VERSION_MIN "1.0.0"

struct opt_bool {
	bool v, set;
};
struct opt_u32 {
	uint32_t v;
	bool set;
};
struct opt_i32 {
	int32_t v;
	bool set;
};
struct opt_u64 {
	uint64_t v;
	bool set;
};
struct opt_i64 {
	int64_t v;
	bool set;
};

/* v[n] is NULL: fit for execve(2) where v is not NULL. */
struct spec_strs {
	const char **v;
	size_t n;
};

/* A JSON object of strings, in the document's order. */
struct spec_pair {
	const char *name, *value;
};
struct spec_pairs {
	struct spec_pair *v;
	size_t n;
};

struct spec_root {
	const char *path;
	bool readonly;
	bool untouched; /* read-only from the beginning (an annotation) */
};

struct spec_id_mapping {
	uint32_t container_id, host_id, size;
};
struct spec_id_mappings {
	struct spec_id_mapping *v;
	size_t n;
};

struct spec_mount {
	const char *destination, *type, *source;
	struct spec_strs options;
	struct spec_id_mappings uid_mappings, gid_mappings;
};
struct spec_mounts {
	struct spec_mount *v;
	size_t n;
};

struct spec_user {
	uint32_t uid, gid;
	struct opt_u32 umask;
	struct {
		uint32_t *v;
		size_t n;
	} additional_gids;
};

struct spec_capabilities {
	struct spec_strs bounding, effective, inheritable, permitted, ambient;
};

struct spec_rlimit {
	const char *type;
	uint64_t soft, hard;
};

struct spec_scheduler {
	const char *policy;
	struct opt_i32 nice, priority;
	struct spec_strs flags;
	struct opt_u64 runtime, deadline, period;
};

struct spec_io_priority {
	const char *class;
	int32_t priority;
};

struct spec_cpu_affinity {
	const char *initial, *final;
};

struct spec_console_size {
	uint32_t height, width;
};

struct spec_process {
	bool terminal;
	struct spec_console_size console_size;
	struct spec_user user;
	struct spec_strs args, env;
	const char *cwd;
	struct spec_capabilities *capabilities;
	struct {
		struct spec_rlimit *v;
		size_t n;
	} rlimits;
	bool no_new_privileges;
	const char *apparmor_profile, *selinux_label;
	struct opt_i32 oom_score_adj;
	struct spec_scheduler *scheduler;
	struct spec_io_priority *io_priority;
	struct spec_cpu_affinity *exec_cpu_affinity;
};

struct spec_hook {
	const char *path;
	struct spec_strs args, env;
	bool env_set;           /* absent inherits, [] is empty */
	struct opt_i32 timeout; /* seconds, > 0 */
};
struct spec_hook_list {
	struct spec_hook *v;
	size_t n;
};
struct spec_hooks {
	struct spec_hook_list prestart, create_runtime, create_container;
	struct spec_hook_list start_container, poststart, poststop;
};

/* The row of a namespace in names and arrays: enum order is the order in
 * which runt enters them, the user namespace first because it owns the rest. */
enum spec_ns_kind {
	NS_USER,
	NS_MOUNT,
	NS_PID,
	NS_NETWORK,
	NS_IPC,
	NS_UTS,
	NS_CGROUP,
	NS_TIME,
	NS_KINDS,
};

struct spec_namespace {
	bool wanted;      /* listed in linux.namespaces */
	const char *path; /* joined if not NULL, else new */
};
struct spec_namespace_entry {
	enum spec_ns_kind kind;
	const char *path;
};

struct spec_time_offset {
	int64_t secs;
	uint32_t nanosecs;
};

struct spec_device {
	const char *type, *path; /* type c, u, b or p */
	struct opt_i64 major, minor;
	struct opt_u32 file_mode, uid, gid;
};

struct spec_net_device {
	const char *host_name, *name; /* name NULL: keep */
};

struct spec_device_rule {
	bool allow;
	const char *type; /* a, c, b; NULL is a */
	struct opt_i64 major, minor;
	const char *access;
};

struct spec_memory {
	struct opt_i64 limit, reservation, swap, kernel, kernel_tcp;
	struct opt_u64 swappiness;
	struct opt_bool disable_oom_killer, use_hierarchy;
	struct opt_bool check_before_update;
};

struct spec_cpu {
	struct opt_u64 shares, period, realtime_period, burst;
	struct opt_i64 quota, realtime_runtime, idle;
	const char *cpus, *mems;
};

struct spec_weight_device {
	int64_t major, minor;
	struct opt_u32 weight, leaf_weight;
};
struct spec_throttle_device {
	int64_t major, minor;
	uint64_t rate;
};
struct spec_throttles {
	struct spec_throttle_device *v;
	size_t n;
};

struct spec_block_io {
	struct opt_u32 weight, leaf_weight;
	struct {
		struct spec_weight_device *v;
		size_t n;
	} weight_device;
	struct spec_throttles read_bps, write_bps, read_iops, write_iops;
};

struct spec_hugepage_limit {
	const char *page_size;
	uint64_t limit;
};

struct spec_network_priority {
	const char *name;
	uint32_t priority;
};

struct spec_network {
	struct opt_u32 class_id;
	struct {
		struct spec_network_priority *v;
		size_t n;
	} priorities;
};

struct spec_rdma {
	const char *device; /* the key */
	struct opt_u32 hca_handles, hca_objects;
};

struct spec_resources {
	struct {
		struct spec_device_rule *v;
		size_t n;
	} devices;
	struct spec_memory *memory;
	struct spec_cpu *cpu;
	struct opt_i64 pids_limit; /* pids.limit */
	struct spec_block_io *block_io;
	struct {
		struct spec_hugepage_limit *v;
		size_t n;
	} hugepage_limits;
	struct spec_network *network;
	struct {
		struct spec_rdma *v;
		size_t n;
	} rdma;
	struct spec_pairs unified;
};

struct spec_seccomp_arg {
	uint32_t index;
	uint64_t value, value_two;
	const char *op;
};

struct spec_seccomp_rule {
	struct spec_strs names;
	const char *action;
	struct opt_u32 errno_ret;
	struct {
		struct spec_seccomp_arg *v;
		size_t n;
	} args;
};

struct spec_seccomp {
	const char *default_action;
	struct opt_u32 default_errno_ret;
	struct spec_strs architectures, flags;
	bool flags_set; /* absent means SPEC_ALLOW, [] means none */
	const char *listener_path, *listener_metadata;
	struct {
		struct spec_seccomp_rule *v;
		size_t n;
	} syscalls;
};

struct spec_intel_rdt {
	const char *clos_id, *l3_cache_schema, *mem_bw_schema;
	struct spec_strs schemata;
	bool enable_monitoring;
};

struct spec_memory_policy {
	const char *mode, *nodes;
	struct spec_strs flags;
};

struct spec_personality {
	const char *domain;
	struct spec_strs flags;
};

struct spec_linux {
	struct spec_namespace ns[NS_KINDS];
	struct {
		struct spec_namespace_entry *v;
		size_t n;
	} namespaces; /* as listed; ns has the same by kind */
	struct spec_id_mappings uid_mappings, gid_mappings;
	struct spec_time_offset *offset_monotonic, *offset_boottime;
	struct {
		struct spec_device *v;
		size_t n;
	} devices;
	struct {
		struct spec_net_device *v;
		size_t n;
	} net_devices;
	const char *cgroups_path;
	struct spec_pairs sysctl;
	struct spec_resources *resources;
	struct spec_seccomp *seccomp;
	const char *rootfs_propagation, *mount_label;
	struct spec_strs masked_paths, readonly_paths;
	struct spec_intel_rdt *intel_rdt;
	struct spec_memory_policy *memory_policy;
	struct spec_personality *personality;
};

struct spec {
	const char *oci_version;
	struct spec_root root;
	struct spec_process *process; /* NULL: create may succeed, start not */
	const char *hostname, *domainname;
	struct spec_mounts mounts;
	struct spec_hooks hooks;
	struct spec_pairs annotations;
	struct spec_linux linux_; /* `linux` is a macro of gnu11 */
};

#endif
