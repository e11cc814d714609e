"""What a server of HTTP/1.1 is sent, and what ours answers: the data of tests/http/run.py and of docs/http-compliance.md.

A case sends bytes and says which answers come, in order: a status, or a status with (a part of) the body. The server of the test says in its body
what it was asked: method, path, length of the body, body. After the answers the connection is CLOSED by the server, or OPEN: then another
request over it is answered, so nothing of what was sent has been left over in it.
"""

OPEN, CLOSED = "open", "closed"
HOST = "Host: a\r\n"


def get(*lines, path="/", version="1.1", host=HOST):
    return f"GET {path} HTTP/{version}\r\n{host}" + "".join(f"{line}\r\n" for line in lines) + "\r\n"


def post(*lines, body="", path="/", version="1.1"):
    return f"POST {path} HTTP/{version}\r\n{HOST}" + "".join(f"{line}\r\n" for line in lines) + "\r\n" + body


CHUNKED = "Transfer-Encoding: chunked"


def chunked(body, *lines):
    return post(CHUNKED, *lines, body=body)


# What a smuggler would have the server see.
HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"

SECTIONS = []


def section(title, text):
    SECTIONS.append((title, text, []))


def case(what, sent, *answers, end=OPEN, why=""):
    """what: in words; sent: text, of which each character is a byte; answers: statuses, or (status, part of the body)."""
    SECTIONS[-1][2].append((what, sent, answers, end, why))


