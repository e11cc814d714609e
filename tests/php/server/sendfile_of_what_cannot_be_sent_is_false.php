<?php
// sendfile() of a file that is missing, empty, a directory, or behind its end: false with its error number; the connection lives.
require __DIR__ . '/../../support/php/bootstrap.php';

touch(tmp('empty'));
file_put_contents(tmp('short'), 'short');
$srv = serve(function (Swoole\Server $server) {
    $server->on('receive', function ($server, $fd) {
        $results = [];
        foreach ([[tmp('missing')], [tmp('empty')], [TEST_DIR], [tmp('short'), 5], [tmp('short'), 0, 6], [tmp('short'), -1]] as $arguments) {
            $results[] = [@$server->sendfile($fd, ...$arguments), $server->getLastError() !== 0];
        }
        $results[] = [@$server->sendfile(99999999, tmp('short')), $server->getLastError() !== 0];
        note('results', $results);
        $server->send($fd, 'ok');
    });
});
$srv->allow('/file/i');
same('ok', $srv->connect()->ask('x', 2));
foreach ($srv->await('results')[0] as $i => $result) {
    same([false, true], $result, "result $i");
}
$srv->stop();
