<?php
// open_eof_check: every call gets one or more whole packages, however the bytes were cut on their way.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_check' => true, 'package_eof' => "\r\n"]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "[$data]"));
});
$client = $srv->connect();
foreach (['on', "e\r", "\n"] as $part) {
    $client->write($part);
    $part === "\n" ? same("[one\r\n]", $client->read(7)) : $client->silent(0.05);
}
$client->write("a\r\nb\r\nc\r\n");
same("a\r\nb\r\nc\r\n", str_replace(['[', ']'], '', $client->readTo("c\r\n]")));
$srv->stop();
