<?php
// discard_timeout_request: what a client sent before it left, and that waited meanwhile, is not delivered; without it, it is.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([true, false] as $discard) {
    $go = tmp($discard ? 'go1' : 'go2');
    $srv = serve(function (Swoole\Server $server) use ($discard, $go) {
        $server->set(['discard_timeout_request' => $discard]);
        $server->on('receive', function ($server, $fd, $reactor, $data) use ($go) {
            note('receive', $data);
            if ($data === 'hold') {
                holdFor($go);
            }
            $open = str_starts_with($data, 'open ') && $server->exist((int) substr($data, 5));
            $server->send($fd, "$fd {$server->worker_id} " . ($open ? 'open' : 'closed') . "\n");
        });
        $server->on('close', fn ($server, $fd) => note('close', $fd));
    });
    $srv->allow('/session|discard|closed/i');
    $at = $srv->clientsByWorker(each: 2);
    [[$held], [$leaving, $fd]] = $at[0]; // two of worker 0, which is held,
    [[$asking]] = $at[1];                // and one of the other
    $held->write('hold');
    eventually(fn () => in_array(['hold'], $srv->notes('receive')), 'worker 0 is held');
    $leaving->write('from one who left');
    eventually(fn () => str_contains($asking->write("open $fd")->readTo(), 'open') && connectionQueue($srv, $leaving) === 0, 'the server has read it');
    $leaving->reset();
    eventually(fn () => str_contains($asking->write("open $fd")->readTo(), 'closed'), 'the server knows that it left');
    touch($go);
    $held->readTo();
    eventually(fn () => in_array([$fd], $srv->notes('close')), 'its close was reported');
    same(!$discard, in_array(['from one who left'], $srv->notes('receive')), 'it was delivered');
    $srv->stop();
}

/** Bytes that wait in the kernel for the server to read them from that client. */
function connectionQueue(Srv $srv, Client $client): int
{
    $wanted = sprintf('0100007F:%04X 0100007F:%04X', $srv->port, $client->port());
    foreach (file('/proc/net/tcp') as $line) {
        $fields = preg_split('/\s+/', trim($line));
        if (isset($fields[4]) && "$fields[1] $fields[2]" === $wanted) {
            return hexdec(explode(':', $fields[4])[1]);
        }
    }
    return -1;
}
