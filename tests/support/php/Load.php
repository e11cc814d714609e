<?php
declare(strict_types=1);

/**
 * Many clients of an echo server at once, each with several numbered lines under way. Every line that
 * comes back must be the very line that was sent, and later than the one before it. Lines that are
 * skipped are counted as lost; a connection that the server ends is made anew.
 */
final class Load
{
    public int $answered = 0;
    public int $lost = 0;
    /** How often a connection was made. */
    public int $connects = 0;
    /** @var array<int, array{stream: resource, sent: int, got: int, in: string, out: string}> */
    private array $clients = [];

    public function __construct(private readonly Srv $srv, int $clients, private readonly int $underWay = 8)
    {
        for ($i = 0; $i < $clients; $i++) {
            $this->join($i);
        }
    }

    /** Runs for that long. */
    public function run(float $seconds): void
    {
        $end = microtime(true) + $seconds;
        do {
            $this->turn($end, $this->underWay);
        } while (microtime(true) < $end);
    }

    /** Sends one more line on each connection, and waits for its answer; what is missing then is lost for good. */
    public function finish(): void
    {
        $deadline = microtime(true) + 2 * PATIENCE;
        $last = array_map(fn ($client) => $client['sent'] + 1, $this->clients);
        while ($last) {
            if (microtime(true) > $deadline) {
                throw new Failed(count($last) . ' connections got no answer to their last line; lost until then: ' . $this->lost);
            }
            $this->turn($deadline, 0, $last);
            foreach ($last as $i => $number) {
                if ($this->clients[$i]['got'] >= $number) {
                    unset($last[$i]);
                } elseif ($this->clients[$i]['sent'] < $number - 1) { // it was made anew meanwhile
                    $last[$i] = $this->clients[$i]['sent'] + 1;
                }
            }
        }
    }

    public function close(): void
    {
        foreach ($this->clients as $client) {
            fclose($client['stream']);
        }
        $this->clients = [];
    }

    private function join(int $i): void
    {
        $stream = $this->srv->connect()->stream;
        $this->connects++;
        $this->clients[$i] = ['stream' => $stream, 'sent' => 0, 'got' => 0, 'in' => '', 'out' => ''];
    }

    private function line(int $i, int $number): string
    {
        return "$i:$number:" . str_repeat(chr(97 + $number % 26), ($number * 37 + $i) % 300) . "\n";
    }

    /** One round: tops up what is under way, to `underWay` lines or up to the line numbers in `last`. */
    private function turn(float $deadline, int $underWay, array $last = []): void
    {
        $readable = $writable = [];
        foreach ($this->clients as $i => &$client) {
            while ($client['sent'] - $client['got'] < $underWay || $client['sent'] < ($last[$i] ?? 0)) {
                $client['out'] .= $this->line($i, ++$client['sent']);
            }
            $readable[$i] = $client['stream'];
            if ($client['out'] !== '') {
                $writable[$i] = $client['stream'];
            }
        }
        unset($client);
        $none = null;
        if (!stream_select($readable, $writable, $none, 0, min(50000, max(0, (int) (($deadline - microtime(true)) * 1e6))))) {
            return;
        }
        foreach ($writable as $i => $stream) {
            $client = &$this->clients[$i];
            $client['out'] = substr($client['out'], (int) @fwrite($stream, $client['out']));
            unset($client);
        }
        foreach ($readable as $i => $stream) {
            $data = @fread($stream, 65536);
            if (($data === '' || $data === false) && feof($stream)) {
                fclose($stream);
                $this->join($i);
                continue;
            }
            $this->check($i, (string) $data);
        }
    }

    private function check(int $i, string $data): void
    {
        $client = &$this->clients[$i];
        $lines = explode("\n", $client['in'] . $data);
        $client['in'] = array_pop($lines);
        foreach ($lines as $line) {
            $number = (int) (explode(':', $line, 3)[1] ?? 0);
            if ($number <= $client['got'] || $number > $client['sent'] || "$line\n" !== $this->line($i, $number)) {
                throw new Failed("connection $i: after line {$client['got']} of {$client['sent']} came " . shown($line));
            }
            $this->answered++;
            $this->lost += $number - $client['got'] - 1;
            $client['got'] = $number;
        }
    }
}
