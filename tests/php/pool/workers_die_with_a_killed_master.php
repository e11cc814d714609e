<?php
// When the master is killed its workers do not outlive it, whatever they are doing.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = pool(['workerStart' => fn () => sleep(1000)], 3); // time: until it is killed
$workers = array_map($srv->worker(...), [0, 1, 2]);
$srv->kill();
eventually(fn () => !array_filter(array_map(alive(...), $workers)), 'all workers are gone');
