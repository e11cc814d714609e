<?php
// swoole.aio_thread_num says how many threads read and write files.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$code = 'for ($n = 0; $n < 50; $n++) { swoole_async_readfile("/etc/hostname", fn () => null); }
    swoole_event_wait();
    echo count(glob("/proc/self/task/*")) - 1;';
$command = [PHP_BINARY, '-n', '-d', 'extension=' . getenv('SWOOLE_TEST_EXTENSION')];
same([0, '1'], command([...$command, '-d', 'swoole.aio_thread_num=1', '-r', $code]));
same([0, '3'], command([...$command, '-d', 'swoole.aio_thread_num=3', '-r', $code]));
