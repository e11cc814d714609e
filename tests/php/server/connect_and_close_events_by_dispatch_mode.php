<?php
// Dispatch modes 1, 3 and 7 report neither connect nor close unless enable_unsafe_event is set; the other modes report each once, and all answer.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([1, 2, 3, 4, 5, 7, 8, 9] as $mode) {
    foreach ([false, true] as $unsafe) {
        $srv = serve(function (Swoole\Server $server) use ($mode, $unsafe) {
            $server->set(['dispatch_mode' => $mode, 'enable_unsafe_event' => $unsafe]);
            $server->on('connect', fn ($server, $fd) => note('connect', $fd));
            $server->on('close', fn ($server, $fd) => note('close', $fd));
            echoes($server);
        });
        foreach (range(1, 4) as $i) {
            $client = $srv->connect();
            same('x', $client->ask('x'));
            $client->close();
        }
        $wanted = in_array($mode, [1, 3, 7], true) && !$unsafe ? 0 : 4;
        $wanted && $srv->await('close', $wanted);
        $srv->stop();
        same([$wanted, $wanted], [count($srv->notes('connect')), count($srv->notes('close'))], "events in mode $mode, unsafe " . (int) $unsafe);
    }
}
