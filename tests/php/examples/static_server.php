<?php
// examples/php/static_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

mkdir(tmp('root/with'), recursive: true);
mkdir(tmp('root/without'));
file_put_contents(tmp('root/with/index.html'), '<p>index');
file_put_contents(tmp('root/without/read me.md'), '# Read me');
file_put_contents(tmp('outside'), 'secret');
$srv = serveExample('static_server', ['SWOOLE_ROOT' => tmp('root')]);
$client = $srv->connect();
same([200, '<p>index', 'text/html'], [($answer = fetch($client, '/with/'))->status, $answer->body, $answer->header('content-type')]);
same([301, '/with/'], [($answer = fetch($client, '/with'))->status, $answer->header('location')]);
contains('read%20me.md', fetch($client, '/without/')->body);
same(['# Read me', 'text/markdown; charset=utf-8'], [($answer = fetch($client, '/without/read%20me.md'))->body, $answer->header('content-type')]);
same([206, 'Read'], [($answer = fetch($client, '/without/read%20me.md', headers: ['Range: bytes=2-5']))->status, $answer->body]);
same(304, fetch($client, '/with/index.html', headers: ['If-Modified-Since: ' . gmdate('D, d M Y H:i:s \G\M\T')])->status);
same(405, fetch($client, '/with/index.html', 'POST', body: 'x')->status);
same([404, "/nothing is not there\n"], [($answer = fetch($client, '/nothing'))->status, $answer->body]);
matches('/^\d{4}-/', fetch($client, '/.time')->body);
foreach (['/../outside', '/with/../../outside', '/%2e%2e/outside'] as $path) {
    same(400, fetch($client, $path)->status, $path);
}
$srv->stop();
