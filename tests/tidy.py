#!/usr/bin/env python3
"""Holds the rules of the house that no compiler knows. ARCHITECTURE.md gives the reasons.

Each function below is one rule; it yields "file:line: what is wrong". The last line is
"N passed, N failed", counted in rules.
"""
import itertools
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 600  # lines of a file

# A room of core/src may import from rooms of the layers before its own, and from those named with it.
LAYERS = [
    ["error", "log"],
    ["protocol", "sys", "config", "buffer", "mmap"],
    ["shm", "net"],
    ["ipc", "event"],
    ["aio", "process", "client"],
    ["server"],
]
BESIDE = {"client": {"aio"}, "log": {"error", "sys"}, "config": {"sys"}, "net": {"shm"}, "event": {"ipc"}, "ipc": {"event"}}
ONLY = {"protocol": {"error"}, "error": set()}
ROLES = ["master", "manager", "worker", "task", "user", "base"]  # folders of core/src/server, one per process role
UNSAFE_ROOMS = ("core/src/sys", "core/src/shm", "ffi/", "php-ext/src/zend")


def tracked(*endings):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return sorted(p for p in set(listed) if p.endswith(endings or "") and (ROOT / p).is_file())


def lines(path):
    return (ROOT / path).read_text(errors="replace").splitlines()


def code_lines(path):
    """Its lines with comments, texts and character literals taken out."""
    for number, line in enumerate(lines(path), 1):
        line = re.sub(r'b?"(?:\\.|[^"\\])*"', '""', line)
        yield number, re.sub(r"//.*", "", line)


def imported(path):
    """(line, name) of all that a file names as crate::name, or in a group crate::{...}."""
    text = "\n".join(code for _, code in code_lines(path))
    for found in re.finditer(r"\bcrate::(\w+|\{)", text):
        number = text.count("\n", 0, found.start()) + 1
        if found[1] != "{":
            yield number, found[1]
            continue
        depth, start = 1, found.end()
        for part in re.finditer(r"[{}]|(?<=[{,\s])\w+", text[start - 1 :]):
            at = start - 1 + part.start()
            if at < start:
                continue
            depth += {"{": 1, "}": -1}.get(part[0], 0)
            if depth == 0:
                break
            if depth == 1 and part[0] != "}":
                yield number, part[0]


def room_of(path):
    return pathlib.PurePath(path).parts[2].removesuffix(".rs")


def rooms_import_one_way():
    """But for a room's tests, which may use the rooms above it."""
    layer_of = {room: i for i, layer in enumerate(LAYERS) for room in layer}
    for path in tracked(".rs"):
        if not path.startswith("core/src/") or room_of(path) == "lib" or re.search(r"/tests(/|\.rs$)", path):
            continue
        room = room_of(path)
        if room not in layer_of:
            yield f"{path}:1: the room `{room}` has no layer: give it one in tests/tidy.py and ARCHITECTURE.md"
            continue
        allowed = {r for r, i in layer_of.items() if i < layer_of[room]} | BESIDE.get(room, set()) | {room}
        allowed = ONLY.get(room, allowed) | {room}
        for number, name in imported(path):
            if name in layer_of and name not in allowed:
                yield f"{path}:{number}: `{room}` must not import from `{name}`"


def process_roles_do_not_know_each_other():
    """master, manager, worker, task: they meet in ipc and server/shared. BASE's worker is all in one; `worker` is also what all that
    look like a worker to the manager have in common."""
    roles = [r for r in ROLES if r != "base"]
    for path in tracked(".rs"):
        found = re.match(r"core/src/server/(\w+)[./]", path)
        if not found or found[1] not in roles:
            continue
        common = {"worker"} if found[1] in ("task", "user") else set()
        others = "|".join(r for r in roles if r != found[1] and r not in common)
        for number, text in code_lines(path):
            if re.search(rf"\b(super|server)::({others})::|\b(super|server)::({others})\b\s*;", text):
                yield f"{path}:{number}: a process role must not import another one"


def faces_stand_on_the_facade_and_apart():
    for path in tracked(".rs", "Cargo.toml"):
        other = {"ffi": "swoole_php|swoole-php|php-ext", "php-ext": "swoole_ffi|swoole-ffi|swoole_rs", "core": "swoole_ffi|swoole-ffi|swoole_php|swoole-php|ext_php_rs|ext-php-rs"}
        face = path.split("/")[0]
        if face in other:
            for number, text in code_lines(path):
                if re.search(rf"\b({other[face]})\b", text) and not re.match(r"\s*name\s*=", text):
                    yield f"{path}:{number}: `{face}` must not know that"


