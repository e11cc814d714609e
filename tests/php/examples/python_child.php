<?php
// examples/php/python_child.php: a Python program answers through the pipe.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same([0, "Python: hello world\nthe child has ended with code 0\n"], example('python_child'));
