<?php
// user, group or chroot that do not exist: a warning that names the option, and start() is refused.
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['user' => 'no-such-user', 'group' => 'no-such-group', 'chroot' => '/no/such/directory'] as $option => $value) {
    [$code, $output] = inChild(function () use ($option, $value) {
        $server = new Swoole\Server('127.0.0.1', 0, MODE);
        echoes($server);
        $server->set([$option => $value]);
        var_dump($server->start());
    });
    contains('bool(false)', $output);
    contains($option, $output);
    contains($value, $output);
}
