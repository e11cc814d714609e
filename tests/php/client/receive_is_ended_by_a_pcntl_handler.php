<?php
// A handler of ext/pcntl is not put off until something comes: recv() runs it, answers false with EINTR, and nothing is lost.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$listening = stream_socket_server('tcp://127.0.0.1:0');
$client = new Swoole\Client(SWOOLE_SOCK_TCP);
[$host, $port] = explode(':', stream_socket_get_name($listening, false));
ok($client->connect($host, (int) $port, PATIENCE), 'connected');
$peer = stream_socket_accept($listening);

$got = [];
pcntl_signal(SIGUSR1, function (int $signal) use (&$got) {
    $got[] = $signal;
});
// One that came before the wait counts too.
posix_kill(getmypid(), SIGUSR1);
same(false, $client->recv());
same(PCNTL_EINTR, $client->errCode);
same([SIGUSR1], $got);

$parent = getmypid();
$child = pcntl_fork();
if ($child === 0) {
    while (state($parent) !== 'S') {
    }
    posix_kill($parent, SIGUSR1);
    posix_kill(getmypid(), SIGKILL);
}
same(false, $client->recv());
same([SIGUSR1, SIGUSR1], $got);
pcntl_waitpid($child, $status);

fwrite($peer, 'still here');
same('still here', $client->recv());
