<?php
// kernel_socket_recv_buffer_size and kernel_socket_send_buffer_size reach the sockets of a port.
require __DIR__ . '/../../support/php/bootstrap.php';

$server = inChild(function () {
    $server = new Swoole\Server('127.0.0.1', 0, MODE, SWOOLE_SOCK_UDP);
    $server->set(['worker_num' => 1, 'kernel_socket_recv_buffer_size' => 40000, 'kernel_socket_send_buffer_size' => 30000]);
    $server->on('packet', fn () => null);
    $server->on('workerStart', function ($server) {
        $socket = $server->getSocket();
        echo json_encode([socket_get_option($socket, SOL_SOCKET, SO_RCVBUF), socket_get_option($socket, SOL_SOCKET, SO_SNDBUF)]);
        $server->shutdown();
    });
    $server->start();
});
same([0, '[80000,60000]'], $server); // the kernel shows the double
