<?php
// The child never comes back from start(), not in loops, functions or finally blocks. It ends as a script does: shutdown functions and destructors run in it too.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

[$code, $output] = script('
    final class Leaves {
        public function __construct(private string $name) {}
        public function __destruct() { echo $GLOBALS["who"], ": destructor of $this->name\n"; }
    }
    $who = "parent";
    register_shutdown_function(function () { echo $GLOBALS["who"], ": shutdown\n"; });
    $kept = new Leaves("kept");
    function starts() {
        try {
            foreach ([1, 2] as $n) {
                (new Swoole\Process(function () use ($n) {
                    $GLOBALS["who"] = "child $n";
                    $own = new Leaves("own");
                    echo "child $n: runs\n";
                }))->start();
                Swoole\Process::wait();
            }
        } finally {
            echo $GLOBALS["who"], ": finally\n";
        }
    }
    starts();
    echo "$who: goes on\n";
');
same(0, $code);
same(<<<'OUT'
child 1: runs
child 1: destructor of own
child 1: shutdown
child 1: destructor of kept
child 2: runs
child 2: destructor of own
child 2: shutdown
child 2: destructor of kept
parent: finally
parent: goes on
parent: shutdown
parent: destructor of kept

OUT, $output);
