<?php
declare(strict_types=1);

/**
 * A WebSocket client that waits, over Swoole\Client, of the form in which such classes are handed down: connect(), send(), recv(), disconnect(), getSocket().
 */
class WebSocketClient
{
    private const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

    private Swoole\Client $socket;
    private string $key;
    private bool $connected = false;

    public function __construct(
        private string $host = '127.0.0.1',
        private int $port = 8080,
        private string $path = '/',
        private ?string $origin = null,
    ) {
        $this->key = base64_encode(random_bytes(16));
    }

    public function __destruct()
    {
        $this->disconnect();
    }

    /** Connects and shakes hands: the server's answer, or false. */
    public function connect(float $timeout = 5): string|false
    {
        $this->socket = new Swoole\Client(SWOOLE_SOCK_TCP);
        // Each recv() gives one package: first the head of the answer, then one frame each time.
        $this->socket->set(['open_length_check' => true, 'package_length_func' => $this->length(...), 'package_max_length' => 8 << 20]);
        if (!$this->socket->connect($this->host, $this->port, $timeout)) {
            return false;
        }
        $this->socket->send($this->request());
        $answer = (string) $this->socket->recv();
        $accept = base64_encode(sha1($this->key . self::GUID, true));
        if (!preg_match('/^HTTP\/1\.1 101 .*^Sec-WebSocket-Accept: (\S+)\r$/ims', $answer, $found) || $found[1] !== $accept) {
            $this->socket->close();
            return false;
        }
        $this->connected = true;
        return $answer;
    }

    public function getSocket(): Swoole\Client
    {
        return $this->socket;
    }

    public function disconnect(): void
    {
        if ($this->connected) {
            $this->connected = false;
            $this->frame(pack('n', 1000), WEBSOCKET_OPCODE_CLOSE);
            $this->socket->close();
        }
    }

    /** The next message; false: none came in time, or the server has closed. */
    public function recv(): string|false
    {
        for ($message = ''; $this->connected && ($bytes = (string) $this->socket->recv()) !== ''; ) {
            $frame = Swoole\WebSocket\Frame::unpack($bytes);
            switch ($frame->opcode) {
                case WEBSOCKET_OPCODE_PING:
                    $this->frame($frame->data, WEBSOCKET_OPCODE_PONG);
                    break;
                case WEBSOCKET_OPCODE_PONG:
                    break;
                case WEBSOCKET_OPCODE_CLOSE:
                    $this->disconnect();
                    break;
                default: // a message may come in several frames
                    $message .= $frame->data;
                    if ($frame->finish) {
                        return $message;
                    }
            }
        }
        return false;
    }

    /** Sends a message, or a control frame: 'text', 'binary', 'close', 'ping', 'pong'. */
    public function send(string $data, string $type = 'text'): bool
    {
        $opcodes = ['text' => 1, 'binary' => 2, 'close' => 8, 'ping' => 9, 'pong' => 10];
        return $this->connected && $this->frame($data, $opcodes[$type]);
    }

    /** What a client sends is masked. */
    private function frame(string $data, int $opcode): bool
    {
        $flags = SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_MASK;
        return $this->socket->send(Swoole\WebSocket\Frame::pack($data, $opcode, $flags)) !== false;
    }

    private function request(): string
    {
        return "GET $this->path HTTP/1.1\r\nHost: $this->host:$this->port\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            . "Sec-WebSocket-Key: $this->key\r\nSec-WebSocket-Version: 13\r\n"
            . ($this->origin === null ? '' : "Origin: $this->origin\r\n") . "\r\n";
    }

    /** How long the head of the answer, or the frame, at the front of `data` is; 0: that cannot be told yet. */
    private function length(string $data): int
    {
        if (!$this->connected) {
            $end = strpos($data, "\r\n\r\n");
            return $end === false ? 0 : $end + 4;
        }
        if (strlen($data) < 2) {
            return 0;
        }
        $length = ord($data[1]) & 127;
        [$format, $size] = [126 => ['n', 2], 127 => ['J', 8]][$length] ?? [null, 0];
        if (strlen($data) < 2 + $size) {
            return 0;
        }
        return 2 + $size + ($format === null ? $length : unpack($format, $data, 2)[1]);
    }
}
