<?php
// A worker takes turns between reactors also where its callbacks are slow: who came by another reactor does not wait for all of them.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 2, 'reactor_num' => 2, 'dispatch_mode' => 4]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'who') {
            $server->send($fd, "$reactor\n");
            return;
        }
        $data === 'hold' ? holdFor(tmp('go')) : usleep(3000); // time: a slow callback
        note('handled', $data);
    });
});
$clients = [[], []];
foreach ($srv->connectMany(90) as $client) {
    $clients[(int) $client->write('who')->readTo()][] = $client;
}
[$slow, $other] = $clients;
ok(count($slow) > 40 && count($other) > 0, 'both reactors have clients');
array_pop($slow)->write('hold');
$other[0]->write('other');
foreach ($slow as $client) {
    $client->write('slow');
}
file_put_contents(tmp('go'), '');
$srv->await('handled', count($slow) + 2);
$place = array_search(['other'], $srv->notes('handled'), true);
between(0, 12, $place, 'messages that went before it');
$srv->stop();
