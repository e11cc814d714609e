<?php
// Options that mean something in other builds only, and debug_mode: no warning.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

$options = ['debug_mode' => 1, 'enable_coroutine' => true, 'max_coroutine' => 100, 'max_coro_num' => 100, 'hook_flags' => 1, 'task_enable_coroutine' => false,
    'task_use_object' => true, 'task_object' => true, 'start_session_id' => 1, 'bootstrap' => 'x', 'init_arguments' => [], 'c_stack_size' => 1,
    'aio_core_worker_num' => 1, 'aio_worker_num' => 1, 'aio_max_wait_time' => 1, 'aio_max_idle_time' => 1, 'dns_server' => '127.0.0.1',
    'socket_dns_timeout' => 1, 'socket_connect_timeout' => 1, 'socket_read_timeout' => 1, 'socket_write_timeout' => 1,
    'enable_deadlock_check' => true, 'enable_preemptive_scheduler' => true];
foreach ($options as $name => $value) {
    $server = new Swoole\Server('127.0.0.1', 0, MODE);
    same([true, []], warnings(fn () => $server->set([$name => $value])), $name);
    unset($server);
}
