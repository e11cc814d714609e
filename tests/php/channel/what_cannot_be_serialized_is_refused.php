<?php
// A value that serialize() refuses is not pushed: its exception comes out of push(). Of a class that is not there pop() makes what unserialize() makes.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

final class Unwilling
{
    public function __serialize(): array
    {
        throw new RuntimeException('not me');
    }
}
$channel = new Swoole\Channel(4096);
throws(Exception::class, fn () => $channel->push(fn () => null));
same('not me', throws(RuntimeException::class, fn () => $channel->push([1, new Unwilling()]))->getMessage());
same(['queue_num' => 0, 'queue_bytes' => 0], $channel->stats());
(new Sibling(function () use ($channel) {
    eval('class OnlyThere { public $x = 5; }');
    $channel->push(new OnlyThere());
}))->result();
same('__PHP_Incomplete_Class', get_class($channel->pop()));
