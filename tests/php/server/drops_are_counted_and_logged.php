<?php
// What is refused or dropped is counted in stats(): too long a package (told in the log too), a message that dispatch_func discards.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set([
        'open_length_check' => true, 'package_length_type' => 'N', 'package_max_length' => 65536,
        'dispatch_func' => fn ($server, $fd, $type, $data) => str_contains($data, 'drop') ? -1 : 0,
        'log_level' => SWOOLE_LOG_DEBUG,
    ]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        note('stats', $server->stats());
        $server->send($fd, $data);
    });
});
$srv->allow('/.*/');
$srv->connect()->write(pack('N', 70000))->closed();
$client = $srv->connect();
$client->write(pack('N', 4) . 'drop');
same(pack('N', 4) . 'keep', $client->ask(pack('N', 4) . 'keep'));
$stats = $srv->await('stats')[0];
same([1, 1], [$stats['bad_package_count'], $stats['discard_count']]);
matches('/WARNING.*package/', $srv->output());

$srv->stop();
