<?php
// examples/php/task_server.php does what its head says, and names its processes.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveExample('task_server');
same("Swoole TCP Server: hello\n", $srv->connect()->write("hello\n")->rest());
foreach (['Client: Connect.', 'Dispatch AsyncTask: id = 0', 'New AsyncTask[id=0]', 'AsyncTask[0] Finish: hello -> OK', 'Client: Close.'] as $line) {
    eventually(fn () => str_contains($srv->output(), "$line\n"), "it says \"$line\"");
}
$names = fn () => array_map(fn ($pid) => rtrim((string) @file_get_contents("/proc/$pid/cmdline"), "\0"), [$srv->pid, ...$srv->children()]);
foreach (['task server: master', 'task server: manager', 'task server: event worker 7', 'task server: task worker 11'] as $name) {
    eventually(fn () => in_array($name, $names(), true), "a process is named \"$name\"");
}
$srv->stop();
