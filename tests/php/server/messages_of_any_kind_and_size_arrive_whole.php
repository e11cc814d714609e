<?php
// sendMessage() takes any value, from no byte to 64 MiB; files of long ones are gone when they have been read.
// php: -d memory_limit=1G
// timeout: 120
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $payload = fn (int $size) => substr(str_repeat(md5((string) $size, true), intdiv($size, 16) + 1), 0, $size);
    offers($server, [
        'send' => fn ($server, $value) => $server->sendMessage($value, 1),
        'size' => fn ($server, $size) => $server->sendMessage($payload($size), 1),
    ]);
    mkdir(tmp('files'));
    $server->set(['task_worker_num' => 1, 'task_tmpdir' => tmp('files')]);
    $server->on('task', fn () => null);
    $server->on('pipeMessage', function ($server, $source, $message) use ($payload) {
        if (is_string($message)) {
            note('text', strlen($message), $message === $payload(strlen($message)));
        } else {
            note('value', bin2hex(serialize($message)));
        }
    });
});
foreach ([null, true, false, 7, -0.5, [], ['a' => ["\0\xff"]], (object) ['b' => [1]], new ArrayObject([1])] as $n => $value) {
    same(true, $srv->call('send', $value));
    same(serialize($value), hex2bin($srv->await('value', $n + 1)[0]));
}
foreach ([0, 1, 32767, 32768, 32769, 65536, 1 << 20, 1 << 26] as $n => $size) {
    same(true, $srv->call('size', $size), "$size bytes");
    same([$size, true], $srv->await('text', $n + 1));
}
awaitNoTaskFiles(tmp('files'));
$srv->stop();
