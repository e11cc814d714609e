<?php
declare(strict_types=1);

/** Starts a server of HTTP with one handler of requests. */
function serveHttp(Closure $handler, array $settings = [], ?Closure $more = null, string $class = Swoole\Http\Server::class): Srv
{
    return serve(function (Swoole\Http\Server $server) use ($handler, $settings, $more) {
        $server->set(['worker_num' => 1, ...$settings]);
        $server->on('request', $handler);
        if ($more !== null) {
            $more($server);
        }
    }, class: $class);
}

/** An answer of HTTP, read from a client. */
final class Answer
{
    public int $status;
    public string $reason;
    /** @var string[][] values by name in lower case */
    public array $headers = [];
    public string $body = '';
    public array $trailers = [];

    public function __construct(Client $client, string $method = 'GET')
    {
        $lines = explode("\r\n", substr($client->readTo("\r\n\r\n"), 0, -4));
        [, $status, $this->reason] = explode(' ', array_shift($lines), 3);
        $this->status = (int) $status;
        $this->headers = self::fields($lines);
        if ($method === 'HEAD' || $this->status < 200 || in_array($this->status, [204, 304], true)) {
            return;
        }
        if ($this->header('transfer-encoding') === 'chunked') {
            while (($size = hexdec(trim($client->readTo("\r\n")))) > 0) {
                $this->body .= $client->read($size);
                same("\r\n", $client->read(2), 'the end of a chunk');
            }
            $trailers = [];
            while (($line = rtrim($client->readTo("\r\n"), "\r\n")) !== '') {
                $trailers[] = $line;
            }
            $this->trailers = self::fields($trailers);
        } elseif (isset($this->headers['content-length'])) {
            $this->body = $client->read((int) $this->header('content-length'));
        } else {
            $this->body = $client->rest();
        }
    }

    private static function fields(array $lines): array
    {
        $fields = [];
        foreach ($lines as $line) {
            [$name, $value] = explode(': ', $line, 2);
            $fields[strtolower($name)][] = $value;
        }
        return $fields;
    }

    /** The only header of that name; null: there is none. */
    public function header(string $name): ?string
    {
        $values = $this->headers[strtolower($name)] ?? [null];
        same(1, count($values), "how many headers $name there are");
        return $values[0];
    }

    /** What the body says in JSON. */
    public function json(): mixed
    {
        return json_decode($this->body, true, flags: JSON_THROW_ON_ERROR);
    }
}

/** A request's bytes. Headers are lines; Host, and Content-Length where there is a body, need not be given. */
function requestOf(string $method, string $target, array $headers = [], string $body = ''): string
{
    $lines = ["$method $target HTTP/1.1", 'Host: test', ...$headers];
    if ($body !== '') {
        $lines[] = 'Content-Length: ' . strlen($body);
    }
    return implode("\r\n", $lines) . "\r\n\r\n$body";
}

/** Sends a request, over a connection of its own unless one is given, and reads the answer. */
function fetch(Srv|Client $to, string $target, string $method = 'GET', array $headers = [], string $body = ''): Answer
{
    $client = $to instanceof Srv ? $to->connect() : $to;
    $client->write(requestOf($method, $target, $headers, $body));
    return new Answer($client, $method);
}

/** A form with files. Parts are [name, content] or [name, content, file name, type]. */
function multipart(array $parts, string $boundary = 'x1y2'): array
{
    $body = '';
    foreach ($parts as $part) {
        $body .= "--$boundary\r\nContent-Disposition: form-data; name=\"$part[0]\"";
        if (isset($part[2])) {
            $body .= "; filename=\"$part[2]\"\r\nContent-Type: " . ($part[3] ?? 'text/plain');
        }
        $body .= "\r\n\r\n$part[1]\r\n";
    }
    return [["Content-Type: multipart/form-data; boundary=$boundary"], "$body--$boundary--\r\n"];
}

/** A client of WebSocket that knows no more than a test needs. */
final class WebSocketPeer
{
    private const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
    public readonly Client $client;
    public readonly Answer $answer;

    public function __construct(Srv $srv, string $target = '/', array $headers = [])
    {
        $this->client = $srv->connect();
        $asks = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: ' . self::KEY];
        $this->client->write(requestOf('GET', $target, [...$asks, ...$headers]));
        $this->answer = new Answer($this->client);
    }

    /** One whose handshake must succeed. */
    public static function open(Srv $srv, string $target = '/', array $headers = []): self
    {
        $peer = new self($srv, $target, $headers);
        same(101, $peer->answer->status, 'the status of the handshake');
        same('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', $peer->answer->header('sec-websocket-accept'));
        return $peer;
    }

    /** Sends a frame, masked as a client's must be. */
    public function send(string $data, int $opcode = 1, bool $finish = true): self
    {
        $mask = "\x11\x22\x33\x44";
        $length = strlen($data);
        $head = match (true) {
            $length < 126 => chr(0x80 | $length),
            $length < 65536 => chr(0x80 | 126) . pack('n', $length),
            default => chr(0x80 | 127) . pack('J', $length),
        };
        $masked = $data ^ substr(str_repeat($mask, intdiv($length, 4) + 1), 0, $length);
        $this->client->write(chr(($finish ? 0x80 : 0) | $opcode) . $head . $mask . $masked);
        return $this;
    }

    /** The next frame: [opcode, data, whether it is the last of its message]. */
    public function frame(): array
    {
        [$first, $length] = array_values(unpack('C2', $this->client->read(2)));
        $length = match ($length) {
            126 => unpack('n', $this->client->read(2))[1],
            127 => unpack('J', $this->client->read(8))[1],
            default => $length,
        };
        return [$first & 15, $this->client->read($length), ($first & 0x80) !== 0];
    }

    /** The data of the next frame, which must be a whole message of text. */
    public function text(): string
    {
        [$opcode, $data, $finish] = $this->frame();
        same([1, true], [$opcode, $finish], 'opcode and end');
        return $data;
    }

    /** Sends a text, and reads one. */
    public function ask(string $text): string
    {
        return $this->send($text)->text();
    }

    /** The code and the reason of the next frame, which must be a close. */
    public function closing(): array
    {
        [$opcode, $data] = $this->frame();
        same(8, $opcode, 'the opcode of a close');
        return $data === '' ? [1005, ''] : [unpack('n', $data)[1], substr($data, 2)];
    }

    /** Closes as a client does: close, the answer, the end. */
    public function close(int $code = 1000): void
    {
        $this->send(pack('n', $code), 8);
        same($code, $this->closing()[0], 'the code of the answer');
        $this->client->closed();
    }
}

/** Starts a server of WebSocket with one handler of messages. */
function serveWebSocket(Closure $handler, array $settings = [], ?Closure $more = null): Srv
{
    return serve(function (Swoole\WebSocket\Server $server) use ($handler, $settings, $more) {
        $server->set(['worker_num' => 1, ...$settings]);
        $server->on('message', $handler);
        if ($more !== null) {
            $more($server);
        }
    }, class: Swoole\WebSocket\Server::class);
}
