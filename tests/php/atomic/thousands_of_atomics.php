<?php
// Thousands of atomics are separate, also those made by children and after other ones are gone, and take little memory.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$mappings = fn () => substr_count(file_get_contents('/proc/self/maps'), "\n");
$before = $mappings();
$atomics = array_map(fn ($n) => $n % 2 ? new Swoole\Atomic($n) : new Swoole\Atomic\Long($n), range(0, 9999));
for ($n = 0; $n < 10_000; $n += 3) {
    unset($atomics[$n]);
}
$more = array_map(fn ($n) => new Swoole\Atomic($n), range(0, 999));
together(2, function (int $number) use ($atomics) {
    $own = array_map(fn ($n) => new Swoole\Atomic($n), range(0, 499)); // made after the fork: this process's only
    foreach ($atomics as $n => $atomic) {
        $atomic->add();
    }
    foreach ($own as $n => $atomic) {
        same($n, $atomic->get());
        $atomic->set(77);
    }
});
foreach ($atomics as $n => $atomic) {
    same($n + 2, $atomic->get());
}
foreach ($more as $n => $atomic) {
    same($n, $atomic->get());
}
between(0, 120, $mappings() - $before, 'mappings');
$atomics = $more = $atomic = null;
between(-100, 15, $mappings() - $before, 'mappings when they are gone');
