// A process of the program's own that is started in a worker of a server: it is no worker.
#include "children.h"

static swoole_server *worker_server;
static int64_t worker_session;
static swoole_process *helper;

static void count_failure(void *userdata, swoole_server *server, const swoole_worker_failure *failure) {
    (void)userdata, (void)server, (void)failure;
    note('!');
}

static void late(void *userdata, int64_t timer_id) {
    (void)timer_id;
    CHECK(swoole_server_leave(worker_server, 3) == SWOOLE_ERROR_WRONG_OPERATION);
    say(*(int *)userdata, "late", 4);
}

// Is not served by the server, has a loop of its own, and ends with a code that is no worker's.
static int32_t be_no_worker(void *userdata, swoole_process *process) {
    (void)userdata;
    static int fd;
    fd = swoole_process_descriptor(process);
    CHECK(swoole_server_send(worker_server, worker_session, "no\n", 3) != SWOOLE_OK);
    CHECK(swoole_server_leave(worker_server, 3) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_OK(swoole_timer_after(1, late, &fd, NULL));
    return 7;
}

static void on_helper(void *userdata, int32_t fd) {
    const uint8_t *data;
    size_t len;
    (void)userdata;
    CHECK_OK(swoole_process_read(helper, 0, &data, &len));
    if (is_text(data, len, "late")) return;
    CHECK(len == 0);
    CHECK_OK(swoole_event_del(fd));
    swoole_process_ended ended = await_end(swoole_process_pid(helper));
    CHECK(ended.code == 7);
    swoole_process_free(helper);
    answer(worker_server, worker_session, "helped\n");
}

static void start_helper(swoole_server *server, int64_t session) {
    worker_server = server;
    worker_session = session;
    CHECK_OK(swoole_process_new(be_no_worker, NULL, false, SWOOLE_PIPE_STREAM, &helper));
    CHECK_OK(swoole_process_start(helper, NULL));
    CHECK_OK(swoole_event_add(swoole_process_descriptor(helper), on_helper, NULL, NULL, SWOOLE_EVENT_READ));
}

static void configure(swoole_server *server) {
    job = start_helper;
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_worker_error(server, count_failure, NULL));
}

static void a_process_of_a_worker_is_no_worker(void) {
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "help"), "helped");
    CHECK_TEXT(talk(fd, "help"), "helped");
    close(fd);
    finish();
    CHECK(count_notes('w') == 1 && count_notes('!') == 0);
}

// ---- numbers, locks and tables that were made before the start are the workers' too
static swoole_atomic_long *hits;

static void count_hit(swoole_server *server, int64_t session) {
    char text[32];
    snprintf(text, sizeof text, "%" PRId64 "\n", swoole_atomic_long_add(hits, 1));
    answer(server, session, text);
}

static void configure_counting(swoole_server *server) {
    job = count_hit;
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
}

static void workers_count_together(void) {
    CHECK_OK(swoole_atomic_long_new(0, &hits));
    serve(2, configure_counting);
    for (int i = 1; i <= 8; i++) {
        char wanted[32];
        int fd = dial();
        snprintf(wanted, sizeof wanted, "%d", i);
        CHECK_TEXT(talk(fd, "hit"), wanted);
        close(fd);
    }
    finish();
    CHECK(swoole_atomic_long_get(hits) == 8);
    swoole_atomic_long_free(hits);
}

static const struct test tests[] = {
    {"a_process_of_a_worker_is_no_worker", a_process_of_a_worker_is_no_worker},
    {"workers_count_together", workers_count_together},
};
RUN(tests)
