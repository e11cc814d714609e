<?php
// A handler alone keeps a script in its loop; null takes it away and the script ends. A sleeping loop wakes up for it.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

file_put_contents(tmp('waits.php'), '<?php
swoole_process::signal(SIGTERM, function ($signo) {
    echo "got $signo\n";
    swoole_process::signal(SIGTERM, null);
});
echo "ready\n";');
$process = proc_open(phpCommand(tmp('waits.php')), [STDIN, ['pipe', 'w'], STDERR], $pipes);
same("ready\n", fgets($pipes[1]));
$pid = proc_get_status($process)['pid'];
awaitAsleep($pid);
posix_kill($pid, SIGTERM);
same("got 15\n", fgets($pipes[1]));
same(false, fgets($pipes[1]));
same(0, proc_close($process));
