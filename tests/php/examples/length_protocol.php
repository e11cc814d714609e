<?php
// examples/php/length_protocol.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('length_protocol');
$client = $srv->connect();
foreach (['some', 'words'] as $word) {
    $client->write(pack('N', strlen($word)) . $word);
}
same(pack('N', 4) . 'SOME' . pack('N', 5) . 'WORDS', $client->read(17));
// The same script is the client.
putenv("SWOOLE_PORT={$srv->port}");
$script = __DIR__ . '/../../../examples/php/length_protocol.php';
same("MORE\nWORDS\n", shell_exec(implode(' ', array_map(escapeshellarg(...), [PHP_BINARY, '-n', $script, 'more', 'words']))));
$srv->stop();
