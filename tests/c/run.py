#!/usr/bin/env python3
"""Builds and runs the C programs: python3 tests/c/run.py [TARGET_DIR]

TARGET_DIR (default target/release) has libswoole_rs.so and .a. Every program in examples/c and
tests/c is built as C11 and as C++17 with all warnings as errors. The tests run in both server modes:
plainly one after another, so that the times that they print mean something, then under valgrind, several
at once. A program that failed plainly is not run under valgrind. The examples are
talked to under valgrind. The last line is `N passed, N failed`.
"""
import base64
import hashlib
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release").resolve()
BUILD = Path(tempfile.mkdtemp(prefix="swoole_rs_c_"))
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
LANGUAGES = {
    "C11": ["cc", "-std=c11"],
    "C++17": ["c++", "-x", "c++", "-std=c++17"],
}
CERTIFICATES = BUILD / "certificates"
# What `rustc --print native-static-libs` names for Linux.
STATIC_LIBS = ["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl"]
MODES = ["process", "base"]
# Seconds after which a program has hung; valgrind on a busy machine is slow.
PATIENCE = 300
# Programs that mean nothing at valgrind's speed.
PLAIN_ONLY = {"test_task_kills"}
# Programs of clients, whose server's mode is little to them and which are slow under valgrind: there in one mode.
ONCE_UNDER_VALGRIND = {"test_http_client", "test_tls"}
# Programs without a server: its mode is nothing to them.
SERVERLESS = {
    "test_atomic", "test_buffer", "test_channel", "test_lock", "test_mmap", "test_pool", "test_process", "test_process_pipe",
    "test_table", "test_table_misuse",
}

# Who knows that these are for one host: see certificates.h.
NAMES = {"cert": "localhost", "other": "other.test", "client": "a client"}

passed, failed = 0, 0
reporting = threading.Lock()


def report(ok, name, detail=""):
    global passed, failed
    with reporting:
        passed, failed = passed + bool(ok), failed + (not ok)
        print(("ok " if ok else "not ok ") + name, flush=True)
        if not ok and detail:
            print("\n".join("    " + line for line in detail.strip().splitlines()[-60:]), flush=True)
    return ok


def remark(text):
    with reporting:
        print(f"# {text}", flush=True)


def at_once(jobs):
    """Does all jobs, one more at once than there are processors, since most of them wait now and then; (function, arguments...) each."""
    with ThreadPoolExecutor(os.cpu_count() + 1) as pool:
        for job in [pool.submit(*job) for job in jobs]:
            job.result()


def make_certificates():
    """An authority, and what it has signed."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=CERTIFICATES)

    CERTIFICATES.mkdir()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-days", "2", "-subj", "/CN=tests", "-keyout", "ca.key", "-out", "ca.pem")
    for name, host in NAMES.items():
        key_file = "key.pem" if name == "cert" else f"{name}.key"
        (CERTIFICATES / "names").write_text(f"subjectAltName=DNS:{host}\n" if name != "client" else "extendedKeyUsage=clientAuth\n")
        openssl("req", *key, "-subj", f"/CN={host}", "-keyout", key_file, "-out", "request")
        openssl("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
                "-out", f"{name}.pem")
    os.environ["SWOOLE_TEST_CERTIFICATES"] = str(CERTIFICATES)


def build(source, language, output, libs):
    command = [*LANGUAGES[language], "-g", *WARNINGS, f"-I{ROOT}/include", str(source), "-x", "none"]
    done = subprocess.run([*command, "-o", str(output), *libs], capture_output=True, text=True)
    name = f"{source.name} builds as {language}" + (" with the static library" if output.suffix == ".static" else "")
    return report(done.returncode == 0, name, done.stderr)


def valgrind(logs):
    logs.mkdir()
    return [
        "valgrind", "-q", "--error-exitcode=9", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible",
        "--errors-for-leak-kinds=definite,indirect,possible", "--trace-children=yes", "--trace-children-skip=/bin/*,/usr/bin/*",
        # Deep enough for a suppression to see who called a library.
        "--num-callers=40", f"--suppressions={ROOT}/tests/c/valgrind.supp", f"--log-file={logs}/%p",
    ]


def complaints(logs):
    """What valgrind wrote, of all processes: with -q nothing if there was nothing to say, but of system calls that it does not know
    (`--1234-- WARNING: ...`): the program is told that they do not exist, and does without them."""
    lines = (line for log in sorted(logs.iterdir()) for line in log.read_text(errors="replace").splitlines())
    return "\n".join(line for line in lines if not re.match(r"--\d+--", line)).strip()


def end(process):
    """Ends whatever is left of a program and of the processes that it forked."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def run_test(program, mode, label, prefix=()):
    """Whether all was well."""
    begin = time.monotonic()
    environment = {**os.environ, **({"SWOOLE_TEST_SLOW": "1"} if prefix else {})}
    process = subprocess.Popen([*prefix, str(program), mode], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True, env=environment)
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output = process.communicate()[0] + f"\nstill running after {PATIENCE} s\n"
    end(process)
    for figure in re.findall(r"^# (.*)", output, re.M):
        remark(f"{figure} ({label})")
    lines = re.findall(r"^(ok|not ok) (\w+)$", output, re.M)
    for result, name in lines:
        report(result == "ok", f"{program.name}: {name} ({label})", output)
    if process.returncode != (1 if any(r != "ok" for r, _ in lines) else 0) or not lines:
        report(False, f"{program.name}: ended with {process.returncode} ({label})", output)
    remark(f"{program.name}: {time.monotonic() - begin:.1f} s ({label})")
    return process.returncode == 0 and bool(lines)


