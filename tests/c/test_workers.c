// All the processes among the workers: their figures, their reload, their stop. One worker (0), two task
// workers (1, 2), one user process (3).
#include "support.h"

#include <sched.h>

static void echo_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    CHECK_OK(swoole_server_finish(server, NULL, task->data, task->len));
}

static void stay(void *userdata, swoole_server *server, int32_t index) {
    (void)userdata, (void)server, (void)index;
    note('w');
    for (;;) pause();
}

static void note_server(void *userdata, swoole_server *server) {
    (void)server;
    note(*(const char *)userdata);
}

static void configure(swoole_server *server) {
    size_t count = 9;
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 2));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, echo_task, NULL));
    CHECK_OK(swoole_server_on_after_reload(server, note_server, (void *)"R"));
    CHECK_OK(swoole_server_add_process(server, stay, NULL, NULL));
    CHECK_OK(swoole_server_worker_figures(server, NULL, 0, &count));
    CHECK(count == 0); // not started yet
}

static int serve_job(void (*what)(swoole_server *server, int64_t session)) {
    job = what;
    serve_with(1, 3, configure);
    return dial();
}

static int64_t stat_of(swoole_server *server, const char *name) {
    int64_t value = -1;
    CHECK_OK(swoole_server_stat(server, name, &value));
    return value;
}

// A task that is answered and done: it ends a little after its answer.
static void wait_for_task(swoole_server *server) {
    swoole_bytes found = {NULL, 0};
    CHECK_OK(swoole_server_task_wait(server, "x", 1, 30, 1, &found));
    swoole_bytes_free(&found);
    double begin = seconds();
    while (stat_of(server, "tasking_num") != 0 && seconds() - begin < 30) sched_yield();
}

static void check_figures(swoole_server *server, int64_t session) {
    static const int kinds[] = {SWOOLE_WORKER_KIND_EVENT, SWOOLE_WORKER_KIND_TASK, SWOOLE_WORKER_KIND_TASK,
                                SWOOLE_WORKER_KIND_USER};
    swoole_worker_figures all[8];
    size_t count = 0;
    wait_for_task(server);
    memset(all, 0x55, sizeof all);
    CHECK_OK(swoole_server_worker_figures(server, all, 8, &count));
    CHECK(count == 4);
    for (int i = 0; i < 4; i++) {
        int32_t pid = 0;
        CHECK_OK(swoole_server_worker_pid(server, i, &pid));
        CHECK(all[i].id == i && all[i].pid == pid && all[i].kind == kinds[i] && all[i].restarts == 0);
        CHECK(all[i].status == SWOOLE_WORKER_BUSY || all[i].status == SWOOLE_WORKER_IDLE);
    }
    CHECK(all[0].status == SWOOLE_WORKER_BUSY && all[0].requests == 1);
    CHECK(all[0].tasking == 0);
    CHECK(all[1].requests == 0 && all[2].requests == 1);
    CHECK(all[4].id == 0x55555555);
    memset(all, 0x55, sizeof all);
    CHECK_OK(swoole_server_worker_figures(server, all, 1, &count));
    CHECK(count == 4 && all[0].id == 0 && all[1].id == 0x55555555);
    CHECK(swoole_server_worker_figures(server, NULL, 1, &count) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_worker_figures(server, all, 8, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_worker_figures(NULL, all, 8, &count) == SWOOLE_ERROR_INVALID_PARAMS);
    answer(server, session, "done\n");
}

static void each_has_its_figures(void) {
    int fd = serve_job(check_figures);
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
}

static void check_stats(swoole_server *server, int64_t session) {
    wait_for_task(server);
    CHECK(stat_of(server, "worker_num") == 1);
    CHECK(stat_of(server, "task_worker_num") == 2);
    CHECK(stat_of(server, "user_worker_num") == 1);
    CHECK(stat_of(server, "tasking_num") == 0);
    answer(server, session, "done\n");
}

static void the_servers_figures_count_them(void) {
    int fd = serve_job(check_stats);
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
}

// ---- reload and stop
static void tell_pids(swoole_server *server, int64_t session) {
    for (int i = 0; i < 4; i++) {
        int32_t pid = 0;
        CHECK_OK(swoole_server_worker_pid(server, i, &pid));
        shared->pid[i] = pid;
    }
    answer(server, session, "told\n");
}

static void reload_or_tell(swoole_server *server, int64_t session) {
    if (__atomic_fetch_add(&shared->number[0], 1, __ATOMIC_SEQ_CST) == 1) {
        CHECK_OK(swoole_server_reload_tasks(server));
        answer(server, session, "reloading\n");
    } else {
        tell_pids(server, session);
    }
}

static void task_workers_can_be_reloaded_alone(void) {
    int before[4], fd = serve_job(reload_or_tell);
    CHECK_TEXT(talk(fd, "pids"), "told");
    memcpy(before, shared->pid, sizeof before);
    CHECK_TEXT(talk(fd, "reload"), "reloading");
    await_note('R');
    while (count_notes('w') < 6 && await_note('w')) {}
    CHECK_TEXT(talk(fd, "pids"), "told");
    CHECK(shared->pid[0] == before[0] && shared->pid[3] == before[3]);
    CHECK(shared->pid[1] != before[1] && shared->pid[2] != before[2]);
    close(fd);
    finish();
    CHECK(count_notes('w') == 6 && count_notes('R') == 1);
}

static void stop_or_tell(swoole_server *server, int64_t session) {
    if (__atomic_fetch_add(&shared->number[0], 1, __ATOMIC_SEQ_CST) == 1) {
        CHECK_OK(swoole_server_stop(server, 2));
        CHECK(swoole_server_stop(server, 4) == SWOOLE_ERROR_INVALID_PARAMS);
        answer(server, session, "stopping\n");
    } else {
        tell_pids(server, session);
    }
}

static void a_task_worker_can_be_stopped(void) {
    int before[4], fd = serve_job(stop_or_tell);
    CHECK_TEXT(talk(fd, "pids"), "told");
    memcpy(before, shared->pid, sizeof before);
    CHECK_TEXT(talk(fd, "stop"), "stopping");
    await_note('w');
    CHECK_TEXT(talk(fd, "pids"), "told");
    CHECK(shared->pid[1] == before[1] && shared->pid[2] != before[2]);
    close(fd);
    finish();
}

// ---- one after so many tasks
static void configure_few(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_int(server, "task_max_request", 3));
    CHECK_OK(swoole_server_set_int(server, "task_max_request_grace", 0));
}

static void wait_for_three(swoole_server *server, int64_t session) {
    for (int i = 0; i < 3; i++) wait_for_task(server);
    answer(server, session, "done\n");
}

static void a_task_worker_is_replaced_after_task_max_request(void) {
    job = wait_for_three;
    serve_with(1, 3, configure_few);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    await_note('w');
    CHECK_TEXT(talk(fd, "go"), "done"); // by its successor
    await_note('w');
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"each_has_its_figures", each_has_its_figures},
    {"the_servers_figures_count_them", the_servers_figures_count_them},
    {"task_workers_can_be_reloaded_alone", task_workers_can_be_reloaded_alone},
    {"a_task_worker_can_be_stopped", a_task_worker_can_be_stopped},
    {"a_task_worker_is_replaced_after_task_max_request", a_task_worker_is_replaced_after_task_max_request},
};
RUN(tests)
