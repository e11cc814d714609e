<?php
// The same as bench/minimal_client.c, with this project's event-driven client. Arguments: port, connections, how many of them may
// wait for their answer at once, bytes of a message.
[, $port, $total, $unanswered, $bytes] = array_map('intval', $argv);
$message = str_repeat('x', $bytes);
$clients = [];
$answered = $closed = 0;

$events = [
    'connect' => function ($client) use ($message) {
        $client->send($message);
    },
    'receive' => function ($client, $data) use (&$open, &$answered, &$clients, $message, $total) {
        if ($data !== $message) {
            exit("a wrong answer of " . strlen($data) . " bytes\n");
        }
        $answered++;
        if (count($clients) < $total) {
            $open();
        } elseif ($answered === $total) {
            foreach ($clients as $one) {
                $one->close();
            }
        }
    },
    'error' => function ($client) {
        exit("cannot connect: " . swoole_strerror($client->errCode) . "\n");
    },
    'close' => function () use (&$closed) {
        $closed++;
    },
];
$open = function () use (&$clients, $events, $port) {
    $clients[] = $client = new Swoole\Client(SWOOLE_SOCK_TCP, SWOOLE_SOCK_ASYNC);
    foreach ($events as $event => $callback) {
        $client->on($event, $callback);
    }
    $client->connect('127.0.0.1', $port);
};
$cpu = function () {
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'] + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
};

$begun = hrtime(true);
$before = $cpu();
for ($i = 0; $i < min($unanswered, $total); $i++) {
    $open();
}
swoole_event_wait();
if ($answered !== $total || $closed !== $total) {
    exit("$answered of $total were answered, $closed closed\n");
}
printf("{\"wall\": %.6f, \"cpu\": %.6f}\n", (hrtime(true) - $begun) / 1e9, $cpu() - $before);
