<?php
// The programs in docs/http.md and docs/websocket.md run as they stand, and do what stands around them.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

/** The programs of a page, each with what it prints if it is said. */
$programs = function (string $page, int $count): array {
    $text = file_get_contents(__DIR__ . "/../../../docs/$page.md");
    preg_match_all('/```php\n<\?php\n(.*?)```\n(?:\n```text\n(.*?)```)?/s', $text, $found, PREG_SET_ORDER);
    same($count, count($found), "programs in $page.md");
    preg_match_all('/\]\(([^)#]+)/', $text, $links);
    foreach ($links[1] as $link) {
        ok(file_exists(__DIR__ . "/../../../docs/$link"), "$page.md links to $link");
    }
    return $found;
};

[$hello, $parser, $files, $uploads] = $programs('http', 4);
$srv = serveProgram($hello[1]);
same("Hello you\n", fetch($srv, '/?name=you')->body);
same("Hello world\n", fetch($srv, '/')->body);
$srv->stop();

same([0, $parser[2]], script($parser[1]));

mkdir(tmp('www/static'), recursive: true);
file_put_contents(tmp('www/static/a.md'), '# A');
file_put_contents(tmp('www/b.txt'), 'b');
$srv = serveProgram(strtr($files[1], ['/var/www' => tmp('www')]));
same(['# A', 'text/markdown; charset=utf-8'], [($answer = fetch($srv, '/static/a.md'))->body, $answer->header('content-type')]);
same(404, fetch($srv, '/static/c')->status);
same("no file: /b.txt\n", fetch($srv, '/b.txt')->body);
$srv->stop();

mkdir(tmp('up'));
$srv = serveProgram(strtr($uploads[1], ['/tmp' => tmp('up')]));
[$headers, $body] = multipart([['one', 'first', '1.txt'], ['two', str_repeat('x', 5 << 20), '2.bin']]);
same("one: 1.txt, 5 bytes\ntwo: 2.bin, 5242880 bytes\n", fetch($srv, '/', 'POST', $headers, $body)->body);
$sizes = array_map(filesize(...), glob(tmp('up/kept-*')));
sort($sizes);
same([5, 5 << 20], $sizes);
eventually(fn () => count(glob(tmp('up/*'))) === 2, 'nothing else is left');
$srv->stop();

[$all, $frames, $origin, $polling] = $programs('websocket', 4);
$srv = serveProgram($all[1]);
[$one, $two] = [WebSocketPeer::open($srv, '/?name=me'), WebSocketPeer::open($srv)];
same(['hello me', 'hello you'], [$one->text(), $two->text()]);
$one->send('hi');
matches('/^\d+ says hi$/', $one->text());
matches('/^\d+ says hi$/', $two->text());
same(404, fetch($srv, '/')->status);
$srv->stop();

same([0, $frames[2]], script($frames[1]));

$srv = serveProgram($origin[1]);
same(403, (new WebSocketPeer($srv, '/', ['Origin: https://elsewhere.org']))->answer->status);
same('hi', WebSocketPeer::open($srv, '/', ['Origin: https://example.org'])->ask('hi'));
$srv->stop();

$srv = serveProgram($polling[1]);
$waits = $srv->connect()->write(requestOf('GET', '/'));
$peer = WebSocketPeer::open($srv);
eventually(function () use ($peer, $waits) {
    $peer->send('news'); // it may be that nobody waits yet
    [$readable, $none] = [[$waits->stream], null];
    return stream_select($readable, $none, $none, 0, 20_000) === 1;
}, 'who waits is answered');
same('news', (new Answer($waits))->body);
$srv->stop();
