<?php

// The web server of http_events.php, grown up: a class, answers written by write events only while there is something to write,
// pipelined requests answered in order, "Connection: close", silent connections closed. It sends back what it was sent.
//   php http_server_events.php 9999
//   curl -d hello http://127.0.0.1:9999/

class HttpServer
{
    private const LONGEST = 1 << 20;  // bytes of a request
    private const SILENCE = 30;       // seconds until a connection is closed
    private array $connections = [];  // by descriptor

    public function __construct(private int $port)
    {
    }

    public function run(): void
    {
        $context = stream_context_create(['socket' => ['backlog' => 1024, 'so_reuseport' => true]]);
        $server = stream_socket_server("tcp://127.0.0.1:$this->port", $number, $reason, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
        $server || exit("cannot listen on port $this->port: $reason\n");
        swoole_event_add($server, [$this, 'accept']);
        swoole_timer_tick(5000, [$this, 'sweep']);
        echo "web server on port $this->port\n";
        swoole_event_wait();
    }

    public function accept($server): void
    {
        while ($stream = @stream_socket_accept($server, 0)) {
            stream_set_read_buffer($stream, 0); // so that nothing waits in PHP that the loop cannot see
            $this->connections[(int) $stream] = (object) ['stream' => $stream, 'in' => '', 'out' => '', 'last' => false, 'heard' => time()];
            swoole_event_add($stream, [$this, 'read'], [$this, 'write'], SWOOLE_EVENT_READ);
        }
    }

    public function read($stream): void
    {
        $connection = $this->connections[(int) $stream];
        $data = fread($stream, 65536);
        if ($data === '' || $data === false) {
            // It sends no more, but may still wait for what it has asked for.
            $connection->last = true;
            $connection->out === '' ? $this->close($connection) : swoole_event_set($stream, null, null, SWOOLE_EVENT_WRITE);
            return;
        }
        $connection->heard = time();
        $connection->in .= $data;
        while (!$connection->last && ($request = $this->request($connection)) !== null) {
            $connection->out .= $this->answer($request, $connection);
        }
        if ($connection->out !== '') {
            // Reads no more until the answers are gone: who does not take them is not served further.
            swoole_event_set($stream, null, null, SWOOLE_EVENT_WRITE);
        }
    }

    public function write($stream): void
    {
        $connection = $this->connections[(int) $stream];
        $done = @fwrite($stream, $connection->out);
        if ($done === false) {
            $this->close($connection);
            return;
        }
        $connection->heard = time();
        $connection->out = substr($connection->out, $done);
        if ($connection->out === '') {
            $connection->last ? $this->close($connection) : swoole_event_set($stream, null, null, SWOOLE_EVENT_READ);
        }
    }

    public function sweep(): void
    {
        foreach ($this->connections as $connection) {
            time() - $connection->heard >= self::SILENCE && $this->close($connection);
        }
    }

    /** The first request that is whole, [head, body], or null. */
    private function request(object $connection): ?array
    {
        $end = strpos($connection->in, "\r\n\r\n");
        $length = $end !== false && preg_match('/^content-length:\s*(\d{1,9})\s*$/im', substr($connection->in, 0, $end), $found) ? (int) $found[1] : 0;
        if (strlen($connection->in) > self::LONGEST || $length > self::LONGEST) {
            $connection->out .= "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            $connection->last = true;
            return null;
        }
        if ($end === false || strlen($connection->in) < $end + 4 + $length) {
            return null;
        }
        $request = [substr($connection->in, 0, $end), substr($connection->in, $end + 4, $length)];
        $connection->in = substr($connection->in, $end + 4 + $length);
        return $request;
    }

    private function answer(array $request, object $connection): string
    {
        [$head, $body] = $request;
        $text = $body === '' ? "$head\n" : $body;
        $connection->last = preg_match('/^connection:\s*close\s*$/im', $head) === 1 || preg_match('/^\S+ \S+ HTTP\/1\.0$/m', $head) === 1;
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " . strlen($text)
            . ($connection->last ? "\r\nConnection: close" : '') . "\r\n\r\n$text";
    }

    private function close(object $connection): void
    {
        unset($this->connections[(int) $connection->stream]);
        swoole_event_del($connection->stream);
        fclose($connection->stream);
    }
}

(new HttpServer((int) ($argv[1] ?? 9999)))->run();
