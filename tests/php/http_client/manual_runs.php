<?php
// The programs of docs/http-client.md run as they stand.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

preg_match_all('/```php\n<\?php\n(.*?)```/s', file_get_contents(__DIR__ . '/../../../docs/http-client.md'), $found);
[$get, $download, $websocket] = $found[1];
$peer = scripted([answerOf(200, 'body', 'Content-Type: text/plain')], [answerOf(206, ' world', 'Content-Range: bytes 5-10/11')]);
$here = "'127.0.0.1', $peer->port";
[$code, $output] = script(str_replace("'example.com', 443, true", $here, $get));
same([0, '200, 4 bytes of text/plain'], [$code, rtrim($output)]);
$file = tmp('large.iso');
file_put_contents($file, 'hello');
$code = "\$client = new Swoole\\Http\\Client($here);" . str_replace('/tmp/large.iso', $file, $download);
same([0, '206'], script($code));
same('hello world', file_get_contents($file));
[, $output] = script(str_replace(["'example.com', 443, true", "'timeout' => 5"], ["'127.0.0.1', " . deadPort(), "'timeout' => 5"], $get));
matches('/^no answer: .*refused/m', $output);

$srv = serve(function (Swoole\WebSocket\Server $server) {
    $server->on('message', function ($server, $frame) {
        $server->push($frame->fd, "you said $frame->data");
        $server->disconnect($frame->fd);
    });
}, class: Swoole\WebSocket\Server::class);
same([0, "you said hello\nclosed\n"], script(str_replace('9501', (string) $srv->port, $websocket)));
$srv->stop();
