<?php
// A worker that is never idle but gets from message to message is not written to request_slowlog_file; nor is one that only sleeps.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 2, 'request_slowlog_file' => tmp('slow'), 'request_slowlog_timeout' => 0.3]);
    $server->on('connect', fn () => usleep(1000)); // time: a callback that takes a little
    $server->on('close', fn () => usleep(1000)); // time: a callback that takes a little
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        usleep(2000); // time: a callback that takes a little
        $server->send($fd, $data);
    });
});
$until = microtime(true) + 2;
$clients = $srv->connectMany(8);
while (microtime(true) < $until) {
    foreach ($clients as $client) {
        $client->write('ping');
    }
    $srv->connect()->close();
    foreach ($clients as $client) {
        $client->read(4);
    }
}
same('', file_get_contents(tmp('slow')));
$srv->stop();
same('', file_get_contents(tmp('slow')));
