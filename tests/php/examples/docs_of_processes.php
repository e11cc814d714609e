<?php
// The programs in docs/processes.md and docs/shared-memory.md run as they stand, and print what stands below them.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';

foreach (['processes' => 6, 'shared-memory' => 8] as $page => $most) {
    $text = file_get_contents(__DIR__ . "/../../../docs/$page.md");
    preg_match_all('/```php\n<\?php\n(.*?)```\n(?:\n```text\n(.*?)```)?/s', $text, $programs, PREG_SET_ORDER);
    ok(count($programs) >= $most, count($programs) . " programs in $page.md");
    foreach ($programs as $n => [, $code, $wanted]) {
        same([0, $wanted], script($code), "program $n of $page.md");
    }
    preg_match_all('/\]\(([^)#]+)\)/', $text, $links);
    foreach ($links[1] as $link) {
        ok(file_exists(__DIR__ . "/../../../docs/$link"), "$page.md links to $link");
    }
}
