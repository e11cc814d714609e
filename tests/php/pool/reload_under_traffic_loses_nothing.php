<?php
// Messages that come while workers are replaced are all handled, each once: from connections, a queue, and among workers.
// mode: any
// php: -d extension=sysvmsg
require __DIR__ . '/../../support/php/bootstrap.php';

$handles = ['message' => fn ($pool, $data) => file_put_contents(tmp("got-$data"), 'x', FILE_APPEND) && $pool->write($data)];
$reloads = function (Srv $srv, int $so_far, int $workers): void {
    $srv->signal(SIGUSR1);
    $srv->await('ready', $so_far + $workers);
};
// Connections: each brings ten messages and waits for each answer.
$port = freePort();
$srv = pool($handles, 2, SWOOLE_IPC_SOCKET, more: fn ($pool) => $pool->listen('127.0.0.1', $port));
$clients = new Sibling(function (Sibling $test) use ($port) {
    for ($n = 0; $n < 1000 && !file_exists(tmp('enough')); $n++) {
        $client = new Client("tcp://127.0.0.1:$port");
        $text = "c$n";
        $client->write(pack('N', strlen($text)) . $text);
        same(pack('N', strlen($text)) . $text, $client->read(4 + strlen($text)));
        $client->close();
        $n === 10 && $test->say('under way');
    }
    return $n;
});
same('under way', $clients->hear());
for ($n = 1; $n <= 5; $n++) {
    $reloads($srv, 2 * $n, 2);
}
touch(tmp('enough'));
$answered = $clients->result();
same($answered, count(glob(tmp('got-c*'))));
same(str_repeat('x', $answered), implode('', array_map(file_get_contents(...), glob(tmp('got-c*')))), 'each once');
$srv->stop();

// A queue.
$handles['message'] = fn ($pool, $data) => file_put_contents(tmp("got-$data"), 'x', FILE_APPEND);
$key = random_int(1, 0x7fffffff);
$srv = pool($handles, 2, SWOOLE_IPC_MSGQUEUE, $key);
try {
    $pusher = new Sibling(function () use ($key) {
        $queue = msg_get_queue($key);
        for ($n = 0; $n < 2000; $n++) {
            msg_send($queue, 1, "q$n", false);
        }
    });
    for ($n = 1; $n <= 5; $n++) {
        $reloads($srv, 2 * $n, 2);
    }
    $pusher->result();
    $got = fn () => array_map(file_get_contents(...), glob(tmp('got-q*')));
    eventually(fn () => count(array_filter($got())) === 2000, 'all 2000 are handled');
    $srv->stop();
    same(['x'], array_values(array_unique($got())), 'each once');
} finally {
    msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key));
}
