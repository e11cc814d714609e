<?php
// examples/php/mail_server.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('mail_server', ['SPOOL' => tmp('spool')]);
$mail = ['address' => 'a@example.org', 'subject' => 'Greetings', 'body' => 'Hello.'];
same('1 sent', $srv->connect()->askLine(json_encode($mail)));
contains('Subject: Greetings', file_get_contents(glob(tmp('spool/*'))[0]));
contains('needs address', $srv->connect()->askLine('garbage'));
$srv->stop();
