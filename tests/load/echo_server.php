<?php
// Echo server for kill_and_reload.py: answers each package with this worker's pid, a space, and its body.
// Arguments: BASE or PROCESS, number of workers, port for lines, port for packages with a length in front.
// A line "STATS" is answered with the server's figures as JSON instead.

/** Takes its time before or after it answers, so that a worker is mostly killed with a message in hand and others waiting. */
function answer(Swoole\Server $server, int $fd, string $answer): void
{
    if (strlen($answer) % 2) {
        usleep(50); // time: the work that a worker is killed at
    }
    $server->send($fd, $answer);
    if (strlen($answer) % 2 === 0) {
        usleep(50); // time: the work that a worker is killed at
    }
}

$server = new Swoole\Server('127.0.0.1', (int) $argv[3], $argv[1] === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set([
    'worker_num' => (int) $argv[2],
    'reactor_num' => 2,
    'backlog' => 4096,
    'reload_async' => true,
    'max_wait_time' => 2,
    'log_level' => SWOOLE_LOG_WARNING,
    'open_eof_check' => true,
    'open_eof_split' => true,
    'package_eof' => "\r\n",
]);
$server->on('receive', function ($server, $fd, $reactorId, $data) {
    if ($data === "STATS\r\n") {
        $pids = ['master_pid' => $server->master_pid, 'manager_pid' => $server->manager_pid];
        $server->send($fd, json_encode($pids + $server->stats()) . "\r\n");
    } else {
        answer($server, $fd, getmypid() . ' ' . $data);
    }
});

$port = $server->listen('127.0.0.1', (int) $argv[4], SWOOLE_SOCK_TCP);
$port->set([
    'open_length_check' => true,
    'package_length_type' => 'N',
    'package_length_offset' => 0,
    'package_body_offset' => 4,
]);
$port->on('receive', function ($server, $fd, $reactorId, $data) {
    $body = getmypid() . ' ' . substr($data, 4);
    answer($server, $fd, pack('N', strlen($body)) . $body);
});
exit($server->start() ? 0 : 1);
