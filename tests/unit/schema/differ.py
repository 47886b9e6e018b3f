# SPDX-License-Identifier: Apache-2.0
"""What runt's readers take and refuse, compared with other ones.

differ.py grammar PROGRAM
    Documents with random bytes changed, against Python's reader of JSON.
differ.py schema PROGRAM DATA
    Configs with every value in turn replaced or removed, against the JSON
    schema of the runtime-spec.
differ.py keys KEYS.TBL DATA
    The keys of the schema that the tables do not have, and the reverse.
differ.py config DATA
    Prints a config with every key in it.

PROGRAM is a unit test that judges documents (tests/unit/json.c, config.c).
Prints every difference that has no reason, and ends with 1 if there is one.
"""

import collections
import copy
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile


def judge(program, documents):
    """One line per document: "1", or what is wrong with it."""
    with tempfile.NamedTemporaryFile() as f:
        for d in documents:
            f.write(struct.pack("<I", len(d)) + d)
        f.flush()
        run = subprocess.run([program, f.name], stdout=subprocess.PIPE,
                             check=True)
    lines = run.stdout.decode("utf-8", "replace").split("\n")[:-1]
    if len(lines) != len(documents):
        sys.exit(f"{len(lines)} verdicts on {len(documents)} documents")
    return lines


# Grammar

def no_duplicates(pairs):
    if len({k for k, _ in pairs}) != len(pairs):
        raise ValueError("duplicate key")
    return dict(pairs)


def no_constant(name):
    raise ValueError(name)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)


def is_json(document):
    """As RFC 8259, without a NUL, duplicate keys and half surrogates."""
    try:
        text = document.decode("utf-8")
        # Python's numbers may have any digit of Unicode, its space may not.
        value = json.loads(text, object_pairs_hook=no_duplicates,
                           parse_constant=no_constant,
                           parse_int=str, parse_float=str)
        for s in strings(value):
            if "\0" in s:
                return False
            s.encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return True


SEEDS = [
    b'{"a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{},"":"x"}',
    b'[0,-0,10,1.5,1e3,1E+3,1e-3,{"a":{"a":1},"b":[[]]}]',
    b'"\\ud83d\\ude00\\"\\\\\\/\\b\\f\\n\\r\\t"',
    b'{ "key" : [ "value" , { "x" : false } ] }\n',
    '["\u00e9\u20ac\U0001f600",{"\u00e9":1,"\\u00e8":2}]'.encode(),
]
PIECES = [bytes([c]) for c in b'{}[]:,"\\ \n\t0123456789.eE+-tfnu/ab']
PIECES += [b"\0", b"\x1f", b"\x7f", b"\x80", b"\xc3", b"\xed\xa0\x80",
           b"\xef\xbb\xbf", b"\\u0000", b"\\ud800", b"\\udc00", b"true",
           b"null", b'"a":', b'""', b"\xc2\xa0", b"\xd9\xa1"]


def mutate(rng, document):
    d = bytearray(document)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(len(d) + 1)
        piece = rng.choice(PIECES)
        way = rng.randrange(4)
        if way == 0:
            d[at:at] = piece
        elif way == 1:
            d[at:at + len(piece)] = piece
        elif way == 2:
            del d[at:at + rng.randrange(1, 4)]
        else:
            part = d[at:at + rng.randrange(1, 12)]
            to = rng.randrange(len(d) + 1)
            d[to:to] = part
    return bytes(d)


def grammar(program):
    rng = random.Random(8259)
    documents = {mutate(rng, rng.choice(SEEDS)) for _ in range(40000)}
    documents = sorted(documents)
    wrong = taken = 0
    for d, verdict in zip(documents, judge(program, documents)):
        expected = is_json(d)
        taken += expected
        if (verdict == "1") != expected:
            wrong += 1
            print(d, "is JSON" if expected else "is not JSON", verdict)
    print(f"{len(documents)} documents, {taken} of them JSON, "
          f"{wrong} differences")
    return wrong == 0 and taken > 1000


# Schema

def load(data, name):
    with open(os.path.join(data, "spec-schema", name)) as f:
        return json.load(f)


def schema(data):
    """config-schema.json with all references resolved."""
    def resolve(node, name):
        if isinstance(node, list):
            return [resolve(n, name) for n in node]
        if not isinstance(node, dict):
            return node
        node = {k: resolve(v, name) for k, v in node.items() if k != "$ref"} \
            | ({"$ref": node["$ref"]} if "$ref" in node else {})
        if "$ref" not in node:
            return node
        where, path = node.pop("$ref").split("#")
        target = load(data, where or name)
        for part in path.strip("/").split("/"):
            target = target[part]
        return node | resolve(target, where or name)
    return resolve(load(data, "config-schema.json"), "config-schema.json")


