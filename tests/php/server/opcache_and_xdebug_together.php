<?php
// Both at once, as Debian's packages turn them on.
// php: -d zend_extension=opcache -d opcache.enable_cli=1 -d zend_extension=xdebug
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...));
same('hello', $srv->connect()->ask('hello'));
$srv->stop();
same('', $srv->output());
