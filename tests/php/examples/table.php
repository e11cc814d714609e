<?php
// examples/php/table.php does what its head says.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = example('table');
same(0, $code);
matches('/^score: 20003.5, visits: 40000\n/', $output);
$lines = explode("\n", $output);
foreach (['tianfenghan: 145, rango, 20003.5', 'hello: 189, rango3125, 3.25', 'visits: 40000, , 0'] as $line) {
    ok(in_array($line, $lines, true), "$line in $output");
}
matches("/\n3 rows\nrefused: rango3125 keeps its name\n\$/", $output);
