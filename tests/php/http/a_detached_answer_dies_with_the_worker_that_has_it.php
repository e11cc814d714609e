<?php
// Who detaches an answer has it until another process takes it up: when it dies, the client gets 500.
// mode: PROCESS
// php: -d swoole.display_errors=0
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) use (&$server) {
    $path = $request->server['path_info'];
    if ($path === '/') {
        return $response->end('fine');
    }
    $response->detach();
    match ($path) {
        '/kill' => posix_kill(posix_getpid(), SIGKILL),
        '/exit' => exit(0),
        '/fatal' => eval('function twice() {} function twice() {}'),
        '/later' => Swoole\Timer::after(20, fn () => posix_kill(posix_getpid(), SIGKILL)),
        '/again' => [$again = Swoole\Http\Response::create($request->fd), $again->write('a part'), $again->detach(), posix_kill(posix_getpid(), SIGKILL)],
    };
});
$srv->allow('~Cannot redeclare|ended by|Stack trace|#\d|thrown in~');
foreach (['/kill', '/exit', '/fatal', '/later'] as $i => $path) {
    $client = $srv->connect()->write(requestOf('GET', $path));
    $answer = new Answer($client);
    same([500, 'close'], [$answer->status, $answer->header('connection')], $path);
    $client->closed();
    $srv->await('ready', $i + 2);
}
$client = $srv->connect()->write(requestOf('GET', '/again'));
contains('a part', $client->rest()); // cut off
$srv->await('ready', 6);
same('fine', fetch($srv, '/')->body);
$srv->stop();
