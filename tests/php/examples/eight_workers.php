<?php
// examples/php/eight_workers.php: eight workers hear from their parent, answer through the pipe, and are waited for.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = example('eight_workers');
same(0, $code);
preg_match_all('/^From Worker: From Master: hello worker\[(\d+)\]$/m', $output, $heard);
preg_match_all('/^Worker Exit, PID=(\d+), code 0$/m', $output, $ended);
same([8, 16], [count(array_unique($heard[1])), substr_count($output, "\n")]);
same([], array_diff($heard[1], $ended[1]));
