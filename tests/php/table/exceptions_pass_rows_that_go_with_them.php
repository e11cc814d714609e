<?php
// An exception, or exit, that ends a function which has the last reference to a row and its table goes on: nothing takes it for the row's own.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

function leave(callable $how): never
{
    $table = table(8, ['n' => 'int']);
    $table->set('a', ['n' => 1]);
    $row = $table['a'];
    $how();
}

throws(LogicException::class, fn () => leave(fn () => throw new LogicException('thrown')));

[$code, $output] = script('
    function leave(): void
    {
        $table = new Swoole\Table(8);
        $table->column("n", Swoole\Table::TYPE_INT);
        $table->create();
        $table->set("a", ["n" => 1]);
        $row = $table["a"];
        exit(7);
    }
    register_shutdown_function(fn () => print "shutdown");
    leave();
    echo "not reached";
');
same([7, 'shutdown'], [$code, $output]);
