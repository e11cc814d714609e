#!/usr/bin/env python3
"""`make install` puts everything in its place, and a program finds it there; the packages that are
there already are not asked for again. Works in a directory of its own; nothing of the system is touched."""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
results = []


def check(name, passed, said=""):
    results.append(passed)
    if not passed:
        print(f"FAIL {name}\n    {said}")


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, **options)


def php_config(what):
    return run("php-config", what).stdout.strip()


with tempfile.TemporaryDirectory(prefix="swoole-install-") as directory:
    dest = pathlib.Path(directory)
    done = run("make", "install", f"DESTDIR={dest}", "PREFIX=/opt/swoole")
    check("make install ends well", done.returncode == 0, done.stdout)
    extension = dest / php_config("--extension-dir").lstrip("/") / "swoole.so"
    check("the extension is where PHP looks for it", extension.is_file(), str(extension))
    asked = run("php", "-n", "-d", f"extension_dir={extension.parent}", "-d", "extension=swoole", "--ri", "swoole")
    check("extension=swoole loads it", asked.returncode == 0 and "swoole" in asked.stdout, asked.stdout)
    ini = [p for p in dest.rglob("*swoole.ini") if "extension=swoole" in p.read_text()]
    check("there is an ini file", len(ini) == 1, str(ini))
    prefix = dest / "opt/swoole"
    for name in ("lib/libswoole_rs.so", "lib/libswoole_rs.a", "include/swoole_rs.h", "lib/pkgconfig/swoole_rs.pc"):
        check(f"{name} is there", (prefix / name).is_file())
    pc = prefix / "lib/pkgconfig/swoole_rs.pc"
    if pc.is_file():
        check("no placeholder is left in the pkg-config file", "@" not in pc.read_text(), pc.read_text())
        flags = run("pkg-config", f"--define-variable=prefix={prefix}", "--cflags", "--libs", str(pc))
        check("pkg-config reads its file", flags.returncode == 0, flags.stdout)
        program = dest / "program"
        source = dest / "program.c"
        source.write_text('#include <swoole_rs.h>\nint main(void) { return 0; }\n')
        built = run("cc", "-Wall", "-Werror", str(source), "-o", str(program), *flags.stdout.split())
        check("a C program builds with its flags", built.returncode == 0, built.stdout)

with tempfile.TemporaryDirectory(prefix="swoole-deps-") as directory:
    for name in ("apt-get", "sudo"):
        trap = pathlib.Path(directory, name)
        trap.write_text("#!/bin/sh\necho called: $0 $*\nexit 1\n")
        trap.chmod(0o755)
    for target in ("build", "test"):  # what `make test` has installed
        done = run("scripts/deps.sh", target, env={**os.environ, "PATH": f"{directory}:{os.environ['PATH']}"})
        check(f"a further run of make {target} installs nothing", done.returncode == 0 and not done.stdout, done.stdout)

failed = results.count(False)
print(f"{len(results) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
