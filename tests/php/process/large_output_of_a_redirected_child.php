<?php
// What a redirected child prints by the megabyte arrives whole; it waits when nobody reads.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    $process = new Swoole\Process(function () {
        for ($n = 0; $n < 200; $n++) {
            echo str_repeat(chr(65 + $n % 26), 10_000);
        }
    }, true);
    $process->start();
    for ($hash = hash_init("crc32b"), $length = 0; ($part = $process->read(65536)) !== ""; $length += strlen($part)) {
        hash_update($hash, $part);
    }
    echo $length, " ", hash_final($hash), " ", Swoole\Process::wait()["code"];
');
$wanted = implode('', array_map(fn ($n) => str_repeat(chr(65 + $n % 26), 10_000), range(0, 199)));
same([0, '2000000 ' . hash('crc32b', $wanted) . ' 0'], [$code, $output]);
