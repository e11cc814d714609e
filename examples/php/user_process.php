<?php

// Chat whose lines are numbered and spread by a process of its own.   php user_process.php   then, twice,   nc 127.0.0.1 9501
// It shows the ways between processes: a pipe into the user process, messages from it to the workers, and among workers.

$server = new Swoole\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set(['worker_num' => 2, 'open_eof_split' => true, 'package_eof' => "\n"]);

// Runs beside the workers, is started again when it ends, and stopped with the server.
$chat = new Swoole\Process(function (Swoole\Process $process) use ($server) {
    $number = 0;
    while (($line = $process->read()) !== false) {
        $number++;
        for ($worker = 0; $worker < $server->setting['worker_num']; $worker++) {
            $server->sendMessage(['line' => "$number: $line"], $worker);
        }
    }
});
$server->addProcess($chat);

$server->on('connect', fn ($server, $fd) => $server->send($fd, "welcome\n"));
$server->on('receive', function ($server, $fd, $reactorId, $line) use ($chat) {
    $chat->write($line);
});
// Each worker tells the clients that are its own.
$server->on('pipeMessage', function ($server, $from, $message) {
    foreach ($server->connections as $fd) {
        if (($server->getClientInfo($fd)['worker_id'] ?? -1) === $server->worker_id) {
            $server->send($fd, $message['line']);
        }
    }
});

$server->start();
