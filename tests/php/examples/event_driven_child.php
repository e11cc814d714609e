<?php
// examples/php/event_driven_child.php: three children answer from their loops, and their ends come to the parent's loop.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = example('event_driven_child');
same(0, $code);
preg_match_all('/^From Worker (\d+): got "hello worker\[\1\]", and ticked meanwhile$/m', $output, $heard);
preg_match_all('/^Worker Exit, PID=(\d+), code 0$/m', $output, $ended);
same([3, 6], [count(array_unique($heard[1])), substr_count($output, "\n")]);
same([], array_diff($heard[1], $ended[1]));
