<?php
// swoole_mime_type_*(): by the suffix of a name.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

same(['text/html', 'text/css', 'application/octet-stream'], array_map('swoole_mime_type_get', ['a/b.HTML', 'x.css', 'none']));
same('image/png', swoole_get_mime_type('x.png'));
same([false, true, false], [swoole_mime_type_add('css', 'x/y'), swoole_mime_type_add('rs1', 'x/y'), swoole_mime_type_add('rs1', 'x/z')]);
same(['x/y', true, 'x/y'], [swoole_mime_type_get('a.rs1'), swoole_mime_type_exists('a.rs1'), swoole_mime_type_list()['rs1']]);
swoole_mime_type_set('css', 'x/css');
same('x/css', swoole_mime_type_get('a.css'));
same([true, false, false], [swoole_mime_type_delete('css'), swoole_mime_type_delete('css'), swoole_mime_type_exists('a.css')]);
ok(count(swoole_mime_type_list()) > 500, 'all are listed');
same([false, 1], (fn ($got) => [$got[0], count($got[1])])(warnings(fn () => swoole_mime_type_add('evil', "a\r\nb"))));
