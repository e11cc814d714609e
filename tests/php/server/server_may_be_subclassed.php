<?php
// A script's own class extends the server, under either name, with a constructor and methods of its own.
require __DIR__ . '/../../support/php/bootstrap.php';

class Greeter extends swoole_server
{
    public function __construct(private string $greeting)
    {
        parent::__construct('127.0.0.1', 0, MODE);
        $this->set(['worker_num' => 1]);
        $this->on('receive', [$this, 'receive']);
    }
    public function receive(Swoole\Server $server, int $fd, int $reactor, string $data)
    {
        note('same', $server === $this, $server instanceof swoole_server, $server instanceof Swoole\Server);
        $this->send($fd, $this->greeting . $data);
    }
}
$srv = serveScript(function () {
    $server = new Greeter('hello ');
    announce($server);
    $server->start();
});
same('hello you', $srv->connect()->ask('you', 9));
same([true, true, true], $srv->await('same'));
$srv->stop();
