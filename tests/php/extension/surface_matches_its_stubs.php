<?php
// What php-ext/stubs declare and what the extension has are the same.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$command = [PHP_BINARY, '-n', '-d', 'extension=sockets', '-d', 'extension=' . getenv('SWOOLE_TEST_EXTENSION'), __DIR__ . '/../../../php-ext/stubs/check.php'];
exec(implode(' ', array_map(escapeshellarg(...), $command)) . ' 2>&1', $output, $code);
same(0, $code, implode("\n", $output));
