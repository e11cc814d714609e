<?php
// Task server for tasks.py. Arguments: BASE or PROCESS, port, numbers of workers and of task workers, microseconds that a task takes,
// task_ipc_mode. Lines: "COUNT n" gives n tasks, "SECONDS s" gives tasks for s seconds; 64 are in flight, each with a number of its
// own. The answer tells when all have been answered, as JSON. "BLOCK n us" gives n tasks that block so long. "STATS": the server's figures.
// "PIDS": those of its processes that are no task workers. Else: echo.

/** Keeps 64 tasks in flight and counts the answers to each. */
class Flight
{
    private int $given = 0;
    private int $answers = 0;
    private string $seen = '';
    private int $twice = 0;
    private int $refused = 0;

    public function __construct(private Swoole\Server $server, private int $fd, private int $most, private float $until)
    {
        for ($n = 0; $n < 64; $n++) {
            $this->give();
        }
    }

    public function answer(int $number): void
    {
        if ($this->seen[$number] === '1') {
            $this->twice++; // it was run again, and both runs answered
            return;
        }
        $this->seen[$number] = '1';
        $this->answers++;
        if (!$this->give() && $this->answers === $this->given) {
            $report = ['given' => $this->given, 'answered' => $this->answers, 'twice' => $this->twice, 'refused' => $this->refused];
            $this->server->send($this->fd, json_encode($report) . "\n");
        }
    }

    private function give(): bool
    {
        if ($this->given >= $this->most || microtime(true) > $this->until) {
            return false;
        }
        $this->seen .= '0';
        $number = $this->given++;
        while (@$this->server->task("$this->fd:$number") === false) {
            $this->refused++;
            usleep(1000); // time: room must be made
        }
        return true;
    }
}

$flights = []; // by connection
$server = new Swoole\Server('127.0.0.1', (int) $argv[2], $argv[1] === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set([
    'worker_num' => (int) $argv[3],
    'task_worker_num' => (int) $argv[4],
    'task_ipc_mode' => (int) $argv[6],
    'message_queue_key' => 0,
    'task_retry' => 1000,
    'max_wait_time' => 5,
    'log_level' => SWOOLE_LOG_ERROR,
    'open_eof_split' => true,
    'package_eof' => "\n",
]);
$server->on('receive', function ($server, $fd, $reactorId, $line) use (&$flights) {
    [$command, $number, $micros] = explode(' ', rtrim($line)) + ['', 0, 0];
    switch ($command) {
        case 'COUNT':
            $flights[$fd] = new Flight($server, $fd, (int) $number, INF);
            return;
        case 'SECONDS':
            $flights[$fd] = new Flight($server, $fd, PHP_INT_MAX, microtime(true) + $number);
            return;
        case 'BLOCK':
            for ($n = 0; $n < $number; $n++) {
                $server->task(['block' => (int) $micros]);
            }
            return $server->send($fd, "blocked\n");
        case 'PIDS':
            $pids = ['master' => $server->master_pid, 'manager' => $server->manager_pid, 'worker' => $server->worker_pid];
            return $server->send($fd, json_encode($pids) . "\n");
        case 'STATS':
            return $server->send($fd, json_encode($server->stats()) . "\n");
        default:
            return $server->send($fd, $line);
    }
});
$work = (int) $argv[5];
$server->on('close', function ($server, $fd) use (&$flights) {
    unset($flights[$fd]);
});
$server->on('task', function ($server, $id, $source, $data) use ($work) {
    if (is_array($data)) {
        usleep($data['block']); // time: what blocks
        return null;
    }
    $work && usleep($work); // time: what a task worker is killed at
    return $data;
});
$server->on('finish', function ($server, $id, $data) use (&$flights) {
    [$fd, $number] = explode(':', $data);
    // A successor of the worker that asked knows of no flight.
    ($flights[$fd] ?? null)?->answer((int) $number);
});
exit($server->start() ? 0 : 1);
