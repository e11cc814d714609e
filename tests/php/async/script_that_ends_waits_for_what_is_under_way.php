<?php
// A script whose last line is over still gets its callbacks; nothing has to wait by itself.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    swoole_async_writefile("' . tmp('written') . '", "content", fn () => print "written\n");
    swoole_async::exec("sleep 0.05; echo done", fn ($output) => print $output);
    echo "last line\n";');
same([0, "last line\nwritten\ndone\n"], [$code, $output]);
same('content', file_get_contents(tmp('written')));
