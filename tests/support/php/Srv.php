<?php
declare(strict_types=1);

/** A server under test, seen from the test: serve() makes one. */
final class Srv
{
    /** @var list<Srv> */
    public static array $all = [];
    /** @var resource where note() writes, in the processes of a server */
    public static $notebook;

    /** The process that called start(): the master, unless it made itself a daemon. */
    public int $pid = 0;
    /** The port it listens on; `ports` has them all as [host, port, type]. */
    public int $port = 0;
    public array $ports = [];

    private string $host = '';
    private readonly string $outputFile;
    private readonly string $notebookFile;
    private ?int $code = null;
    private bool $daemon = false;
    /** @var list<string> patterns of log lines that the test announced */
    private array $allowed = [];

    public function __construct()
    {
        self::$all[] = $this;
        $number = count(self::$all);
        $this->outputFile = tmp("output-$number");
        $this->notebookFile = tmp("notes-$number");
        touch($this->outputFile);
        touch($this->notebookFile);
    }

    /** Runs `script` in a process of its own, with its output in a file. */
    public function fork(Closure $script): void
    {
        $this->pid = pcntl_fork();
        if ($this->pid !== 0) {
            return;
        }
        self::$notebook = fopen($this->notebookFile, 'ab');
        restore_error_handler();
        restore_exception_handler();
        // The lowest free descriptors are taken again in this order.
        fclose(STDIN);
        fclose(STDOUT);
        fclose(STDERR);
        $GLOBALS['standard'] = [fopen('/dev/null', 'rb'), fopen($this->outputFile, 'ab'), fopen($this->outputFile, 'ab')];
        $script();
        exit(0);
    }

    public function awaitReady(bool $daemon = false): void
    {
        if ($daemon) {
            same(0, $this->wait(), 'exit code of the process that starts the daemon');
            eventually(fn () => $this->notes('ready'), 'the daemon is up');
            $this->pid = $this->notes('ready')[0][1];
            [$this->code, $this->daemon] = [null, true];
        }
        [$this->ports, $workers, $base] = $this->await('listening');
        [$this->host, $this->port] = $this->ports[0];
        eventually(function () use ($workers, $base) {
            $ready = array_intersect(range(0, $workers - 1), array_column($this->notes('ready'), 0));
            $up = count($ready) === $workers && ($base || $this->notes('started'));
            return $up || !$this->running();
        }, "all $workers workers are up");
        ok($this->running(), 'the server is up');
    }

    /** For a server that cannot announce() itself: waits until that port of this machine is taken. */
    public function awaitPort(int $port, int $type): void
    {
        [$this->port, $this->ports, $this->host] = [$port, [['127.0.0.1', $port, $type]], '127.0.0.1'];
        $table = $type === SWOOLE_SOCK_UDP ? '/proc/net/udp' : '/proc/net/tcp';
        eventually(fn () => str_contains(file_get_contents($table), sprintf(':%04X 00000000:0000', $port)), "port $port is taken");
    }

    // ---- clients

    public function connect(int $which = 0, ?string $from = null): Client
    {
        [$host, $port, $type] = $this->ports[$which];
        return new Client(match ($type) {
            SWOOLE_SOCK_TCP => 'tcp://' . ($host === '0.0.0.0' ? '127.0.0.1' : $host) . ":$port",
            SWOOLE_SOCK_TCP6 => 'tcp://[' . ($host === '::' ? '::1' : $host) . "]:$port",
            SWOOLE_SOCK_UDP => 'udp://' . ($host === '0.0.0.0' ? '127.0.0.1' : $host) . ":$port",
            SWOOLE_SOCK_UDP6 => 'udp://[' . ($host === '::' ? '::1' : $host) . "]:$port",
            SWOOLE_SOCK_UNIX_STREAM => "unix://$host",
        }, $from);
    }

