<?php
// Values that many processes push are popped by many others, each once, those of one sender in order.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$channel = new Swoole\Channel(20_000);
$done = new Swoole\Atomic();
[$senders, $values] = [3, 3000];
$results = together(5, function (int $number) use ($channel, $senders, $values) {
    if ($number < $senders) {
        for ($n = 0; $n < $values;) {
            $channel->push([$number, $n, str_repeat('x', $n % 300)]) ? $n++ : usleep(50); // time: until there is room
        }
        return [];
    }
    $got = [];
    for ($end = microtime(true) + PATIENCE; microtime(true) < $end;) {
        $value = $channel->pop();
        if ($value === false) {
            if ($GLOBALS['done']->get() === $senders * $values) {
                break;
            }
            usleep(50); // time: until there is something
            continue;
        }
        [$sender, $n, $text] = $value;
        same(str_repeat('x', $n % 300), $text);
        $got[$sender][] = $n;
        $GLOBALS['done']->add();
    }
    return $got;
});
$all = [];
foreach ($results as $got) {
    foreach ($got as $sender => $numbers) {
        for ($n = 1; $n < count($numbers); $n++) {
            ok($numbers[$n] > $numbers[$n - 1], "values of $sender come in order");
        }
        $all[$sender] = array_merge($all[$sender] ?? [], $numbers);
    }
}
ksort($all);
foreach ($all as $sender => $numbers) {
    sort($numbers);
    same(range(0, $values - 1), $numbers, "all of $sender, each once");
}
same(['queue_num' => 0, 'queue_bytes' => 0], $channel->stats());
