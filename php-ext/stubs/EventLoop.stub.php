<?php

namespace Swoole;

/**
 * The event loop of this process. The classic name `swoole_event` is the same class; each method is a function too (swoole_event_add() and so on).
 *
 * In a process of a server the server runs it. In a script of its own wait() does, and if it is not called the loop runs by itself when the
 * script has ended (by its last line or by exit, not by a fatal error or an uncaught exception) and ends when nothing is left: no
 * descriptor, timer, deferred call, client, file operation or signal handler.
 *
 * An exception that a callback does not catch ends wait(), which throws it; what is in the loop stays, and wait() may be called again.
 * In a server's process it is reported, and the loop goes on. exit in a callback ends the script.
 *
 * $fd is always one of: a descriptor's number, a stream (pipes of proc_open(), sockets, STDIN), a \Socket, a Process (its pipe).
 */
class Event
{
    /**
     * Calls $read_callback($fd) as long as there is something to read or the other side has ended, and $write_callback($fd) as long as there is room to
     * write, whichever $events names. The callbacks get what was given as $fd. The loop keeps that alive; it becomes non-blocking until del(),
     * unless it is a terminal.
     *
     * PHP reads ahead: what fread() has left in a stream's own buffer, the loop does not see. Read until there is nothing more.
     *
     * @param int $events SWOOLE_EVENT_READ, SWOOLE_EVENT_WRITE or both, joined by |
     * @return int|false the descriptor's number; false with a warning for one that cannot be waited for (a regular file), or is there already
     */
    public static function add(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = SWOOLE_EVENT_READ): int|false {}

    /** Changes the callbacks (null: as it was) and what is waited for (0: as it was). False with a warning if it is not in the loop. */
    public static function set(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = 0): bool {}

    /**
     * Takes a descriptor out of the loop, also in its own callback. Do this before it is closed. False with a warning if it is not in the loop.
     */
    public static function del(mixed $fd): bool {}

    /** Whether a descriptor is in the loop for one of these events. */
    public static function isset(mixed $fd, int $events = SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE): bool {}

    /**
     * Writes all of $data: what does not go at once (up to 8 MiB) waits in the loop. The descriptor need not have been added. False if it
     * cannot be written; see swoole_last_error().
     */
    public static function write(mixed $fd, string $data): bool {}

    /** Calls $callback() once, when the present turn of the loop is over. */
    public static function defer(callable $callback): bool {}

    /**
     * Calls $callback() in every turn of the loop: at its end, or, with $before, before it waits. There is one of each; null takes it away. It does not
     * keep the loop from ending. Always true.
     */
    public static function cycle(?callable $callback, bool $before = false): bool {}

    /** One turn: waits until something happens and calls what is to be called for it. False with a warning where the loop runs already. */
    public static function dispatch(): bool {}

    /** Runs the loop until nothing is left in it. With a warning where it runs already: in a callback, or in a process of a server. */
    public static function wait(): void {}

    /** Ends the loop when the present callback is over: all that is in it is dropped. With a warning in a process of a server. */
    public static function exit(): void {}
}
