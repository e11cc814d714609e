<?php

// Takes mails over TCP and sends them in the background of whoever hands them in: one JSON object a
// connection or line, {"address": "...", "subject": "...", "body": "..."}. Here "sending" is a file in
// a spool directory; put your mail library into sendMail().

class MailServer
{
    private $server;

    public function __construct(int $port, private string $spool)
    {
        $this->server = new swoole_server('0.0.0.0', $port);
        $this->server->set([
            'worker_num' => 8,
            'daemonize' => false,
            'max_request' => 100000,
            'dispatch_mode' => 2,
            'debug_mode' => 1,
        ]);
        $this->server->on('Start', [$this, 'onStart']);
        $this->server->on('Connect', [$this, 'onConnect']);
        $this->server->on('Receive', [$this, 'onReceive']);
        $this->server->on('Close', [$this, 'onClose']);
    }

    public function run(): bool
    {
        return $this->server->start();
    }

    public function onStart($server)
    {
        echo "mail server on port $server->port, spool $this->spool\n";
    }

    public function onConnect($server, $fd, $fromId)
    {
    }

    public function onReceive(swoole_server $server, $fd, $fromId, $data)
    {
        $mail = json_decode($data, true);
        if (!isset($mail['address'], $mail['subject'], $mail['body'])) {
            $server->send($fd, "a mail needs address, subject and body\n");
            return;
        }
        $sent = $this->sendMail($mail['address'], $mail['subject'], $mail['body']);
        $server->send($fd, "$sent sent\n");
        printf("%s mail is sent.\n", $sent);
    }

    public function onClose($server, $fd, $fromId)
    {
    }

    private function sendMail(string $address, string $subject, string $body): int
    {
        is_dir($this->spool) || mkdir($this->spool, 0700, true);
        $file = tempnam($this->spool, 'mail');
        return file_put_contents($file, "To: $address\nSubject: $subject\n\n$body\n") ? 1 : 0;
    }
}

(new MailServer((int) (getenv('SWOOLE_PORT') ?: 9501), getenv('SPOOL') ?: sys_get_temp_dir() . '/mail-spool'))->run();
