<?php
// A client that connects and says nothing, or something that is no TLS, is no connection for the program; the slow one is closed after ssl_handshake_timeout.
// time: a handshake timeout of 0.5 s
require __DIR__ . '/../../support/php/bootstrap.php';

$files = (new Authority())->issue();
$srv = serve(function (Swoole\Server $server) use ($files) {
    $server->set($files + ['ssl_handshake_timeout' => 0.5]);
    $server->on('connect', fn ($server, $fd) => note('connect', $fd));
    $server->on('close', fn ($server, $fd) => note('close', $fd));
    echoes($server);
}, type: SWOOLE_SOCK_TCP | SWOOLE_SSL);
$begin = hrtime(true);
$silent = $srv->connect();
$slow = $srv->connect()->write("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
$garbage = $srv->connect()->write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
same("\x15\x03", substr($garbage->rest(), 0, 2), 'an alert');
same('', $silent->rest());
between(450, 5000, (hrtime(true) - $begin) / 1e6, 'milliseconds');
same('', $slow->rest());

$stream = secured($srv->port);
fwrite($stream, "x");
$srv->await('connect');
fclose($stream);
$srv->await('close');
same([1, 1], [count($srv->notes('connect')), count($srv->notes('close'))], 'what was heard of');
$srv->stop();
