<?php
// user and chroot: sendfile() takes paths as the worker sees them, and the log goes on after SIGRTMIN. Needs root.
require __DIR__ . '/../../support/php/bootstrap.php';

if (posix_getuid() !== 0) {
    exit(0);
}
mkdir(tmp('root'), 0755);
file_put_contents(tmp('root/page'), 'the page');
file_put_contents(tmp('root/secret'), 'no');
chmod(tmp('root/secret'), 0600);
file_put_contents(tmp('outside'), 'no');
$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1, 'user' => 'nobody', 'group' => 'nogroup', 'chroot' => tmp('root'), 'log_file' => tmp('log')]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        if ($data === 'log') {
            note('odd', @$server->sendfile($fd, '/secret'), @$server->sendfile($fd, tmp('outside')), @$server->sendfile($fd, '/../outside'));
            $server->send($fd, 'ok');
        } else {
            note('sent', $server->sendfile($fd, $data));
        }
    });
});
same('the page', $srv->connect()->ask('/page', 8));
same('the page', $srv->connect()->ask('page', 8), 'a relative path');
same('ok', $srv->connect()->ask('log', 2));
same([false, false, false], $srv->await('odd'));
rename(tmp('log'), tmp('log.1'));
$srv->signal(34);
eventually(fn () => file_exists(tmp('log')), 'the master makes the log anew');
$old = $srv->worker();
posix_kill($old, SIGKILL);
eventually(fn () => str_contains(file_get_contents(tmp('log')), (string) $old), 'the death is in the new log');
$srv->stop();
