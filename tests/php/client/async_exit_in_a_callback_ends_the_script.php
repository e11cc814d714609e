<?php
// exit() in a callback of a client or of a file operation ends the script with that code; so does an uncaught exception with 255.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$peer = new Peer(fn ($connection) => fwrite($connection, 'hello'));
$client = '$client = new swoole_client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    foreach (["connect", "receive", "close", "error"] as $name) {
        $client->on($name, fn () => $name === "EVENT" ? ACTION : print("$name\n"));
    }
    $client->connect("127.0.0.1", ' . $peer->port . ', 5);';
foreach (['connect' => '', 'receive' => "connect\n", 'close' => "connect\nreceive\n"] as $event => $before) {
    same([7, $before], script(str_replace(['EVENT', 'ACTION'], [$event, 'exit(7)'], $client)), "exit in $event");
    [$code, $output] = script(str_replace(['EVENT', 'ACTION'], [$event, 'throw new LogicException("boom")'], $client));
    same(255, $code, "exception in $event");
    contains('boom', $output);
}
same([7, ''], script('swoole_async_readfile(__FILE__, fn () => exit(7)); swoole_timer_tick(10, fn () => null);'));
same([7, ''], script('swoole_async_read(__FILE__, fn () => exit(7), 1);'));
same([7, ''], script('swoole_async::exec("true", fn () => exit(7)); swoole_async::exec("sleep 1", fn () => print "late");'));
