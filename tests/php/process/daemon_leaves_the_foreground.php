<?php
// daemon(): the starting process ends with 0, the daemon is in a session of its own. With both arguments false it is in / and prints nowhere; the pipes may be given.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach ([[[], true, TEST_DIR], [[false, false], false, '/'], [[true, false], false, TEST_DIR]] as $n => [$arguments, $prints, $directory]) {
    [$code, $output] = script('
        chdir(' . var_export(TEST_DIR, true) . ');
        $file = ' . var_export(tmp("daemon-$n"), true) . ';
        $before = getmypid();
        if (!Swoole\Process::daemon(...' . var_export($arguments, true) . ')) exit(3);
        echo "printed by the daemon\n";
        file_put_contents("$file.new", json_encode([getmypid() !== $before, posix_getsid(0) !== ' . posix_getsid(0) . ', getcwd()]));
        rename("$file.new", $file);
    ');
    same(0, $code);
    eventually(fn () => file_exists(tmp("daemon-$n")), 'the daemon writes');
    same([true, true, $directory], json_decode(file_get_contents(tmp("daemon-$n")), true));
    if (!$prints) {
        same('', $output);
    }
}
[$code] = script('
    $out = fopen(' . var_export(tmp('printed'), true) . ', "w");
    Swoole\Process::daemon(true, false, [null, $out, $out]);
    echo "to the file";
');
same(0, $code);
eventually(fn () => file_get_contents(tmp('printed')) === 'to the file', 'what it prints is in the file');
