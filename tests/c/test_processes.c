// User processes: begun, kept alive, reloaded and stopped with the server.
#include "support.h"

static void note_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata;
    // A user process is no worker: its function is its start.
    CHECK(worker_id == 0 && swoole_server_role(server) == SWOOLE_ROLE_WORKER);
    note('w');
}

static void on_error(void *userdata, swoole_server *server, const swoole_worker_failure *failure) {
    (void)userdata, (void)server;
    shared->number[0] = failure->worker_id;
    shared->number[1] = failure->exit_code;
    note('!');
}

static void note_server(void *userdata, swoole_server *server) {
    (void)server;
    note(*(const char *)userdata);
}

// Tells who it is, and stays.
static void stay(void *userdata, swoole_server *server, int32_t index) {
    int32_t pid = 0;
    CHECK(userdata == &shared->number[8 + index]);
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_USER_PROCESS);
    CHECK(swoole_server_worker_id(server) == 1 + index);
    CHECK_OK(swoole_server_worker_pid(server, 1 + index, &pid));
    CHECK(pid == getpid());
    shared->pid[index] = getpid();
    note((char)('0' + index));
    for (;;) pause();
}

static void ignore_job(swoole_server *server, int64_t session) { answer(server, session, "here\n"); }

static void add(swoole_server *server, swoole_process_fn function, int32_t wanted) {
    int32_t index = -1;
    CHECK_OK(swoole_server_add_process(server, function, &shared->number[8 + wanted], &index));
    CHECK(index == wanted);
}

static void configure_common(swoole_server *server) {
    job = ignore_job;
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_worker_start(server, note_start, NULL));
    CHECK_OK(swoole_server_on_worker_error(server, on_error, NULL));
    CHECK_OK(swoole_server_on_after_reload(server, note_server, (void *)"R"));
}

static void configure_two(swoole_server *server) {
    configure_common(server);
    add(server, stay, 0);
    add(server, stay, 1);
}

static void await_both(void) {
    if (!strchr(notes, '0')) await_note('0');
    if (!strchr(notes, '1')) await_note('1');
}

static void user_processes_run_and_end_with_the_server(void) {
    serve(1, configure_two);
    await_both();
    CHECK(shared->pid[0] != shared->pid[1]);
    finish();
    CHECK(kill(shared->pid[0], 0) == -1 && errno == ESRCH);
    CHECK(count_notes('0') == 1 && count_notes('1') == 1 && count_notes('w') == 1);
    CHECK(count_notes('!') == 0);
}

static void a_killed_user_process_is_begun_again(void) {
    serve(1, configure_two);
    await_both();
    int killed = shared->pid[1], other = shared->pid[0];
    kill(killed, SIGKILL);
    await_note('1');
    CHECK(shared->pid[1] != killed && shared->pid[0] == other);
    if (!strchr(notes, '!')) await_note('!');
    CHECK(shared->number[0] == 2);
    finish();
}

static void a_reload_replaces_user_processes(void) {
    serve(1, configure_two);
    await_both();
    int before[2] = {shared->pid[0], shared->pid[1]};
    kill(server_pid, SIGUSR1);
    await_note('R');
    while (count_notes('0') < 2 && await_note('0')) {}
    while (count_notes('1') < 2 && await_note('1')) {}
    CHECK(shared->pid[0] != before[0] && shared->pid[1] != before[1]);
    finish();
    CHECK(count_notes('!') == 0); // being told to go is no failure
}

static void stop_second(swoole_server *server, int64_t session) {
    CHECK_OK(swoole_server_stop(server, 2));
    answer(server, session, "stopped\n");
}

static void configure_stopping(swoole_server *server) {
    configure_two(server);
    job = stop_second;
}

static void a_stopped_user_process_is_begun_again(void) {
    serve(1, configure_stopping);
    await_both();
    int before = shared->pid[1];
    int fd = dial();
    CHECK_TEXT(talk(fd, "stop"), "stopped");
    while (count_notes('1') < 2 && await_note('1')) {}
    CHECK(shared->pid[1] != before);
    close(fd);
    finish();
    CHECK(count_notes('!') == 0);
}

