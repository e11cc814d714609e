<?php
// package_max_length below 64 KiB is raised to it, with a warning.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    [, $messages] = warnings(fn () => $server->set(['open_eof_split' => true, 'package_eof' => "\n", 'package_max_length' => 10]));
    note('warnings', $messages);
    echoes($server);
});
[[$message]] = $srv->await('warnings');
matches('/package_max_length.*65536/', $message);
$line = str_repeat('x', 60000) . "\n";
ok($srv->connect()->ask($line) === $line, 'a package of 60000 bytes comes through');
$srv->stop();
