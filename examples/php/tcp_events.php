<?php

// Every event of a TCP server, printed with the process it runs in.
//   php tcp_events.php   then   nc 127.0.0.1 9501   and type: who, list, stats, reload, crash, bye

$server = new Swoole\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501), SWOOLE_PROCESS);
$server->set(['worker_num' => 2, 'open_eof_split' => true, 'package_eof' => "\n"]);

function say(string $what): void
{
    printf("[%d] %s\n", getmypid(), $what);
}

$server->on('start', fn ($server) => say("master started, port $server->port; stop it with: kill $server->master_pid"));
$server->on('managerStart', fn () => say('manager started'));
$server->on('workerStart', fn ($server, $workerId) => say("worker $workerId started"));
$server->on('workerStop', fn ($server, $workerId) => say("worker $workerId stopped"));
$server->on('workerExit', fn ($server, $workerId) => say("worker $workerId is leaving"));
$server->on('workerError', fn ($server, $workerId, $pid, $code, $signal) => say("worker $workerId ($pid) died: exit code $code, signal $signal"));
$server->on('beforeReload', fn () => say('reload begins'));
$server->on('afterReload', fn () => say('reload is over'));
$server->on('beforeShutdown', fn () => say('shutdown begins'));
$server->on('managerStop', fn () => say('manager stopped'));
$server->on('shutdown', fn () => say('master is done'));

$server->on('connect', function ($server, $fd, $reactorId) {
    ['remote_ip' => $ip, 'remote_port' => $port] = $server->getClientInfo($fd);
    say("connection $fd from $ip:$port");
    $server->send($fd, "hello, you are $fd\n");
});
$server->on('receive', function ($server, $fd, $reactorId, $line) {
    switch (trim($line)) {
        case 'who':
            return $server->send($fd, "worker $server->worker_id, process $server->worker_pid\n");
        case 'list':
            foreach ($server->connections as $other) {
                $server->send($fd, "$other\n");
            }
            return $server->send($fd, count($server->connections) . " open\n");
        case 'stats':
            return $server->send($fd, json_encode($server->stats()) . "\n");
        case 'reload':
            return $server->reload();
        case 'crash':
            exit(3); // a worker that ends with another code than 0 is reported and replaced
        case 'bye':
            return $server->close($fd);
        default:
            return $server->send($fd, 'you said: ' . $line);
    }
});
$server->on('close', fn ($server, $fd, $reactorId) => say("connection $fd closed by " . ($reactorId < 0 ? 'the server' : 'the client')));

$server->start();
