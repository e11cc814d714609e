<?php

namespace Swoole\Client;

/** A client could not be made, or lacks a callback. The code is a SWOOLE_ERROR_*. */
class Exception extends \Swoole\Exception {}
