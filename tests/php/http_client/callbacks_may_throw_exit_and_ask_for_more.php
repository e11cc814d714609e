<?php
// A callback may ask for more, close, throw, or end the script.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$peer = scripted([answerOf(200, '1'), answerOf(200, '2'), answerOf(200, '3')]);
$seen = '';
(function () use ($peer, &$seen) {
    $client = new Swoole\Http\Client('127.0.0.1', $peer->port);
    $client->get('/', function ($client) use (&$seen) {
        $seen .= $client->body;
        $client->get('/', function ($client) use (&$seen) {
            $seen .= $client->body;
            $client->close();
        });
    });
})();
loop();
same('12', $seen, 'nobody but the loop has kept it');

$peer = scripted([answerOf(200, '1'), answerOf(200, '2')]);
$client = new Swoole\Http\Client('127.0.0.1', $peer->port);
$client->get('/', fn () => throw new LogicException('from the callback'));
$client->get('/', function ($client) use (&$seen) {
    $seen = $client->body;
});
throws(LogicException::class, fn () => loop());
loop();
same('2', $seen, 'the next request goes on');

$peer = scripted([answerOf(200)]);
$code = '$client = new Swoole\Http\Client("127.0.0.1", ' . $peer->port . ');
    register_shutdown_function(fn () => print "shutdown");
    $client->get("/", function ($client) { echo " $client->statusCode"; exit(7); });';
same([7, 'shutdown 200'], script($code));
