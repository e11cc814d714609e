<?php
// examples/php/mail_server.php does what its head says: task workers speak SMTP, each client is told how its mail went.
// mode: any
require __DIR__ . '/../../support/php/bootstrap.php';
require __DIR__ . '/../../support/php/SmtpServer.php';

$smtp = new SmtpServer();
$srv = serveExample('mail_server', ['SMTP' => "127.0.0.1:$smtp->port"]);
$mail = fn (string $address, string $subject = 'Hello', string $body = 'Hello.') => json_encode(compact('address', 'subject', 'body'));

$subject = 'Grüße, and a subject that is far too long for one word of a header';
$body = "First line\n.\n..two dots\r\n.a dot in front\nlast line " . str_repeat('ä', 300);
same('a@example.org sent', $srv->connect()->askLine($mail('a@example.org', $subject, $body)));
[$got] = $smtp->mails();
same(['no-reply@example.org', ['a@example.org']], [$got['from'], $got['to']]);
[$head, $text] = explode("\r\n\r\n", $got['data'], 2);
same(str_replace(["\r\n", "\n"], ["\n", "\r\n"], $body) . "\r\n", quoted_printable_decode($text));
same($subject, decoded(preg_replace('/.*^Subject: (.*?)^\S.*/ms', '$1', $head)));
contains("\r\nTo: a@example.org\r\n", $head);

$client = $srv->connect();
same('nobody@example.org not sent: 550 no such mailbox', $client->askLine($mail('nobody@example.org')));
contains('crash@example.org not sent: no answer to RCPT TO', $client->askLine($mail('crash@example.org')));
contains('needs address', $client->askLine('garbage'));
contains('no mail address', $client->askLine($mail("b@example.org>\r\nRCPT TO:<c@example.org")));
same(1, count($smtp->mails()));

$slow = $srv->connect()->write($mail('slow@example.org') . "\n");
eventually(fn () => is_file(tmp('waiting')), 'the mail server lets a mail wait');
same('b@example.org sent', $client->askLine($mail('b@example.org')));
$slow->silent(0.05);
touch(tmp('mail'));
same("slow@example.org sent\n", $slow->readTo());

$clients = $srv->connectMany(20);
foreach ($clients as $n => $each) {
    $each->write($mail("client$n@example.org") . "\n");
}
foreach ($clients as $n => $each) {
    same("client$n@example.org sent\n", $each->readTo());
}
same(23, count($smtp->mails()));
same('', $smtp->mistakes());

$smtp->stop();
contains("b@example.org not sent: no connection to 127.0.0.1:$smtp->port", $client->askLine($mail('b@example.org')));
$srv->stop();

/** The text of a header's value made of encoded words. */
function decoded(string $value): string
{
    preg_match_all('/=\?UTF-8\?B\?([\w+\/=]*)\?=/', $value, $words);
    foreach ($words[0] as $word) {
        ok(strlen($word) <= 75, "a word of a header: $word");
    }
    return implode('', array_map('base64_decode', $words[1]));
}
