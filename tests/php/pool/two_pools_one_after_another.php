<?php
// A script may run one pool after another, and go on after each; one that runs cannot be started again.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    foreach ([1, 2] as $n) {
        $pool = new Swoole\Process\Pool(2);
        $total = new Swoole\Atomic(0);
        $pool->on("workerStart", function ($pool, $id) use ($total) {
            $total->add($id + 1);
            if ($total->get() >= 3) {
                $pool->shutdown();
            }
            while ($pool->workerRunning) usleep(1000); // time: the work of a worker
        });
        $pool->on("start", fn ($pool) => print "again: " . json_encode(@$pool->start()) . "\n");
        $pool->start();
        echo "pool $n is over\n";
    }
');
same([0, "again: false\npool 1 is over\nagain: false\npool 2 is over\n"], [$code, $output]);
