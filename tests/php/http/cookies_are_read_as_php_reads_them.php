<?php
// Of two cookies of one name the first counts, values are decoded and names are not; what is guarded by __Host- cannot be faked.
require __DIR__ . '/../../support/php/bootstrap.php';

$srv = serveHttp(fn ($request, $response) => $response->end(json_encode($request->cookie)));
$wanted = [
    'a=1; a=2;b=x%20y+z ;  c' => ['a' => '1', 'b' => 'x y+z ', 'c' => ''],
    'a.b=1; a.b=2; c[x]=3; c[]=4; %61=5' => ['a_b' => '1', 'c' => ['x' => '3', '4'], '%61' => '5'],
    '=1; ;; __Host-a=2; ..Host-a=3; _.Secure-b=4' => ['__Host-a' => '2'],
    ' ; ' => null,
];
foreach ($wanted as $cookie => $array) {
    same($array, fetch($srv, '/', headers: ["Cookie: $cookie"])->json(), $cookie);
}
$srv->stop();
