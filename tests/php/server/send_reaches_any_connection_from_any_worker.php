<?php
// send() works from a worker that is not the connection's own.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 3]);
    // "SESSION text": send text there.
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'who') {
            return whoAnswers($server, $fd);
        }
        [$to, $text] = explode(' ', $data);
        note('sent', $server->send((int) $to, "$text from {$server->worker_id}\n"));
    });
});
$at = $srv->clientsByWorker(3);
foreach ([[0, 1], [1, 2], [2, 0], [0, 0], [2, 1]] as $i => [$from, $to]) {
    $at[$from][0][0]->write($at[$to][0][1] . " hi$i");
    same("hi$i from $from\n", $at[$to][0][0]->readTo());
    same([true], $srv->await('sent', $i + 1));
}
$srv->stop();
