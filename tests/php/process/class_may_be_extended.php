<?php
// A class of one's own may extend Swoole\Process; the function gets that object.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

final class Counter extends swoole_process
{
    public int $count = 0;

    public function __construct(private int $by)
    {
        parent::__construct([$this, 'run']);
    }

    public function run(self $process): void
    {
        same($this, $process);
        $this->write((string) ($this->count += $this->by));
    }
}
$counter = new Counter(5);
$counter->start();
same('5', $counter->read());
same(0, Swoole\Process::wait()['code']);
same(0, $counter->count, 'what the child counts is its own');
