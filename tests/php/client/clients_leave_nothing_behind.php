<?php
// Ten thousand clients, closed or just forgotten: memory and descriptors stay.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$listener, $port] = listener();
$one = function (int $n) use ($listener, $port) {
    $client = new Swoole\Client(SWOOLE_SOCK_TCP);
    $client->set(['open_eof_check' => true, 'package_eof' => "\n"]);
    $client->connect('127.0.0.1', $port, PATIENCE);
    $connection = stream_socket_accept($listener, 5);
    fwrite($connection, "hello\n");
    $client->recv();
    fclose($connection); // closes first: TIME_WAIT does not eat the ports of the listener
    $n % 2 && $client->close();
};
for ($n = 0; $n < 20; $n++) {
    $one($n);
}
$open = count(scandir('/proc/self/fd'));
$memory = memory_get_usage();
for ($n = 0; $n < 10_000; $n++) {
    $one($n);
}
between(-1_000_000, 20_000, memory_get_usage() - $memory, 'bytes more');
same($open, count(scandir('/proc/self/fd')));
