"""What HTTP, WebSocket, TLS and files cost: servers from PHP beside a minimal one in C, nginx and node.

A part of bench/run; docs/performance.md says what is measured and how.
"""

import dataclasses
import json
import os
import re
import shutil
import statistics
import subprocess
import time

import harness

HERE = os.path.dirname(os.path.abspath(__file__))
MINIMAL, NGINX, NODE = "minimal C", "nginx", "node"
CONNECTIONS = 64
SMALL, LARGE = 64 << 10, 1 << 20  # bytes of the files


@dataclasses.dataclass
class Load:
    """One table."""

    title: str
    what: str  # see bench/web.php
    base: str  # what the others are compared with
    servers: list
    wanted: dict  # server → highest ratio
    path: str = "/"
    script: str = "wrk.lua"  # for wrk
    tls: bool = False
    handshakes: bool = False  # connections without a request, each with a handshake of its own
    websocket: bool = False
    connections: int = CONNECTIONS


BASE, PROCESS = "BASE from PHP", "PROCESS from PHP"
LOADS = [
    Load("HTTP: hello, world", "hello", MINIMAL, [MINIMAL, NGINX, NODE, BASE, PROCESS], {BASE: 1.22, PROCESS: 1.45}),
    Load("HTTP: ten headers, six fields, two cookies", "fields", MINIMAL, [MINIMAL, BASE, PROCESS], {BASE: 1.9}, script="fields.lua"),
    Load("WebSocket: 64 bytes echoed", "websocket", MINIMAL, [MINIMAL, BASE, PROCESS], {BASE: 1.25}, websocket=True),
    Load("A file of 64 KiB", "files", NGINX, [NGINX, BASE, PROCESS], {BASE: 1.1}, path="/small"),
    Load("TLS 1.3: handshakes", "hello", NGINX, [NGINX, BASE, PROCESS], {BASE: 1.1}, tls=True, handshakes=True, connections=1),
    Load("TLS 1.3: a file of 1 MiB", "files", NGINX, [NGINX, BASE, PROCESS], {BASE: 1.1}, path="/large", tls=True, connections=16),
]

NGINX_CONF = """
daemon off; worker_processes 1; pid {dir}/nginx.pid; error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 1000000000; keepalive_timeout 300; sendfile on; tcp_nopush on;
    client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
    uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
    server {{
        listen 127.0.0.1:{port}{ssl}; default_type text/plain; root {files};
        {certificate}
        location = / {{ return 200 "Hello, World!"; }}
    }}
}}
"""
CERTIFICATE = "ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem; ssl_protocols TLSv1.3; ssl_session_tickets off;"


def find(program):
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


def prepare(bench):
    """The load, the files, and a certificate as most sites have one today."""
    bench.compile("websockets")
    files = f"{bench.directory}/files"
    os.makedirs(files, exist_ok=True)
    for name, size in (("small", SMALL), ("large", LARGE)):
        with open(f"{files}/{name}", "wb") as f:
            f.write(os.urandom(size))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", f"{bench.directory}/key.pem", "-out", f"{bench.directory}/cert.pem"], check=True, stderr=subprocess.DEVNULL)


def command(bench, load, name, port):
    directory = bench.directory
    if name == MINIMAL:
        return [f"{directory}/minimal", str(port), *(["echo"] if load.websocket else [])]
    if name == NODE:
        return ["node", f"{HERE}/node.js", str(port)]
    if name == NGINX:
        own = f"{directory}/nginx-{port}"
        os.makedirs(own)
        with open(f"{own}/nginx.conf", "w", encoding="utf-8") as f:
            certificate = CERTIFICATE.format(dir=directory) if load.tls else ""
            f.write(NGINX_CONF.format(dir=own, port=port, files=f"{directory}/files", ssl=" ssl" if load.tls else "", certificate=certificate))
        return [find("nginx"), "-e", "stderr", "-p", own, "-c", f"{own}/nginx.conf"]
    tls = [f"{directory}/cert.pem", f"{directory}/key.pem"] if load.tls else []
    return harness.php_command(f"{HERE}/web.php", port, name.split()[0], load.what, f"{directory}/files", *tls)


