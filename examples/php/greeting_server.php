<?php

// A server held by an object, whose methods are the callbacks.

class GreetingServer
{
    private $server;

    public function __construct(int $port)
    {
        $this->server = new swoole_server('0.0.0.0', $port);
        $this->server->set([
            'worker_num' => 8,
            'daemonize' => 0,
            'max_request' => 10000, // a worker is replaced after that many messages
            'dispatch_mode' => 2,   // a connection stays with its worker
            'debug_mode' => 1,      // an old option: accepted, means nothing
        ]);
        $this->server->on('Start', [$this, 'onStart']);
        $this->server->on('Connect', [$this, 'onConnect']);
        $this->server->on('Receive', [$this, 'onReceive']);
        $this->server->on('Close', [$this, 'onClose']);
        $this->server->start();
    }

    public function onStart($server)
    {
        echo "started on port $server->port\n";
    }

    public function onConnect($server, $fd, $fromId)
    {
        $server->send($fd, "Hello $fd!");
    }

    public function onReceive(swoole_server $server, $fd, $fromId, $data)
    {
        echo "client $fd says: $data\n";
    }

    public function onClose($server, $fd, $fromId)
    {
        echo "client $fd left\n";
    }
}

new GreetingServer((int) (getenv('SWOOLE_PORT') ?: 9501));
