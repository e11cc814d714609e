// Messages from process to process. Two workers (0, 1), a task worker (2), a user process (3).
#include "support.h"

enum { FIRST = 0, SECOND = 1, TASK_WORKER = 2, USER = 3 };

static int64_t asker;
static const char *to_first; // what whoever the test is about sends to the first worker

static bool starts_with(const uint8_t *data, size_t len, const char *word) {
    return len >= strlen(word) && memcmp(data, word, strlen(word)) == 0;
}

// "echo…" comes back to its sender; anything else is told to the client.
static void on_message(void *userdata, swoole_server *server, const swoole_pipe_message *message) {
    CHECK(userdata == &asker);
    CHECK(message->dispatch_time > 0);
    if (starts_with(message->data, message->len, "echo")) {
        CHECK_OK(swoole_server_send_message(server, message->source, message->data + 4, message->len - 4));
        return;
    }
    if (asker == 0) {
        // It came before a client: kept for it.
        shared->number[0] = message->source;
        CHECK(is_text(message->data, message->len, to_first));
        note('m');
        return;
    }
    char line[64];
    size_t shown = message->len < 20 ? message->len : 20;
    snprintf(line, sizeof line, "%d: %zu %.*s\n", message->source, message->len, (int)shown, (const char *)message->data);
    answer(server, asker, line);
}

static void run_user(void *userdata, swoole_server *server, int32_t index) {
    CHECK(userdata == &to_first && index == 0 && swoole_server_worker_id(server) == USER);
    note('w');
    stay_until_told();
}

static void on_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    CHECK_OK(swoole_server_send_message(server, task->source, task->data, task->len));
}

static void configure(swoole_server *server) {
    int32_t index = -1;
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_set_int(server, "dispatch_mode", 1));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, on_task, NULL));
    CHECK_OK(swoole_server_on_pipe_message(server, on_message, &asker));
    CHECK_OK(swoole_server_add_process(server, run_user, &to_first, &index));
    CHECK(index == 0);
}

static void check_job(void (*what)(swoole_server *server, int64_t session), const char *wanted) {
    job = what;
    serve_with(2, 2, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), wanted);
    close(fd);
    finish();
}

// Whichever worker got the client writes, so `asker` is set where the message comes back.
static void send_text(swoole_server *server, int32_t to, const char *text) {
    CHECK_OK(swoole_server_send_message(server, to, text, strlen(text)));
}

static void ask_other(swoole_server *server, int64_t session) {
    asker = session;
    int32_t other = 1 - swoole_server_worker_id(server);
    send_text(server, other, other == FIRST ? "echo0" : "echo1");
}

static void workers_write_to_each_other(void) {
    job = ask_other;
    serve_with(2, 2, configure);
    int fd = dial();
    const char *line = talk(fd, "go");
    CHECK(strcmp(line, "0: 1 0") == 0 || strcmp(line, "1: 1 1") == 0);
    close(fd);
    finish();
}

static void ask_task_worker(swoole_server *server, int64_t session) {
    asker = session;
    send_text(server, TASK_WORKER, "echohello");
}

static void a_task_worker_gets_and_sends_messages(void) { check_job(ask_task_worker, "2: 5 hello"); }

static void ask_task(swoole_server *server, int64_t session) {
    asker = session;
    CHECK_OK(swoole_server_task(server, "hello", 5, SWOOLE_ANY_WORKER, NULL));
}

static void a_task_can_send_a_message(void) { check_job(ask_task, "2: 5 hello"); }

static void ask_user(swoole_server *server, int64_t session) {
    asker = session;
    send_text(server, USER, "echohello");
}

static void a_user_process_gets_and_sends_messages(void) { check_job(ask_user, "3: 5 hello"); }

// ---- sizes
static void send_block(swoole_server *server, size_t len) {
    char *block = (char *)calloc(1, len + 4);
    memcpy(block, "echo", 4);
    memset(block + 4, 'x', len);
    CHECK_OK(swoole_server_send_message(server, TASK_WORKER, block, len + 4));
    free(block);
}

static void send_sizes(swoole_server *server, int64_t session) {
    asker = session;
    send_block(server, 0);
    send_block(server, 1);
    send_block(server, 100 << 10);
    send_block(server, 64 << 20);
}

