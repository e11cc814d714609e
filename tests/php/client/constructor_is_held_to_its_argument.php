<?php
// A type that is no kind of socket is an error; none at all too; a subclass must call the constructor.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

throws(ArgumentCountError::class, fn () => new Swoole\Client());
throws(TypeError::class, fn () => new Swoole\Client('tcp'));
throws(Throwable::class, fn () => warnings(fn () => new Swoole\Client(99)));
$sub = new class extends Swoole\Client {
    public function __construct()
    {
    }
};
throws(Throwable::class, fn () => $sub->connect('127.0.0.1', 1, 1));
class Named extends Swoole\Client
{
    public string $name = 'mine';
}
[$listener, $port] = listener();
$client = new Named(SWOOLE_SOCK_TCP);
same(true, $client->connect('127.0.0.1', $port, PATIENCE));
same('mine', $client->name);
throws(Throwable::class, fn () => clone $client);
throws(Throwable::class, fn () => serialize($client));
