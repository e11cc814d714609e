<?php

// A web server that leaves its terminal and is told by signals what to do.
//   php daemon_server.php          starts it in the background
//   php daemon_server.php status   says whether it runs
//   php daemon_server.php stop     ends it, and waits until it has ended
// PORT and PID_FILE in the environment say where.

class DaemonServer
{
    private const ANSWER = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nHi";
    private $server;

    public function __construct(private int $port, private string $pidFile)
    {
    }

    public function command(?string $command): int
    {
        return match ($command) {
            null, 'start' => $this->start(),
            'status' => $this->status(),
            'stop' => $this->stop(),
            default => $this->say("usage: php daemon_server.php [start|status|stop]", 2),
        };
    }

    private function start(): int
    {
        if ($pid = $this->pid()) {
            return $this->say("it runs already, as process $pid", 1);
        }
        // In the foreground still, so that whoever starts it sees what is wrong.
        $this->server = @stream_socket_server("tcp://127.0.0.1:$this->port", $number, $reason);
        if (!$this->server) {
            return $this->say("cannot listen on port $this->port: $reason", 1);
        }
        // Before anything is put into the loop: a forked process begins with an empty one.
        if (!$this->leaveTerminal()) {
            return 0;
        }
        file_put_contents($this->pidFile, getmypid());
        swoole_process::signal(SIGTERM, [$this, 'end']);
        swoole_event_add($this->server, [$this, 'accept']);
        swoole_event_wait();
        unlink($this->pidFile);
        return 0;
    }

    /** True in the daemon, false in the process that was started. */
    private function leaveTerminal(): bool
    {
        [$daemon, $starter] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        if (pcntl_fork() > 0) {
            fclose($daemon);
            fgets($starter); // until the daemon has written its pid: a stop right after this finds it
            return false;
        }
        posix_setsid();           // a session of its own, without a terminal
        if (pcntl_fork() > 0) {
            exit(0);              // who stays is not the leader of the session, and never gets a terminal again
        }
        umask(0);
        chdir('/');
        foreach ([STDIN, STDOUT, STDERR] as $stream) {
            fclose($stream);
        }
        // The lowest free descriptors: these become 0, 1 and 2.
        $GLOBALS['standard'] = [fopen('/dev/null', 'r'), fopen('/dev/null', 'w'), fopen('/dev/null', 'w')];
        file_put_contents($this->pidFile, getmypid());
        fclose($starter);
        fwrite($daemon, "ready\n");
        fclose($daemon);
        return true;
    }

    public function accept($server): void
    {
        $connection = @stream_socket_accept($server, 0);
        $connection && swoole_event_add($connection, function ($connection) {
            fread($connection, 65536) !== '' && swoole_event_write($connection, self::ANSWER);
            swoole_event_del($connection);
            fclose($connection);
        });
    }

    /** SIGTERM: takes nobody any more; the loop, and with it the process, ends when those who are there have their answers. */
    public function end(): void
    {
        swoole_process::signal(SIGTERM, null);
        swoole_event_del($this->server);
        fclose($this->server);
    }

    private function status(): int
    {
        return ($pid = $this->pid()) ? $this->say("it runs as process $pid", 0) : $this->say('it does not run', 3);
    }

    private function stop(): int
    {
        $pid = $this->pid();
        if (!$pid) {
            return $this->say('it does not run', 1);
        }
        posix_kill($pid, SIGTERM);
        // Its file goes before it does.
        for ($tries = 0; $tries < 500 && posix_kill($pid, 0); $tries++) {
            usleep(10_000);
        }
        return posix_kill($pid, 0) ? $this->say("process $pid does not end", 1) : $this->say('ended', 0);
    }

    /** The process that runs, 0 if none does. The file alone proves nothing: its process may have been killed. */
    private function pid(): int
    {
        $pid = (int) @file_get_contents($this->pidFile);
        return $pid > 0 && posix_kill($pid, 0) ? $pid : 0;
    }

    private function say(string $text, int $code): int
    {
        echo "$text\n";
        return $code;
    }
}

$server = new DaemonServer((int) (getenv('PORT') ?: 8080), getenv('PID_FILE') ?: sys_get_temp_dir() . '/daemon_server.pid');
exit($server->command($argv[1] ?? null));
