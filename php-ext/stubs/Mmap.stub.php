<?php

namespace Swoole;

/** A part of a file as a stream, seen by every process that has the file open. The classic name `swoole_mmap` is the same class. */
class Mmap
{
    /**
     * The stream is read, written and moved about in with PHP's own functions; fflush() waits until the disk has what was written. It neither
     * grows nor shrinks.
     *
     * @param int $size bytes; -1: up to the end of the file
     * @param int $offset where in the file they begin
     * @return resource|false false with a warning: the file cannot be opened, or does not reach that far
     */
    public static function open(string $filename, int $size = -1, int $offset = 0) {}
}
