// What can be seen of a server from outside: metrics_port, stats_file, request_slowlog_file; and max_memory.
#include "support.h"

static char directory[64], path[80];
static int metrics_port;

static void make_directory(void) {
    snprintf(directory, sizeof directory, "/tmp/swoole_rs_observe_XXXXXX");
    CHECK(mkdtemp(directory) != NULL);
    snprintf(path, sizeof path, "%s/file", directory);
}

static void remove_directory(void) {
    CHECK(unlink(path) == 0);
    CHECK(rmdir(directory) == 0);
}

// The file's text; empty as long as there is none. Valid until the next call.
static const char *file_text(void) {
    static char text[8192];
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[len] = 0;
    return text;
}

static void block_in_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata, (void)server, (void)task;
    note('b');
    wait_at_gate();
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, block_in_task, NULL));
}

// ---- metrics_port
static int free_port(void) {
    struct sockaddr_in address = local_address(0);
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, len) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void configure_metrics(swoole_server *server) {
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%d", metrics_port);
    configure(server);
    CHECK_OK(swoole_server_set_str(server, "metrics_port", address));
}

static void block_all(swoole_server *server, int64_t session) {
    CHECK_OK(swoole_server_task(server, "x", 1, SWOOLE_ANY_WORKER, NULL));
    note('b');
    wait_at_gate();
    answer(server, session, "free\n");
}

static void metrics_are_served_while_all_workers_are_blocked(void) {
    static char page[100000];
    size_t len = 0;
    ssize_t got;
    make_gate();
    metrics_port = free_port();
    job = block_all;
    serve_with(1, 1, configure_metrics);
    int fd = dial();
    say(fd, "go", 2);
    while (count_notes('b') < 2 && await_note('b')) {}
    int client = dial_port(metrics_port);
    const char *request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    say(client, request, strlen(request));
    while ((got = recv(client, page + len, sizeof page - 1 - len, 0)) > 0) len += (size_t)got;
    CHECK(strncmp(page, "HTTP/1.1 200 ", 13) == 0);
    CHECK(strstr(page, "\nswoole_event_workers 1\n") != NULL);
    CHECK(strstr(page, "\nswoole_event_workers_idle 0\n") != NULL);
    close(client);
    open_gate();
    open_gate();
    CHECK_TEXT(hear_line(fd), "free");
    close(fd);
    finish();
    drop_gate();
}

// ---- stats_file
static void configure_stats(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_str(server, "stats_file", path));
}

static void reply(swoole_server *server, int64_t session) { answer(server, session, "here\n"); }

static void the_stats_file_has_a_line_for_each_figure(void) {
    make_directory();
    job = reply;
    serve_with(1, 1, configure_stats);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "here");
    close(fd);
    finish();
    const char *text = file_text(); // written for the last time when the server has ended
    CHECK(strstr(text, "\nworker_num: 1\n") != NULL);
    CHECK(strstr(text, "\ntask_worker_num: 1\n") != NULL);
    CHECK(strstr(text, "\nrequest_count: 1\n") != NULL);
    CHECK(strstr(text, "\nworker 0: type=event pid=") != NULL);
    CHECK(strstr(text, "\nworker 1: type=task pid=") != NULL);
    for (const char *line = text; *line;) {
        const char *end = strchr(line, '\n'), *colon = strstr(line, ": ");
        CHECK(end != NULL && colon != NULL && colon < end);
        if (end == NULL) break;
        line = end + 1;
    }
    remove_directory();
}

// ---- request_slowlog_file
static void configure_slowlog(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_str(server, "request_slowlog_file", path));
    CHECK_OK(swoole_server_set_float(server, "request_slowlog_timeout", 0.05));
}

static void block(swoole_server *server, int64_t session) {
    shared->pid[0] = getpid();
    note('b');
    wait_at_gate();
    answer(server, session, "free\n");
}

static void the_slowlog_names_a_stuck_worker(void) {
    char wanted[64];
    make_directory();
    make_gate();
    job = block;
    serve_with(1, 1, configure_slowlog);
    int fd = dial();
    say(fd, "go", 2);
    await_note('b');
    double begin = seconds();
    // An entry ends with an empty line.
    while (!strstr(file_text(), "\n\n") && seconds() - begin < PATIENCE_MS / 1000) poll(NULL, 0, 5);
    snprintf(wanted, sizeof wanted, "] worker 0 (event, pid %d) has been in one callback for 0.", shared->pid[0]);
    CHECK(strstr(file_text(), wanted) != NULL);
    CHECK(strstr(file_text(), "\n\t(no backtrace") != NULL); // there is none of a program in C
    CHECK(strstr(file_text(), "worker 1") == NULL);
    open_gate();
    CHECK_TEXT(hear_line(fd), "free");
    close(fd);
    finish();
    remove_directory();
    drop_gate();
}

// ---- max_memory
enum { MEMORY = 300 << 20 };

static void configure_memory(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_int(server, "max_memory", MEMORY));
}

// Takes more than it may once told so, and never gives it back.
static void take_memory(swoole_server *server, int64_t session) {
    bool first = __atomic_fetch_add(&shared->number[0], 1, __ATOMIC_SEQ_CST) == 0;
    if (first) {
        shared->pid[0] = getpid();
        CHECK(mmap(NULL, MEMORY + (64 << 20), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) !=
              MAP_FAILED);
    }
    shared->pid[1] = getpid();
    answer(server, session, "done\n");
}

static void a_worker_above_max_memory_is_replaced(void) {
    job = take_memory;
    serve_with(1, 1, configure_memory);
    int fd = dial();
    CHECK_TEXT(talk(fd, "take"), "done");
    await_note('w');
    close(fd);
    fd = dial(); // BASE: the old one took its connections with it
    CHECK_TEXT(talk(fd, "pid"), "done");
    CHECK(shared->pid[1] != shared->pid[0]);
    close(fd);
    finish();
    CHECK(count_notes('w') == 3);
}

static const struct test tests[] = {
    {"metrics_are_served_while_all_workers_are_blocked", metrics_are_served_while_all_workers_are_blocked},
    {"the_stats_file_has_a_line_for_each_figure", the_stats_file_has_a_line_for_each_figure},
    {"the_slowlog_names_a_stuck_worker", the_slowlog_names_a_stuck_worker},
    {"a_worker_above_max_memory_is_replaced", a_worker_above_max_memory_is_replaced},
};
RUN(tests)
