<?php

// A WebSocket client that waits, on a blocking swoole_client: frames are packed and unpacked by hand.
//   php websocket_client.php 9501 hello 'how are you'    talks to websocket_server.php

class WebSocketClient
{
    private const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // of the standard
    private swoole_client $socket;
    private string $buffer = '';

    public function __construct(private string $host = '127.0.0.1', private int $port = 9501, private string $path = '/')
    {
    }

    /** Makes the handshake; throws if the server does not agree. */
    public function connect(): void
    {
        $this->socket = new swoole_client(SWOOLE_SOCK_TCP);
        if (!@$this->socket->connect($this->host, $this->port, 3)) {
            throw new RuntimeException("no connection to $this->host:$this->port: " . swoole_strerror($this->socket->errCode));
        }
        $key = base64_encode(random_bytes(16));
        $this->socket->send("GET $this->path HTTP/1.1\r\nHost: $this->host:$this->port\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            . "Sec-WebSocket-Key: $key\r\nSec-WebSocket-Version: 13\r\n\r\n");
        while (($end = strpos($this->buffer, "\r\n\r\n")) === false) {
            $this->more();
        }
        $head = substr($this->buffer, 0, $end);
        $this->buffer = substr($this->buffer, $end + 4);
        $accept = base64_encode(sha1($key . self::GUID, true));
        if (!str_starts_with($head, 'HTTP/1.1 101 ') || !preg_match('/^Sec-WebSocket-Accept: ' . preg_quote($accept, '/') . '\r?$/mi', $head)) {
            throw new RuntimeException('no WebSocket: ' . strtok($head, "\r"));
        }
    }

    public function send(string $data, int $opcode = WEBSOCKET_OPCODE_TEXT): void
    {
        $length = strlen($data);
        $mask = random_bytes(4); // a client's frames must be masked
        $head = chr(0x80 | $opcode) . match (true) {
            $length < 126 => chr(0x80 | $length),
            $length < 65536 => chr(0x80 | 126) . pack('n', $length),
            default => chr(0x80 | 127) . pack('J', $length),
        };
        $this->socket->send($head . $mask . ($data ^ str_pad('', $length, $mask)));
    }

    /** The next message; null: the server has closed. */
    public function recv(): ?string
    {
        $message = '';
        while (true) {
            while (($frame = swoole_websocket_server::unpack($this->buffer)) === false) {
                $this->more();
            }
            $this->buffer = substr($this->buffer, strlen(swoole_websocket_server::pack($frame->data, $frame->opcode)));
            switch ($frame->opcode) {
                case WEBSOCKET_OPCODE_PING:
                    $this->send($frame->data, WEBSOCKET_OPCODE_PONG);
                    break;
                case WEBSOCKET_OPCODE_PONG:
                    break;
                case WEBSOCKET_OPCODE_CLOSE:
                    $this->send($frame->data, WEBSOCKET_OPCODE_CLOSE);
                    return null;
                default:
                    $message .= $frame->data;
                    if ($frame->finish) {
                        return $message;
                    }
            }
        }
    }

    public function close(): void
    {
        $this->send(pack('n', WEBSOCKET_CLOSE_NORMAL), WEBSOCKET_OPCODE_CLOSE);
        while ($this->recv() !== null);
        $this->socket->close();
    }

    private function more(): void
    {
        $data = @$this->socket->recv();
        if ($data === false || $data === '') {
            throw new RuntimeException('the server does not answer');
        }
        $this->buffer .= $data;
    }
}

$client = new WebSocketClient('127.0.0.1', (int) ($argv[1] ?? 9501), '/?name=' . get_current_user());
$client->connect();
echo $client->recv(), "\n";
foreach (array_slice($argv, 2) ?: ['hello'] as $text) {
    $client->send($text);
    echo $client->recv(), "\n", $client->recv(), "\n";
}
$client->close();
