<?php
// Tables work under opcache with its JIT, in hot loops, with constant and with built column names.
// mode: any
// php: -d zend_extension=opcache -d opcache.enable_cli=1 -d opcache.jit=tracing -d opcache.jit_buffer_size=32M
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(2000, ['n' => 'int', 'f' => 'float', 'text' => 16]);
for ($round = 0; $round < 20; $round++) {
    for ($n = 0; $n < 1000; $n++) {
        $key = "key$n";
        $table->set($key, ['n' => $n, 'f' => $n * 0.5, 'text' => "t$n"]);
        $column = substr('xn', 1);
        if ($table->get($key) !== ['n' => $n, 'f' => $n * 0.5, 'text' => "t$n"] || $table->get($key, 'n') !== $n || $table->get($key, $column) !== $n || !$table->exist($key)) {
            throw new Failed("row $n");
        }
        $table->incr($key, 'n');
        same($n + 1, $table[$key]['n']);
    }
}
same(1000, count($table));
