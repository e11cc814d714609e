<?php

/** This project's version, as SWOOLE_VERSION. */
function swoole_version(): string {}

/** Number of the last error: a SWOOLE_ERROR_* or an errno. */
function swoole_last_error(): int {}

/** The C library's error number. */
function swoole_errno(): int {}

/** The text for an error number. */
function swoole_strerror(int $errno, int $error_type = SWOOLE_STRERROR_SYSTEM): string {}

/** Sets both error numbers to 0. */
function swoole_clear_error(): void {}
