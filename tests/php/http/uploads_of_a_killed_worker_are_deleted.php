<?php
// Files of forms, whether they came in memory or went to disk as they came, do not outlive the worker that had them.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $path = $request->server['path_info'];
    if ($path === '/') {
        return $response->end('fine');
    }
    note('files', array_column($request->files, 'tmp_name'));
    if ($path === '/answered') {
        $response->end('taken');
    }
    posix_kill(posix_getpid(), SIGKILL);
}, ['upload_tmp_dir' => TEST_DIR, 'upload_max_filesize' => 8 << 20, 'package_max_length' => 65536]);
$srv->allow('~ended by signal 9~');

// Of no process that lives here: of another machine, or of an older version.
$others = [TEST_DIR . '/swoole.upfile.12345678.00000001.AbCdEf', TEST_DIR . '/swoole.upfile.AbCdEf'];
array_map(touch(...), $others);
$form = fn (int $size) => "--b\r\nContent-Disposition: form-data; name=f; filename=f\r\n\r\n" . str_repeat('x', $size) . "\r\n--b--\r\n";
$left = fn () => array_values(array_diff(glob(TEST_DIR . '/swoole.upfile.*'), $others));
// Another connection's upload is under way all the time; in BASE mode it goes with the worker.
$half = fn () => $srv->connect()->write(substr(requestOf('POST', '/', ['Content-Type: multipart/form-data; boundary=b'], $form(1 << 20)), 0, 500_000));
$ready = 1;
foreach ([100, 1 << 20] as $size) {
    foreach (['/killed', '/answered'] as $i => $path) {
        $other = $half();
        eventually(fn () => count($left()) === 1, 'the file that is coming');
        $srv->connect()->tryWrite(requestOf('POST', $path, ['Content-Type: multipart/form-data; boundary=b'], $form($size)));
        $srv->await('ready', ++$ready);
        same(1, count($srv->last('files')[0]), 'files of the form');
        eventually(fn () => count($left()) === (MODE === SWOOLE_BASE ? 0 : 1), "only what is coming is left: $path, $size");
        $other->close();
        eventually(fn () => $left() === [], 'what was broken off is deleted');
    }
}
same('fine', fetch($srv, '/')->body);
$other = $half();
eventually(fn () => count($left()) === 1, 'the file that is coming');
$children = $srv->children();
$srv->kill();
eventually(fn () => !array_filter($children, alive(...)), 'its processes die with it');
same(1, count($left()), 'a server that is killed as a whole leaves what it had');
serveHttp(fn ($request, $response) => $response->end(), ['upload_tmp_dir' => TEST_DIR])->stop();
same([], $left(), 'the next one deletes it');
same($others, array_values(array_filter($others, is_file(...))));
