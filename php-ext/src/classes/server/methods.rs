//! The methods of `Swoole\Server`, with their signatures.

use super::super::process;
use super::{connections, construct, get_callback, get_socket, listen, on, processes, set, start, tasks, timers};
use crate::zend::{
    ARRAY, ArgInfo, BOOL, CALLABLE, FALSE, FLOAT, LONG, MIXED, Method, NONE, NULL, STRING, arg, arg_object, end,
    method, more, opt, returns, returns_class,
};

const FD: ArgInfo = arg(c"fd", LONG);

/// All of them.
pub const TABLE: &[Method] = &[
    method(
        c"__construct",
        construct,
        &[
            returns(0, NONE),
            opt(c"host", STRING, c"'0.0.0.0'"),
            opt(c"port", LONG, c"0"),
            opt(c"mode", LONG, c"SWOOLE_PROCESS"),
            opt(c"sock_type", LONG, c"SWOOLE_SOCK_TCP"),
        ],
    ),
    method(c"__destruct", super::super::destruct, &[returns(0, NONE)]),
    method(c"listen", listen, LISTEN),
    method(c"addlistener", listen, LISTEN),
    method(c"on", on, ON),
    method(c"handler", on, ON),
    method(
        c"getCallback",
        get_callback,
        &[returns_class(1, c"Closure", ARRAY | STRING | NULL), arg(c"event_name", STRING)],
    ),
    method(c"set", set, &[returns(1, BOOL), arg(c"settings", ARRAY)]),
    method(c"start", start, &[returns(0, BOOL)]),
    // to connections
    method(
        c"send",
        connections::send,
        &[returns(2, BOOL), arg(c"fd", LONG | STRING), arg(c"send_data", STRING), opt(c"serverSocket", LONG, c"-1")],
    ),
    method(
        c"sendto",
        connections::send_to,
        &[
            returns(3, BOOL),
            arg(c"ip", STRING),
            arg(c"port", LONG),
            arg(c"send_data", STRING),
            opt(c"server_socket", LONG, c"-1"),
        ],
    ),
    method(c"sendwait", connections::send_wait, &[returns(2, BOOL), arg(c"conn_fd", LONG), arg(c"send_data", STRING)]),
    method(
        c"sendfile",
        connections::send_file,
        &[
            returns(2, BOOL),
            arg(c"conn_fd", LONG),
            arg(c"filename", STRING),
            opt(c"offset", LONG, c"0"),
            opt(c"length", LONG, c"0"),
        ],
    ),
    method(c"exists", connections::exists, &[returns(1, BOOL), FD]),
    method(c"exist", connections::exists, &[returns(1, BOOL), FD]),
    method(c"protect", connections::protect, &[returns(1, BOOL), FD, opt(c"is_protected", BOOL, c"true")]),
    method(c"close", connections::close, &[returns(1, BOOL), FD, opt(c"reset", BOOL, c"false")]),
    method(c"confirm", connections::confirm, &[returns(1, BOOL), FD]),
    method(c"pause", connections::pause, &[returns(1, BOOL), FD]),
    method(c"resume", connections::resume, &[returns(1, BOOL), FD]),
    method(c"bind", connections::bind, &[returns(2, BOOL), FD, arg(c"uid", LONG)]),
    method(
        c"heartbeat",
        connections::heartbeat,
        &[returns(0, ARRAY | FALSE), opt(c"ifCloseConnection", BOOL, c"true")],
    ),
    method(c"hbcheck", connections::heartbeat, &[returns(0, ARRAY | FALSE), opt(c"reactor_id", BOOL, c"true")]),
    method(c"getClientInfo", connections::get_client_info, CLIENT_INFO),
    method(c"connection_info", connections::get_client_info, CLIENT_INFO),
    method(c"getClientList", connections::get_client_list, CLIENT_LIST),
    method(c"connection_list", connections::get_client_list, CLIENT_LIST),
    // to other processes
    method(
        c"task",
        tasks::task,
        &[
            returns(1, LONG | FALSE),
            arg(c"data", MIXED),
            opt(c"taskWorkerIndex", LONG, c"-1"),
            opt(c"finishCallback", CALLABLE | NULL, c"null"),
        ],
    ),
    method(
        c"taskwait",
        tasks::task_wait,
        &[returns(1, MIXED), arg(c"data", MIXED), opt(c"timeout", FLOAT, c"0.5"), opt(c"taskWorkerIndex", LONG, c"-1")],
    ),
    method(
        c"taskWaitMulti",
        tasks::task_wait_multi,
        &[returns(1, ARRAY | FALSE), arg(c"tasks", ARRAY), opt(c"timeout", FLOAT, c"0.5")],
    ),
    method(c"finish", tasks::finish, &[returns(1, BOOL), arg(c"data", MIXED)]),
    method(
        c"sendMessage",
        tasks::send_message,
        &[returns(2, BOOL), arg(c"message", MIXED), arg(c"dst_worker_id", LONG)],
    ),
    // in the event loop of this process
    method(c"after", timers::after, TIMER),
    method(c"tick", timers::tick, TIMER),
    method(c"clearTimer", timers::clear_timer, &[returns(1, BOOL), arg(c"timer_id", LONG)]),
    method(c"defer", timers::defer, &[returns(1, BOOL), arg(c"callback", CALLABLE)]),
    method(c"addtimer", timers::add_timer, &[returns(1, BOOL), arg(c"interval", LONG)]),
    method(c"deltimer", timers::delete_timer, &[returns(1, BOOL), arg(c"interval", LONG)]),
    method(c"gettimer", timers::get_timers, &[returns(0, ARRAY)]),
    // the server as a whole
    method(c"reload", processes::reload, &[returns(0, BOOL), opt(c"only_reload_taskworker", BOOL, c"false")]),
    method(c"shutdown", processes::shutdown, &[returns(0, BOOL)]),
    method(
        c"stop",
        processes::stop,
        &[returns(0, BOOL), opt(c"workerId", LONG, c"-1"), opt(c"waitEvent", BOOL, c"false")],
    ),
    method(c"stats", processes::stats, &[returns(0, ARRAY)]),
    method(c"getLastError", processes::get_last_error, &[returns(0, LONG)]),
    method(c"getWorkerId", processes::get_worker_id, &[returns(0, LONG | FALSE)]),
    method(c"getWorkerPid", processes::get_worker_pid, &[returns(0, LONG | FALSE), opt(c"worker_id", LONG, c"-1")]),
    method(
        c"getWorkerStatus",
        processes::get_worker_status,
        &[returns(0, LONG | FALSE), opt(c"worker_id", LONG, c"-1")],
    ),
    method(c"getManagerPid", processes::get_manager_pid, &[returns(0, LONG)]),
    method(c"getMasterPid", processes::get_master_pid, &[returns(0, LONG)]),
    method(c"addProcess", processes::add_process, &[returns(1, LONG | FALSE), arg_object(c"process", process::NAME)]),
    method(c"getSocket", get_socket, &[returns_class(0, c"Socket", FALSE), opt(c"port", LONG, c"0")]),
    end(),
];

const ON: &[ArgInfo] = &[returns(2, BOOL), arg(c"event_name", STRING), arg(c"callback", CALLABLE)];
const TIMER: &[ArgInfo] = &[returns(2, LONG | FALSE), arg(c"ms", LONG), arg(c"callback", CALLABLE), more(c"params")];
const LISTEN: &[ArgInfo] = &[
    returns_class(3, c"Swoole\\Server\\Port", FALSE),
    arg(c"host", STRING),
    arg(c"port", LONG),
    arg(c"sock_type", LONG),
];
const CLIENT_INFO: &[ArgInfo] =
    &[returns(1, ARRAY | FALSE), FD, opt(c"reactor_id", LONG, c"-1"), opt(c"ignoreError", BOOL, c"false")];
const CLIENT_LIST: &[ArgInfo] =
    &[returns(0, ARRAY | FALSE), opt(c"start_fd", LONG, c"0"), opt(c"find_count", LONG, c"10")];
