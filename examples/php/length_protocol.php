<?php

// Packages with their length in front: 4 bytes, network order, then the body. onReceive gets exactly
// one whole package, however the bytes were cut up on their way.
//   php length_protocol.php            the server
//   php length_protocol.php some words a client that sends each word as a package

$port = (int) (getenv('SWOOLE_PORT') ?: 9501);

if ($argc > 1) {
    $connection = stream_socket_client("tcp://127.0.0.1:$port");
    foreach (array_slice($argv, 1) as $word) {
        fwrite($connection, pack('N', strlen($word)) . $word);
    }
    foreach (array_slice($argv, 1) as $word) {
        $length = unpack('N', stream_get_contents($connection, 4))[1];
        echo stream_get_contents($connection, $length), "\n";
    }
    exit;
}

$server = new Swoole\Server('127.0.0.1', $port);
$server->set([
    'open_length_check' => true,
    'package_length_type' => 'N',
    'package_length_offset' => 0,   // where the length lies
    'package_body_offset' => 4,     // what the length does not count
    'package_max_length' => 1 << 20,
]);
$server->on('receive', function ($server, $fd, $reactorId, $package) {
    $body = strtoupper(substr($package, 4));
    $server->send($fd, pack('N', strlen($body)) . $body);
});
echo "length protocol on $server->host:$server->port\n";
$server->start();
