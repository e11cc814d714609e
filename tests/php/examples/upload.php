<?php
// examples/php/upload.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('upload', ['SWOOLE_INBOX' => tmp('inbox')]);
$client = $srv->connect();
contains('enctype="multipart/form-data"', fetch($client, '/')->body);
// The second is longer than package_max_length: it went to disk as it came.
$sent = ['one.txt' => 'first', '../two.bin' => random_bytes(5 << 20)];
foreach ($sent as $name => $content) {
    [$headers, $body] = multipart([['files[]', $content, $name]]);
    $answer = fetch($client, '/', 'POST', $headers, $body);
    same(201, $answer->status);
    matches('/^' . preg_quote(basename($name)) . ': ' . strlen($content) . ' bytes, kept as ([0-9a-f]{16}\.bin)\n$/', $answer->body);
    same(md5($content), md5_file(tmp('inbox/' . substr(trim($answer->body), -20))));
}
same(2, count(glob(tmp('inbox/*'))));
same(400, fetch($client, '/', 'POST', ['Content-Type: text/plain'], 'no form')->status);
$srv->stop();