# Not of Linux, or not of the runtime's: unknown keys to runt.
FOREIGN = {"solaris", "windows", "vm", "zos", "freebsd"}


def configs(data):
    """What the examples of the runtime-spec and the engines have, each key at
    least once, without what the engines repeat."""
    c = load(data, "test/config/good/spec-example.json")
    c["ociVersion"] = "1.3.0"
    p, l = c["process"], c["linux"]
    p["consoleSize"] = {"height": 1, "width": 2}
    p["user"]["umask"] = 18
    p["oomScoreAdj"] = 1
    p["scheduler"] = {"policy": "SCHED_FIFO", "priority": 1, "nice": 0,
                      "flags": ["SCHED_FLAG_RECLAIM"]}
    p["ioPriority"] = {"class": "IOPRIO_CLASS_BE", "priority": 1}
    p["execCPUAffinity"] = {"initial": "0", "final": "1"}
    c["mounts"] = [c["mounts"][1] | {
        "uidMappings": [{"containerID": 0, "hostID": 1, "size": 2}],
        "gidMappings": [{"containerID": 0, "hostID": 1, "size": 2}]}]
    c["hooks"]["prestart"] = c["hooks"]["prestart"][:1]
    c["hooks"]["createRuntime"] = c["hooks"]["createRuntime"][:1]
    c["hooks"]["prestart"][0]["timeout"] = 3
    l["namespaces"][0]["path"] = "/proc/1/ns/pid"
    l["netDevices"] = {"eth0": {"name": "eth1"}}
    l["devices"] = l["devices"][:1]
    l["maskedPaths"] = l["maskedPaths"][:1]
    l["readonlyPaths"] = l["readonlyPaths"][:1]
    l["intelRdt"] = {"closID": "a", "schemata": ["MB:0=1"],
                     "l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=1",
                     "enableMonitoring": False}
    l["memoryPolicy"] = {"mode": "MPOL_BIND", "nodes": "0",
                         "flags": ["MPOL_F_STATIC_NODES"]}
    l["personality"] = {"domain": "LINUX", "flags": []}
    l["seccomp"] |= {"defaultErrnoRet": 1, "listenerPath": "/l",
                     "listenerMetadata": "m",
                     "flags": ["SECCOMP_FILTER_FLAG_LOG"]}
    l["seccomp"]["syscalls"][0] |= {"errnoRet": 1, "args": [
        {"index": 0, "value": 1, "valueTwo": 2, "op": "SCMP_CMP_EQ"}]}
    r = l["resources"]
    r["rdma"] = {"mlx5": {"hcaHandles": 1, "hcaObjects": 2}}
    r["unified"] = {"memory.high": "1"}
    r["cpu"]["idle"] = 1
    r["devices"] = r["devices"][1:2]
    r["hugepageLimits"] = r["hugepageLimits"][:1]
    r["network"]["priorities"] = r["network"]["priorities"][:1]
    b = r["blockIO"]
    b["weightDevice"] = b["weightDevice"][:1]
    b["throttleWriteBpsDevice"] = b["throttleReadBpsDevice"]
    b["throttleReadIOPSDevice"] = b["throttleReadBpsDevice"]
    yield c
    yield load(data, "test/config/good/minimal-for-start.json")


REMOVE = object()
VALUES = [REMOVE, True, -1, 0, 7, 1.5, 70000, 2**32, 2**63, 2**64,
          "", "x", "/x", "64kB", [], ["x"], [1], {}, {"x": 1}]


def paths(node, path=()):
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        yield path + (key,)
        if isinstance(value, (dict, list)):
            yield from paths(value, path + (key,))


def variants(config):
    yield config
    for path in paths(config):
        for value in VALUES:
            c = copy.deepcopy(config)
            node = c
            for key in path[:-1]:
                node = node[key]
            if value is REMOVE:
                del node[path[-1]]
            else:
                node[path[-1]] = value
            yield c


