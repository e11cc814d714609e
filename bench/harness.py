"""What the scripts that start whole servers share: ports, process trees, and what a tree costs.

Used by bench/run, bench/idle.py and tests/load/kill_and_reload.py. Linux only: it reads /proc.
"""

import os
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXTENSION = os.path.join(ROOT, "target", "release", "libswoole.so")
LIBRARY = os.path.join(ROOT, "target", "release", "libswoole_rs.so")
TICKS = os.sysconf("SC_CLK_TCK")


def php_command(script, *arguments):
    """A PHP command line with nothing loaded but this project's extension (no Xdebug, no ini file)."""
    return ["php", "-n", "-d", f"extension={EXTENSION}", script, *map(str, arguments)]


def free_port():
    """A TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def stat_fields(pid):
    """The fields of /proc/PID/stat from the state (field 3 of proc(5)) on; None if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            return f.read().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(root):
    """The pids of `root` and all its descendants, zombies included; `root` first."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := stat_fields(name)):
            children.setdefault(int(fields[1]), []).append(int(name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def cpu_seconds(root):
    """User and system time a tree has used so far, with what its reaped children had used."""
    ticks = 0
    for pid in tree(root):
        if fields := stat_fields(pid):
            ticks += sum(int(n) for n in fields[11:15])  # utime stime cutime cstime
    return ticks / TICKS


def precise_cpu_seconds(root):
    """As cpu_seconds, to the nanosecond, but without children that have ended. Linux tells it for each thread."""
    nanoseconds = 0
    for pid in tree(root):
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as f:
                    nanoseconds += int(f.read().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return nanoseconds / 1e9


def memory(root):
    """Memory of a tree in bytes: {"Pss": ..., "Rss": ...}.

    Pss counts a page that several processes share once in all; Rss counts it in each of them.
    """
    total = {"Pss": 0, "Rss": 0}
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii", errors="replace") as f:
                for line in f:
                    key = line.split(":")[0]
                    if key in total:
                        total[key] += int(line.split()[1]) * 1024
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


class ServerFailed(Exception):
    """A server did not come up, or ended when it should not have."""


class Server:
    """A server in a process group of its own, with its output in a file."""

    def __init__(self, name, command, port, log_path, cpu=None):
        """Starts `command`; with `cpu`, it and all its children run on that core only."""
        self.name, self.port, self.log_path = name, port, log_path
        if cpu is not None:
            command = ["taskset", "-c", str(cpu), *command]
        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def pid(self):
        return self.process.pid

    def output(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()[-4000:]

    def wait_ready(self, seconds=10.0):
        """Returns once the port takes a connection."""
        deadline = time.monotonic() + seconds
        while True:
            self.check()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ServerFailed(
                        f"{self.name}: no connection to 127.0.0.1:{self.port} within {seconds} s"
                        f" ({error}); its output:\n{self.output()}"
                    ) from None
            time.sleep(0.01)

    def check(self):
        """Raises if the server has ended."""
        if self.process.poll() is not None:
            raise ServerFailed(f"{self.name}: ended with {self.process.returncode}; its output:\n{self.output()}")

    def stop(self, seconds=5.0):
        """SIGTERM, then SIGKILL to what is left. Returns the exit code, None if it had to be killed."""
        code = self.process.poll()
        if code is None:
            self.process.terminate()
            try:
                code = self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        self.left_behind = self.session()
        for pid in self.left_behind:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        return code

    def session(self):
        """The pids of all living processes that came from this server, orphans too."""
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit() and (fields := stat_fields(name)):
                if int(fields[3]) == self.pid and fields[0] not in "ZX":
                    found.append(int(name))
        return found


def end_on_signals():
    """Turns SIGTERM and SIGHUP into SystemExit, so that `finally` stops the servers."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda n, _: sys.exit(128 + n))
