<?php
// exec() uses no shell: spaces, quotes, stars and empty arguments arrive as they are, numbers as text, and the environment is the child's.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$arguments = ['two words', '', "quote's", '"', '*', '$HOME', "line\nbreak", 7, 1.5, 'zwölf'];
$process = new Swoole\Process(function (Swoole\Process $process) use ($arguments) {
    putenv('GIVEN=by the child');
    chdir('/');
    $process->exec('/usr/bin/python3', ['-c', 'import sys, os, json; print(json.dumps([sys.argv[1:], os.environ["GIVEN"], os.getcwd()]))', ...$arguments]);
}, true);
$process->start();
same(0, Swoole\Process::wait()['code']);
same([array_map(strval(...), $arguments), 'by the child', '/'], json_decode($process->read(), true));
