<?php
// A client that leaves before its request is handled: the handler is told who it was all the same, and what it sends goes nowhere.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) use (&$server) {
    if ($request->server['request_uri'] === '/first') {
        eventually(fn () => $server->stats()['dispatch_count'] === 2, 'the second request waits');
        touch(tmp('both are dispatched'));
        eventually(fn () => count($server->connections) === 1, 'its client has left');
        $response->end();
        return;
    }
    $known = array_map(fn ($key) => $request->server[$key] ?? null, ['remote_addr', 'remote_port', 'server_port', 'master_time']);
    note('asked', $known, $response->isWritable());
}, more: function ($made) use (&$server) {
    $server = $made;
});
$first = $srv->connect()->write(requestOf('GET', '/first'));
$second = stream_socket_client("tcp://127.0.0.1:$srv->port");
[, $port] = explode(':', stream_socket_get_name($second, false));
fwrite($second, requestOf('GET', '/second'));
eventually(fn () => file_exists(tmp('both are dispatched')), 'the second request waits behind the first');
socket_set_option(socket_import_stream($second), SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
fclose($second);
same(200, (new Answer($first))->status);
[$known, $writable] = $srv->await('asked');
same(['127.0.0.1', (int) $port, $srv->port], array_slice($known, 0, 3));
between(time() - 60, time() + 1, $known[3], 'when it was heard last');
same(false, $writable);
$srv->stop();
