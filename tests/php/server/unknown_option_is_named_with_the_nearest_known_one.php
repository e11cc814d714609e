<?php
// set() with an unknown option: a warning that names it and the nearest known one; the others are taken and the server goes on.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    [$result, $messages] = warnings(fn () => $server->set(['worker_nun' => 3, 'open_eof_split' => true, 'package_eof' => "\n"]));
    note('set', $result, $messages);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "<$data>"));
});
[$result, $messages] = $srv->await('set');
same([true, 1], [$result, count($messages)]);
matches('/worker_nun.*worker_num/', $messages[0]);
same("<a\n><b\n>", $srv->connect()->ask("a\nb\n", 8));
$srv->stop();
