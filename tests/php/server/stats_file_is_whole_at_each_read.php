<?php
// stats_file is written anew every second, is whole whenever it is read, and holds the last figures when the server has ended.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['stats_file' => tmp('stats')]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, json_encode(array_keys($server->stats())) . "\n"));
});
$keys = array_filter(json_decode($srv->connect()->askLine('keys'), true), fn ($key) => $key !== 'workers');
$read = function () use ($keys) {
    $lines = explode("\n", file_get_contents(tmp('stats')));
    same('', array_pop($lines), 'behind the last line');
    $figures = [];
    foreach ($lines as $line) {
        [$key, $value] = explode(': ', $line, 2);
        $figures[$key] = $value;
    }
    same([...$keys, 'worker 0', 'worker 1'], array_keys($figures), 'keys of the file');
    return $figures;
};
eventually(fn () => file_exists(tmp('stats')), 'the file is there');
[$seen, $begin] = [[], microtime(true)];
while (count($seen) < 4) {
    $figures = $read();
    matches('/^type=event pid=\d+ status=(busy|idle|exit) requests=\d+ responses=\d+ busy_micros=\d+ busy_for=\d+ queue_depth=\d+ ring_used=\d+ ring_capacity=\d+ tasking=\d+ restarts=\d+$/', $figures['worker 0']);
    clearstatcache();
    $seen[fileinode(tmp('stats')) . ' ' . filemtime(tmp('stats'))] = true;
    ok(microtime(true) - $begin < PATIENCE, 'it is written every second: ' . count($seen) . ' times so far');
}
between(1.0, 8.0, microtime(true) - $begin, 'seconds for three more');
$srv->connect()->askLine('one more');
$srv->stop();
same('2', $read()['request_count'], 'requests at the end');
same(['stats'], array_values(preg_grep('/^stats/', scandir(TEST_DIR))), 'files');
