<?php
// Fields of the query and of a form become the arrays that parse_str() makes.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(fn ($request, $response) => $response->end(serialize([$request->get, $request->post])));
$client = $srv->connect();
$queries = [
    'a=1&b=2&a=3', 'a[]=1&a[]=2', 'a[x]=1&a[y][z]=2&a[y][]=3', 'a.b=1&c+d=2&e%20f=3', '+a=1&%20%20b=2', 'a%00b=1&%00=2',
    '=1&a&b=&&c', 'a[=1', 'a[b=1&c]d=2', 'a[b]c=1', 'a.b[c.d]=1', '[a]=1', 'a=1&a[]=2', 'a[]=1&a=2', '0=a&1=b&01=c&-5=d&-0=e',
    '9223372036854775807=a&9223372036854775808=b', 'a=%zz%4&b=%41%', 'a=1;b=2', 'a[1]=x&a[]=y&a[-3]=z', 'a[+]=1&a[%20b]=2',
    '__Host-a=1&..Host-b=2&_.Secure-c=3', 'a=' . str_repeat('x', 5000), str_repeat('n', 100) . '=1', 'a' . str_repeat('[b]', 63) . '=1',
    'a' . str_repeat('[b]', 80) . '=1', 'GLOBALS=1&this=2&a=b=c',
];
foreach ($queries as $query) {
    parse_str($query, $wanted);
    $wanted = $wanted ?: null;
    $form = ['Content-Type: application/x-www-form-urlencoded; charset=utf-8'];
    $answer = fetch($client, "/?$query", 'POST', $form, $query);
    same(200, $answer->status, "the status for $query");
    same([$wanted, $wanted], unserialize($answer->body), $query);
}
$srv->stop();
