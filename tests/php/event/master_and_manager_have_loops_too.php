<?php
// What onStart and onManagerStart set joins the loops of master and manager: descriptors, timers, writes, deferred calls, signals, clients,
// files, names, commands. It keeps neither from ending, and the workers forked later have none of it.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    echoes($server);
    $work = function (string $where) use ($server) {
        $self = getmypid();
        $here = fn (string $what, mixed ...$found) => note("$where $what", $self === getmypid(), ...$found);
        [$one, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        swoole_event_add($one, function ($one) use ($here, $other) {
            $here('descriptor', fread($one, 100));
            swoole_event_del($one);
            fclose($other);
        });
        swoole_timer_after(5, fn () => swoole_event_defer(fn () => swoole_event_write($other, 'written')));
        swoole_timer_tick(60_000, fn () => null); // not cleared
        swoole_process::signal(SIGWINCH, fn ($signo) => $here('signal', $signo));
        pcntl_signal(SIGURG, fn ($signo) => $here('pcntl', $signo));
        swoole_timer_after(5, fn () => posix_kill($self, SIGWINCH) && posix_kill($self, SIGURG));
        $client = new swoole_client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
        $client->on('connect', fn ($client) => $client->send('hello'));
        $client->on('receive', function ($client, $data) use ($here) {
            $here('client', $data);
            $client->close();
        });
        $client->on('error', fn ($client) => $here('client', $client->errMsg));
        $client->on('close', fn () => null);
        $client->connect('localhost', $server->port, PATIENCE);
        swoole_async_writefile(tmp($where), 'content', fn () => swoole_async_readfile(tmp($where), fn ($file, $content) => $here('file', $content)));
        swoole_async_dns_lookup('localhost', fn ($host, $address) => $here('name', $address));
        swoole_async::exec('echo hello', fn ($output, $status) => $here('command', $output, $status['code']));
    };
    base() || $server->on('start', fn () => $work('master'));
    $server->on('managerStart', fn () => $work('manager'));
});
$client = $srv->connect();
foreach (base() ? ['manager'] : ['master', 'manager'] as $where) {
    same([true, 'written'], $srv->await("$where descriptor"));
    same([true, SIGWINCH], $srv->await("$where signal"));
    same([true, SIGURG], $srv->await("$where pcntl"));
    same([true, 'hello'], $srv->await("$where client"));
    same([true, 'content'], $srv->await("$where file"));
    same([true, '127.0.0.1'], $srv->await("$where name"));
    same([true, "hello\n", 0], $srv->await("$where command"));
}
// A worker that the manager forks now, with threads beside its loop, is as good as the first one.
$old = $srv->worker();
posix_kill($old, SIGTERM);
eventually(fn () => $srv->worker() !== $old, 'the worker is replaced');
same('hello', $srv->connect()->ask('hello'));
$srv->stop();
