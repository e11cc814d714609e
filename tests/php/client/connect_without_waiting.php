<?php
// The fourth argument of connect(): it comes back before the connection is there; select tells when it is, or that it failed.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
[$full, $held] = fullPort();
$clients = [];
$begin = hrtime(true);
foreach (['good' => $port, 'refused' => deadPort(), 'unreachable' => $full] as $name => $to) {
    $clients[$name] = new Swoole\Client(SWOOLE_SOCK_TCP);
    same(true, $clients[$name]->connect('127.0.0.1', $to, PATIENCE, 1), $name);
}
between(0, 2000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
$ready = [];
while (count($ready) < 2) {
    [$write, $none] = [array_diff_key($clients, $ready), null];
    ok(swoole_client_select($none, $write, $none, PATIENCE) > 0, 'one more is ready');
    $ready += $write;
}
ksort($ready);
same(['good', 'refused'], array_keys($ready));
same([false, SOCKET_ECONNREFUSED], [@$clients['refused']->send('x'), $clients['refused']->errCode]);
same(5, $clients['good']->send('hello'));
// No later call waits either.
$begin = hrtime(true);
same([false, SOCKET_EAGAIN], [@$clients['good']->recv(), $clients['good']->errCode]);
between(0, 2000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
same('hello', readAll(accepted($listener), 5));
