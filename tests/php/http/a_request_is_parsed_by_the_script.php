<?php
// Request::create(), parse(), isCompleted(): bytes from anywhere, in pieces.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$text = requestOf('POST', '/p?q=1', ['Cookie: a=b', 'Content-Type: application/x-www-form-urlencoded', 'Transfer-Encoding: chunked']) . "3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n";
$request = Swoole\Http\Request::create();
foreach (str_split($text, 7) as $piece) {
    same([false, null, false], [$request->isCompleted(), $request->header, $request->getData()]);
    same(strlen($piece), $request->parse($piece));
}
same([true, 'POST', ['q' => '1'], ['a' => '1', 'b' => '2'], ['a' => 'b'], 'a=1&b=2'], [
    $request->isCompleted(), $request->getMethod(), $request->get, $request->post, $request->cookie, $request->rawContent(),
]);
same(['test', '/p'], [$request->header['host'], $request->server['request_uri']]);
same(false, $request->parse('more'));

$request = Swoole\Http\Request::create(['parse_cookie' => false, 'parse_body' => false]);
same(strlen($text), $request->parse($text . 'behind'));
same([null, null, ['q' => '1']], [$request->cookie, $request->post, $request->get]);

$request = Swoole\Http\Request::create();
same([false, false], [$request->parse("GET /\r\n\r\n"), $request->isCompleted()]);
same(SWOOLE_ERROR_HTTP_INVALID_PROTOCOL, swoole_last_error());
throws(Error::class, fn () => (new Swoole\Http\Request)->parse('x'));
same([null, null, false, false], [(new Swoole\Http\Request)->header, (new Swoole\Http\Request)->get, (new Swoole\Http\Request)->rawContent(), (new Swoole\Http\Request)->getMethod()]);
