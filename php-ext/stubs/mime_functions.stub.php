<?php

/** The media type of a file of that name, by its suffix; application/octet-stream if it is not known. */
function swoole_get_mime_type(string $filename): string {}

/** As swoole_get_mime_type(). */
function swoole_mime_type_get(string $filename): string {}

/** Gives a suffix a type, for this process and those it forks later: set types before start(). False: it has one. */
function swoole_mime_type_add(string $suffix, string $mime_type): bool {}

/** Gives a suffix a type in the place of what it has. */
function swoole_mime_type_set(string $suffix, string $mime_type): void {}

/** Takes a suffix's type away; false: it has none. */
function swoole_mime_type_delete(string $suffix): bool {}

/** Whether the type of a file of that name is known. */
function swoole_mime_type_exists(string $filename): bool {}

/** All suffixes with their types. */
function swoole_mime_type_list(): array {}
