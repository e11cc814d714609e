<?php
declare(strict_types=1);

/**
 * A process forked from the test, and a line to it. It ends with the test if it does not end before.
 *
 *     $holder = new Sibling(function (Sibling $test) use ($lock) {
 *         $lock->lock();
 *         $test->say('locked');
 *         $test->hear();
 *     });
 *     same('locked', $holder->hear());
 */
final class Sibling
{
    /** Its number; in itself 0. */
    public readonly int $pid;
    /** @var resource */
    private $line;

    /** `work` is given the sibling as seen from itself: there say() and hear() talk to the test. */
    public function __construct(Closure $work)
    {
        [$line, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $this->pid = pcntl_fork();
        $this->line = $this->pid > 0 ? $line : $other;
        fclose($this->pid > 0 ? $other : $line);
        stream_set_timeout($this->line, (int) PATIENCE);
        if ($this->pid > 0) {
            return;
        }
        try {
            $end = ['gave', $work($this)];
        } catch (Throwable $thrown) {
            $end = ['threw', (string) $thrown];
        }
        $this->say($end);
        exit(0);
    }

    /** Tells the other side something. */
    public function say(mixed $value): void
    {
        fwrite($this->line, base64_encode(serialize($value)) . "\n");
    }

    /** Waits for what the other side says. */
    public function hear(): mixed
    {
        $line = fgets($this->line);
        if ($line === false) {
            $this->pid === 0 && exit(0); // the test is over
            throw new Failed("process $this->pid ended, or said nothing for " . PATIENCE . ' s');
        }
        return unserialize(base64_decode(rtrim($line)));
    }

    /** Waits for its end; gives what its work returned. */
    public function result(): mixed
    {
        [$how, $value] = $this->hear();
        pcntl_waitpid($this->pid, $status);
        return $how === 'gave' ? $value : throw new Failed("process $this->pid threw $value");
    }

    /** Ends it in the midst of what it does. */
    public function kill(): void
    {
        posix_kill($this->pid, SIGKILL);
        pcntl_waitpid($this->pid, $status);
        same(SIGKILL, pcntl_wtermsig($status), 'signal that ended it');
    }
}

/** Runs `work(number)` in that many processes, which begin at one moment. Gives what each returned, by number. */
function together(int $count, Closure $work): array
{
    $siblings = [];
    for ($number = 0; $number < $count; $number++) {
        $siblings[] = new Sibling(function (Sibling $test) use ($work, $number) {
            $test->hear();
            return $work($number);
        });
    }
    array_walk($siblings, fn ($sibling) => $sibling->say('go'));
    return array_map(fn ($sibling) => $sibling->result(), $siblings);
}

/** Lets `work` run again and again in a process, and kills it in the midst of it; that so many times, after 0 to 3 ms each. */
function killedInTheMidst(int $times, Closure $work): void
{
    for ($n = 0; $n < $times; $n++) {
        $worker = new Sibling(function (Sibling $test) use ($work) {
            $test->say('begins');
            for ($n = 0; ; $n++) {
                $work($n);
            }
        });
        same('begins', $worker->hear());
        usleep(random_int(0, 3000)); // not to wait for anything: each time it is killed in another place
        $worker->kill();
    }
}

/**
 * Starts a pool in a process of its own, with those callbacks, and comes back when all its workers have begun. `more` gets the pool before
 * its start.
 */
function pool(array $callbacks, int $workers = 2, int $ipc = SWOOLE_IPC_NONE, int $key = 0, ?Closure $more = null): Srv
{
    $srv = new Srv();
    $srv->fork(function () use ($callbacks, $workers, $ipc, $key, $more) {
        $pool = new Swoole\Process\Pool($workers, $ipc, $key);
        $begin = $callbacks['workerStart'] ?? null;
        $callbacks['workerStart'] = function (Swoole\Process\Pool $pool, int $id) use ($begin) {
            note('ready', $id);
            $begin && $begin($pool, $id);
        };
        foreach ($callbacks as $event => $callback) {
            same(true, $pool->on($event, $callback), "on($event)");
        }
        $more && $more($pool);
        $pool->start();
        note('returned');
    });
    eventually(function () use ($srv, $workers) {
        return count(array_unique(array_column($srv->notes('ready'), 0))) === $workers || !$srv->running();
    }, "all $workers workers are up");
    ok($srv->running(), 'the pool is up');
    return $srv;
}

/** The descriptors that this process has open, by number. */
function descriptors(): array
{
    $found = array_map(intval(...), array_diff(scandir('/proc/self/fd'), ['.', '..']));
    return array_values(array_filter($found, fn ($fd) => file_exists("/proc/self/fd/$fd") || is_link("/proc/self/fd/$fd")));
}

/** Children of this process that have ended and that nobody has waited for. */
function zombies(): array
{
    $children = explode(' ', trim(file_get_contents('/proc/self/task/' . getmypid() . '/children')));
    return array_values(array_filter($children, fn ($pid) => $pid !== '' && state((int) $pid) === 'Z'));
}
