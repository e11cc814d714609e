<?php
// Rows of three columns in a Swoole\Table and in an ArrayObject, which each loop calls with the same keys and the same rows. Loops that are
// compared take turns, a tenth of the keys each, so that what the machine does meanwhile hits them all. Prints, as JSON,
// nanoseconds of CPU time per call for each round; and how many rows a second one process sets, and two at once on different
// rows. Arguments: rounds, rows.
[, $rounds, $rows] = array_map('intval', $argv);

$table = new Swoole\Table($rows);
$table->column('id', Swoole\Table::TYPE_INT, 8);
$table->column('score', Swoole\Table::TYPE_FLOAT);
$table->column('name', Swoole\Table::TYPE_STRING, 32);
$table->create() or exit("there is no table\n");
$object = new ArrayObject();

$keys = $names = [];
for ($i = 0; $i < $rows; $i++) {
    $keys[] = "user:$i";
    $names[] = "name of $i";
}
mt_srand(1);
shuffle($keys);

$cpu = function () {
    $used = getrusage();
    return ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) * 1e9 + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) * 1e3;
};
$loops = [
    [
        'offsetSet' => function (array $keys, array $names) use ($object) {
            foreach ($keys as $i => $key) {
                $object->offsetSet($key, ['id' => $i, 'score' => $i * 0.5, 'name' => $names[$i]]);
            }
        },
        'set' => function (array $keys, array $names) use ($table) {
            foreach ($keys as $i => $key) {
                $table->set($key, ['id' => $i, 'score' => $i * 0.5, 'name' => $names[$i]]);
            }
        },
    ],
    [
        'offsetGet' => function (array $keys, array $names) use ($object) {
            foreach ($keys as $key) {
                $row = $object->offsetGet($key);
            }
        },
        'get' => function (array $keys, array $names) use ($table) {
            foreach ($keys as $key) {
                $row = $table->get($key);
            }
        },
    ],
    [
        'offsetExists' => function (array $keys, array $names) use ($object) {
            foreach ($keys as $key) {
                $object->offsetExists($key);
            }
        },
        'exist' => function (array $keys, array $names) use ($table) {
            foreach ($keys as $key) {
                $table->exist($key);
            }
        },
        'get of a field' => function (array $keys, array $names) use ($table) {
            foreach ($keys as $key) {
                $table->get($key, 'id');
            }
        },
        'incr' => function (array $keys, array $names) use ($table) {
            foreach ($keys as $key) {
                $table->incr($key, 'id');
            }
        },
    ],
];

/** Has processes set rows, each its own part of them, so often; rows a second, all together. */
$together = function (int $processes, int $times) use ($table, $keys, $names): float {
    $ready = new Swoole\Atomic();
    $begin = new Swoole\Atomic();
    $part = intdiv(count($keys), 2);
    $children = [];
    for ($p = 0; $p < $processes; $p++) {
        $children[] = $child = new Swoole\Process(function (Swoole\Process $self) use ($p, $part, $times, $table, $keys, $names, $ready, $begin) {
            $own = array_slice($keys, $p * $part, $part);
            $ready->add();
            while ($begin->get() === 0) {
                usleep(50);
            }
            $begun = hrtime(true);
            for ($n = 0; $n < $times; $n++) {
                foreach ($own as $i => $key) {
                    $table->set($key, ['id' => $i, 'score' => $i * 0.5, 'name' => $names[$i]]);
                }
            }
            $self->write(pack('PP', $begun, hrtime(true)));
        });
        $child->start();
    }
    while ($ready->get() < $processes) {
        usleep(50);
    }
    $begin->set(1);
    $first = $last = null;
    foreach ($children as $child) {
        [, $from, $to] = unpack('P2', $child->read());
        $first = min($first ?? $from, $from);
        $last = max($last ?? $to, $to);
        Swoole\Process::wait();
    }
    return $processes * $times * $part / (($last - $first) / 1e9);
};

$parts = array_map(null, array_chunk($keys, intdiv($rows, 10)), array_chunk($names, intdiv($rows, 10)));

/** Has these loops go through all keys by turns, at no time through the same: no loop finds in the caches what another one has just looked at. Nanoseconds of each. */
$pass = function (array $loops) use ($parts, $cpu): array {
    $used = array_fill_keys(array_keys($loops), 0);
    foreach (array_keys($parts) as $turn) {
        foreach (array_keys($loops) as $number => $name) {
            [$keys, $names] = $parts[($turn + 3 * $number) % count($parts)];
            $loop = $loops[$name];
            $begun = $cpu();
            $loop($keys, $names);
            $used[$name] += $cpu() - $begun;
        }
    }
    return $used;
};

array_map($pass, $loops); // fills and warms; not counted
$measured = [];
for ($round = 0; $round < $rounds; $round++) {
    $found = [];
    foreach ($loops as $compared) {
        $compared = $round % 2 ? array_reverse($compared) : $compared;
        $pass($compared); // the caches then hold what these loops read, and not what the last ones did
        foreach ([$pass($compared), $pass($compared)] as $used) {
            foreach ($used as $name => $nanoseconds) {
                $found[$name] = ($found[$name] ?? 0) + $nanoseconds / $rows / 2;
            }
        }
    }
    // Which of them comes first alternates.
    foreach ($round % 2 ? [2, 1] : [1, 2] as $processes) {
        $found["$processes at once"] = $together($processes, 20);
    }
    $measured[] = $found;
}
if (count($table) !== $rows || count($object) !== $rows) {
    exit("there were not $rows rows in each\n");
}
echo json_encode($measured), "\n";
