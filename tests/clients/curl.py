"""What curl does with a server."""
import gzip
import hashlib
import json
import os
import socket
import time

from support import client, eventually, ok, same

QUIET = ("curl", "-sS", "--max-time", "20")


def curl(*arguments, input=None):
    return client(*QUIET, *arguments, input=input)[0]


def head_and_body(*arguments, input=None):
    """The last answer: status, headers by name in lower case, body."""
    whole = curl("-i", *arguments, input=input)
    while True:
        head, _, whole = whole.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        if not line.startswith("HTTP/1.1 1") and not (line.startswith("HTTP/1.1 3") and whole.startswith(b"HTTP/")):
            break
    headers = dict(line.split(": ", 1) for line in lines)
    return int(line.split()[1]), {name.lower(): value for name, value in headers.items()}, whole


def make(server, name, size):
    """A file of bytes that do not repeat."""
    path = server.directory / name
    block = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(4096))
    path.write_bytes((block * (size // len(block) + 1))[:size])
    return path


def md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def curl_keeps_its_connection(server):
    for tls in (False, True):
        trust = ("--cacert", server.directory / "cert.pem") if tls else ()
        said = curl(*trust, "-w", "%{num_connects} %{http_version}\n", server.url("/hello", tls), server.url("/hello", tls), server.url("/parts", tls))
        same(b"Hello World\n1 1.1\nHello World\n0 1.1\none two three0 1.1\n", said)


def curl_asks_for_the_head_only(server):
    said = curl("-I", "-w", "%{num_connects} %{size_download}\n", server.url("/text"), server.url("/hello")).decode()
    ok("Content-Length: 12\r\n" in said and said.count("HTTP/1.1 200 OK\r\n") == 2, f"two heads: {said}")
    ok(said.endswith("0 0\n") and "boy" not in said, f"no body, one connection: {said}")


def curl_sends_a_form(server):
    said = curl("-d", "a=1&b[]=2", "-d", "b[]=3", "--data-urlencode", "c=x & ü", server.url("/form"))
    same({"post": {"a": "1", "b": ["2", "3"], "c": "x & ü"}, "files": []}, json.loads(said))


def curl_sends_a_form_with_files(server):
    one, two = make(server, "one.bin", 1 << 20), make(server, "two.bin", 17)
    said = json.loads(curl("-F", "a=b", "-F", f"one=@{one}", "-F", f"two=@{two};filename=é.txt", server.url("/form")))
    same({"post": {"a": "b"}, "files": {"one": ["one.bin", 1 << 20, md5(one)], "two": ["é.txt", 17, md5(two)]}}, said)
    eventually(lambda: not os.listdir(server.directory / "uploads"), "nothing is left of them")


def curl_sends_a_body_in_chunks(server):
    body = make(server, "chunks.bin", 3 << 20)
    said = curl("-X", "POST", "-H", "Transfer-Encoding: chunked", "-H", "Content-Type: x/y", "-T", body, server.url("/echo?a=b"))
    same(["POST", 3 << 20, md5(body), {"a": "b"}], json.loads(said))


def curl_waits_for_100_continue(server):
    body = make(server, "expect.bin", 2 << 20)
    begin = time.monotonic()
    whole = curl("-i", "-H", "Expect: 100-continue", "--expect100-timeout", "15", "--data-binary", f"@{body}", server.url("/echo")).decode()
    ok(whole.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"), f"100, then 200: {whole}")
    ok(md5(body) in whole and time.monotonic() - begin < 14, whole)


def curl_sends_too_much(server):
    body = make(server, "much.bin", 9 << 20)
    for expect in ("Expect: 100-continue", "Expect:"):
        status, headers, _ = head_and_body("-H", expect, "--data-binary", f"@{body}", server.url("/echo"))
        same((413, "close"), (status, headers["connection"]), f"the answer with {expect!r}")


def curl_downloads_a_part(server):
    whole = make(server, "static/file.bin", 300_000).read_bytes()
    same(whole, curl(server.url("/static/file.bin")))
    status, headers, body = head_and_body("-r", "100-199", server.url("/static/file.bin"))
    same((206, "bytes 100-199/300000", whole[100:200]), (status, headers["content-range"], body))
    same(whole[-50:], curl("-r", "-50", server.url("/static/file.bin")))
    half = server.directory / "half"
    half.write_bytes(whole[:123_456])
    curl("-C", "-", "-o", half, server.url("/static/file.bin"))
    ok(half.read_bytes() == whole, "a download is taken up where it broke off")
    same(416, head_and_body("-r", "300000-", server.url("/static/file.bin"))[0], "behind the end")


def curl_has_the_file_already(server):
    path = make(server, "static/known.txt", 100)
    status, _, body = head_and_body("-z", path, server.url("/static/known.txt"))
    same((304, b""), (status, body))
    tags = server.directory / "tags"
    curl("--etag-save", tags, server.url("/static/known.txt"))
    same(304, head_and_body("--etag-compare", tags, server.url("/static/known.txt"))[0], "with its tag")


def curl_stays_in_the_document_root(server):
    for path in ("/static/../key.pem", "/static/%2e%2e/key.pem", "/static/..%2fkey.pem", "/static//../key.pem", "/static/%00/../../key.pem"):
        status, _, body = head_and_body("--path-as-is", server.url(path))
        ok(status in (400, 403, 404) and b"PRIVATE" not in body, f"{path}: {status}")
    os.symlink("/etc/hostname", server.directory / "static/link")
    ok(head_and_body(server.url("/static/link"))[0] in (403, 404), "a link that leads out")


def curl_takes_compressed_answers(server):
    plain = curl(server.url("/text"))
    same(len("All work and no play makes Jack a dull boy.\n") * 5000, len(plain))
    for coding in ("gzip", "deflate", "br"):
        status, headers, body = head_and_body("-H", f"Accept-Encoding: {coding}", server.url("/text"))
        same((coding, str(len(body))), (headers.get("content-encoding"), headers.get("content-length")), "the coding and its length")
        ok(len(body) < len(plain) / 50, f"{coding} makes it short: {len(body)}")
        same(plain, curl("--compressed", "-H", f"Accept-Encoding: {coding}", server.url("/text")), coding)
    same(plain, curl("--compressed", server.url("/text")), "what curl takes by itself")


def curl_speaks_http_1_0(server):
    status, headers, body = head_and_body("--http1.0", server.url("/hello"))
    same((200, b"Hello World\n", "close"), (status, body, headers["connection"]))
    status, headers, body = head_and_body("--http1.0", server.url("/parts"))
    same((200, b"one two three", None), (status, body, headers.get("transfer-encoding")))


def curl_offers_http_2(server):
    """The offer to upgrade is passed over."""
    same(b"Hello World\n1.1", curl("--http2", "-w", "%{http_version}", server.url("/hello")))
    same(b"Hello World\n1.1", curl("--http2", "-w", "%{http_version}", "--cacert", server.directory / "cert.pem", server.url("/hello", tls=True)))


def curl_follows_a_redirect(server):
    same(b"Hello World\n1", curl("-L", "-w", "%{num_redirects}", server.url("/elsewhere")))


def curl_keeps_cookies(server):
    jar = server.directory / "jar"
    jar.write_text("")
    same([b"never", b"1", b"2"], [curl("-b", jar, "-c", jar, server.url("/cookie")) for _ in range(3)])


def curl_asks_for_much_at_once(server):
    for tls in (False, True):
        urls = server.url("/hello?[1-200]", tls)
        said = curl("-Z", "--parallel-max", "50", "--cacert", server.directory / "cert.pem", urls)
        same(b"Hello World\n" * 200, said)


def curl_speaks_tls(server):
    trust = ("--cacert", server.directory / "cert.pem")
    for version in ("1.2", "1.3"):
        said = curl(*trust, f"--tlsv{version}", "--tls-max", version, "-w", "%{ssl_verify_result}", server.url("/hello", tls=True))
        same(b"Hello World\n0", said, f"TLS {version}")
    _, said = client(*QUIET, server.url("/hello", tls=True), check=False)
    ok("certificate" in said, f"without the authority it is refused: {said}")
    body = make(server, "tls.bin", 4 << 20)
    same(["POST", 4 << 20, md5(body), None], json.loads(curl(*trust, "--data-binary", f"@{body}", server.url("/echo", tls=True))))


def a_script_pipelines(server):
    """Not curl, which has given that up: a hundred requests in one write, of all kinds."""
    kinds = [b"GET /echo?n=%d HTTP/1.1\r\nHost: a\r\n\r\n", b"POST /echo?n=%d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
             b"POST /echo?n=%d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"".join(kinds[n % 3] % n for n in range(100)) + b"GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        whole = b""
        while data := connection.recv(65536):
            whole += data
    answers = [answer.partition(b"\r\n\r\n")[2] for answer in whole.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    same(b"Hello World\n", answers.pop())
    same([["GET" if n % 3 == 0 else "POST", 0 if n % 3 == 0 else 3, str(n)] for n in range(100)],
         [[method, length, get["n"]] for method, length, _, get in map(json.loads, answers)])


TESTS = [curl_keeps_its_connection, curl_asks_for_the_head_only, curl_sends_a_form, curl_sends_a_form_with_files, curl_sends_a_body_in_chunks,
         curl_waits_for_100_continue, curl_sends_too_much, curl_downloads_a_part, curl_has_the_file_already, curl_stays_in_the_document_root,
         curl_takes_compressed_answers, curl_speaks_http_1_0, curl_offers_http_2, curl_follows_a_redirect, curl_keeps_cookies,
         curl_asks_for_much_at_once, curl_speaks_tls, a_script_pipelines]
