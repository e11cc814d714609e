<?php
// cookie() by arguments, by an array, by an object; rawcookie() leaves the value as it is.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(function ($request, $response) {
    $response->cookie('plain', 'a b;ü');
    $response->cookie('all', 'v', 86400, '/p', 'example.org', true, true, 'lax', 'High', true);
    $response->setCookie('array', 'v', ['expires' => 86400, 'path' => '/q', 'SameSite' => 'None', 'secure' => true, 'httponly' => true]);
    $response->rawcookie('raw', 'a%20b=c');
    $response->setRawCookie('gone', '');
    $cookie = (new Swoole\Http\Cookie)->withName('object')->withValue('x y')->withExpires(86400)->withPath('/')->withDomain('d.org')->withSecure(true)->withHttpOnly(true)
        ->withSameSite('Strict')->withPriority('Low')->withPartitioned(true);
    $line = $cookie->toString();
    $response->cookie($cookie);
    $cookie->reset();
    $response->rawcookie((new Swoole\Http\Cookie(false))->withName('asis')->withValue('a+b'));
    $response->end(json_encode([$response->cookie, $line, $cookie->toArray()['name']]));
});
$answer = fetch($srv, '/');
[$shown, $line, $name] = $answer->json();
same($answer->headers['set-cookie'], $shown);
same('', $name);
$cookies = [];
foreach ($shown as $cookie) {
    $attributes = explode('; ', $cookie);
    $first = array_shift($attributes);
    $cookies[$first] = array_map('strtolower', $attributes);
    sort($cookies[$first]);
}
$date = 'expires=fri, 02 jan 1970 00:00:00 gmt';
$without = fn (array $attributes) => array_values(array_filter($attributes, fn ($attribute) => !str_starts_with($attribute, 'max-age=')));
same(['plain=a%20b%3B%C3%BC', 'all=v', 'array=v', 'raw=a%20b=c', 'gone=deleted', 'object=x%20y', 'asis=a+b'], array_keys($cookies));
same(['path=/'], $cookies['plain=a%20b%3B%C3%BC']);
same(['domain=example.org', $date, 'httponly', 'partitioned', 'path=/p', 'priority=high', 'samesite=lax', 'secure'], $without($cookies['all=v']));
same([$date, 'httponly', 'path=/q', 'samesite=none', 'secure'], $without($cookies['array=v']));
same($line, $shown[5]);
contains('Thu, 01 Jan 1970', $shown[4]);
$srv->stop();
