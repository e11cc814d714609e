<?php

// A page that takes files, of any size: they go to disk as they come.   php upload.php /tmp/inbox   then open http://127.0.0.1:9501
//   curl -F 'files[]=@one' -F 'files[]=@two' http://127.0.0.1:9501/

$inbox = $argv[1] ?? (getenv('SWOOLE_INBOX') ?: sys_get_temp_dir() . '/inbox');
is_dir($inbox) || mkdir($inbox, 0700, true) || exit("$inbox cannot be made\n");

$server = new Swoole\Http\Server('127.0.0.1', (int) (getenv('SWOOLE_PORT') ?: 9501));
$server->set([
    'upload_tmp_dir' => $inbox,          // on the same disk, so that moving a file costs nothing
    'upload_max_filesize' => 10 << 30,   // of a whole form with files: 10 GiB; more is refused with 413
]);

$page = '<!DOCTYPE html><title>Upload</title><form method="post" enctype="multipart/form-data"><input type="file" name="files[]" multiple><button>Send</button></form>';

$server->on('request', function (Swoole\Http\Request $request, Swoole\Http\Response $response) use ($inbox, $page) {
    if ($request->server['request_method'] !== 'POST') {
        $response->header('Content-Type', 'text/html; charset=utf-8');
        $response->end($page);
        return;
    }
    $files = $request->files['files'] ?? [];
    $said = '';
    foreach (is_array($files['name'] ?? null) ? $files['name'] : [] as $n => $name) {
        if ($files['error'][$n] !== UPLOAD_ERR_OK) {
            $said .= "$name did not come whole\n";
            continue;
        }
        // What the client calls it is not to be trusted with a path. What is not moved is deleted when the request is done.
        $kept = bin2hex(random_bytes(8)) . '.bin';
        move_uploaded_file($files['tmp_name'][$n], "$inbox/$kept");
        $said .= "$name: {$files['size'][$n]} bytes, kept as $kept\n";
    }
    $response->status($said === '' ? 400 : 201);
    $response->end($said ?: "there is no file in it\n");
});

echo "files go to $inbox; open http://$server->host:$server->port\n";
$server->start();