def put(bench, load, server, seconds):
    """One run of the load. Returns its figures with the CPU time that the server's tree took."""
    if load.websocket:
        run = [f"{bench.directory}/websockets", str(server.port), str(load.connections), str(seconds), *(["raw"] if server.name == MINIMAL else [])]
    elif load.handshakes:
        # wrk would take its sessions up again, where the server lets it.
        run = ["openssl", "s_time", "-connect", f"127.0.0.1:{server.port}", "-tls1_3", "-new", "-time", str(seconds)]
    else:
        run = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "-s", f"{HERE}/{load.script}",
               f"http{'s' * load.tls}://127.0.0.1:{server.port}{load.path if load.script == 'wrk.lua' else '/'}"]
    before = harness.precise_cpu_seconds(server.pid)
    output = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 60, check=False).stdout
    time.sleep(0.05)  # time: the server still has to see that its clients are gone
    used = harness.precise_cpu_seconds(server.pid) - before
    server.check()
    if load.handshakes:
        found = re.search(r"^(\d+) connections in (\d+) real seconds", output, re.MULTILINE)
        figures = {"requests": int(found[1]), "microseconds": int(found[2]) * 1e6, "p99": 0, "errors": 0} if found else {"requests": 0}
    else:
        found = re.search(r"^RESULT (.*)$", output, re.MULTILINE)
        figures = json.loads(found[1]) if found else {"requests": 0}
    if figures["requests"] == 0:
        raise harness.ServerFailed(f"{server.name}: {load.title}: no answers:\n{output}")
    figures["rps"] = figures["requests"] / (figures["microseconds"] / 1e6)
    figures["cpu"] = used * 1e6 / figures["requests"]
    return figures


def measure(bench, load, names, rounds, seconds):
    """Runs one table. Returns {server: [figures per round]}."""
    servers, results = {}, {name: [] for name in names}
    try:
        for name in names:
            port = harness.free_port()
            servers[name] = harness.Server(name, command(bench, load, name, port), port, f"{bench.directory}/{port}.log")
            servers[name].wait_ready()
            put(bench, load, servers[name], 1)  # warms it up; not counted
        for _ in range(rounds):
            for name, server in servers.items():
                results[name].append(put(bench, load, server, seconds))
    except (harness.ServerFailed, OSError, subprocess.TimeoutExpired) as error:
        bench.failures.append(str(error))
    finally:
        for server in servers.values():
            server.stop()
    return results


def run(bench, rounds, seconds, only=None):
    """Measures and prints the tables. Returns the lines of what was wanted, and the record."""
    missing = {name: f"{name} is not installed" for name in (NGINX, NODE) if not find(name)}
    if "PHP" in bench.lacking:
        missing |= {BASE: bench.lacking["PHP"], PROCESS: bench.lacking["PHP"]}
    lines, record = [], {}
    prepare(bench)
    for load in LOADS:
        if only and not re.search(only, load.title):
            continue
        names = [name for name in load.servers if name not in missing]
        results = measure(bench, load, names, rounds, seconds) if load.base in names else {}
        record[load.title] = results
        print(f"\n### {load.title}, {load.connections} connection{'s' * (load.connections > 1)}\n")
        print(f"| server | requests/s | p99 | CPU µs/request | against {load.base} (min–max) |\n|---|--:|--:|--:|--:|")
        for name in load.servers:
            own = results.get(name)
            found = None
            if own:
                ratios = [mine["cpu"] / base["cpu"] for mine, base in zip(own, results[load.base])]
                rate, p99, cpu = (statistics.median(r[key] for r in own) for key in ("rps", "p99", "cpu"))
                found = statistics.median(ratios)
                spread = f"({min(ratios):.2f}–{max(ratios):.2f})"
                latency = f"{p99 / 1000:.2f} ms" if p99 else "–"
                print(f"| {name} | {rate:,.0f} | {latency} | {cpu:.2f} | **{found:.2f}** {spread} |", flush=True)
            else:
                print(f"| {name} | not run | | | {missing.get(name, '')} |")
            if wanted := load.wanted.get(name):
                if found is None:
                    lines.append(f"not measured: {load.title}: {name}, wanted at most {wanted}")
                else:
                    lines.append(f"{'met' if found <= wanted else 'NOT MET'}: {load.title}: {name} {found:.2f} {spread}, wanted at most {wanted}")
        errors = {name: sum(r["errors"] for r in own) for name, own in results.items()}
        for name, count in errors.items():
            if count:
                print(f"\n{name}: the load counted {count} errors.")
    return lines, record
