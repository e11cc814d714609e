<?php
// What could become another request, and files that are not there, are refused at once, with a warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$client = new Swoole\Http\Client('127.0.0.1', 9);
$never = fn () => throw new Failed('it was sent');
$refused = function (Closure $call) {
    [$result, $warnings] = warnings($call);
    same([false, 1], [$result, count($warnings)]);
    same(SWOOLE_ERROR_INVALID_PARAMS, swoole_last_error());
};
foreach (["/ HTTP/1.1\r\nX: y", '/a b', "/\0", 'path', 'http://elsewhere/'] as $path) {
    $refused(fn () => $client->get($path, $never));
}
foreach ([['X' => "a\r\nY: b"], ["X\r\nY" => 'b'], ['' => 'x'], ['X' => "\0"]] as $headers) {
    $client->setHeaders($headers);
    $refused(fn () => $client->get('/', $never));
}
$client->setHeaders([]);
$client->setMethod("GET / HTTP/1.1\r\nX: y");
$refused(fn () => $client->execute('/', $never));
$refused(fn () => $client->setCookies(["a\r\nb" => 'c']));
$refused(fn () => $client->addFile(__FILE__, 'x', '', '', -1));
$refused(fn () => $client->addFile(__FILE__, 'x', '', '', 0, 1 << 40));
$refused(fn () => $client->on('receive', $never));
$client->addFile(__FILE__, 'x');
$refused(fn () => $client->post('/', 'a string', $never));
foreach ([fn () => $client->addFile('/nowhere/at/all', 'x'), fn () => $client->addFile('/tmp', 'x'), fn () => $client->download('/', '/nowhere/at/all', $never)] as $call) {
    same(1, count(warnings($call)[1]));
}
same(1, count(warnings(fn () => same(false, $client->push('x')))[1]));
same(SWOOLE_ERROR_WEBSOCKET_UNCONNECTED, $client->errCode);
same(false, $client->close(), 'there is nothing to close, and that is no mistake');
foreach ([[''], ['a b'], ["a\r\nb"], ['http://a'], ['a', 65536], ['a', -1], ['unix:']] as $arguments) {
    throws(Swoole\Exception::class, fn () => new Swoole\Http\Client(...$arguments));
}
throws(TypeError::class, fn () => $client->get('/', 'no such function'));
throws(Error::class, fn () => $client->__construct('a'));
loop();
