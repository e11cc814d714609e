<?php
declare(strict_types=1);

/**
 * A mail server for tests, strict about RFC 5321. What it took is in mails(). It refuses the recipients
 * "nobody@...", hangs up on "crash@...", and keeps "slow@..." waiting until the test made the file tmp('mail').
 */
final class SmtpServer
{
    public readonly int $port;
    private readonly int $pid;

    public function __construct()
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) explode(':', stream_socket_get_name($socket, false))[1];
        $this->pid = pcntl_fork();
        if ($this->pid === 0) {
            $this->serve($socket);
        }
        fclose($socket);
    }

    /** @return list<array{from: string, to: list<string>, data: string}> */
    public function mails(): array
    {
        return array_map(fn ($file) => unserialize(file_get_contents($file)), glob(tmp('mail-*')));
    }

    /** What clients did that the protocol forbids. */
    public function mistakes(): string
    {
        return (string) @file_get_contents(tmp('mistakes'));
    }

    public function stop(): void
    {
        posix_kill($this->pid, SIGKILL);
        pcntl_waitpid($this->pid, $status);
    }

    private function serve($socket): never
    {
        restore_error_handler();
        pcntl_signal(SIGCHLD, SIG_IGN);
        while (true) {
            $connection = @stream_socket_accept($socket, 3600);
            if ($connection === false) {
                continue;
            }
            if (pcntl_fork() === 0) {
                fclose($socket);
                $this->talk($connection);
                exit(0);
            }
            fclose($connection);
        }
    }

    private function talk($connection): void
    {
        stream_set_timeout($connection, (int) PATIENCE);
        $say = fn (string $line) => fwrite($connection, "$line\r\n");
        $mail = ['from' => null, 'to' => []];
        $say('220 mail.example.org ready');
        while (($line = $this->line($connection)) !== null) {
            if (preg_match('/^EHLO \S+$/', $line)) {
                $say("250-mail.example.org greets you\r\n250-8BITMIME\r\n250 HELP");
            } elseif (preg_match('/^MAIL FROM:<([^<>\s]+)>$/', $line, $found)) {
                $mail = ['from' => $found[1], 'to' => []];
                $say('250 OK');
            } elseif ($mail['from'] !== null && preg_match('/^RCPT TO:<((\w+)@[^<>\s]+)>$/', $line, $found)) {
                switch ($found[2]) {
                    case 'nobody':
                        $say('550 no such mailbox');
                        continue 2;
                    case 'crash':
                        return;
                    case 'slow':
                        addLine(tmp('waiting'), $found[1]);
                        holdFor(tmp('mail'));
                }
                $mail['to'][] = $found[1];
                $say('250 OK');
            } elseif ($mail['to'] && $line === 'DATA') {
                $say('354 end with a dot');
                $mail['data'] = '';
                while (($line = $this->line($connection)) !== '.') {
                    if ($line === null) {
                        $this->mistake('the connection ended in a message');
                        return;
                    }
                    // what was doubled on its way
                    $mail['data'] .= (str_starts_with($line, '.') ? substr($line, 1) : $line) . "\r\n";
                }
                file_put_contents(tmp('mail-' . hrtime(true) . '-' . getmypid()), serialize($mail));
                $mail = ['from' => null, 'to' => []];
                $say('250 taken');
            } elseif ($line === 'QUIT') {
                $say('221 bye');
                return;
            } else {
                $this->mistake("unexpected: $line");
                $say('503 bad sequence of commands');
            }
        }
    }

    /** One line without its CR LF; null at the end. */
    private function line($connection): ?string
    {
        $line = fgets($connection);
        if ($line === false) {
            return null;
        }
        str_ends_with($line, "\r\n") || $this->mistake('a line without CR LF: ' . shown($line));
        strlen($line) <= 1000 || $this->mistake('a line of ' . strlen($line) . ' bytes');
        return substr($line, 0, -2);
    }

    private function mistake(string $what): void
    {
        addLine(tmp('mistakes'), $what);
    }
}