def run_test_under_valgrind(program, mode):
    logs = BUILD / f"{program.name}-{mode}-logs"
    run_test(program, mode, f"{mode}, valgrind", valgrind(logs))
    found = complaints(logs)
    report(not found, f"{program.name}: no complaint by valgrind ({mode})", found)


@contextmanager
def example(name, mode, *arguments, kind=socket.SOCK_STREAM):
    """Runs an example under valgrind, gives a connected client, and ends the example by SIGINT."""
    logs = Path(tempfile.mkdtemp(prefix=f"{name}-{mode}-", dir=BUILD)) / "logs"
    process = subprocess.Popen([*valgrind(logs), str(BUILD / name), "0", mode, *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                               start_new_session=True)
    try:
        line = process.stdout.readline()
        while line and not line.startswith("listening on "):
            line = process.stdout.readline()
        host, port = line.split()[-1].rsplit(":", 1)
        with socket.socket(socket.AF_INET, kind) as client:
            client.settimeout(60)
            client.connect((host, int(port)))
            yield client
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)
        report(code == 0, f"{name}: ends with code 0 ({mode})", f"it ended with {code}")
    except Exception as problem:  # one broken example must not keep the others from running
        report(False, f"{name}: talks to a client ({mode})", repr(problem))
    finally:
        end(process)
    found = complaints(logs)
    report(not found, f"{name}: no complaint by valgrind ({mode})", found)


