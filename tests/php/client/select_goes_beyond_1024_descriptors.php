<?php
// PHP's own stream_select() ends at descriptor 1,024; swoole_select() does not, whether clients, streams, Sockets or numbers stand beyond it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$all = $ends = [];
for ($n = 0; $n < 1500; $n++) {
    [$all["s$n"], $ends[]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
}
foreach ([0, 700, 1499] as $n) {
    fwrite($ends[$n], 'x');
}
[$read, $none] = [$all, null];
same(3, swoole_select($read, $none, $none, 5));
same(['s0', 's700', 's1499'], array_keys($read));

[$listener, $port] = listener();
$clients = $connections = [];
for ($n = 0; $n < 1100; $n++) {
    $clients[$n] = new swoole_client(SWOOLE_SOCK_TCP);
    $clients[$n]->connect('127.0.0.1', $port, PATIENCE);
    $connections[$n] = accepted($listener);
}
ok($clients[0]->sock > 1024, 'all clients are beyond');
socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
fwrite($connections[7], 'x');
fwrite($connections[1099], 'x');
socket_write($pair[1], 'x');
$read = $clients + ['socket' => $pair[0], 'number' => $clients[7]->sock, 'silent' => $clients[8]->sock];
$write = array_slice($clients, 0, 1050, true);
same(4 + 1050, swoole_client_select($read, $write, $none, 5));
same([7, 1099, 'socket', 'number'], array_keys($read));
same(range(0, 1049), array_keys($write));
$read = $clients;
unset($read[7], $read[1099]);
same(0, swoole_client_select($read, $none, $none, 0.02));
