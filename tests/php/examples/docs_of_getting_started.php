<?php
// A newcomer gets as far as docs/getting-started.md says: a first server, a page with a WebSocket, the same with TLS.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$text = file_get_contents(__DIR__ . '/../../../docs/getting-started.md');
preg_match_all('/```php\n<\?php\n(.*?)```/s', $text, $found);
[$first, $web] = $found[1];
preg_match('/```php\n(\$server = [^\n]*SWOOLE_SSL.*?)```/s', $text, $secure);
preg_match_all('/```sh\n(openssl|curl)(.*?)```/s', $text, $commands);
preg_match_all('/\]\(([^)#]+)/', $text, $links);
foreach ($links[1] as $link) {
    ok(file_exists(__DIR__ . "/../../../docs/$link"), "it links to $link");
}

$srv = serveProgram($first);
same('you said: hello', $srv->connect()->ask('hello', 15));
$srv->stop();

$srv = serveProgram($web);
same(["<h1>Hello you</h1>\n", "<h1>Hello world</h1>\n"], [fetch($srv, '/?name=you')->body, fetch($srv, '/')->body]);
same('you said: hello', WebSocketPeer::open($srv)->ask('hello'));
$srv->stop();

[$make, $ask] = array_map(fn ($name, $rest) => $name . $rest, $commands[1], $commands[2]);
[$code, $said] = command(['sh', '-ec', 'cd ' . tmp('') . "\n$make"]);
same(0, $code, $said);
$srv = serveProgram(preg_replace('/^\$server = .*\n/', $secure[1], $web, 1));
same([0, "<h1>Hello you</h1>\n"], command(['sh', '-ec', 'cd ' . tmp('') . "\n" . str_replace(['9501', 'curl'], [(string) $srv->port, 'curl -sS'], $ask)]));
$srv->stop();
