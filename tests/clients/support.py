"""What the tests of clients have in common: the server, and running a client."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 30.0  # seconds for anything


class Failure(Exception):
    """Something is not as it should be."""


def ok(condition, what):
    if not condition:
        raise Failure(f"not so: {what}")


def same(wanted, got, what="value"):
    if wanted != got:
        raise Failure(f"{what}: wanted {shown(wanted)}, got {shown(got)}")


def eventually(condition, what):
    """Waits until it is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"still not so after {PATIENCE:.0f} s: {what}")
        time.sleep(0.01)  # time: nobody tells


def shown(value):
    text = repr(value)
    return text if len(text) < 1000 else f"{text[:1000]}… ({len(text)} characters)"


def client(*command, input=None, check=True, environment=None):
    """Runs a client to its end; gives its output as bytes, and what it wrote beside that."""
    done = subprocess.run([str(part) for part in command], input=b"" if input is None else input, capture_output=True, timeout=PATIENCE * 2,
                          env={**os.environ, **(environment or {})})
    if check and done.returncode != 0:
        raise Failure(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:].decode(errors='replace')}{done.stderr[-2000:].decode(errors='replace')}")
    return done.stdout, done.stderr.decode(errors="replace")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """server.php, running."""

    def __init__(self, extension, directory, mode):
        self.directory, self.mode, self.is_ending = directory, mode, False
        self.port, self.tls_port = free_port(), free_port()
        for name in ("static", "uploads"):
            shutil.rmtree(directory / name, ignore_errors=True)
            (directory / name).mkdir()
        self.output = open(directory / f"output-{self.port}", "w+b")
        command = ["php", "-n", "-d", f"extension={extension}", HERE / "server.php", self.port, self.tls_port, mode, directory]
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        end = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if time.monotonic() > end or self.process.poll() is not None:
                self.kill()
                raise SystemExit(f"the server does not listen: {self.said()}\n0 passed, 1 failed")
            time.sleep(0.02)  # time: until it listens

    def url(self, path, tls=False):
        return f"https://localhost:{self.tls_port}{path}" if tls else f"http://127.0.0.1:{self.port}{path}"

    def said(self):
        self.output.seek(0)
        return self.output.read().decode(errors="replace")

    def processes(self):
        """The pids of all processes of the server."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            try:
                waiting += [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
            except OSError:
                pass  # it has ended meanwhile
        return found

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        """Ends it; gives None, or what was wrong."""
        self.is_ending = True
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            code = "none: it was killed"
        said = self.said()
        self.output.close()
        return None if code == 0 and not said else f"exit code {code}, and it wrote: {said[-2000:]}"
