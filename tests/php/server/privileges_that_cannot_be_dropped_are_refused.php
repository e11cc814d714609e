<?php
// user, group and chroot need root: start() refuses where workers could not take them, instead of forking workers that die. Needs root.
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
foreach ([['user' => 'daemon'], ['group' => 'daemon'], ['chroot' => TEST_DIR]] as $options) {
    [$code, $said] = inChild(function () use ($options) {
        posix_setgid(posix_getgrnam('nogroup')['gid']);
        posix_setuid(posix_getpwnam('nobody')['uid']);
        $server = new Swoole\Server('127.0.0.1', 0, MODE);
        $server->set(['worker_num' => 1] + $options);
        echoes($server);
        echo $server->start() ? 'it ran' : 'refused';
    }, 5);
    same(0, $code);
    matches('/Warning: .*root.*refused$/s', $said);
}
