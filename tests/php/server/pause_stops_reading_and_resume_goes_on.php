<?php
// pause(): no more data of that connection comes; resume(): what the client sent meanwhile comes.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'pause') {
            note('paused', $server->pause($fd), $fd);
        } elseif (str_starts_with($data, 'resume ')) {
            note('resumed', $server->resume((int) substr($data, 7)));
        } else {
            $server->send($fd, "got $data\n");
        }
    });
});
$client = $srv->connect()->write('pause');
[$paused, $fd] = $srv->await('paused');
same(true, $paused);
$client->write('x')->silent();
$srv->connect()->write("resume $fd");
same([true], $srv->await('resumed'));
same("got x\n", $client->readTo());
$srv->stop();
