<?php
// kill -9 of the manager: nobody would look after the workers, so the server says so and ends; no process is left.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...));
same('x', $srv->connect()->ask('x'));
[[, $manager]] = $srv->notes('started');
$processes = $srv->children();
posix_kill($manager, SIGKILL);
$srv->wait();
$srv->expect("/ERROR.*manager.*$manager/");
eventually(fn () => !array_filter($processes, alive(...)), 'all of its processes are gone');
