<?php

// A table in shared memory: rows that several processes read and write at once, counted and walked through.
//   php table.php

$table = new swoole_table(1024);
$table->column('id', swoole_table::TYPE_INT);
$table->column('name', swoole_table::TYPE_STRING, 64);
$table->column('score', swoole_table::TYPE_FLOAT);
$table->create();

$table->set('tianfenghan', ['id' => 145, 'name' => 'rango', 'score' => 3.5]);
$table->set('350749960', ['id' => 358, 'name' => 'Rango1234']);
$table['hello'] = ['id' => 189, 'name' => 'rango3125', 'score' => 3.25];

// Other processes see the same rows, and no lock of yours is needed: each call is one step for everybody else.
for ($i = 0; $i < 4; $i++) {
    $process = new swoole_process(function () use ($table) {
        for ($n = 0; $n < 10_000; $n++) {
            $table->incr('tianfenghan', 'score', 0.5);
            $table->incr('visits', 'id');
        }
    }, false, 0);
    $process->start();
}
while (swoole_process::wait()) {
}

echo "score: {$table->get('tianfenghan', 'score')}, visits: {$table['visits']['id']}\n";

$table->del('350749960');
foreach ($table as $key => $row) {
    echo "$key: {$row['id']}, {$row['name']}, {$row['score']}\n";
}
echo count($table), " rows\n";

// Nothing is cut off: what does not fit is refused, and the row stays as it was.
if (!@$table->set('hello', ['name' => str_repeat('x', 65)])) {
    echo "refused: {$table->get('hello', 'name')} keeps its name\n";
}
