<?php
// A table that was not created yet refuses with a warning, and columns cannot be added to one that was.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = new Swoole\Table(8);
$uses = [
    fn () => $table->set('k', ['n' => 1]), fn () => $table->get('k'), fn () => $table->exist('k'), fn () => $table->del('k'), fn () => $table->incr('k', 'n'),
    fn () => $table->stats(), fn () => $table['k'] = ['n' => 1], fn () => isset($table['k']),
];
foreach ($uses as $n => $use) {
    [$answer, $warnings] = warnings(function () use ($use, &$thrown) {
        $thrown = null;
        try {
            return $use();
        } catch (Swoole\Exception | Error $thrown) {
            return false;
        }
    });
    $told = $thrown ? $thrown->getMessage() : ($warnings[0] ?? "use $n: nothing is told");
    contains('create()', $told);
}
refusedBy(null, fn () => $table->create(), 'column');
same(true, $table->column('n', Swoole\Table::TYPE_INT));
same(true, $table->create());
refusedBy($table, fn () => $table->column('m', Swoole\Table::TYPE_INT), 'create()');
refusedBy($table, fn () => $table->create(), 'create');
same(true, $table->set('k', ['n' => 1]));
