<?php
// A subclass that forgets parent::__construct() gets an error with a message, not a crash.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

class Forgetful extends Swoole\Server
{
    public function __construct()
    {
    }
}
$server = new Forgetful();
foreach ([fn () => $server->start(), fn () => $server->send(1, 'x'), fn () => $server->on('receive', 'strlen'), fn () => $server->stats()] as $call) {
    contains('__construct', throws(Throwable::class, $call)->getMessage());
}
