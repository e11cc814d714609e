<?php
// examples/php/length_protocol_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('length_protocol_server', freePort());
$client = $srv->connect();
$ask = function (string $json) use ($client) {
    $length = unpack('N', $client->write(pack('N', strlen($json)) . $json)->read(4))[1];
    return $client->read($length);
};
same('{"sum":6}', $ask('{"add": [1, 2, 3]}'));
same('{"error":"what?"}', $ask('garbage'));
$srv->stop();
