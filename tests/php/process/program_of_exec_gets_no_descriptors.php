<?php
// The program of exec() gets standard streams and nothing else of the engine's, and signals as by default.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$server = new Swoole\Server('127.0.0.1', 0); // its socket is one of them
$other = new Swoole\Process(fn () => null);
swoole_process::signal(SIGUSR2, fn () => null);
$process = new Swoole\Process(function (Swoole\Process $process) {
    $process->exec('/usr/bin/python3', ['-c', <<<'PY'
        import os
        kinds = [os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}") and int(n) > 2]
        status = dict(line.split(":\t") for line in open("/proc/self/status") if ":\t" in line)
        print([k for k in kinds if k in ("anon_inode", "socket")], status["SigBlk"].strip(), status["SigCgt"].strip())
        PY]);
}, true);
$process->start();
same(0, Swoole\Process::wait()['code']);
[$kinds, $blocked] = explode(' ', rtrim($process->read()));
same(['[]', '0000000000000000'], [$kinds, $blocked]);
swoole_process::signal(SIGUSR2, null);
