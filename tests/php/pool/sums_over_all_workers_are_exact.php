<?php
// Workers of a pool count in a table, an atomic and a lock-guarded file that were made before the start; the sums are exact.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$workers, $messages] = [4, 1000];
$table = new Swoole\Table(64);
$table->column('sum', Swoole\Table::TYPE_INT, 8);
$table->create();
$atomic = new Swoole\Atomic(0);
$lock = new Swoole\Lock(SWOOLE_MUTEX);
file_put_contents(tmp('sum'), '0');
$srv = pool([
    'start' => function ($pool) use ($workers, $messages) {
        $n = 0;
        swoole_timer_tick(1, function ($timer) use ($pool, &$n, $workers, $messages) {
            for ($many = 0; $many < 50 && $n < $messages; $many++) {
                $n++;
                $pool->sendMessage((string) $n, $n % $workers);
            }
            $n === $messages && swoole_timer_clear($timer);
        });
    },
    'message' => function ($pool, $data) use ($table, $atomic, $lock, $messages) {
        $table->incr('all', 'sum', (int) $data);
        $lock->lock();
        file_put_contents(tmp('sum'), (int) file_get_contents(tmp('sum')) + (int) $data);
        $lock->unlock();
        $atomic->add() === $messages && note('done');
    },
], $workers, SWOOLE_IPC_UNIXSOCK);
$srv->await('done');
$wanted = array_sum(range(1, $messages));
same([$wanted, $wanted, $messages], [$table->get('all', 'sum'), (int) file_get_contents(tmp('sum')), $atomic->get()]);
$srv->stop();
