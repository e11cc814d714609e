<?php

// A variable of the parent is not shared with its children: each has a copy of its own. A Swoole\Table is.
//   php not_shared.php

class M
{
    public static array $arr = [];
}

// Made before the processes: so all of them have the same one.
$table = new Swoole\Table(1024);
$table->column('pid', Swoole\Table::TYPE_INT);
$table->create();
$count = new Swoole\Atomic();

for ($i = 0; $i < 5; $i++) {
    $process = new Swoole\Process(function () use ($table, $count, $i) {
        if (empty(M::$arr)) {
            echo "global M::arr empty~\n"; // for each of them, whatever the others have put in
        }
        M::$arr[] = getmypid();
        $table->set("child $i", ['pid' => getmypid()]);
        $count->add();
    }, false, Swoole\Process::PIPE_TYPE_NONE);
    $process->start();
}

while ($ret = Swoole\Process::wait()) {
    echo "child process exit~ pid = {$ret['pid']}\n";
}

echo 'in the variable: ', count(M::$arr), "\n";
echo 'in the table: ', count($table), "\n";
echo 'counted: ', $count->get(), "\n";
foreach ($table as $name => $row) {
    echo "$name had process number {$row['pid']}\n";
}
