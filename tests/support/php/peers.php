<?php
declare(strict_types=1);

/** A socket of this process that listens; gives [stream, its port]. The kernel takes connections before anybody accepts them. */
function listener(string $address = 'tcp://127.0.0.1:0', int $backlog = 128): array
{
    $datagrams = preg_match('/^udp|^udg/', $address) === 1;
    $context = stream_context_create(['socket' => ['backlog' => $backlog]]);
    $flags = $datagrams ? STREAM_SERVER_BIND : STREAM_SERVER_BIND | STREAM_SERVER_LISTEN;
    $socket = stream_socket_server($address, $number, $message, $flags, $context);
    return [$socket, (int) substr(strrchr(stream_socket_get_name($socket, false), ':') ?: ':0', 1)];
}

/** Takes a connection from a listener(). */
function accepted($listener, float $timeout = PATIENCE)
{
    $connection = stream_socket_accept($listener, $timeout);
    stream_set_timeout($connection, (int) PATIENCE);
    stream_set_read_buffer($connection, 0);
    return $connection;
}

/** Exactly `length` bytes of a stream that waits, or fewer if it ends before. */
function readAll($stream, int $length): string
{
    $data = '';
    while (strlen($data) < $length && ($part = fread($stream, min(1 << 20, $length - strlen($data)))) !== false && $part !== '') {
        $data .= $part;
    }
    return $data;
}

/** Writes byte by byte, so that whoever reads gets them one by one. */
function drip($connection, string $data): void
{
    foreach (str_split($data) as $byte) {
        fwrite($connection, $byte);
        usleep(200);
    }
}

/** A port of this machine that refuses connections. */
function deadPort(): int
{
    [$socket, $port] = listener();
    fclose($socket);
    return $port;
}

/**
 * A port that takes no connection and refuses none, since its queue is full: whoever connects waits.
 * Gives [port, what holds it].
 */
function fullPort(): array
{
    [$socket, $port] = listener(backlog: 0);
    $held = [$socket];
    do { // the queue takes one or two more than it was told
        $held[] = stream_socket_client("tcp://127.0.0.1:$port", $number, $message, 0, STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT);
        $waiting = sprintf('0100007F:%04X 02 ', $port); // SYN_SENT
        usleep(2000);
    } while (!str_contains(file_get_contents('/proc/net/tcp'), $waiting) && count($held) < 20);
    return [$port, $held];
}

/** Runs the loop of this process until nothing is left in it. One that does not end is killed by SIGALRM: exit code 142. */
function loop(): void
{
    pcntl_alarm((int) PATIENCE * 2);
    try {
        swoole_event_wait();
    } finally {
        pcntl_alarm(0);
    }
}

/** The command that runs a script as a user would: a php of its own, without this bootstrap. */
function phpCommand(string $file, string ...$arguments): array
{
    $options = ['log_errors=0', 'display_errors=1', 'html_errors=0', 'extension=posix', 'extension=sockets', 'extension=' . getenv('SWOOLE_TEST_EXTENSION')];
    $command = [PHP_BINARY, '-n'];
    foreach ($options as $option) {
        array_push($command, '-d', $option);
    }
    return [...$command, $file, ...$arguments];
}

/**
 * Runs that PHP code, without "<?php", as a script of its own. Gives [exit code (128 + number for a signal), what it
 * printed, on stderr too]. `input` is what it reads from STDIN.
 */
function script(string $code, array $environment = [], string $input = '', array $prefix = [], float $timeout = PATIENCE): array
{
    static $number = 0;
    $file = tmp('script-' . ++$number . '.php');
    file_put_contents($file, "<?php\n$code");
    return command([...$prefix, ...phpCommand($file)], $environment, $input, $timeout);
}

/** Runs a script of examples/php with arguments, as script() does. */
function example(string $name, array $arguments = [], array $environment = [], float $timeout = PATIENCE): array
{
    return command(phpCommand(__DIR__ . "/../../../examples/php/$name.php", ...array_map(strval(...), $arguments)), $environment, '', $timeout);
}

