<?php
// What waited for a worker that dies is handled by the one that takes its place, in order.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'open_eof_split' => true, 'package_eof' => "\n"]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === "die\n") {
            note('dying');
            holdFor(tmp('go'));
            posix_kill(getmypid(), SIGKILL);
        }
        $server->send($fd, $data);
    });
});
$srv->allow('/worker/i');
$client = $srv->connect();
same("before\n", $client->ask("before\n"));
$client->write("die\n");
$srv->await('dying');
$rest = implode('', array_map(fn ($i) => "line $i\n", range(1, 500)));
$client->write($rest);
touch(tmp('go'));
same(md5($rest), md5($client->read(strlen($rest))));
$srv->stop();
