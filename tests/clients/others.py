"""ab, wrk, openssl, and the WebSocket clients of Python and node."""
import re
import subprocess

from support import HERE, Failure, client, ok, same


def ab(server, *arguments, tls=False):
    """What ab has counted, by the words of its report."""
    url = server.url("/hello", tls).replace("localhost", "127.0.0.1")
    said = client("ab", "-q", "-s", "20", "-l", *arguments, url)[0].decode()
    return {name: int(value) for name, value in re.findall(r"^(Complete requests|Failed requests|Non-2xx responses|Keep-Alive requests): +(\d+)", said, re.M)}


def ab_keeps_its_connections(server):
    wanted = {"Complete requests": 2000, "Failed requests": 0, "Keep-Alive requests": 2000}
    same(wanted, ab(server, "-k", "-n", "2000", "-c", "20"))


def ab_opens_connections_anew(server):
    same({"Complete requests": 500, "Failed requests": 0}, ab(server, "-n", "500", "-c", "20"))


def ab_sends_bodies(server):
    body = server.directory / "ab-body"
    body.write_bytes(b"x" * 10_000)
    wanted = {"Complete requests": 500, "Failed requests": 0, "Keep-Alive requests": 500}
    same(wanted, ab(server, "-k", "-n", "500", "-c", "20", "-p", body, "-T", "text/plain"))


def ab_speaks_tls(server):
    wanted = {"Complete requests": 500, "Failed requests": 0, "Keep-Alive requests": 500}
    same(wanted, ab(server, "-k", "-n", "500", "-c", "20", tls=True))


def wrk(server, *arguments, path="/hello", tls=False):
    check_wrk(client(*wrk_command(server, *arguments, path=path, tls=tls))[0].decode())


def wrk_command(server, *arguments, path="/hello", tls=False):
    return ["wrk", "-t", "1", "-c", "50", "-d", "1", *arguments, server.url(path, tls).replace("localhost", "127.0.0.1")]


def check_wrk(said):
    ok("Socket errors" not in said and "Non-2xx" not in said, said)
    found = re.search(r"(\d+) requests in", said)
    ok(found and int(found[1]) > 100, said)


def wrk_loads_it(server):
    wrk(server)
    wrk(server, path="/parts")


def wrk_over_tls_notices_no_reload(server):
    with subprocess.Popen(wrk_command(server, "-d", "2", tls=True), stdout=subprocess.PIPE) as running:
        for _ in range(2):
            server.reload()
        said = running.stdout.read().decode()
    check_wrk(said)


def wrk_pipelines(server):
    script = server.directory / "pipeline.lua"
    script.write_text("init = function(args) local r = {} for i = 1, 16 do r[i] = wrk.format() end request = function() return table.concat(r) end end\n")
    wrk(server, "-s", script)


def s_client(server, *arguments, input=b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", check=True):
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.tls_port}", "-CAfile", server.directory / "cert.pem", "-ign_eof", *arguments]
    return client(*command, input=input, check=check)


def openssl_speaks_to_it(server):
    said = s_client(server, "-verify_return_error", "-servername", "localhost", "-alpn", "h2,http/1.1")[0].decode(errors="replace")
    ok("Verify return code: 0 (ok)" in said and "ALPN protocol: http/1.1" in said and "TLSv1.3" in said, said)
    ok("\r\n\r\nHello World\n" in said, said)


def openssl_finds_no_old_version(server):
    out, said = s_client(server, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", check=False)
    ok("Cipher is (NONE)" in out.decode(errors="replace") and "Hello" not in out.decode(errors="replace"), said)


def openssl_offers_a_protocol_that_is_not_there(server):
    out, said = s_client(server, "-alpn", "h2", check=False)
    ok("Hello" not in out.decode(errors="replace"), f"h2 alone is refused: {said}")


def openssl_takes_up_its_session_again(server):
    session = server.directory / "session"
    s_client(server, "-sess_out", session)
    said = s_client(server, "-sess_in", session)[0].decode(errors="replace")
    ok("Reused, TLSv1.3" in said, f"the second connection resumes the first one's session: {said}")


def told(*command, environment=None):
    """Holds a client that tells of its own tests to all of them."""
    out, said = client(*command, check=False, environment=environment)
    lines = out.decode(errors="replace").splitlines()
    bad = [line for line in lines if not line.startswith("ok ")]
    if bad or not lines or lines[-1] != "ok the end":
        raise Failure("\n".join(lines) + said)


def python_websockets_talk_to_it(server):
    told("/usr/bin/python3", HERE / "websockets_client.py", server.port, server.tls_port, server.directory / "cert.pem", server.mode,
         server.process.pid)


def node_ws_talks_to_it(server):
    told("node", HERE / "ws_client.js", server.port, server.tls_port, server.directory / "cert.pem", environment={"NODE_PATH": "/usr/share/nodejs"})


TESTS = [ab_keeps_its_connections, ab_opens_connections_anew, ab_sends_bodies, ab_speaks_tls, wrk_loads_it, wrk_over_tls_notices_no_reload, wrk_pipelines,
         openssl_speaks_to_it, openssl_finds_no_old_version, openssl_offers_a_protocol_that_is_not_there, openssl_takes_up_its_session_again,
         python_websockets_talk_to_it, node_ws_talks_to_it]
