<?php
// PHP's own stream_select() ends at descriptor 1,024; swoole_select() does not.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$all = $ends = [];
for ($n = 0; $n < 1500; $n++) {
    [$all["s$n"], $ends[]] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
}
foreach ([0, 700, 1499] as $n) {
    fwrite($ends[$n], 'x');
}
[$read, $none] = [$all, null];
same(3, swoole_select($read, $none, $none, 5));
same(['s0', 's700', 's1499'], array_keys($read));
