<?php
// Functions by name, static methods as text or array, object methods, invokable objects, closures, and methods behind __call.
require __DIR__ . '/../../support/php/bootstrap.php';

function byName($server, $fd, $reactor, $data)
{
    $server->send($fd, "byName $data\n");
}
class Handler
{
    public static function fixed($server, $fd, $reactor, $data)
    {
        $server->send($fd, "fixed $data\n");
    }
    public function method($server, $fd, $reactor, $data)
    {
        $server->send($fd, "method $data\n");
    }
    public function __invoke($server, $fd, $reactor, $data)
    {
        $server->send($fd, "invoked $data\n");
    }
    public function __call($name, $arguments)
    {
        $arguments[0]->send($arguments[1], "$name {$arguments[3]}\n");
    }
    public static function __callStatic($name, $arguments)
    {
        $arguments[0]->send($arguments[1], "static $name {$arguments[3]}\n");
    }
    private function hidden($server, $fd, $reactor, $data)
    {
        $server->send($fd, "hidden $data\n");
    }
    public function reach()
    {
        return $this->hidden(...);
    }
}
$callables = [
    'byName' => 'byName',
    'fixed' => 'Handler::fixed',
    'fixed ' => ['Handler', 'fixed'],
    'method' => [new Handler(), 'method'],
    'invoked' => new Handler(),
    'magic' => [new Handler(), 'magic'],
    'static gone' => ['Handler', 'gone'],
    'hidden' => (new Handler())->reach(),
    'byName ' => byName(...),
];
$srv = serve(function (Swoole\Server $server) use ($callables) {
    foreach ($callables as $callable) {
        $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP)->on('receive', $callable);
    }
    echoes($server);
});
foreach (array_keys($callables) as $i => $name) {
    $client = $srv->connect($i + 1);
    foreach (['one', 'two'] as $data) {
        same(trim($name) . " $data\n", $client->write($data)->readTo());
    }
}
$srv->stop();