# Why runt refuses what the schema takes: sentences of the runtime-spec, or
# limits of the kernel, that the schema does not have.
STRICTER = [
    r"ociVersion: expected a version 1\.x\.y",
    r"root: missing, but required",
    r"(root\.path|destination): must not be empty",
    r"process\.args: (missing, but required|must not be empty)",
    r"process\.args\[0\]: must not be empty",
    r"\.env\[\d\]: expected NAME=value",
    r"expected an absolute path",
    r"process\.rlimits\[\d\]: RLIMIT_CORE is there already",
    r"process\.rlimits\[\d\]\.type: expected RLIMIT_",
    r"process\.rlimits\[\d\]\.soft: \d+ is above hard",
    r"process\.scheduler",
    r"process\.oomScoreAdj: expected a number from -1000 to 1000",
    r"process\.ioPriority\.priority: expected a number from 0 to 7",
    r"process\.user\.umask: expected a number from 0 to 4095",
    r"consoleSize\.\w+: expected a number from 0 to 65535",
    r"timeout: expected a number from 1 to 2147483647",
    r"namespace",
    r"annotations.*: expected a string",
    r"Mappings\[0\]\.size: expected a number from 1 to",
    r"Mappings\[0\]: goes beyond the last id",
    r"uidMappings and gidMappings belong together",
    r"nanosecs: expected a number from 0 to 999999999",
    r"(major|minor): expected a number from (0|-1) to (4095|1048575)",
    r"linux\.devices\[0\]: type \"c\" takes a major and a minor",
    r"linux\.netDevices.*: a name of 1 to 15 bytes",
    r"(sysctl|unified).*: expected a string",
    r"resources\.devices\[0\]\.type: expected a, c or b",
    r"resources\.devices\[0\]\.access: expected letters",
    r"throttle\w+\[0\]\.rate: missing, but required",
    r"priorities\[0\]\.name: must not be empty",
    r"memoryPolicy\.mode: missing, but required",
    r"personality\.domain: missing, but required",
    r"seccomp\.listenerMetadata: only with listenerPath",
    r"seccomp\.syscalls\[0\]\.args\[0\]\.index: expected a number from 0 to 5",
    # The schema has no format for this, Go and runt have.
    r"linux\.resources\.unified: a name of a file",
    # JSON schema takes 1.0 for an integer.
    r"without fraction and exponent",
]

# Where runt takes what the schema refuses, by the path of the changed value.
MILDER = [
    # "" is what Go writes for a word that is not there.
    (r"linux\.rootfsPropagation", ("",)),
    # A mode with the file type in it, as podman writes it.
    (r"linux\.devices\.0\.fileMode", (7,)),
    # The form of this is the resctrl file system's business.
    (r"linux\.intelRdt\.memBwSchema", ("", "x", "/x", "64kB")),
]


def excused(path, value):
    path = ".".join(map(str, path))
    return any(re.fullmatch(p, path) and value in v
               for p, v in MILDER)


def changes(config):
    yield (), None
    for path in paths(config):
        for value in VALUES:
            yield path, value


def differ(program, data):
    import jsonschema
    validator = jsonschema.Draft4Validator(schema(data))
    wrong = 0
    tally = collections.Counter()
    for config in configs(data):
        docs = list(variants(config))
        texts = [json.dumps(d).encode() for d in docs]
        for (path, value), doc, verdict in zip(changes(config), docs,
                                               judge(program, texts)):
            expected = validator.is_valid(doc)
            taken = verdict == "1"
            tally[expected, taken] += 1
            if expected == taken:
                continue
            if taken and excused(path, value):
                continue
            if not taken and any(re.search(p, verdict) for p in STRICTER):
                continue
            wrong += 1
            print(".".join(map(str, path)), "=",
                  "(removed)" if value is REMOVE else json.dumps(value) + ":",
                  "schema takes it:" if expected else "schema refuses it,",
                  verdict if not taken else "runt takes it")
    print(f"{sum(tally.values())} configs: both take {tally[True, True]}, "
          f"both refuse {tally[False, False]}, only the schema takes "
          f"{tally[True, False]}, only runt {tally[False, True]}, "
          f"{wrong} without a reason")
    return wrong == 0 and tally[True, True] > 100


# Keys

def schema_keys(node, found):
    for key, value in node.get("properties", {}).items():
        if key not in FOREIGN:
            found.add(key)
            schema_keys(value, found)
    for part in ("items", "additionalProperties"):
        if isinstance(node.get(part), dict):
            schema_keys(node[part], found)
    for part in ("allOf", "anyOf"):
        for one in node.get(part, []):
            schema_keys(one, found)
    return found


def keys(table, data):
    with open(table) as f:
        text = f.read().split("OBJECT(state,")[0]
    ours = set(re.findall(r'^(?:TEXT|NUMBER|NEST)\(\w+, "(\w+)"', text, re.M))
    ours |= set(re.findall(r'^SELF\("(\w+)"', text, re.M))
    theirs = schema_keys(schema(data), set())
    # The command line and the user of Windows.
    missing = theirs - ours - {"commandLine", "username"}
    unknown = ours - theirs
    print(f"{len(theirs)} keys of the schema, {len(ours)} of ours; "
          f"missing: {sorted(missing)}, unknown: {sorted(unknown)}")
    return not missing and not unknown and len(ours) > 100


def print_config(data):
    print(json.dumps(next(configs(data)), separators=(",", ":")))
    return True


MODES = {"grammar": grammar, "schema": differ, "keys": keys,
         "config": print_config}
sys.exit(0 if MODES[sys.argv[1]](*sys.argv[2:]) else 1)
