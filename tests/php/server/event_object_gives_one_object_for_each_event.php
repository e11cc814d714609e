<?php
// event_object: the arguments come as one object with named properties.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serve(function (Swoole\Server $server) {
    $server->set(['event_object' => true]);
    $datagrams = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $server->on('connect', fn ($server, $event) => note('connect', get_class($event), $event->fd, $event->reactor_id));
    $server->on('receive', function ($server, $event) {
        note('receive', get_class($event), $event->fd, $event->data, $event->dispatch_time);
        $server->send($event->fd, $event->data);
    });
    $server->on('close', fn ($server, $event) => note('close', get_class($event), $event->fd));
    $server->on('packet', function ($server, $packet) {
        note('packet', get_class($packet), $packet->address, $packet->server_port, $packet->data);
        $server->sendto($packet->address, $packet->port, $packet->data);
    });
    $server->on('workerError', fn ($server, $info) => note('error', get_class($info), $info->worker_id, $info->worker_pid, $info->exit_code, $info->signal));
});
$srv->allow('/worker/i');
$client = $srv->connect(0);
same('hello', $client->ask('hello'));
same('datagram', $srv->connect(1)->askPacket('datagram'));
[$class, $fd] = $srv->await('connect');
same('Swoole\Server\Event', $class);
[$class, $of, $data, $time] = $srv->await('receive');
same(['Swoole\Server\Event', $fd, 'hello'], [$class, $of, $data]);
between(time() - 60, time() + 1, $time, 'dispatch_time');
$client->close();
same(['Swoole\Server\Event', $fd], $srv->await('close'));
same(['Swoole\Server\Packet', '127.0.0.1', $srv->ports[1][1], 'datagram'], $srv->await('packet'));
$worker = $srv->worker(1);
posix_kill($worker, SIGKILL);
same(['Swoole\Server\StatusInfo', 1, $worker, 0, SIGKILL], $srv->await('error'));
$srv->stop();