def files_stay_short():
    for path in tracked(".rs", ".php", ".c", ".h", ".py", ".sh"):
        if path.startswith("include/"):  # generated
            continue
        count = len(lines(path))
        if count > LONGEST:
            yield f"{path}:1: {count} lines, {LONGEST} are allowed: it probably holds two things"


def unsafe_stays_in_its_rooms():
    for path in tracked(".rs"):
        if path.startswith(UNSAFE_ROOMS) or path.startswith(("fuzz/", "bench/")):
            continue
        for number, text in code_lines(path):
            if re.search(r"\bunsafe\b", text):
                yield f"{path}:{number}: unsafe is for {', '.join(UNSAFE_ROOMS)} only"


def each_unsafe_says_why_it_is_sound():
    for path in tracked(".rs"):
        source = lines(path)
        for number, text in code_lines(path):
            if not re.search(r"\bunsafe\s*(\{|impl\b)", text):
                continue
            # Up over the comments and the statement it is a part of.
            above = number - 1
            said = "SAFETY:" in source[number - 1]
            while not said and above > 0:
                line = source[above - 1].strip()
                said = line.startswith("//") and "SAFETY:" in line
                if not line.startswith(("//", "#[")) and re.search(r"[;{}]\s*(//.*)?$", line) or not line:
                    break
                above -= 1
            if not said:
                yield f"{path}:{number}: no `// SAFETY:` just above"


def role_files_say_where_they_run():
    for path in tracked(".rs"):
        found = re.match(r"core/src/server/(\w+)[./]", path)
        if found and found[1] in ROLES:
            head = itertools.takewhile(lambda line: line.startswith("//!"), lines(path))
            if not any(line.startswith("//! Runs in: ") for line in head):
                yield f"{path}:1: its head must have a line `//! Runs in: <process>.`"


def crates_deny_unsafe_and_take_the_workspace_lints():
    for crate in ("core", "ffi", "php-ext"):
        manifest = (ROOT / crate / "Cargo.toml").read_text()
        if not re.search(r"^\[lints\]\nworkspace = true$", manifest, re.M):
            yield f"{crate}/Cargo.toml:1: [lints] workspace = true is missing"


def no_registry_hosts():
    hosts = re.compile(r"\bcrates\.io|\bpackagist\.org|\bpypi\.org|\bnpmjs\.(com|org)|\bdeb\.debian\.org|\bproxy\.golang\.org")
    for path in tracked():
        if path.endswith("Cargo.lock"):  # cargo writes its index there
            continue
        for number, line in enumerate(lines(path), 1):
            if hosts.search(line):
                yield f"{path}:{number}: names a package registry's host"


def tests_do_not_sleep_or_fix_a_port():
    """A sleep is a race waiting for a slow machine, unless passing time is what is tested: say so on the line."""
    for path in tracked(".php", ".py", ".rs", ".c"):
        if not path.startswith(("tests/", "core/tests/")) or path.startswith("tests/support/"):
            continue
        for number, line in enumerate(lines(path), 1):
            if re.search(r"(?<![\w>$:.])(u?sleep|time_nanosleep)\(|thread::sleep\(", line) and not re.search(r"(//|#|/\*) *time:", line):
                yield f"{path}:{number}: sleeps; wait for a condition, or end the line with `// time: why`"
            if re.search(r"\b950[0-9]\b", line) and "replace(" not in line:
                yield f"{path}:{number}: names a port of its own; take a free one"


def readme_shows_the_program_that_is_tested():
    if (ROOT / "examples/c/hello.c").read_text() not in (ROOT / "README.md").read_text():
        yield "README.md:1: its server in C is no longer examples/c/hello.c"


RULES = [
    rooms_import_one_way,
    process_roles_do_not_know_each_other,
    faces_stand_on_the_facade_and_apart,
    files_stay_short,
    unsafe_stays_in_its_rooms,
    each_unsafe_says_why_it_is_sound,
    role_files_say_where_they_run,
    crates_deny_unsafe_and_take_the_workspace_lints,
    no_registry_hosts,
    tests_do_not_sleep_or_fix_a_port,
    readme_shows_the_program_that_is_tested,
]


def main():
    failed = 0
    for rule in RULES:
        found = list(rule())
        failed += bool(found)
        if found:
            print(f"FAIL {rule.__name__}")
            for line in found:
                print("    " + line)
    print(f"{len(RULES) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
