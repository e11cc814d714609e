<?php
// open_eof_split: one package a call: many in one read, one in many reads, and with its EOF mark cut in two.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['open_eof_split' => true, 'package_eof' => "\r\n\r\n"]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "[$data]"));
});
$client = $srv->connect();
same("[a\r\n\r\n][b\r\n\r\n][\r\n\r\n][c\r\n\r\n]", $client->ask("a\r\n\r\nb\r\n\r\n\r\n\r\nc\r\n\r\n", 27));
foreach (str_split("slow\r\n\r\n") as $byte) {
    $client->write($byte);
}
same("[slow\r\n\r\n]", $client->readTo(']'));
$client->write("half\r\n")->silent(0.05);
same("[half\r\n\r\n]", $client->write("\r\n")->readTo(']'));
$many = str_repeat("x\r\n\r\n", 20000);
same(strlen($many) + 40000, strlen($client->ask($many, strlen($many) + 40000)));
$srv->stop();
