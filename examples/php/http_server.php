<?php

// A web server: shows what it was asked, counts visits in a cookie.   php http_server.php   then open http://127.0.0.1:9501/?name=you
//   curl -d 'colour=blue' -F 'picture=@some.png' http://127.0.0.1:9501/

$http = new swoole_http_server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));

$http->on('request', function (swoole_http_request $request, swoole_http_response $response) {
    var_dump($request->get, $request->post, $request->cookie, $request->files);
    printf("%s %s from %s\n", $request->server['request_method'], $request->server['request_uri'], $request->header['user-agent'] ?? 'somebody');

    $visits = (int) ($request->cookie['visits'] ?? 0) + 1;
    $response->cookie('visits', (string) $visits, time() + 86400, httponly: true, samesite: 'Lax');
    $response->header('Content-Type', 'text/html; charset=utf-8');
    $response->header('X-Server', 'Swoole');
    $name = htmlspecialchars($request->get['name'] ?? 'Swoole');
    $response->end("<h1>Hello $name. #$visits</h1>\n");
});

echo "web server on http://$http->host:$http->port\n";
$http->start();
