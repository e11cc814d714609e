<?php
// max_request_grace: a worker goes after max_request requests and a random number up to the grace; 0 turns the spread off.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([0, 20] as $grace) {
    $srv = serve(function (Swoole\Server $server) use ($grace) {
        $server->set(['worker_num' => 1, 'max_request' => 10, 'max_request_grace' => $grace]);
        $server->on('receive', function ($server, $fd, $reactor, $data) {
            note('served', getmypid());
            $server->send($fd, $data);
        });
    });
    for ($i = 0; $i < 150; $i++) {
        $client = $srv->connect();
        same('x', $client->ask('x'));
        $client->close();
    }
    $lives = array_values(array_count_values(array_column($srv->notes('served'), 0)));
    array_pop($lives); // the last still lives
    foreach ($lives as $life) {
        between(10, 10 + $grace, $life, "requests of one worker with a grace of $grace");
    }
    $grace === 0 ? same([10], array_values(array_unique($lives))) : ok(count(array_unique($lives)) > 1, 'lives differ: ' . json_encode($lives));
    $srv->stop();
}