/** Runs a command; gives [exit code, what it printed]. */
function command(array $command, array $environment = [], string $input = '', float $timeout = PATIENCE): array
{
    $output = tmp('printed-' . hrtime(true));
    $given = tmp('given-' . hrtime(true));
    file_put_contents($given, $input);
    $streams = [['file', $given, 'r'], ['file', $output, 'a'], ['file', $output, 'a']];
    $process = proc_open($command, $streams, $pipes, null, $environment + getenv());
    $deadline = microtime(true) + $timeout;
    while (($status = proc_get_status($process))['running']) {
        if (microtime(true) > $deadline) {
            proc_terminate($process, SIGKILL);
            throw new Failed("still running after $timeout s: " . implode(' ', $command) . "; it printed:\n" . ending(file_get_contents($output)));
        }
        usleep(2000);
    }
    return [$status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'], file_get_contents($output)];
}

/** A server for clients under test, in a process of its own, with one more for each connection. It ends with the test. */
final class Peer
{
    public readonly int $port;
    public readonly string $address;
    /** @var resource its end tells the peer that the test has ended */
    private $life;

    /** `talk` is given each connection, as a stream that waits, and which it is, from 0, in the order in which they come. */
    public function __construct(Closure $talk, string $address = 'tcp://127.0.0.1:0')
    {
        [$socket, $this->port] = listener($address);
        $this->address = $address;
        [$this->life, $end] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        if (pcntl_fork() === 0) {
            fclose($this->life);
            restore_error_handler();
            $this->serve($socket, $end, $talk);
            posix_kill(getmypid(), SIGKILL); // runs nothing that the test has registered
        }
        fclose($socket);
        fclose($end);
    }

    private function serve($socket, $end, Closure $talk): void
    {
        [$children, $number] = [[], -1];
        while (true) {
            [$readable, $none] = [[$socket, $end], null];
            if (!@stream_select($readable, $none, $none, 1)) {
                continue;
            }
            if (in_array($end, $readable, true)) {
                break;
            }
            $connection = stream_socket_accept($socket, 0);
            $number++;
            if ($child = pcntl_fork()) {
                $children[$child] = $child;
                fclose($connection);
                while (($ended = pcntl_waitpid(-1, $status, WNOHANG)) > 0) {
                    unset($children[$ended]);
                }
                continue;
            }
            fclose($socket);
            stream_set_timeout($connection, (int) PATIENCE);
            $talk($connection, $number);
            @fclose($connection);
            posix_kill(getmypid(), SIGKILL);
        }
        foreach ($children as $child) {
            posix_kill($child, SIGKILL);
        }
    }
}

/** A script of examples/php that runs beside the test, as a user would run it: with a php of its own. */
final class Program
{
    public readonly int $pid;
    /** @var resource */
    private $process;
    private readonly string $outputFile;
    private ?int $code = null;

    public function __construct(string $example, array $arguments = [], array $environment = [], array $prefix = [])
    {
        $this->outputFile = tmp('program-' . hrtime(true));
        touch($this->outputFile);
        $output = ['file', $this->outputFile, 'a'];
        $command = [...$prefix, ...phpCommand(__DIR__ . "/../../../examples/php/$example.php", ...array_map(strval(...), $arguments))];
        $this->process = proc_open($command, [['file', '/dev/null', 'r'], $output, $output], $pipes, TEST_DIR, $environment + getenv());
        $this->pid = proc_get_status($this->process)['pid'];
    }

    /** Waits until it listens on that port, and gives itself. */
    public function listening(int $port): self
    {
        eventually(fn () => listens($port) || !$this->running(), "port $port is taken");
        ok($this->running(), 'the program runs: ' . $this->output());
        return $this;
    }

    public function output(): string
    {
        return file_get_contents($this->outputFile);
    }

    public function running(): bool
    {
        if ($this->code === null && !($status = proc_get_status($this->process))['running']) {
            $this->code = $status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'];
        }
        return $this->code === null;
    }

    /** Waits for its end; gives its exit code, or 128 + the number of the signal. */
    public function wait(): int
    {
        eventually(fn () => !$this->running(), 'the program ends: ' . $this->output());
        return $this->code;
    }

    public function stop(int $signal = SIGTERM): int
    {
        posix_kill($this->pid, $signal);
        return $this->wait();
    }
}

/** Whether somebody listens on that TCP port of this machine. */
function listens(int $port): bool
{
    return str_contains(file_get_contents('/proc/net/tcp'), sprintf(':%04X 00000000:0000 0A', $port));
}
