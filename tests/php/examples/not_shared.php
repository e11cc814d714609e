<?php
// examples/php/not_shared.php: five children find the variable empty and leave it so for the parent; the table and the atomic have it all.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = example('not_shared');
same(0, $code);
same([5, 5], [substr_count($output, "global M::arr empty~\n"), substr_count($output, 'child process exit~ pid = ')]);
contains("in the variable: 0\nin the table: 5\ncounted: 5\n", $output);
for ($n = 0; $n < 5; $n++) {
    ok(preg_match("/^child $n had process number (\\d+)$/m", $output, $found), "child $n is in the table");
    contains("child process exit~ pid = $found[1]\n", $output);
}
