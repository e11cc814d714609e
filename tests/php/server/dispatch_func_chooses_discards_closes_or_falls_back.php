<?php
// dispatch_func: gets (server, fd, type, data); its number is the worker, -1 discards, -2 closes, -3 is mode 2.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 3, 'dispatch_func' => function ($server, $fd, $type, $data = null) {
        if ($data === null || $data === '') {
            return 0;
        }
        note('asked', get_class($server), $fd > 0, $type, $data, getmypid() === $server->master_pid);
        return match ($data[0]) {
            'd' => SWOOLE_DISPATCH_RESULT_DISCARD_PACKET,
            'c' => SWOOLE_DISPATCH_RESULT_CLOSE_CONNECTION,
            'f' => SWOOLE_DISPATCH_RESULT_USERFUNC_FALLBACK,
            default => (int) $data[0],
        };
    }]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $server->worker_id));
});
$client = $srv->connect();
foreach (['0', '1', '2', '1'] as $worker) {
    same($worker, $client->ask($worker));
}
$client->write('d')->silent(0.1);
$fallback = $client->ask('f');
same($fallback, $client->ask('f'));
same(['Swoole\Server', true, 0, '0', true], $srv->await('asked'));
$client->write('c')->closed();
same('2', $srv->connect()->ask('2'));
$srv->stop();