// ---- one that comes to its end by itself
static void leave(void *userdata, swoole_server *server, int32_t index) {
    (void)userdata;
    if (index == 0) {
        note((char)(shared->number[9] == 0 ? 'x' : 'y'));
        if (__atomic_fetch_add(&shared->number[9], 1, __ATOMIC_SEQ_CST) == 0) CHECK_OK(swoole_server_leave(server, 7));
        else
            for (;;) pause();
    }
}

static void configure_leaving(swoole_server *server) {
    configure_common(server);
    add(server, leave, 0);
}

static void one_that_leaves_is_reported_and_begun_again(void) {
    serve(1, configure_leaving);
    if (!strchr(notes, 'y')) await_note('y');
    if (!strchr(notes, '!')) await_note('!');
    CHECK(shared->number[0] == 1 && shared->number[1] == 7);
    finish();
}

// ---- its loop
static void give_task(swoole_server *server, void *box);
static void on_tick(void *userdata, int64_t timer_id) {
    static int ticks;
    if (++ticks < 3) return;
    CHECK(swoole_timer_clear(timer_id));
    give_task((swoole_server *)userdata, &ticks);
}

static void hear_answer(void *userdata, swoole_server *server, const swoole_answer *result) {
    (void)userdata;
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_USER_PROCESS);
    CHECK(is_text(result->data, result->len, "hello"));
    note('h');
}

static void give_task(swoole_server *server, void *box) {
    swoole_bytes found = {NULL, 0};
    CHECK_OK(swoole_server_task_wait(server, "hello", 5, 30, SWOOLE_ANY_WORKER, &found));
    CHECK(is_text(found.data, found.len, "hello"));
    swoole_bytes_free(&found);
    CHECK_OK(swoole_server_task_with(server, "hello", 5, SWOOLE_ANY_WORKER, hear_answer, box, NULL, NULL));
}

static void tick(void *userdata, swoole_server *server, int32_t index) {
    (void)userdata, (void)index;
    note('t');
    if (__atomic_fetch_add(&shared->number[9], 1, __ATOMIC_SEQ_CST) == 0)
        CHECK_OK(swoole_timer_tick(1, on_tick, server, NULL));
    else
        stay_until_told();
}

static void echo_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    CHECK(task->source == 2);
    CHECK_OK(swoole_server_finish(server, NULL, task->data, task->len));
}

static void note_any_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata, (void)server;
    if (worker_id == 0) note('w');
}

static void configure_loop(swoole_server *server) {
    configure_common(server);
    CHECK_OK(swoole_server_on_worker_start(server, note_any_start, NULL));
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_on_task(server, echo_task, NULL));
    add(server, tick, 0);
}

static void its_loop_runs_until_it_is_empty(void) {
    serve(1, configure_loop);
    if (!strchr(notes, 'h')) await_note('h');
    // Then it ended in order, and another was begun.
    while (count_notes('t') < 2 && await_note('t')) {}
    finish();
    CHECK(count_notes('!') == 0);
}

// ---- wrong calls
static void add_late(swoole_server *server, int64_t session) {
    int32_t index = -7;
    CHECK(swoole_server_add_process(server, stay, NULL, &index) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(index == -7);
    answer(server, session, "done\n");
}

static void configure_late(swoole_server *server) {
    configure_common(server);
    job = add_late;
}

static void adding_is_for_before_the_start(void) {
    serve(1, configure_late);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
}

static void null_is_refused(void) {
    swoole_server *server = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK(swoole_server_add_process(server, NULL, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_server_add_process(NULL, stay, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    swoole_server_free(server);
}

static const struct test tests[] = {
    {"user_processes_run_and_end_with_the_server", user_processes_run_and_end_with_the_server},
    {"a_killed_user_process_is_begun_again", a_killed_user_process_is_begun_again},
    {"a_reload_replaces_user_processes", a_reload_replaces_user_processes},
    {"a_stopped_user_process_is_begun_again", a_stopped_user_process_is_begun_again},
    {"one_that_leaves_is_reported_and_begun_again", one_that_leaves_is_reported_and_begun_again},
    {"its_loop_runs_until_it_is_empty", its_loop_runs_until_it_is_empty},
    {"adding_is_for_before_the_start", adding_is_for_before_the_start},
    {"null_is_refused", null_is_refused},
};
RUN(tests)
