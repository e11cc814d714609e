<?php
// The destructor of a returned object may throw, exit or die: it is reported as the callback's own, and no event is lost.
require __DIR__ . '/../../support/php/bootstrap.php';

final class Thrower
{
    public function __destruct()
    {
        throw new Exception('thrown by a destructor');
    }
}
final class Leaver
{
    public function __destruct()
    {
        exit(3);
    }
}
final class Dier
{
    public function __destruct()
    {
        include tmp('twice.php');
    }
}
file_put_contents(tmp('twice.php'), '<?php class Thrower {}');

$srv = serve(function (Swoole\Server $server) {
    $server->set(['worker_num' => 1]);
    $server->on('workerError', fn ($server, $id, $pid, $code) => note('error', $code));
    $server->on('close', fn ($server, $fd) => note('close', $fd));
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->send($fd, "$data\n");
        return class_exists($data) ? new $data() : null;
    });
});
$srv->allow('/worker|Fatal|Uncaught/');
$client = $srv->connect();
same("Thrower\n", $client->write('Thrower')->readTo());
$srv->expect('/thrown by a destructor/');
same("next\n", $client->write('next')->readTo());
$client->close();
$srv->await('close');

$srv->connect()->write('Leaver')->readTo();
same([3], $srv->await('error'));
$srv->connect()->write('Dier')->readTo();
$srv->expect('/Cannot declare class Thrower/');
same([255], $srv->await('error', 2));
same("next\n", $srv->connect()->write('next')->readTo());
$srv->stop();
