<?php
// A stats_file that can no longer be written is told once and not every second, and is written again when that is possible.
require __DIR__ . '/../../support/php/bootstrap.php';

mkdir(tmp('here'));
$srv = serve(function (Swoole\Server $server) {
    $server->set(['stats_file' => tmp('here/stats')]);
    echoes($server);
});
eventually(fn () => file_exists(tmp('here/stats')), 'the file is there');
rename(tmp('here'), tmp('away'));
$srv->expect('~cannot write the stats_file~');
sleep(2); // time: it must not be told again each second
same(1, preg_match_all('~cannot write the stats_file~', $srv->output()), 'complaints');
rename(tmp('away'), tmp('here'));
eventually(fn () => str_contains($srv->output(), 'is written again'), 'its recovery is told');
$srv->stop();