@contextmanager
def program(name, *arguments):
    """Runs an example that is no server under valgrind; its stdin and stdout are pipes. It must end with code 0."""
    logs = BUILD / f"{name}-logs"
    process = subprocess.Popen([*valgrind(logs), str(BUILD / name), *map(str, arguments)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        yield process
        code = process.wait(timeout=PATIENCE)
        report(code == 0, f"{name}: ends with code 0", f"it ended with {code}")
    except Exception as problem:
        report(False, f"{name}: does its work", repr(problem))
    finally:
        watchdog.cancel()
        end(process)
    found = complaints(logs)
    report(not found, f"{name}: no complaint by valgrind", found)


@contextmanager
def peer(serve=None):
    """A listening socket, of which `serve` is given each connection; without it nobody ever answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def accept():
            try:
                while True:
                    serve(listener.accept()[0])
            except OSError:  # it was shut down
                pass
        if serve:
            thread = threading.Thread(target=accept)
            thread.start()
        yield listener.getsockname()[1]
        if serve:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def run_many_hosts():
    def answer(client):
        with client:
            client.recv(1000)
            client.sendall(b"HTTP/1.0 200 ")
            client.sendall(b"OK\r\nhello\r\n")

    def hang_up(client):
        client.close()

    with peer(answer) as good, peer() as slow, peer(hang_up) as rude, socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        refusing = dead.getsockname()[1]
        hosts = [f"127.0.0.1:{port}" for port in (good, slow, rude, refusing, good)] + ["no.such.host.invalid:80"]
        with program("many_hosts", 5, *hosts) as process:
            begin = time.monotonic()
            said = process.stdout.read()
            took = time.monotonic() - begin
        for name, wanted in {
            "answers are told": f"127.0.0.1:{good} HTTP/1.0 200 OK\n",
            "a slow host does not hold up the others": f"127.0.0.1:{slow} gave no answer in time\n",
            "a host that hangs up is told": f"127.0.0.1:{rude} hung up without an answer\n",
            "a host that refuses is told": f"cannot connect to 127.0.0.1:{refusing}: Connection refused",
            "a host that does not exist is told": "no.such.host.invalid:80 cannot ",
            "the answers are counted": "2 of 6 answered\n",
        }.items():
            report(wanted in said, f"many_hosts: {name}", said)
        report(took < 60, "many_hosts: ends when the time is over", f"it took {took:.1f} s")


def run_timers_and_signals():
    with program("timers_and_signals", 20) as process:
        pid = int(process.stdout.readline().split()[-1])
        done = 0
        while done < 3:
            os.kill(pid, signal.SIGUSR1)
            found = re.match(r"done (\d+) times, next in \d+ ms\n", process.stdout.readline())
            done = int(found[1])
        report(True, "timers_and_signals: a signal is answered while the timer goes on")
        os.kill(pid, signal.SIGTERM)
        report(re.fullmatch(r"signal 15 after \d+ times\nbye\n", process.stdout.read()), "timers_and_signals: SIGTERM ends it in order")


def run_copy_file():
    source, copy = BUILD / "copied_from", BUILD / "copied_to"
    source.write_bytes(os.urandom(3_500_000))
    copy.write_bytes(b"what was there before" * 1_000_000)
    with program("copy_file", source, copy) as process:
        said = process.stdout.read()
    report(said.endswith("3500000 bytes copied\n"), "copy_file: tells how much it has copied", said)
    report(source.read_bytes() == copy.read_bytes(), "copy_file: the copy is the same")
    failed = subprocess.run([str(BUILD / "copy_file"), str(source), "/dev/full"], capture_output=True, text=True, timeout=PATIENCE)
    report(failed.returncode == 1 and "No space left" in failed.stderr, "copy_file: a full disk is told", failed.stderr)
    failed = subprocess.run([str(BUILD / "copy_file"), "/no/such/file", str(copy)], capture_output=True, text=True, timeout=PATIENCE)
    report(failed.returncode == 1 and "/no/such/file" in failed.stderr, "copy_file: a missing file is told", failed.stderr)


def run_netcat():
    def shout(client):
        with client:
            while data := client.recv(1000):
                client.sendall(data.upper())
            client.sendall(b"bye\n")

    with peer(shout) as port, program("netcat", "localhost", port) as process:
        process.stdin.write("hello\n")
        process.stdin.flush()
        report(process.stdout.readline() == "HELLO\n", "netcat: an answer comes while it waits for input")
        process.stdin.write("more\n")
        process.stdin.close()
        report(process.stdout.read() == "MORE\nbye\n", "netcat: an answer comes after the input has ended")


def hear(client, size):
    data = b""
    while len(data) < size:
        piece = client.recv(size - len(data))
        if not piece:
            break
        data += piece
    return data


def talk_to_echo(mode):
    with example("echo", mode) as client:
        lines = client.makefile("rwb", buffering=0)

        def ask(text):
            lines.write(text)
            return lines.readline()

        report(ask(b"hello\n") == b"hello\n", f"echo: a line comes back ({mode})")
        who = f"127.0.0.1 port {client.getsockname()[1]}\n".encode()
        report(ask(b"who\n") == who, f"echo: who tells the client's address ({mode})")
        report(re.fullmatch(rb"session \d+ \(you\)\n", ask(b"all\n")), f"echo: all lists the connections ({mode})")
        lines.write(b"quit\n")
        report(lines.read() == b"", f"echo: quit hangs up ({mode})")


def talk_to_length_protocol(mode):
    with example("length_protocol", mode) as client:
        package = struct.pack(">I", 5) + b"hello"
        for i in range(len(package)):
            client.sendall(package[i:i + 1])
        report(hear(client, 9) == package.upper(), f"length_protocol: a package in pieces is answered ({mode})")
        client.sendall(package * 100)
        report(hear(client, 900) == package.upper() * 100, f"length_protocol: many packages at once ({mode})")
        client.sendall(struct.pack(">I", 1 << 30))
        report(client.recv(1) == b"", f"length_protocol: a huge package ends the connection ({mode})")


def talk_to_udp(mode):
    with example("udp", mode, kind=socket.SOCK_DGRAM) as client:
        client.send(b"hello")
        wanted = f"127.0.0.1:{client.getsockname()[1]} hello".encode()
        report(client.recv(2000) == wanted, f"udp: a datagram comes back with its sender ({mode})")


def talk_to_tasks(mode):
    with example("tasks", mode) as client:
        lines = client.makefile("rwb", buffering=0)
        lines.write(b"100\n")
        report(lines.readline() == b"25 primes below 100\n", f"tasks: a task worker's answer comes back ({mode})")
        lines.write(b"2\n1000\n10\n")
        found = sorted(lines.readline() for _ in range(3))
        wanted = sorted([b"0 primes below 2\n", b"168 primes below 1000\n", b"4 primes below 10\n"])
        report(found == wanted, f"tasks: several at once ({mode})", repr(found))


def talk_to_proxy(mode):
    def shout(client):
        with client:
            while data := client.recv(1 << 20):
                client.sendall(data.upper())
                if data == b"quit":
                    return

    with peer(shout) as upstream:
        with example("proxy", mode, "localhost", upstream) as client:
            client.sendall(b"hello")
            report(hear(client, 5) == b"HELLO", f"proxy: an answer comes from the upstream server ({mode})")
            client.sendall(b"quit")
            report(hear(client, 9) == b"QUIT", f"proxy: it hangs up when the upstream server does ({mode})")
    with socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))
        with example("proxy", mode, "localhost", dead.getsockname()[1]) as client:
            report(hear(client, 1) == b"", f"proxy: it hangs up when there is no upstream server ({mode})")


def run_eight_workers():
    with program("eight_workers", 20000) as process:
        said = process.stdout.read()
    report(said == "2262 primes below 20000\n", "eight_workers: the sum of all processes is exact", said)


def run_shared_table():
    with program("shared_table") as process:
        process.stdin.write("the fox and the dog\n" * 50 + "and " * 20)
        process.stdin.close()
        said = process.stdout.read()
    counted = sorted(re.findall(r"^(\d+) (\w+) \(worker \d\)$", said, re.M))
    wanted = sorted([("100", "the"), ("50", "fox"), ("70", "and"), ("50", "dog")])
    report(counted == wanted, "shared_table: what all processes have counted is in the table", said)
    report("4 words; my own variable says that 0 lines" in said, "shared_table: a variable is each process's own", said)


def talk_to_pool():
    def ask(client, word):
        client.sendall(struct.pack(">I", len(word)) + word)
        size, = struct.unpack(">I", hear(client, 4))
        return hear(client, size)

    with program("pool") as process:
        pid = int(process.stdout.readline().split()[-1])
        port = int(process.stdout.readline().rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            found = [ask(client, word).split()[0] for word in (b"one", b"two", b"one")]
            report(found == [b"1", b"1", b"2"], "pool: several messages of a connection are answered", repr(found))
            found = ask(client, b"x" * 65)
            report(b"key of 65 bytes" in found, "pool: a word that is too long is refused with the reason", repr(found))
        os.kill(pid, signal.SIGUSR1)
        with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
            found = ask(client, b"one").split()[0]
            report(found == b"3", "pool: the table outlives the workers", repr(found))
        os.kill(pid, signal.SIGTERM)


def fetch(url, **more):
    """Status, headers and text of a page."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, **more), timeout=60) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def talk_to_http(mode):
    root = BUILD / f"root-{mode}"
    root.mkdir()
    (root / "style.css").write_text("p { color: green }")
    with example("http", mode, root) as client:
        url = "http://127.0.0.1:%d" % client.getpeername()[1]
        _, headers, page = fetch(f"{url}/?name=%3CAnn%3E")
        report("Hello &lt;Ann>." in page, f"http: a value of the query is in the page, harmless ({mode})", page)
        cookie = headers["Set-Cookie"]
        report(cookie.startswith("name=%3CAnn%3E;") and "HttpOnly" in cookie, f"http: a cookie is set ({mode})", cookie)
        page = fetch(url, headers={"Cookie": cookie.split(";")[0]})[2]
        report("Hello &lt;Ann>." in page, f"http: and read again ({mode})", page)
        form = "\r\n".join(("--b", 'Content-Disposition: form-data; name="title"', "", "Notes", "--b",
                            'Content-Disposition: form-data; name="file"; filename="n.txt"', "", "12345", "--b--", ""))
        page = fetch(f"{url}/upload", data=form.encode(), headers={"Content-Type": "multipart/form-data; boundary=b"})[2]
        report(page == "title is Notes\nn.txt has 5 bytes\n", f"http: an upload is taken apart ({mode})", page)
        page = fetch(f"{url}/count")[2]
        report(page == "1\n2\n3\n4\n5\n", f"http: an answer comes in parts ({mode})", page)
        _, headers, page = fetch(f"{url}/style.css")
        report(headers["Content-Type"].startswith("text/css") and "green" in page, f"http: a file is served ({mode})", page)
        report(fetch(f"{url}/none")[0] == 404, f"http: there is no other page ({mode})")


def open_websocket(client):
    key = base64.b64encode(os.urandom(16))
    client.sendall(b"GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                   b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += hear(client, 1) or b"\r\n\r\n"
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    return accept in head


def hear_frame(client):
    start = hear(client, 2)
    return start[:1] + hear(client, start[1] & 0x7f) if len(start) == 2 else b""


def talk_to_websocket(mode):
    def text(words):
        return bytes((0x81, 0x80 | len(words), 0, 0, 0, 0)) + words

    with example("websocket", mode) as first:
        place = first.getpeername()
        page = fetch("http://127.0.0.1:%d/" % place[1])[2]
        report("new WebSocket" in page, f"websocket: there is a page ({mode})", page)
        with socket.create_connection(place, timeout=60) as second:
            report(open_websocket(first), f"websocket: a handshake is answered ({mode})")
            came = hear_frame(first)
            report(re.fullmatch(rb"\x81\d+ came", came), f"websocket: who comes is told ({mode})", repr(came))
            open_websocket(second)
            told = hear_frame(first), hear_frame(second)
            second.sendall(text(b"good morning"))
            told = hear_frame(first), hear_frame(second)
            report(told[0] == told[1] and told[0].endswith(b": good morning"), f"websocket: all hear what one says ({mode})", repr(told))
            second.sendall(bytes((0x82, 0x80, 0, 0, 0, 0)))
            closed = hear_frame(second)
            report(closed == b"\x88\x03\xf0too long", f"websocket: what is no text is refused ({mode})", repr(closed))
        went = hear_frame(first)
        report(re.fullmatch(rb"\x81\d+ went", went), f"websocket: who goes is told ({mode})", repr(went))


def talk_to_https(mode):
    with example("https", mode, CERTIFICATES / "cert.pem", CERTIFICATES / "key.pem") as client:
        context = ssl.create_default_context(cafile=CERTIFICATES / "ca.pem")
        with context.wrap_socket(client.dup(), server_hostname="localhost") as secure:
            secure.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = b""
            while data := secure.recv(1000):
                answer += data
        report(answer.endswith(b"\r\n\r\nhello, and nobody else hears it\n"), f"https: a page comes over TLS ({mode})", repr(answer))
        address = f"https://localhost:{client.getpeername()[1]}/"
        command = [str(BUILD / "fetch"), address, "ssl_verify_peer=1", "connect_timeout=60", "timeout=60"]
        done = subprocess.run([*command, f"ssl_cafile={CERTIFICATES / 'ca.pem'}"], capture_output=True, text=True, timeout=PATIENCE)
        report(done.returncode == 0 and done.stdout == "hello, and nobody else hears it\n", f"fetch: a page comes over TLS ({mode})",
               done.stdout + done.stderr)
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        report(done.returncode == 1 and "certificate" in done.stderr, f"fetch: a stranger's certificate is refused ({mode})", done.stderr)


def run_fetch():
    def answer(client):
        with client:
            client.recv(1000)
            client.sendall(b"HTTP/1.1 200 Fine\r\nX-One: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")

    with peer(answer) as port:
        with program("fetch", f"http://127.0.0.1:{port}/page?a=b") as process:
            said = process.stdout.read()
        wanted = "200 Fine\n" in said and "x-one: 1\n" in said and "hello" in said
        report(wanted, "fetch: status, headers and body are shown", said)


def talk_to_hello():
    """hello.c has a fixed port, as README shows it: it is run with a free one in its place."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    source = BUILD / "hello_free_port.c"
    source.write_text((ROOT / "examples/c/hello.c").read_text().replace("9501", str(port)))
    if not build(source, "C11", BUILD / "hello_free_port.static", [str(TARGET / "libswoole_rs.a"), *STATIC_LIBS]):
        return
    process = subprocess.Popen([str(BUILD / "hello_free_port.static")], start_new_session=True)
    try:
        client = socket.socket()
        client.settimeout(60)
        while client.connect_ex(("127.0.0.1", port)) != 0 and process.poll() is None:
            client.close()
            client = socket.socket()
            client.settimeout(60)
        client.sendall(b"hello\n")
        report(hear(client, 6) == b"hello\n", "hello: data comes back (static library)")
        client.close()
        process.terminate()
        report(process.wait(timeout=60) == 0, "hello: SIGTERM ends it with code 0")
    except Exception as problem:
        report(False, "hello: talks to a client", repr(problem))
    finally:
        end(process)


def exported_names():
    done = subprocess.run(["nm", "-D", "--defined-only", str(TARGET / "libswoole_rs.so")], capture_output=True, text=True)
    names = {line.split()[-1] for line in done.stdout.splitlines()}
    foreign = sorted(name for name in names if not name.startswith("swoole_"))
    report(names and not foreign, "the shared library exports swoole_ names only", " ".join(foreign))
    declared = set(re.findall(r"^\S.*?\b(swoole_\w+)\(", (ROOT / "include/swoole_rs.h").read_text(), re.M))
    report(names == declared, "the header declares what the library exports", " ".join(sorted(names ^ declared)))


def main():
    shared = [f"-L{TARGET}", "-lswoole_rs", f"-Wl,-rpath,{TARGET}", "-lpthread"]
    examples = sorted((ROOT / "examples/c").glob("*.c"))
    tests = sorted((ROOT / "tests/c").glob("*.c"))
    at_once((build, source, language, BUILD / f"{source.stem}{ending}", shared)
            for source in examples + tests for language, ending in (("C++17", ".cpp"), ("C11", "")))
    exported_names()
    make_certificates()
    talk_to_hello()
    runs = [(source.stem, mode) for mode in MODES for source in tests if source.stem not in SERVERLESS or mode == MODES[0]]
    good = [(name, mode) for name, mode in runs if run_test(BUILD / name, mode, mode)]
    if not shutil.which("valgrind"):
        report(False, "valgrind is installed", "install it: apt-get install valgrind")
        return
    # The longest first, so that none is left for the end.
    first = ["test_http_client", "test_tls", "test_tasks", "test_timers"]
    good.sort(key=lambda run: first.index(run[0]) if run[0] in first else len(first))
    at_once([
        *((run_test_under_valgrind, BUILD / name, mode) for name, mode in good if name not in PLAIN_ONLY and not (name in ONCE_UNDER_VALGRIND and mode != MODES[0])),
        *((run,) for run in (run_many_hosts, run_timers_and_signals, run_copy_file, run_netcat, run_eight_workers, run_shared_table, talk_to_pool, run_fetch)),
        *((talk, mode) for mode in MODES for talk in (talk_to_echo, talk_to_length_protocol, talk_to_udp, talk_to_tasks, talk_to_proxy, talk_to_http, talk_to_websocket, talk_to_https)),
    ])


try:
    main()
finally:
    shutil.rmtree(BUILD, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
