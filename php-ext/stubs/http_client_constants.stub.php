<?php

/** the client could not connect */
const SWOOLE_HTTP_CLIENT_ESTATUS_CONNECT_FAILED = -1;
/** no whole answer came in time */
const SWOOLE_HTTP_CLIENT_ESTATUS_REQUEST_TIMEOUT = -2;
/** the connection ended before the answer was whole, or it was none */
const SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET = -3;
/** the request could not be sent */
const SWOOLE_HTTP_CLIENT_ESTATUS_SEND_FAILED = -4;
