<?php
// Headers stay for all requests; method, data and files go with the next one. Cookies of answers are sent back.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/http_servers.php';

$peer = scripted([answerOf(200, '', 'Set-Cookie: id=a%20b; Path=/', 'Set-Cookie: gone=1; Max-Age=0'), answerOf(200), answerOf(200), answerOf(200)]);
$client = new swoole_http_client('localhost', $peer->port);
same(true, $client->setHeaders(['User-Agent' => 'me', 'X-Two' => ['1', '2'], 'Accept-Encoding' => 'gzip']));
same(true, $client->setCookies(['mine' => 'x;y']));
same(['mine' => 'x;y'], $client->cookies);
outcome($client, fn ($client, $done) => $client->get('/', $done));
same(['id=a%20b; Path=/', 'gone=1; Max-Age=0'], $client->set_cookie_headers);
same(['mine' => 'x;y', 'id' => 'a b'], $client->cookies);

$client->setMethod('PUT');
$client->setData('as it is');
same(['PUT', 'as it is'], [$client->requestMethod, $client->requestBody]);
outcome($client, fn ($client, $done) => $client->execute('/', $done));
outcome($client, fn ($client, $done) => $client->execute('/', $done));

$client->setData(['field' => 'value']);
file_put_contents(tmp('some.txt'), '0123456789');
same(true, $client->addFile(tmp('some.txt'), 'whole'));
same(true, $client->addFile(tmp('some.txt'), 'part', 'x/y', 'other.bin', 2, 3));
same([['path' => tmp('some.txt'), 'name' => 'part', 'type' => 'x/y', 'filename' => 'other.bin', 'offset' => 2, 'length' => 3]], array_slice($client->uploadFiles, 1));
outcome($client, fn ($client, $done) => $client->execute('/', $done));
same(null, $client->uploadFiles);

[[, $first], [$put, $second, $data], [$get, $third, $nothing], [$post, $fourth, $form]] = requests();
same(['me', '1 | 2', 'gzip', 'mine=x%3By'], [$first['user-agent'], $first['x-two'], $first['accept-encoding'], $first['cookie']]);
same(['PUT / HTTP/1.1', 'as it is', 'me', 'mine=x%3By; id=a%20b'], [$put, $data, $second['user-agent'], $second['cookie']]);
same(['GET / HTTP/1.1', '', false], [$get, $nothing, isset($third['content-length'])]);
same('POST / HTTP/1.1', $post);
matches('/^multipart\/form-data; boundary=(\S+)$/', $fourth['content-type']);
$boundary = substr(strstr($fourth['content-type'], '='), 1);
$expected = "--B\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\nvalue\r\n"
    . "--B\r\nContent-Disposition: form-data; name=\"whole\"; filename=\"some.txt\"\r\nContent-Type: text/plain\r\n\r\n0123456789\r\n"
    . "--B\r\nContent-Disposition: form-data; name=\"part\"; filename=\"other.bin\"\r\nContent-Type: x/y\r\n\r\n234\r\n--B--\r\n";
same($expected, str_replace($boundary, 'B', $form));
