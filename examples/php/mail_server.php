<?php

// Takes mails over TCP, one JSON object a line, {"address": "...", "subject": "...", "body": "..."}, and sends
// them by SMTP in task workers: a slow mail server keeps no client waiting. Each client is told how its mail went.
//   SMTP=mail.example.org:25 php mail_server.php
//   echo '{"address": "you@example.org", "subject": "Hello", "body": "..."}' | nc 127.0.0.1 9501

class MailServer
{
    private const FROM = 'no-reply@example.org';
    private $server;

    public function __construct(int $port, private string $smtp)
    {
        $this->server = new swoole_server('127.0.0.1', $port);
        $this->server->set([
            'worker_num' => 2,
            'task_worker_num' => 8, // so many mails are sent at the same time
            'task_retry' => 1,      // a mail whose task worker dies is tried once more
            'open_eof_split' => true,
            'package_eof' => "\n",
        ]);
        $this->server->on('Start', [$this, 'onStart']);
        $this->server->on('Receive', [$this, 'onReceive']);
        $this->server->on('Task', [$this, 'onTask']);
        $this->server->on('Finish', [$this, 'onFinish']);
    }

    public function run(): bool
    {
        return $this->server->start();
    }

    public function onStart($server)
    {
        echo "mail server on port $server->port, sends through $this->smtp\n";
    }

    // In a worker: gives the task and is free again.
    public function onReceive(swoole_server $server, $fd, $fromId, $line)
    {
        $mail = json_decode($line, true);
        if (!is_string($mail['address'] ?? null) || !is_string($mail['subject'] ?? null) || !is_string($mail['body'] ?? null)) {
            $server->send($fd, "not sent: a mail needs address, subject and body\n");
        } elseif (!filter_var($mail['address'], FILTER_VALIDATE_EMAIL)) {
            $server->send($fd, "not sent: that is no mail address\n");
        } elseif ($server->task(['fd' => $fd] + $mail) === false) {
            $server->send($fd, "not sent: too many mails are waiting, try again later\n");
        }
    }

    // In a task worker: may take its time.
    public function onTask($server, $taskId, $fromId, $mail)
    {
        try {
            $smtp = new Smtp($this->smtp);
            $smtp->send(self::FROM, $mail['address'], $this->message($mail));
            $result = 'sent';
        } catch (RuntimeException $failed) {
            $result = 'not sent: ' . $failed->getMessage();
        }
        $server->finish([$mail['fd'], "$mail[address] $result"]);
    }

    // In the worker again.
    public function onFinish($server, $taskId, $answer)
    {
        [$fd, $text] = $answer;
        $server->send($fd, "$text\n");
        echo "$text\n";
    }

    private function message(array $mail): string
    {
        // A word of a header has at most 75 bytes, so a long subject is several.
        preg_match_all('/.{1,11}/us', $mail['subject'], $parts);
        $subject = array_map(fn ($part) => '=?UTF-8?B?' . base64_encode($part) . '?=', $parts[0]);
        return implode("\r\n", [
            'Date: ' . date(DATE_RFC2822),
            'From: ' . self::FROM,
            "To: $mail[address]",
            'Subject: ' . implode("\r\n ", $subject),
            'MIME-Version: 1.0',
            'Content-Type: text/plain; charset=UTF-8',
            'Content-Transfer-Encoding: quoted-printable',
            '',
            quoted_printable_encode(preg_replace('/\r\n|\r|\n/', "\r\n", $mail['body'])),
        ]);
    }
}

/** A conversation with a mail server, as RFC 5321 has it. */
class Smtp
{
    private const TIMEOUT = 30; // seconds
    private $connection;

    public function __construct(string $address)
    {
        $this->connection = @stream_socket_client("tcp://$address", $number, $reason, self::TIMEOUT);
        if (!$this->connection) {
            throw new RuntimeException("no connection to $address: $reason");
        }
        stream_set_timeout($this->connection, self::TIMEOUT);
        $this->reply('the greeting', 220);
        $this->say('EHLO ' . gethostname(), 250);
    }

    public function send(string $from, string $to, string $message): void
    {
        $this->say("MAIL FROM:<$from>", 250);
        $this->say("RCPT TO:<$to>", 250, 251);
        $this->say('DATA', 354);
        // A line with nothing but a dot ends the message: lines that begin with one get one more.
        fwrite($this->connection, preg_replace('/^\./m', '..', $message));
        $this->say("\r\n.", 250);
        $this->say('QUIT', 221);
    }

    private function say(string $command, int ...$wanted): void
    {
        fwrite($this->connection, "$command\r\n");
        $this->reply(trim($command), ...$wanted);
    }

    private function reply(string $to, int ...$wanted): void
    {
        do { // "250-SIZE" goes on, "250 HELP" is the last line
            $line = fgets($this->connection);
            if ($line === false) {
                throw new RuntimeException("no answer to $to");
            }
        } while (substr($line, 3, 1) === '-');
        if (!in_array((int) $line, $wanted, true)) {
            throw new RuntimeException(rtrim($line));
        }
    }
}

(new MailServer((int) (getenv('SWOOLE_PORT') ?: 9501), getenv('SMTP') ?: '127.0.0.1:25'))->run();
