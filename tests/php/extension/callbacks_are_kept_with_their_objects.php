<?php
// A callback and the object it was resolved to live as long as the server, whatever the script lets go of.
require __DIR__ . '/../../support/php/bootstrap.php';

class Greeter
{
    private string $word = 'hello';

    public function register(Swoole\Server $server): void
    {
        $server->on('receive', 'Greeter::greet');
    }

    public function greet(Swoole\Server $server, int $fd): void
    {
        $server->send($fd, $this->word . str_repeat('!', 3));
    }
}

$srv = serve(function (Swoole\Server $server) {
    (new Greeter())->register($server);
    $port = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $port->on('receive', function ($server, $fd) use ($port) {
        $server->send($fd, "port $port->port");
        $server->ports = null;
        $server->onReceive = null;
        unset($port);
        gc_collect_cycles();
    });
    announce($server);
    $server->on('start', fn () => note('started'));
    $ports = $server->ports;
    $server->ports = null;
    unset($port);
    gc_collect_cycles();
    $server->ports = $ports;
});
foreach ([1, 2] as $round) {
    same('hello!!!', $srv->connect()->write('x')->readTo('!!!'));
    same('port ' . $srv->ports[1][1], $srv->connect(1)->write('x')->readTo((string) $srv->ports[1][1]));
}
$srv->stop();
