<?php
// The ports listen a moment before the processes have their handlers: what is sent in between is done then, and ends nothing.
require __DIR__ . '/../../support/php/bootstrap.php';
require_once __DIR__ . '/../../support/php/tls.php';

$certificate = (new Authority())->issue();
foreach ([[SIGTERM, 0], [SIGINT, 0], [SIGUSR1, 1], [SIGUSR2, 1]] as [$signal, $runs]) {
    // A port of TLS whose options are odd says so when it listens: into a pipe that is full. So the server stops there.
    $pipe = tmp("log-$signal");
    posix_mkfifo($pipe, 0600);
    $log = fopen($pipe, 'r+b');
    stream_set_blocking($log, false);
    while (@fwrite($log, str_repeat('.', 4096))) {
    }
    $srv = new Srv();
    $port = freePort();
    $srv->fork(function () use ($port, $pipe, $certificate) {
        $server = new Swoole\Server('127.0.0.1', $port, MODE, SWOOLE_SOCK_TCP | SWOOLE_SSL);
        $server->set(['worker_num' => 1, 'log_file' => $pipe, 'ssl_dhparam' => '/none', ...$certificate]);
        $server->on('receive', fn ($server, $fd) => $server->send($fd, 'well'));
        $server->on('afterReload', fn () => note('reloaded'));
        $server->on('shutdown', fn () => note('shutdown'));
        $server->start();
        note('returned');
    });
    $srv->awaitPort($port, SWOOLE_SOCK_TCP);
    eventually(fn () => state($srv->pid) === 'S' && @stream_socket_client("tcp://127.0.0.1:$port"), 'the port listens');
    $srv->signal($signal);
    $drained = fn (Closure $until) => function () use ($log, $until) {
        while ((string) fread($log, 65536) !== '') {
        }
        return $until();
    };
    if ($runs) {
        $signal === SIGUSR1 && eventually($drained(fn () => $srv->notes('reloaded')), 'the reload');
        eventually($drained(function () use ($port) {
            $stream = secured($port);
            return $stream && fwrite($stream, 'how?') && fread($stream, 4) === 'well';
        }), 'the server serves');
        $srv->signal(SIGTERM);
    }
    eventually($drained(fn () => !$srv->running()), "the server ends, signal $signal");
    $srv->ended();
    same([[]], $srv->notes('shutdown'), "signal $signal");
    fclose($log);
}
