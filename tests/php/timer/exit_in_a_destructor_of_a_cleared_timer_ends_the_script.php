<?php
// exit in the destructor of what a cleared timer held ends the script there, as it does wherever PHP destroys an object.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['swoole_timer_clear($timer);', 'swoole_timer_after(1, fn () => swoole_timer_clear($timer)); swoole_event_wait();'] as $clear) {
    $got = script('class Ends
        {
            function __destruct()
            {
                echo "bye";
                exit(7);
            }
        }
        $timer = swoole_timer_after(3600_000, (fn ($held) => fn () => $held)(new Ends()));
        ' . $clear . '
        echo "not reached";');
    same([7, 'bye'], $got, $clear);
}
