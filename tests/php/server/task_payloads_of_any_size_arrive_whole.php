<?php
// From no byte to 64 MiB, in and out, as text and as a value; what went through a file leaves none behind.
// php: -d memory_limit=1G
// timeout: 120
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $payload = fn (int $size) => substr(str_repeat(md5((string) $size, true), intdiv($size, 16) + 1), 0, $size);
    offers($server, [
        'wait' => function ($server, $size, $wrapped) use ($payload) {
            $data = $payload($size);
            $answer = $server->taskwait($wrapped ? [$data] : $data, PATIENCE);
            return $answer === ($wrapped ? [strrev($data)] : strrev($data)) ? 'same' : 'other: ' . gettype($answer);
        },
        'task' => function ($server, $size) use ($payload) {
            $server->task($payload($size));
        },
    ]);
    mkdir(tmp('files'));
    $server->set(['task_worker_num' => 1, 'task_tmpdir' => tmp('files')]);
    $server->on('task', fn ($server, $id, $source, $data) => is_array($data) ? [strrev($data[0])] : strrev($data));
    $server->on('finish', fn ($server, $id, $data) => note('finish', strlen($data), md5(strrev($data)) === md5($payload(strlen($data)))));
});
$sizes = [0, 1, 4000, 4095, 4096, 4097, 8180, 8192, 32767, 32768, 32769, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1, 1 << 26];
foreach ($sizes as $n => $size) {
    same('same', $srv->call('wait', $size, false), "$size bytes of text by taskwait()");
    same('same', $srv->call('wait', $size, true), "$size bytes in an array");
    $srv->call('task', $size);
    same([$size, true], $srv->await('finish', $n + 1), "$size bytes by task()");
}
awaitNoTaskFiles(tmp('files'));
$srv->stop();
