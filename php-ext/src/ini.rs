//! INI directives.

use crate::zend::IniEntry;

/// All of them, as `php --ri swoole` prints them.
pub const TABLE: &[IniEntry] = &[
    // Whether misuse raises E_WARNING. Errors are always answered with false and an error number.
    IniEntry::flag(c"swoole.display_errors", c"On"),
    // Which of a class's two names is the real one: Swoole\Server (On) or swoole_server (Off). Both always work.
    IniEntry::startup_flag(c"swoole.use_namespace", c"On"),
    // Default of the option socket_buffer_size: bytes that may wait for one slow client.
    IniEntry::number(c"swoole.unixsock_buffer_size", c"8388608"),
    // Threads for asynchronous files and names, at most.
    IniEntry::startup_number(c"swoole.aio_thread_num", c"2"),
    IniEntry::end(),
];
