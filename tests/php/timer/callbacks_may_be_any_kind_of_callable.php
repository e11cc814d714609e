<?php
// Functions by name, methods, static methods, invokable objects and first-class callables.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

class Calls
{
    public static array $got = [];
    public function method($what) { self::$got[] = "method $what"; }
    public static function fixed($what) { self::$got[] = "static $what"; }
    public function __invoke($what) { self::$got[] = "invoke $what"; }
    public function __call($name, $arguments) { self::$got[] = "$name $arguments[0]"; }
}
function called($what) { Calls::$got[] = "function $what"; }
$calls = new Calls();
foreach (['called', [$calls, 'method'], ['Calls', 'fixed'], 'Calls::fixed', $calls, $calls->method(...), [$calls, 'magic']] as $n => $callable) {
    swoole_timer_after(1, $callable, $n);
}
loop();
same(['function 0', 'method 1', 'static 2', 'static 3', 'invoke 4', 'method 5', 'magic 6'], Calls::$got);
