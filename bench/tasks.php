<?php
// Tasks and their answers, driven from PHP: a client that sends a number gets a line back when so many tasks have been done,
// of which a number is always under way. Arguments: port, BASE or PROCESS, bytes of a task, tasks in flight.
[, $port, $mode, $bytes, $inFlight] = $argv;
$message = str_repeat('x', (int) $bytes);
$toGive = $toCome = $client = 0;

$server = new Swoole\Server('127.0.0.1', (int) $port, $mode === 'BASE' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => 1, 'task_worker_num' => 1, 'reactor_num' => 1, 'log_level' => SWOOLE_LOG_WARNING]);
$server->on('receive', function ($server, $fd, $reactorId, $data) use (&$toGive, &$toCome, &$client, $message, $inFlight) {
    $client = $fd;
    $toGive = $toCome = (int) $data;
    for ($i = 0; $i < $inFlight && $toGive > 0; $i++, $toGive--) {
        $server->task($message);
    }
});
$server->on('task', fn ($server, $id, $from, $data) => $data);
$server->on('finish', function ($server, $id, $data) use (&$toGive, &$toCome, &$client, $message) {
    if (strlen($data) !== strlen($message)) {
        exit("answer $id has " . strlen($data) . " bytes\n");
    }
    if ($toGive > 0) {
        $toGive--;
        $server->task($message);
    }
    if (--$toCome === 0) {
        $server->send($client, "done\n");
    }
});
exit($server->start() ? 0 : 1);
