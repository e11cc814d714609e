<?php
// What is no number does not become 0 as a setting: a pool that waits 0 seconds kills its workers.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$pool = new Swoole\Process\Pool(1);
foreach (['max_wait_time', 'max_package_size'] as $name) {
    foreach (['abc', '5 apples', '', true, null, [1]] as $wrong) {
        [, $warnings] = warnings(fn () => $pool->set([$name => $wrong]));
        same(1, count($warnings), json_encode([$name, $wrong]));
        contains($name, $warnings[0]);
    }
    same([], warnings(fn () => $pool->set([$name => ' 7']))[1]);
}
