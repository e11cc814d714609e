<?php
// destroy() ends the table for this process: later calls are refused. The memory of tables that are gone is given back.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(64, ['n' => 'int']);
$table['k'] = ['n' => 1];
$other = new Sibling(function (Sibling $test) use ($table) {
    $test->say('has it');
    $test->hear();
    return [$table->get('k', 'n'), $table->set('k2', ['n' => 2])];
});
same('has it', $other->hear());
same(true, $table->destroy());
foreach ([fn () => $table->get('k'), fn () => $table->set('k', ['n' => 1]), fn () => $table->destroy()] as $action) {
    [$answer, $warnings] = warnings($action);
    same([false, 1], [$answer, count($warnings)]);
}
$other->say('go on');
same([1, true], $other->result(), 'other processes have it still');

$mappings = fn () => substr_count(file_get_contents('/proc/self/maps'), "\n");
$before = null;
for ($n = 0; $n < 300; $n++) {
    $gone = table(1000, ['n' => 'int']);
    $gone['k'] = ['n' => 1];
    unset($gone);
    $n === 10 && $before = $mappings();
}
between(-50, 20, $mappings() - $before, 'mappings more after 290 tables');
