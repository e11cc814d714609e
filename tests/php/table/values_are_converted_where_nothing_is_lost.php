<?php
// Values of other types are converted as PHP does it where nothing is lost; where something would be lost it is refused with the column's name.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$table = table(16, ['i' => 'int', 'f' => 'float', 't' => 16]);
foreach ([['i', '12', 12], ['i', ' 12', 12], ['i', true, 1], ['i', false, 0], ['i', 3.0, 3], ['f', 7, 7.0], ['f', '1.5', 1.5], ['f', true, 1.0], ['t', 12, '12'], ['t', 1.5, '1.5'],
    ['t', true, '1'], ['i', null, 0], ['f', null, 0.0], ['t', null, '']] as [$column, $value, $wanted]) {
    $table->set('k', ['i' => 9, 'f' => 9.0, 't' => 'nine']);
    same([true, []], warnings(fn () => $table->set('k', [$column => $value])), "$column = " . var_export($value, true));
    same($wanted, $table->get('k', $column));
}
$text = new class {
    public function __toString(): string
    {
        return 'as text';
    }
};
same(true, $table->set('k', ['t' => $text]));
same('as text', $table->get('k', 't'));
foreach ([['i', 'abc'], ['i', '12abc'], ['i', ''], ['i', 3.5], ['i', NAN], ['i', [1]], ['i', new stdClass()], ['f', 'x'], ['f', []], ['t', []], ['t', new stdClass()]] as [$column, $value]) {
    refusedBy($table, fn () => $table->set('k', ['t' => 'another', $column => $value]), "\"$column\"");
}
