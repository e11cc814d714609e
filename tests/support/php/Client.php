<?php
declare(strict_types=1);

/** A client of a server under test: it blocks, but never for longer than PATIENCE. */
final class Client
{
    /** @var resource */
    public $stream;
    private string $buffer = '';
    private bool $ended = false;

    /**
     * `address` as stream_socket_client() takes it: tcp://127.0.0.1:80, udp://[::1]:80, unix:///path, udg:///path.
     * `from` is the address to come from, "127.0.0.2:0".
     */
    public function __construct(public readonly string $address, ?string $from = null)
    {
        $context = stream_context_create($from === null ? [] : ['socket' => ['bindto' => $from]]);
        $stream = @stream_socket_client($address, $number, $message, PATIENCE, STREAM_CLIENT_CONNECT, $context);
        if ($stream === false) {
            throw new Failed("no connection to $address: $message ($number)");
        }
        stream_set_blocking($stream, false);
        stream_set_read_buffer($stream, 0);
        $this->stream = $stream;
    }

    public function write(string $data): self
    {
        $deadline = microtime(true) + PATIENCE;
        while ($data !== '') {
            $none = null;
            $writable = [$this->stream];
            if (!$this->select($none, $writable, $deadline)) {
                throw new Failed("the server at {$this->address} does not take data: " . strlen($data) . ' bytes are left');
            }
            $done = @fwrite($this->stream, $data);
            if ($done === false) {
                throw new Failed("{$this->address} closed while " . strlen($data) . ' bytes were still to be written');
            }
            $data = substr($data, $done);
        }
        return $this;
    }

    /** As write(), but it is all the same whether the server still takes it. Gives whether it took everything. */
    public function tryWrite(string $data): bool
    {
        try {
            $this->write($data);
            return true;
        } catch (Failed) {
            return false;
        }
    }

    /** Writes as much of `data` as is taken until nothing more goes for `stall` seconds; gives how much that was. */
    public function push(string $data, float $stall = 0.5): int
    {
        $done = 0;
        $none = null;
        while ($done < strlen($data)) {
            $writable = [$this->stream];
            if (!$this->select($none, $writable, microtime(true) + $stall)) {
                break;
            }
            $done += (int) @fwrite($this->stream, substr($data, $done, 1 << 18));
        }
        return $done;
    }

    /** Exactly `length` bytes. */
    public function read(int $length, float $timeout = PATIENCE): string
    {
        $deadline = microtime(true) + $timeout;
        while (strlen($this->buffer) < $length) {
            $this->more($deadline, "$length bytes");
        }
        $data = substr($this->buffer, 0, $length);
        $this->buffer = substr($this->buffer, $length);
        return $data;
    }

    /** All up to and with `end`. */
    public function readTo(string $end = "\n", float $timeout = PATIENCE): string
    {
        $deadline = microtime(true) + $timeout;
        while (($at = strpos($this->buffer, $end)) === false) {
            $this->more($deadline, 'data ending with ' . shown($end));
        }
        return $this->read($at + strlen($end));
    }

    /** Writes, and reads as many bytes (or `length`). */
    public function ask(string $data, ?int $length = null): string
    {
        return $this->write($data)->read($length ?? strlen($data));
    }

    /** Writes a line, and reads one, without its end. */
    public function askLine(string $line): string
    {
        return rtrim($this->write("$line\n")->readTo("\n"), "\n");
    }

    /** Everything until the server closes. */
    public function rest(float $timeout = PATIENCE): string
    {
        $deadline = microtime(true) + $timeout;
        while (!$this->ended) {
            $this->more($deadline, 'the end of the connection');
        }
        [$data, $this->buffer] = [$this->buffer, ''];
        return $data;
    }

    /** The server closes without a further byte. */
    public function closed(float $timeout = PATIENCE): void
    {
        same('', $this->rest($timeout), 'data before the end of the connection');
    }

    /** Nothing comes for that long, not even an end. */
    public function silent(float $seconds = 0.3): void
    {
        $deadline = microtime(true) + $seconds;
        $readable = [$this->stream];
        $none = null;
        same('', $this->buffer, 'data where none should come');
        if ($this->select($readable, $none, $deadline)) {
            $this->more($deadline, 'nothing');
            throw new Failed('wanted silence, got ' . ($this->ended ? 'an end' : shown($this->buffer)));
        }
    }

    /** One datagram. */
    public function packet(float $timeout = PATIENCE): string
    {
        $readable = [$this->stream];
        $none = null;
        if (!$this->select($readable, $none, microtime(true) + $timeout)) {
            throw new Failed("no datagram from {$this->address} after $timeout s");
        }
        return (string) stream_socket_recvfrom($this->stream, 65536);
    }

    /** A datagram out, one back. */
    public function askPacket(string $data): string
    {
        same(strlen($data), stream_socket_sendto($this->stream, $data), 'bytes of a datagram');
        return $this->packet();
    }

    public function close(): void
    {
        fclose($this->stream);
    }

    /** No more data from here, but still reading. */
    public function shutdown(): void
    {
        stream_socket_shutdown($this->stream, STREAM_SHUT_WR);
    }

    /** Ends the connection with a reset. */
    public function reset(): void
    {
        socket_set_option(socket_import_stream($this->stream), SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
        fclose($this->stream);
    }

    /** Its own address, without the port. */
    public function host(): string
    {
        return substr($this->name(), 0, strrpos($this->name(), ':'));
    }

    /** Its own port. */
    public function port(): int
    {
        return (int) substr($this->name(), strrpos($this->name(), ':') + 1);
    }

    private function name(): string
    {
        return stream_socket_get_name($this->stream, false);
    }

    private function more(float $deadline, string $wanted): void
    {
        $got = fn () => shown($this->buffer);
        $this->ended && throw new Failed("wanted $wanted from {$this->address}, it closed after " . $got());
        $readable = [$this->stream];
        $none = null;
        if (!$this->select($readable, $none, $deadline)) {
            throw new Failed("wanted $wanted from {$this->address}, nothing more came after " . $got());
        }
        $data = @fread($this->stream, 1 << 20);
        $this->ended = ($data === '' || $data === false) && feof($this->stream);
        $this->buffer .= $data;
    }

    private function select(?array &$readable, ?array &$writable, float $deadline): bool
    {
        $left = max(0.0, $deadline - microtime(true));
        $none = null;
        return @stream_select($readable, $writable, $none, (int) $left, (int) (fmod($left, 1) * 1e6)) > 0;
    }
}
