<?php

namespace Swoole\Timer;

/** The numbers of the timers that there were when Timer::list() was called. The classic name is `swoole_timer_iterator`. */
class Iterator extends \ArrayIterator {}