static void messages_of_all_sizes_arrive_in_their_order(void) {
    job = send_sizes;
    serve_with(2, 2, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "2: 0 ");
    CHECK_TEXT(hear_line(fd), "2: 1 x");
    CHECK_TEXT(hear_line(fd), "2: 102400 xxxxxxxxxxxxxxxxxxxx");
    CHECK_TEXT(hear_line(fd), "2: 67108864 xxxxxxxxxxxxxxxxxxxx");
    close(fd);
    finish();
}

// ---- from processes that are no workers
static void send_from_server(void *userdata, swoole_server *server) {
    (void)userdata;
    send_text(server, FIRST, to_first);
}

static void configure_master(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_on_start(server, send_from_server, NULL));
    if (mode == SWOOLE_BASE) CHECK_OK(swoole_server_on_manager_start(server, send_from_server, NULL));
}

static void configure_manager(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_on_manager_start(server, send_from_server, NULL));
}

static void check_server_message(void (*configure_it)(swoole_server *server)) {
    to_first = "from above";
    job = ask_task;
    serve_with(2, 2, configure_it);
    if (!strchr(notes, 'm')) await_note('m');
    CHECK(shared->number[0] == -1);
    finish();
    CHECK(count_notes('m') == 1);
}

static void the_master_can_write(void) { check_server_message(configure_master); }

// It does so before the worker is there.
static void the_manager_can_write(void) { check_server_message(configure_manager); }

// ---- wrong calls, and a full mailbox
static void call_wrongly(swoole_server *server, int64_t session) {
    int32_t own = swoole_server_worker_id(server);
    CHECK(swoole_server_send_message(server, own, "x", 1) != SWOOLE_OK);
    CHECK(swoole_server_send_message(server, 4, "x", 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("4");
    CHECK(swoole_server_send_message(server, -1, "x", 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_send_message(server, 1 - own, NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_send_message(NULL, 1 - own, "x", 1) == SWOOLE_ERROR_INVALID_PARAMS);
    answer(server, session, "done\n");
}

static void wrong_calls_are_refused(void) { check_job(call_wrongly, "done"); }

static void wait_in_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata, (void)server, (void)task;
    note('t');
    wait_at_gate();
}

static int64_t filled, seen;

static void fill_mailbox(swoole_server *server, int64_t session) {
    static const char block[2000] = {'x'};
    swoole_result result = SWOOLE_OK;
    asker = session;
    CHECK_OK(swoole_server_task(server, "wait", 4, SWOOLE_ANY_WORKER, NULL));
    for (filled = 0; filled < 100000 && result == SWOOLE_OK; filled++) {
        result = swoole_server_send_message(server, TASK_WORKER, block, sizeof block);
    }
    filled--;
    CHECK(result == SWOOLE_ERROR_QUEUE_FULL && filled > 10);
    shared->number[1] = filled;
    answer(server, session, "full\n");
}

static void count_message(void *userdata, swoole_server *server, const swoole_pipe_message *message) {
    (void)userdata;
    CHECK(swoole_server_worker_id(server) == TASK_WORKER && message->len == 2000);
    if (++seen == shared->number[1]) note('a');
}

static void configure_full(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_on_task(server, wait_in_task, NULL));
    CHECK_OK(swoole_server_on_pipe_message(server, count_message, NULL));
}

static void a_full_mailbox_refuses_and_loses_nothing(void) {
    make_gate();
    job = fill_mailbox;
    serve_with(2, 2, configure_full);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "full");
    open_gate();
    await_note('a');
    close(fd);
    finish();
    drop_gate();
}

static const struct test tests[] = {
    {"workers_write_to_each_other", workers_write_to_each_other},
    {"a_task_worker_gets_and_sends_messages", a_task_worker_gets_and_sends_messages},
    {"a_task_can_send_a_message", a_task_can_send_a_message},
    {"a_user_process_gets_and_sends_messages", a_user_process_gets_and_sends_messages},
    {"messages_of_all_sizes_arrive_in_their_order", messages_of_all_sizes_arrive_in_their_order},
    {"the_master_can_write", the_master_can_write},
    {"the_manager_can_write", the_manager_can_write},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
    {"a_full_mailbox_refuses_and_loses_nothing", a_full_mailbox_refuses_and_loses_nothing},
};
RUN(tests)
