// Tasks that wait in a System V message queue (task_ipc_mode 2 and 3): they outlive the server.
#include "support.h"

#include <sys/ipc.h>
#include <sys/msg.h>

static int ipc_mode;
static int64_t asker;

static int64_t own_key(void) { return 0x53000000 + (int64_t)shared->pid[0]; }

static void on_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    CHECK(task->source == 0 && task->tries == 0 && !task->serialized);
    if (is_text(task->data, task->len, "wait")) {
        note('g');
        wait_at_gate();
    } else if (task->len == 1) {
        note((char)task->data[0]);
    } else {
        CHECK_OK(swoole_server_finish(server, NULL, task->data, task->len));
    }
}

static void on_finish(void *userdata, swoole_server *server, const swoole_answer *result) {
    (void)userdata;
    CHECK(is_text(result->data, result->len, "hello"));
    answer(server, asker, "answered\n");
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_set_int(server, "task_ipc_mode", ipc_mode));
    CHECK_OK(swoole_server_set_int(server, "message_queue_key", own_key()));
    CHECK_OK(swoole_server_set_float(server, "max_wait_time", 0.5));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, on_task, NULL));
    CHECK_OK(swoole_server_on_finish(server, on_finish, NULL));
}

static void serve_queue(int which, void (*what)(swoole_server *server, int64_t session)) {
    shared->pid[0] = getpid();
    ipc_mode = which;
    job = what;
    serve_with(1, 1, configure);
}

// Removes the queue, which the server has left behind with so many tasks.
static void remove_queue(size_t tasks) {
    struct msqid_ds state;
    int queue = msgget((key_t)own_key(), 0);
    CHECK(queue >= 0);
    CHECK(msgctl(queue, IPC_STAT, &state) == 0 && state.msg_qnum == tasks);
    CHECK(msgctl(queue, IPC_RMID, NULL) == 0);
}

static void give(swoole_server *server, const char *text, int32_t to) {
    CHECK_OK(swoole_server_task(server, text, strlen(text), to, NULL));
}

static void give_and_wait(swoole_server *server, int64_t session) {
    swoole_bytes found = {NULL, 0};
    static uint8_t large[100000]; // travels as a file
    memset(large, 'x', sizeof large);
    CHECK_OK(swoole_server_task_wait(server, large, sizeof large, 30, 0, &found));
    CHECK(found.len == sizeof large && memcmp(found.data, large, found.len) == 0);
    swoole_bytes_free(&found);
    asker = session;
    give(server, "hello", SWOOLE_ANY_WORKER);
}

static void check_round_trip(int which) {
    serve_queue(which, give_and_wait);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "answered");
    close(fd);
    finish();
    remove_queue(0);
}

static void a_task_goes_through_a_queue_for_one(void) { check_round_trip(2); }
static void a_task_goes_through_a_queue_for_all(void) { check_round_trip(3); }

static void give_too_many(swoole_server *server, int64_t session) {
    give(server, "wait", 0);
    give(server, "a", 0);
    give(server, "b", 0);
    give(server, "c", 0);
    answer(server, session, "given\n");
}

static void check_survival(int which) {
    struct msqid_ds state;
    make_gate();
    serve_queue(which, give_too_many);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "given");
    await_note('g');
    close(fd);
    finish(); // its task worker is still at the gate, and is killed
    CHECK(count_notes('a') == 0);
    int queue = msgget((key_t)own_key(), 0);
    CHECK(queue >= 0 && msgctl(queue, IPC_STAT, &state) == 0 && state.msg_qnum == 3);
    serve_queue(which, NULL);
    if (!strchr(notes, 'c')) await_note('c');
    finish();
    CHECK(count_notes('a') == 1 && count_notes('b') == 1 && count_notes('c') == 1 && count_notes('g') == 0);
    remove_queue(0);
    drop_gate();
}

static void tasks_for_one_outlive_the_server(void) { check_survival(2); }
static void tasks_for_all_outlive_the_server(void) { check_survival(3); }

static const struct test tests[] = {
    {"a_task_goes_through_a_queue_for_one", a_task_goes_through_a_queue_for_one},
    {"a_task_goes_through_a_queue_for_all", a_task_goes_through_a_queue_for_all},
    {"tasks_for_one_outlive_the_server", tasks_for_one_outlive_the_server},
    {"tasks_for_all_outlive_the_server", tasks_for_all_outlive_the_server},
};
RUN(tests)