    /** @return list<Client> */
    public function connectMany(int $count): array
    {
        return array_map(fn () => $this->connect(), range(1, $count));
    }

    /**
     * Clients of every worker: [worker => [[Client, session], ...]], at least `each` for each. The server must
     * answer "who" with whoAnswers().
     */
    public function clientsByWorker(int $workers = 2, int $each = 1): array
    {
        $found = array_fill(0, $workers, []);
        $lacking = function () use (&$found, $each) {
            return array_keys(array_filter($found, fn ($clients) => count($clients) < $each));
        };
        for ($tries = 0; $lacking() && $tries < 200; $tries++) {
            // In BASE mode the kernel chooses who accepts: those that have enough are made to wait.
            $waiting = MODE === SWOOLE_BASE ? array_diff(array_keys($found), $lacking()) : [];
            array_map(fn ($id) => posix_kill($this->worker($id), SIGSTOP), $waiting);
            $client = $this->connect();
            [$session, $worker] = explode(' ', trim($client->write('who')->readTo()));
            array_map(fn ($id) => posix_kill($this->worker($id), SIGCONT), $waiting);
            $found[(int) $worker][] = [$client, (int) $session];
        }
        same([], $lacking(), 'workers without clients');
        return $found;
    }

    /** What its metrics_port answers to a GET, given as [status, body]; the port stands in the log. */
    public function metrics(string $path = '/metrics'): array
    {
        [$head, $body] = explode("\r\n\r\n", $this->scraper()->write("GET $path HTTP/1.1\r\nHost: test\r\n\r\n")->rest(), 2);
        return [(int) substr($head, 9, 3), $body];
    }

    /** The figures of its metrics_port: [name with labels => value]. */
    public function figures(): array
    {
        [$status, $body] = $this->metrics();
        same(200, $status, 'status of /metrics');
        preg_match_all('/^([a-z_]+(?:\{.*\})?) (\S+)$/m', $body, $found);
        return array_combine($found[1], array_map(floatval(...), $found[2]));
    }

    /** A client of its metrics_port. */
    public function scraper(): Client
    {
        $pattern = '~metrics are served at http://([^/]+)/metrics~';
        $said = eventually(fn () => preg_match($pattern, $this->output(), $found) ? $found : false, 'the metrics_port is told');
        return new Client("tcp://$said[1]");
    }

    /** Runs an action of offers() in a worker; gives what it returned. */
    public function call(string $name, mixed ...$arguments): mixed
    {
        return resultOf(begin($this, $name, ...$arguments));
    }

    // ---- notes

    /** The arguments of all notes of that name, oldest first. */
    public function notes(string $name): array
    {
        return array_column($this->notesWithPids($name), 1);
    }

    /** The arguments of the newest note of that name; null if there is none. */
    public function last(string $name): ?array
    {
        $notes = $this->notes($name);
        return $notes ? end($notes) : null;
    }

    /** The same as notes(), each as [pid, arguments]. */
    public function notesWithPids(string $name): array
    {
        $found = [];
        foreach (explode("\n", $this->notebookText(), -1) as $line) {
            [$of, $pid, $arguments] = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
            if ($of === $name) {
                $found[] = [$pid, $arguments];
            }
        }
        return $found;
    }

    /** Waits for the `nth` note of that name; gives its arguments. */
    public function await(string $name, int $nth = 1, float $timeout = PATIENCE): array
    {
        return eventually(function () use ($name, $nth) {
            $notes = $this->notes($name);
            if (!isset($notes[$nth - 1]) && !$this->running() && !isset($this->notes($name)[$nth - 1])) {
                throw new Failed("the server ended (code {$this->code}) before it left note \"$name\" $nth times");
            }
            return isset($notes[$nth - 1]) ? [$notes[$nth - 1]] : false;
        }, "note \"$name\" was left $nth times", $timeout)[0];
    }

