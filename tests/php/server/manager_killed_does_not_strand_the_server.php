<?php
// kill -9 of the manager: the server comes back or ends, but no worker goes on without one who looks after it.
// mode: PROCESS
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(echoes(...));
$srv->allow('/manager|worker/i');
[[, $manager]] = $srv->notes('started');
$old = $srv->children();
posix_kill($manager, SIGKILL);
eventually(fn () => !array_filter(array_diff($old, $srv->children()), alive(...)) && !alive($manager), 'nothing of it is left stray');
if ($srv->running()) {
    same('x', $srv->connect()->ask('x'));
    $srv->signal(SIGTERM);
}
$srv->wait();
