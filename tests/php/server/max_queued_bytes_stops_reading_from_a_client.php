<?php
// max_queued_bytes: while a worker is behind, no more than that is read from one client; then everything comes through.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['max_queued_bytes' => 1 << 18]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if (str_starts_with($data, 'who')) {
            return whoAnswers($server, $fd);
        }
        if (str_starts_with($data, 'queued ')) {
            return $server->send($fd, $server->getClientInfo((int) substr($data, 7))['recv_queued_bytes'] . "\n");
        }
        holdFor(tmp('go'));
        $GLOBALS['total'] = ($GLOBALS['total'] ?? 0) + strlen($data);
        note('total', $GLOBALS['total']);
    });
});
[[[$pushing, $fd]], [[$asking]]] = $srv->clientsByWorker();
$pushed = $pushing->push(str_repeat('z', 64 << 20));
ok($pushed < 64 << 20, "the client was made to wait after $pushed bytes");
$queued = (int) $asking->write("queued $fd")->readTo();
between(1, (1 << 18) + 65536, $queued, 'bytes that wait for the worker');
touch(tmp('go'));
eventually(fn () => $srv->last('total') === [$pushed], 'everything comes through', 30);
$srv->stop();