section("Requests as they should be", "These are served.")
case("a GET", get(), (200, "GET / 0"))
case("a POST with a length", post("Content-Length: 3", body="abc"), (200, "POST / 3 abc"))
case("a POST without a body", post(), (200, "POST / 0"))
case("a method of one's own", "PURGE /x HTTP/1.1\r\nHost: a\r\n\r\n", (200, "PURGE /x 0"))
case("HEAD: the head without the body", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", (200, None))
case("several requests at once are answered in order", get(path="/1") + get(path="/2") + get(path="/3"), (200, "/1"), (200, "/2"), (200, "/3"))
case("a GET that was written together with the POST in front of it", post("Content-Length: 3", body="abc") + get(path="/2"), (200, "POST / 3 abc"), (200, "GET /2"))
case("the same with a chunked POST", chunked("3\r\nabc\r\n0\r\n\r\n") + get(path="/2"), (200, "POST / 3 abc"), (200, "GET /2"))
case("an empty line in front of a request (RFC 9112, 2.2)", "\r\n" + get(), (200, "GET /"))
case("an empty line behind a body, as old clients sent it", post("Content-Length: 1", body="a") + "\r\n" + get(path="/2"), (200, "POST / 1 a"), (200, "/2"))
case("a request byte by byte", list(post("Content-Length: 3", body="abc")), (200, "POST / 3 abc"))
case("a chunked request byte by byte", list(chunked("3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\n")), (200, "POST / 3 abc"))
case("a header without a value", get("X-Empty:", path="/head"), (200, "x-empty="))
case("space around a value does not belong to it", get("X-Space: \t a b \t", path="/head"), (200, "x-space=a b"))
case("a value with bytes above 127", get("X-High: \xc3\xa4", path="/head"), (200, "x-high=\u00e4"))
case("a body of 64 KiB", post("Content-Length: 65536", body="a" * 65536), (200, "POST / 65536"))
case("an answer in parts is chunked", get(path="/parts"), (200, "abc"))
case("an answer of 204 has no body", get(path="/204"), (204, ""))

section("Connections", "HTTP/1.1 keeps a connection unless one side says otherwise; HTTP/1.0 closes it unless the client asks (RFC 9112, 9.3).")
case("`Connection: close`", get("Connection: close"), 200, end=CLOSED)
case("`Connection: Close` among others", get("Connection: x, Close , y"), 200, end=CLOSED)
case("what follows a request with `Connection: close` is not read", get("Connection: close") + get(path="/2"), (200, "GET / "), end=CLOSED)
case("HTTP/1.0", get(version="1.0"), 200, end=CLOSED)
case("HTTP/1.0 with `Connection: keep-alive`", get("Connection: keep-alive", version="1.0"), 200)
case("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 200, end=CLOSED)
case("an answer in parts to HTTP/1.0 ends with the connection", get("Connection: keep-alive", path="/parts", version="1.0"), (200, "abc"), end=CLOSED)

section("The request line", "RFC 9112, 3. What is no request line is 400; nothing is mended, since another server might mend it differently.")
case("two spaces behind the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("space in front of the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("no version (HTTP/0.9)", "GET /\r\n\r\n", 400, end=CLOSED)
case("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a version in small letters", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a version of three numbers", "GET / HTTP/1.1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("HEAD: what is refused has no body either (RFC 9110, 9.3.2)", "HEAD /a b HTTP/1.1\r\nHost: a\r\n\r\n", (400, None), end=CLOSED)
case("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, end=CLOSED)
case("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, end=CLOSED)
case("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, end=CLOSED)
case("a method that is no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a method of 65 characters", "A" * 65 + " / HTTP/1.1\r\nHost: a\r\n\r\n", 501, end=CLOSED)
case("a NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a lone CR in the target", "GET /\rX HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("a target that is no path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("`*` is for OPTIONS only", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("`OPTIONS *`", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", (200, "OPTIONS *"))
case("a target that is a whole URI (RFC 9112, 3.2.2)", "GET http://b:80/x?y HTTP/1.1\r\nHost: a\r\n\r\n", (200, "GET /x 0"))
case("such a URI with a user's name", "GET http://u@b/x HTTP/1.1\r\nHost: a\r\n\r\n", 400, end=CLOSED)
case("CONNECT is for proxies", "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501, end=CLOSED)
case("a request line that is too long", "GET /" + "a" * 70000 + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, end=CLOSED)
case("a request line without an end", "GET /" + "a" * 70000, 414, end=CLOSED)
case("a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, end=CLOSED)
case("two empty lines in front", "\r\n\r\n" + get(), 400, end=CLOSED)

section("Headers", "RFC 9112, 5, and RFC 9110, 5.5. Whoever stands in front of the server must not read another header than we do, so what is not one is refused.")
case("LF without CR", "GET / HTTP/1.1\nHost: a\n\n", 400, end=CLOSED)
case("LF without CR behind one header", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400, end=CLOSED)
case("CR without LF", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400, end=CLOSED)
case("two CRs", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400, end=CLOSED)
case("an end of the head without CR", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, end=CLOSED)
case("a folded header (obs-fold)", get("X: a", " b"), 400, end=CLOSED)
case("a folded header that hides a length", post("X: a", "\tContent-Length: 3", body="abc"), 400, end=CLOSED)
case("a first header that begins with space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, end=CLOSED)
case("a space in front of the colon", get("X : a"), 400, end=CLOSED)
case("a tab in front of the colon", get("X\t: a"), 400, end=CLOSED)
case("a name with a space", get("X Y: a"), 400, end=CLOSED)
case("no name", get(": a"), 400, end=CLOSED)
case("no colon", get("X"), 400, end=CLOSED)
case("a name that is no token", get("X(y): a"), 400, end=CLOSED)
case("a name with a byte above 127", get("X\xe4: a"), 400, end=CLOSED)
case("a NUL in a value", get("X: a\0b"), 400, end=CLOSED)
case("a NUL in a name", get("X\0: a"), 400, end=CLOSED)
case("another control character in a value", get("X: a\x01b"), 400, end=CLOSED)
case("a DEL in a value", get("X: a\x7fb"), 400, end=CLOSED)
case("a head that is too long", get(*[f"X{n}: " + "a" * 1000 for n in range(70)]), 431, end=CLOSED)
case("one header that is too long", get("X: " + "a" * 70000), 431, end=CLOSED)
case("HEAD with a head that is refused", "HEAD / HTTP/1.1\r\nHost: a\r\nX y: b\r\n\r\n", (400, None), end=CLOSED)
case("more than 256 headers", get(*["X: a"] * 256), 431, end=CLOSED)
case("a header of 9000 bytes", get("X: " + "a" * 9000), 200)
case("a header that is repeated", get("X-A: b", "x-a: c", path="/head"), (200, "b"))

section("Host", "RFC 9112, 3.2: exactly one in HTTP/1.1, and it must be one.")
case("none", get(host=""), 400, end=CLOSED)
case("two", get(host="Host: a\r\nHost: b\r\n"), 400, end=CLOSED)
case("two that are the same", get(host="Host: a\r\nhost: a\r\n"), 400, end=CLOSED)
case("an empty one", get(host="Host:\r\n"), 200)
case("with a path", get(host="Host: a/b\r\n"), 400, end=CLOSED)
case("with a user's name", get(host="Host: u@a\r\n"), 400, end=CLOSED)
case("two in one", get(host="Host: a b\r\n"), 400, end=CLOSED)
case("a port that is no number", get(host="Host: a:b\r\n"), 400, end=CLOSED)
case("an IPv6 address with a port", get(host="Host: [::1]:80\r\n"), 200)

section("Content-Length", "RFC 9112, 6.3. A number in digits, once.")
for value in ["-1", "+3", "3 3", "0x3", "3a", "", "3.0", "3,", "99999999999999999999"]:
    case(f"`Content-Length: {value}`", post(f"Content-Length: {value}", body="abc"), 400, end=CLOSED)
case("HEAD with a body that is too long", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n", (413, None), end=CLOSED)
case("two that differ", post("Content-Length: 3", "Content-Length: 4", body="abcd"), 400, end=CLOSED)
case("two that are the same", post("Content-Length: 3", "Content-Length: 3", body="abc"), 400, end=CLOSED, why="The standard leaves it open; no client has a reason to.")
case("two in one", post("Content-Length: 3, 3", body="abc"), 400, end=CLOSED)
case("two, one of which has a strange name", post("Content-Length: 3", "content-length : 4", body="abcd"), 400, end=CLOSED)
case("zeros in front", post("Content-Length: 0003", body="abc"), (200, "POST / 3 abc"))
case("a GET with a body", get("Content-Length: 3")[:-4] + "\r\n\r\nabc" + get(path="/2"), (200, "GET / 3 abc"), (200, "/2"))
case("a body that is longer than allowed", post("Content-Length: 70000"), 413, end=CLOSED)
case("one of 9 EB", post("Content-Length: 9223372036854775807"), 413, end=CLOSED)
case("a body that holds a request", post(f"Content-Length: {len(HIDDEN)}", body=HIDDEN), (200, f"POST / {len(HIDDEN)}"))

section("Transfer-Encoding", "RFC 9112, 6.1 and 6.3. `chunked`, once; anything else leaves open where the request ends.")
case("`Transfer-Encoding` and `Content-Length` (CL.TE, TE.CL)", post("Content-Length: 4", CHUNKED, body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("the same the other way round", post(CHUNKED, "Content-Length: 4", body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("`Content-Length: 0` beside it", post(CHUNKED, "Content-Length: 0", body="0\r\n\r\n"), 400, end=CLOSED)
case("an unknown coding in front of chunked", post("Transfer-Encoding: x, chunked", body="0\r\n\r\n"), 501, end=CLOSED)
case("gzip in front of chunked", post("Transfer-Encoding: gzip, chunked", body="0\r\n\r\n"), 501, end=CLOSED)
case("the same in two headers", post("Transfer-Encoding: gzip", CHUNKED, body="0\r\n\r\n"), 501, end=CLOSED)
for value in ["identity", "gzip", "chunked, identity", "chunked, chunked", "xchunked", "chunkedx", "chunked;x", '"chunked"', "chun ked", "", ","]:
    case(f"`Transfer-Encoding: {value}`", post(f"Transfer-Encoding: {value}", body="0\r\n\r\n"), 400, end=CLOSED)
case("chunked in two headers", post(CHUNKED, CHUNKED, body="0\r\n\r\n"), 400, end=CLOSED)
case("identity behind it, in another header", post(CHUNKED, "Transfer-Encoding: identity", body="0\r\n\r\n"), 400, end=CLOSED)
case("a vertical tab in front of chunked", post("Transfer-Encoding: \x0bchunked", body="0\r\n\r\n"), 400, end=CLOSED)
case("a space in front of its colon", post("Transfer-Encoding : chunked", body="0\r\n\r\n"), 400, end=CLOSED)
case("a folded value", post("Transfer-Encoding:", " chunked", body="0\r\n\r\n"), 400, end=CLOSED)
case("its name with an underscore is another name", post("Transfer_Encoding: chunked", "Content-Length: 3", body="abc"), (200, "POST / 3 abc"))
case("in HTTP/1.0", post(CHUNKED, body="0\r\n\r\n", version="1.0"), 400, end=CLOSED)
case("capitals, and a tab in front", post("TRANSFER-ENCODING:\tCHUNKED", body="1\r\na\r\n0\r\n\r\n"), (200, "POST / 1 a"))

section("Chunks", "RFC 9112, 7.1.")
case("chunks of several sizes", chunked("1\r\na\r\nA\r\nbbbbbbbbbb\r\n0\r\n\r\n"), (200, "POST / 11 abbbbbbbbbb"))
case("zeros in front of a size", chunked("0001\r\na\r\n000\r\n\r\n"), (200, "POST / 1 a"))
case("an extension", chunked('1;a=b;c="d;e"\r\na\r\n0;f\r\n\r\n'), (200, "POST / 1 a"))
case("a trailer", chunked("1\r\na\r\n0\r\nX: y\r\n\r\n") + get(path="/2"), (200, "POST / 1 a"), (200, "/2"))
for what, line in [
    ("no size", ""), ("a sign", "+1"), ("a minus", "-1"), ("0x", "0x1"), ("a space in front", " 1"), ("a space behind", "1 "), ("a letter behind", "1g"),
    ("an underscore", "1_0"), ("a comma", "1,"), ("quotes", '"1"'), ("a size of 16 digits", "0000000000000001"), ("a size beyond 64 bits", "1ffffffffffffffff"),
]:
    case(f"{what}: `{line}`", chunked(f"{line}\r\na\r\n0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a size that ends in LF", chunked("1\na\r\n0\r\n\r\n"), 400, end=CLOSED)
case("a size that ends in CR", chunked("1\ra\r\n0\r\n\r\n"), 400, end=CLOSED)
case("a LF in an extension", chunked("1;a\nb\r\na\r\n0\r\n\r\n"), 400, end=CLOSED)
case("an extension that is too long", chunked("1;" + "a" * 300 + "\r\na\r\n0\r\n\r\n"), 400, end=CLOSED)
case("many extensions that are too long together", chunked(("1;" + "a" * 250 + "\r\na\r\n") * 70), 400, end=CLOSED)
case("data that ends in LF", chunked("1\r\na\n0\r\n\r\n"), 400, end=CLOSED)
case("data that is longer than its size", chunked("1\r\nab\r\n0\r\n\r\n"), 400, end=CLOSED)
case("data that is shorter than its size", chunked("3\r\na\r\n0\r\n\r\n"), 400, end=CLOSED)
case("a last line that ends in LF", chunked("1\r\na\r\n0\n\n"), 400, end=CLOSED)
case("a body that grows longer than allowed", chunked("8000\r\n" + "a" * 0x8000 + "\r\n8001\r\n" + "a" * 0x8001), 413, end=CLOSED)
case("a chunk that would be", chunked("ffffffffff\r\n" + "a" * 70000), 413, end=CLOSED)
case("a trailer with Content-Length", chunked("0\r\nContent-Length: 3\r\n\r\n"), 400, end=CLOSED)
case("a trailer with Transfer-Encoding", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400, end=CLOSED)
case("a trailer with Host", chunked("0\r\nHost: b\r\n\r\n"), 400, end=CLOSED)
case("a trailer that is no header", chunked("0\r\nGET / HTTP/1.1\r\n\r\n"), 400, end=CLOSED)
case("a folded trailer", chunked("0\r\nX: a\r\n b\r\n\r\n"), 400, end=CLOSED)
case("a trailer that is too long", chunked("0\r\nX: " + "a" * 70000 + "\r\n\r\n"), 431, end=CLOSED)

section("Expect", "RFC 9110, 10.1.1.")
case("100-continue, and the body follows it", [post("Content-Length: 3", "Expect: 100-continue"), 100, "abc"], (200, "POST / 3 abc"))
case("the same with chunks", [chunked("", "Expect: 100-Continue"), 100, "3\r\nabc\r\n0\r\n\r\n"], (200, "POST / 3 abc"))
case("100-continue with a body that is too long: no 100", post("Content-Length: 70000", "Expect: 100-continue"), 413, end=CLOSED)
case("100-continue with the body in the same piece: no 100", post("Content-Length: 3", "Expect: 100-continue", body="abc"), (200, "POST / 3 abc"))
case("100-continue without a body: no 100", get("Expect: 100-continue"), 200)
case("100-continue of HTTP/1.0 is passed over", post("Content-Length: 3", "Expect: 100-continue", body="abc", version="1.0"), 200, end=CLOSED)
case("something unknown", get("Expect: 200-maybe"), 417, end=CLOSED)

section("Smuggling", "Each of these hides a second request from whoever reads the first one in another way. None is answered: the connection ends at the first.")
case("CL.TE with an obfuscated `Transfer-Encoding`", post(f"Content-Length: {len('0' + HIDDEN) + 4}", "Transfer-Encoding: xchunked", body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("TE.TE: a second coding that hides the first", post(CHUNKED, "Transfer-encoding: cow", body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a header that hides behind a lone CR", post("X: a\rTransfer-Encoding: chunked", "Content-Length: 5", body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a header that hides behind a lone LF", post("X: a\nTransfer-Encoding: chunked", "Content-Length: 5", body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a length that hides behind a NUL", post("Content-Length: 5\0", body="0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a size of a chunk that others read up to its `x`", chunked("0x2\r\nab\r\n0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a size of a chunk that wraps around at 64 bits", chunked("10000000000000001\r\na\r\n0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("data of a chunk whose CRLF others do not check", chunked("1\r\naXX0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("an extension that others end at its LF (TERM.EXT)", chunked("2;\nxx\r\n0\r\n\r\n" + HIDDEN), 400, end=CLOSED)
case("a body behind a refused head", post("Content-Length: x", body=HIDDEN), 400, end=CLOSED)
case("a request behind one that is closed", get("Connection: close") + HIDDEN, (200, "GET / 0"), end=CLOSED)
case("a GET with a chunked body", get(CHUNKED) + "1\r\na\r\n0\r\n\r\n" + get(path="/2"), (200, "GET / 1 a"), (200, "/2"))
case("a HEAD with a body", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + get(path="/2"), (200, None), (200, "/2"))

section("Splitting answers", "What a script sets cannot end a header, nor begin another answer.")
case("CR and LF in headers and in a redirect are refused, with a warning", get(path="/split"), (200, "GET /split"))
