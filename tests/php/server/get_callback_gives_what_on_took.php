<?php
// getCallback(): the callback of an event; null where there is none.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

class Holder
{
    public static function held()
    {
    }
}
$server = new Swoole\Server('127.0.0.1', 0, MODE);
$closure = fn () => 1;
$server->on('receive', $closure);
$server->on('connect', 'strlen');
$server->on('close', ['Holder', 'held']);
same($closure, $server->getCallback('receive'));
same('strlen', $server->getCallback('connect'));
same(['Holder', 'held'], $server->getCallback('Close'));
same(null, $server->getCallback('workerStart'));
$server->on('receive', 'strrev');
same('strrev', $server->getCallback('receive'), 'the later one replaces the earlier');
