<?php

namespace Swoole;

/** A server could not be made. The code is an errno or a SWOOLE_ERROR_*. */
class Exception extends \Exception {}