    /** The process that runs worker `id` now. */
    public function worker(int $id = 0): int
    {
        $pids = [];
        foreach ($this->notesWithPids('ready') as [$pid, [$worker]]) {
            $pids[$worker] = $pid;
        }
        return $pids[$id];
    }

    public function notebookText(): string
    {
        return file_get_contents($this->notebookFile);
    }

    // ---- output

    /** What all its processes have written to stdout and stderr; the log is among it unless log_file is set. */
    public function output(): string
    {
        return file_get_contents($this->outputFile);
    }

    /** Lines that match are no reason to fail. */
    public function allow(string $pattern): self
    {
        $this->allowed[] = $pattern;
        return $this;
    }

    /** Waits for a line that matches, which then is no reason to fail. */
    public function expect(string $pattern): void
    {
        eventually(fn () => preg_match($pattern, $this->output()), "the server writes $pattern");
        $this->allow($pattern);
    }

    // ---- its life

    public function signal(int $number): void
    {
        ok(posix_kill($this->pid, $number), "signal $number reaches the master");
    }

    public function running(): bool
    {
        if ($this->daemon) { // no child of ours: its exit code is not for us
            $this->code ??= alive($this->pid) ? null : 0;
            return $this->code === null;
        }
        if ($this->code === null && pcntl_waitpid($this->pid, $status, WNOHANG) === $this->pid) {
            $this->code = pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 128 + pcntl_wtermsig($status);
        }
        return $this->code === null;
    }

    /** Waits for the end of the master; gives its exit code, or 128 + the number of the signal. */
    public function wait(float $timeout = PATIENCE): int
    {
        eventually(fn () => !$this->running(), 'the server ends', $timeout);
        return $this->code;
    }

    /** Asks the master to end, and holds it to ending well. */
    public function stop(float $timeout = PATIENCE): void
    {
        if ($this->running()) {
            $this->signal(SIGTERM);
        }
        $this->ended($timeout);
    }

    /** It ends by itself, and well: code 0, start() came back once and in the master, no warning that was not announced. */
    public function ended(float $timeout = PATIENCE): void
    {
        same(0, $this->wait($timeout), 'exit code of the master');
        same([[$this->pid, []]], $this->notesWithPids('returned'), 'processes in which start() came back');
        $this->calm();
    }

    /** No warning was written that the test did not announce. */
    public function calm(): void
    {
        foreach (explode("\n", $this->output()) as $line) {
            if (!preg_match('/\b(WARN(ING)?|ERROR|Warning|Notice|Deprecated|Fatal error|panicked)\b/', $line)) {
                continue;
            }
            foreach ($this->allowed as $pattern) {
                if (preg_match($pattern, $line)) {
                    continue 2;
                }
            }
            throw new Failed("the server wrote, unannounced: $line");
        }
    }

    public function kill(): void
    {
        $this->signal(SIGKILL);
        same(128 + SIGKILL, $this->wait());
    }

    /** The live processes below the master. */
    public function children(?int $of = null): array
    {
        $of ??= $this->pid;
        $found = [];
        foreach (explode(' ', trim((string) @file_get_contents("/proc/{$of}/task/{$of}/children"))) as $pid) {
            if ($pid !== '') {
                array_push($found, (int) $pid, ...$this->children((int) $pid));
            }
        }
        return $found;
    }
}

/** Waits until that process sleeps: it has finished what it was busy with. */
function awaitAsleep(int $pid): void
{
    eventually(fn () => state($pid) === 'S', "process $pid sleeps");
}

/** The letter that ps shows for a process: S sleeping, R running, Z zombie; empty if there is none. */
function state(int $pid): string
{
    $stat = (string) @file_get_contents("/proc/$pid/stat");
    return $stat === '' ? '' : ltrim(substr($stat, strrpos($stat, ')') + 1))[0];
}

/** Whether that process lives (a zombie does not). */
function alive(int $pid): bool
{
    return !in_array(state($pid), ['', 'Z', 'X'], true);
}
