<?php
// Inside its own callback a descriptor may be deleted, deleted and closed, deleted and added again; and so may others that are
// ready in the same turn: they are not called any more.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$pair = fn () => stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$ran = [];
[$a, $aa] = $pair();
[$b, $bb] = $pair();
[$c, $cc] = $pair();
foreach ([$aa, $bb, $cc] as $end) {
    fwrite($end, 'x');
}
swoole_event_add($a, function ($a) use (&$ran) {
    $ran[] = 'deleted';
    swoole_event_del($a);
});
swoole_event_add($b, function ($b) use (&$ran) {
    $ran[] = 'closed';
    swoole_event_del($b);
    fclose($b);
});
swoole_event_add($c, function ($c) use (&$ran) {
    $ran[] = 'replaced';
    swoole_event_del($c);
    swoole_event_add($c, function ($c) use (&$ran) {
        $ran[] = 'added again ' . fread($c, 10);
        swoole_event_del($c);
    });
});
loop();
sort($ran);
same(['added again x', 'closed', 'deleted', 'replaced'], $ran);

// Whoever comes first takes all others away.
$all = $ends = $ran = [];
for ($n = 0; $n < 20; $n++) {
    [$all[$n], $ends[$n]] = $pair();
    fwrite($ends[$n], 'x');
    swoole_event_add($all[$n], function () use ($n, &$all, &$ran) {
        $ran[] = $n;
        array_map('swoole_event_del', $all);
        array_map('fclose', $all);
    });
}
loop();
same(1, count($ran), 'callbacks of twenty that were ready');
