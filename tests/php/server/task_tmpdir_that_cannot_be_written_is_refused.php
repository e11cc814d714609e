<?php
// A task too long for the queue needs task_tmpdir: missing, no directory, not writable or full, it is false with the reason.
require __DIR__ . '/../../support/php/bootstrap.php';

touch(tmp('file'));
mkdir(tmp('full'));
foreach (['missing' => tmp('missing'), 'no directory' => tmp('file'), 'not writable' => '/proc', 'full' => tmp('full')] as $what => $directory) {
    $srv = serve(function (Swoole\Server $server) use ($directory, $what) {
        offers($server, [
            'long' => function ($server) use ($what) {
                if ($what === 'full') { // as a full disk does: the file can be made, and not be filled
                    pcntl_signal(SIGXFSZ, SIG_IGN);
                    posix_setrlimit(POSIX_RLIMIT_FSIZE, 20_000, 1 << 40);
                }
                $big = str_repeat('x', 100_000);
                return [refused($server, fn () => $server->task($big)), refused($server, fn () => $server->taskwait($big))];
            },
            'short' => fn ($server) => $server->taskwait('x', PATIENCE),
        ]);
        @$server->set(['task_worker_num' => 1, 'task_tmpdir' => $directory]);
        $server->on('task', fn () => 'done');
    });
    foreach ($srv->call('long') as [$result, $message, $error]) {
        same(false, $result, $what);
        contains($directory, $message);
        ok($error > 0, "getLastError() says why: $error");
    }
    same('done', $srv->call('short'), 'a short task needs no file');
    awaitNoTaskFiles($directory);
    same(0, $srv->call('short') === 'done' ? 0 : 1);
    $srv->stop();
}
