<?php
// The servers in README.md run and answer.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

preg_match_all('/```php\n(.*?)```/s', file_get_contents(__DIR__ . '/../../../README.md'), $found);
[$web, $lines] = $found[1];

$srv = serveProgram($web);
same(["Hello you\n", "Hello world\n"], [fetch($srv, '/?name=you')->body, fetch($srv, '/')->body]);
same('you said: hello', WebSocketPeer::open($srv)->ask('hello'));
$srv->stop();

$srv = serveProgram($lines);
same('you said: hello', $srv->connect()->ask('hello', 15));
eventually(fn () => preg_match('/client 1 came\nclient 1 left\n/', $srv->output()), 'it tells who came and left');
$srv->stop();
