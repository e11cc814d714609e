<?php

// The page that write.php calls. It takes its time; whoever called it is long gone. No extension is needed here.

ignore_user_abort(true); // the caller has closed its connection
set_time_limit(0);

$title = $_GET['title'] ?? 'nothing';
sleep((int) (getenv('MAIL_SECONDS') ?: 10)); // as a slow mail server would

file_put_contents(getenv('MAIL_LOG') ?: sys_get_temp_dir() . '/mails', "subscribers were told of \"$title\"\n", FILE_APPEND);
