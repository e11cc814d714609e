<?php
declare(strict_types=1);

/** A SOCKS5 proxy's side of one connection (RFC 1928, 1929), for a Peer. With a login it takes no other. */
function socks5($connection, ?array $login): void
{
    $methods = readAll($connection, ord(readAll($connection, 2)[1]));
    $method = $login === null ? "\0" : "\2";
    if (!str_contains($methods, $method)) {
        fwrite($connection, "\5\xff");
        return;
    }
    fwrite($connection, "\5$method");
    if ($login !== null) {
        $user = readAll($connection, ord(readAll($connection, 2)[1]));
        $word = readAll($connection, ord(readAll($connection, 1)));
        fwrite($connection, [$user, $word] === $login ? "\1\0" : "\1\1");
        if ([$user, $word] !== $login) {
            return;
        }
    }
    $host = match (readAll($connection, 4)[3]) {
        "\1" => inet_ntop(readAll($connection, 4)),
        "\4" => inet_ntop(readAll($connection, 16)),
        "\3" => readAll($connection, ord(readAll($connection, 1))),
    };
    $port = unpack('n', readAll($connection, 2))[1];
    $onward = @stream_socket_client("tcp://$host:$port", $number, $message, PATIENCE);
    $code = $onward ? "\0" : "\5";
    // In single bytes: who reads must put them together.
    foreach (str_split("\5$code\0\1\0\0\0\0\0\0") as $byte) {
        fwrite($connection, $byte);
    }
    if ($onward) {
        addLine(tmp('asked'), "$host:$port");
        relay($connection, $onward);
    }
}

/** An HTTP proxy's side of one connection, which knows CONNECT only, for a Peer. */
function httpProxy($connection, ?array $login): void
{
    $head = '';
    while (!str_ends_with($head, "\r\n\r\n") && ($byte = fgetc($connection)) !== false) {
        $head .= $byte;
    }
    $wanted = $login ? 'Proxy-Authorization: Basic ' . base64_encode(implode(':', $login)) : '';
    if (!preg_match('/^CONNECT (\S+):(\d+) HTTP\/1\.[01]\r\n/', $head, $found)) {
        fwrite($connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
    } elseif ($wanted !== '' && stripos($head, "$wanted\r\n") === false) {
        fwrite($connection, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    } elseif (!($onward = @stream_socket_client("tcp://$found[1]:$found[2]", $number, $message, PATIENCE))) {
        fwrite($connection, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    } else {
        addLine(tmp('asked'), "$found[1]:$found[2]");
        $first = fread($onward, 100); // goes out in one piece with the answer, if the peer speaks first
        fwrite($connection, "HTTP/1.1 200 Connection established\r\nX-Proxy: test\r\n\r\n$first");
        relay($connection, $onward);
    }
}

/** Carries bytes both ways until one side ends. */
function relay($one, $other): void
{
    while (true) {
        [$readable, $none] = [[$one, $other], null];
        stream_select($readable, $none, $none, (int) PATIENCE);
        foreach ($readable as $from) {
            $data = fread($from, 65536);
            if ($data === '' || $data === false) {
                return;
            }
            fwrite($from === $one ? $other : $one, $data);
        }
        if (!$readable) {
            return;
        }
    }
}

/** Where the proxies were asked to go since this was called last. */
function asked(): string
{
    $asked = (string) @file_get_contents(tmp('asked'));
    @unlink(tmp('asked'));
    return $asked;
}
