<?php
// Fields beyond max_input_vars are warned of where a script looks at them first. What looks goes on in the object, although a handler of that warning may have let
// go of all that the script has of it.
// mode: any
// php: -d max_input_vars=3
require __DIR__ . '/../../support/php/bootstrap.php';

$request = function (): Swoole\Http\Request {
    $request = Swoole\Http\Request::create();
    $request->parse(requestOf('GET', '/?a=1&b=2&c=3&d=4'));
    return $request;
};
$three = ['a' => '1', 'b' => '2', 'c' => '3'];
$told = 0;
set_error_handler(function () use (&$asked, &$told) {
    $asked = null;
    $told++;
    str_repeat('what takes the place of freed memory', 1000);
    return true;
});
$asked = $request();
same($three, $asked->get);
$asked = $request();
same(true, isset($asked->get['c']));
$asked = $request();
$asked->get['e'] = '5';
$asked = $request();
unset($asked->get);
same(4, $told);
// Where all properties are looked at PHP tells of it by itself.
$asked = $request();
same($three, @((array) $asked)['get']);
same(4, $told);
// It goes when the next one comes.
$asked = $request();
$weak = WeakReference::create($asked);
$asked->get;
same(null, $asked);
$asked = $request();
$asked->get;
same(null, $weak->get());
