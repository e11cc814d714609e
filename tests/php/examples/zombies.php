<?php
// examples/php/zombies.php: five zombies, and none once they were waited for.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = example('zombies');
same(0, $code);
contains("This is parent process\n", $output);
same([5, 5], [substr_count($output, "This is child process\n"), preg_match_all('/^child \d+ ended with code 0$/m', $output)]);
matches('/zombies before: 5\n(child .*\n){5}zombies after: 0\n$/', $output);
