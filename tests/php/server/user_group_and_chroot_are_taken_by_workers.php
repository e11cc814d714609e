<?php
// user, group, chroot: workers run with fewer rights and in another root; the master keeps its own. Needs root.
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
file_put_contents(tmp('inside'), 'x');
$srv = serve(function (Swoole\Server $server) {
    $server->set(['user' => 'nobody', 'group' => 'nogroup', 'chroot' => TEST_DIR]);
    $server->on('workerStart', fn () => note('worker', posix_getuid(), posix_geteuid(), posix_getgid(), array_diff(posix_getgroups(), [posix_getgid()]), file_exists('/inside'), getcwd()));
    $server->on('managerStart', fn () => note('manager', posix_getuid()));
    echoes($server);
});
$user = posix_getpwnam('nobody')['uid'];
$group = posix_getgrnam('nogroup')['gid'];
same([$user, $user, $group, [], true, '/'], $srv->await('worker'));
same([0], $srv->await('manager'));
same('x', $srv->connect()->ask('x'));
$srv->stop();
