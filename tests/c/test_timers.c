// Timers and deferred calls, in every process of a server.
#include "loop.h"

static int64_t asker;
static swoole_server *own; // the server, in the process that set a timer

static void tell(const char *text) { answer(own, asker, text); }

static void serve_job(void (*what)(swoole_server *server, int64_t session), void (*configure)(swoole_server *server)) {
    job = what;
    serve(1, configure);
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_set_int(server, "max_wait_time", 1));
}

static void check_job(void (*what)(swoole_server *server, int64_t session), const char *wanted) {
    serve_job(what, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), wanted);
    close(fd);
    finish();
}

// ---- after
static int64_t first_id;
static double begun;

static void on_after(void *userdata, int64_t timer_id) {
    CHECK(userdata == &asker && timer_id == first_id);
    CHECK(seconds() - begun >= 0.0499);
    CHECK(!swoole_timer_clear(timer_id)); // it has been called for the last time
    tell("after\n");
}

static void set_after(swoole_server *server, int64_t session) {
    own = server, asker = session, begun = seconds();
    CHECK_OK(swoole_timer_after(50, on_after, &asker, &first_id));
    CHECK(first_id > 0);
}

static void after_calls_once(void) { check_job(set_after, "after"); }

// ---- several, in the order of their times
static char order[16];

static void on_letter(void *userdata, int64_t timer_id) {
    (void)timer_id;
    strcat(order, (const char *)userdata);
    if (strlen(order) == 3) {
        strcat(order, "\n");
        tell(order);
    }
}

static void set_several(swoole_server *server, int64_t session) {
    own = server, asker = session, order[0] = 0;
    CHECK_OK(swoole_timer_after(200, on_letter, (void *)"c", NULL));
    CHECK_OK(swoole_timer_after(1, on_letter, (void *)"a", NULL));
    CHECK_OK(swoole_timer_after(100, on_letter, (void *)"b", NULL));
}

static void timers_come_in_the_order_of_their_times(void) { check_job(set_several, "abc"); }

// ---- tick
static int ticks;

static void on_tick(void *userdata, int64_t timer_id) {
    CHECK(userdata == NULL && timer_id == first_id);
    if (++ticks < 5) return;
    CHECK(ticks == 5);
    CHECK(swoole_timer_clear(timer_id));
    CHECK(!swoole_timer_clear(timer_id));
    CHECK(seconds() - begun >= 0.0249);
    tell("ticked\n");
}

static void set_tick(swoole_server *server, int64_t session) {
    own = server, asker = session, begun = seconds(), ticks = 0;
    CHECK_OK(swoole_timer_tick(5, on_tick, NULL, &first_id));
}

static void a_tick_calls_until_it_clears_itself(void) { check_job(set_tick, "ticked"); }

// ---- clear
static void never(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    CHECK(!"a cleared timer was called");
}

static void on_end(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    tell("end\n");
}

static void set_and_clear(swoole_server *server, int64_t session) {
    int64_t id = 0;
    own = server, asker = session;
    CHECK_OK(swoole_timer_after(5, never, NULL, &id));
    CHECK(swoole_timer_clear(id));
    CHECK_OK(swoole_timer_tick(5, never, NULL, &id));
    CHECK(swoole_timer_clear(id));
    CHECK(!swoole_timer_clear(id) && !swoole_timer_clear(-1) && !swoole_timer_clear(12345));
    CHECK_OK(swoole_timer_after(20, on_end, NULL, NULL));
}

static void a_cleared_timer_is_not_called(void) { check_job(set_and_clear, "end"); }

// ---- defer
static void on_deferred(void *userdata) {
    strcat(order, (const char *)userdata);
    if (order[strlen(order) - 1] == '\n') tell(order);
    if (strcmp((const char *)userdata, "1") == 0) CHECK_OK(swoole_event_defer(on_deferred, (void *)"3\n"));
}

static void set_deferred(swoole_server *server, int64_t session) {
    own = server, asker = session, order[0] = 0;
    CHECK_OK(swoole_event_defer(on_deferred, (void *)"1"));
    CHECK_OK(swoole_event_defer(on_deferred, (void *)"2"));
    strcat(order, "0"); // not before this callback is done
}

static void deferred_calls_come_in_their_order(void) { check_job(set_deferred, "0123"); }

// ---- leaving
static void leave_with_code(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    CHECK_OK(swoole_server_leave(own, 7));
}

static void set_to_leave(swoole_server *server, int64_t session) {
    (void)session;
    own = server;
    CHECK_OK(swoole_timer_after(1, leave_with_code, NULL, NULL));
}

static void on_error(void *userdata, swoole_server *server, const swoole_worker_failure *failure) {
    (void)userdata, (void)server;
    shared->number[0] = failure->exit_code;
    note('!');
}

static void configure_error(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_on_worker_error(server, on_error, NULL));
}

static void a_timer_can_let_its_process_leave(void) {
    serve_job(set_to_leave, configure_error);
    int fd = dial();
    say(fd, "go", 2);
    await_note('!');
    CHECK(shared->number[0] == 7);
    close(fd);
    finish();
}

static void go_on(void *userdata, int64_t timer_id) { (void)userdata, (void)timer_id; }

static void set_endless(swoole_server *server, int64_t session) {
    own = server;
    CHECK_OK(swoole_timer_tick(10, go_on, NULL, &first_id));
    answer(server, session, "set\n");
}

static void note_worker(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)server, (void)worker_id;
    note(*(const char *)userdata);
}

static void configure_notes(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_on_worker_exit(server, note_worker, (void *)"e"));
    CHECK_OK(swoole_server_on_worker_stop(server, note_worker, (void *)"W"));
}

static void a_tick_does_not_keep_a_worker_from_leaving(void) {
    serve_job(set_endless, configure_notes);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "set");
    close(fd);
    finish();
    // Several times: as long as the tick was there.
    CHECK(count_notes('e') > 1 && count_notes('W') == 1);
    if (shared->failed) fprintf(stderr, "the notes were %s\n", notes);
}

static void clear_in_exit(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata, (void)server, (void)worker_id;
    note('e');
    if (first_id > 0) CHECK(swoole_timer_clear(first_id));
    first_id = 0;
}

static void configure_clearing(swoole_server *server) {
    configure_notes(server);
    CHECK_OK(swoole_server_set_int(server, "max_wait_time", 60));
    CHECK_OK(swoole_server_on_worker_exit(server, clear_in_exit, NULL));
}

static void a_worker_leaves_when_worker_exit_has_cleared_its_timers(void) {
    serve_job(set_endless, configure_clearing);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "set");
    close(fd);
    double begin = seconds();
    finish();
    CHECK(seconds() - begin < 40);
    CHECK(count_notes('e') >= 1 && count_notes('W') == 1);
}

// ---- every role
static void note_timer(void *userdata, int64_t timer_id) {
    static int calls;
    (void)timer_id;
    if (++calls == 2) note(*(const char *)userdata);
}

static void tick_for(const char *letter) { CHECK_OK(swoole_timer_tick(5, note_timer, (void *)letter, NULL)); }

static void tick_in_server(void *userdata, swoole_server *server) {
    (void)server;
    tick_for((const char *)userdata);
}

static void tick_in_worker(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata;
    // A user process sets its own in its function.
    if (swoole_server_role(server) == SWOOLE_ROLE_WORKER) tick_for("k");
    if (swoole_server_role(server) == SWOOLE_ROLE_TASK_WORKER) tick_for("t");
    if (worker_id == 0) note('w');
}

static void tick_in_process(void *userdata, swoole_server *server, int32_t index) {
    (void)userdata, (void)server, (void)index;
    CHECK_OK(swoole_timer_after(5, note_timer, (void *)"u", NULL));
    CHECK_OK(swoole_timer_after(6, note_timer, (void *)"u", NULL));
    stay_until_told();
}

static void ignore_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata, (void)server, (void)task;
}

static void configure_roles(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_on_task(server, ignore_task, NULL));
    CHECK_OK(swoole_server_on_start(server, tick_in_server, (void *)"s"));
    CHECK_OK(swoole_server_on_manager_start(server, tick_in_server, (void *)"m"));
    CHECK_OK(swoole_server_on_worker_start(server, tick_in_worker, NULL));
    CHECK_OK(swoole_server_add_process(server, tick_in_process, NULL, NULL));
}

static void timers_run_in_every_process(void) {
    serve_job(set_after, configure_roles);
    const char *all = mode == SWOOLE_PROCESS ? "smktu" : "mktu";
    for (const char *letter = all; *letter; letter++) {
        if (!strchr(notes, *letter)) await_note(*letter);
    }
    finish();
}

// ---- wrong calls
static void call_wrongly(swoole_server *server, int64_t session) {
    int64_t id = -9;
    own = server, asker = session;
    CHECK(swoole_timer_after(0, never, NULL, &id) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_after(-1, never, NULL, &id) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("-1");
    CHECK(swoole_timer_tick(86400001, never, NULL, &id) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_after(1, NULL, NULL, &id) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_tick(1, NULL, NULL, &id) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_defer(NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(id == -9);
    CHECK_OK(swoole_timer_after(86400000, never, NULL, &id));
    CHECK(swoole_timer_clear(id));
    CHECK_OK(swoole_timer_after(20, on_end, NULL, NULL));
}

static void wrong_times_and_null_are_refused(void) { check_job(call_wrongly, "end"); }

// ---- what is known of timers
static void look_at_itself(void *userdata, int64_t timer_id) {
    swoole_timer timer;
    (void)userdata;
    CHECK(swoole_timer_exists(timer_id));
    CHECK_OK(swoole_timer_info(timer_id, &timer));
    CHECK(timer.id == timer_id && timer.period == 5 && timer.left <= 5);
    if (timer.runs == 2) CHECK(swoole_timer_clear(timer_id));
}

LOOP_TEST(timers_can_be_asked_about) {
    int64_t once = 0, tick = 0, ids[3] = {0, 0, -9};
    size_t count = 9;
    swoole_timer timer;
    CHECK_OK(swoole_timer_list(NULL, 0, &count));
    CHECK(count == 0);
    CHECK_OK(swoole_timer_tick(5, look_at_itself, NULL, &tick));
    CHECK_OK(swoole_timer_after(60000, never, NULL, &once));
    CHECK(swoole_timer_exists(tick) && swoole_timer_exists(once) && !swoole_timer_exists(0) && !swoole_timer_exists(once + 1));
    CHECK_OK(swoole_timer_info(once, &timer));
    CHECK(timer.id == once && timer.period == 0 && timer.runs == 0 && timer.left > 20000 && timer.left < 60100);
    CHECK_OK(swoole_timer_list(ids, 3, &count));
    CHECK(count == 2 && ids[0] == tick && ids[1] == once && ids[2] == -9);
    CHECK_OK(swoole_timer_list(ids, 1, &count));
    CHECK(count == 2);
    while (swoole_timer_exists(tick)) CHECK_OK(swoole_event_dispatch());
    CHECK(swoole_timer_info(tick, &timer) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_info(once, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_list(NULL, 1, &count) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_list(ids, 3, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_timer_clear_all() == 1 && swoole_timer_clear_all() == 0);
    CHECK(swoole_event_is_empty());
}

// ---- without a server
static void clear_at_5(void *userdata, int64_t timer_id) {
    int *count = (int *)userdata;
    if (++*count == 5) CHECK(swoole_timer_clear(timer_id));
}

LOOP_TEST(timers_run_without_a_server) {
    int count = 0;
    double begin = seconds();
    CHECK_OK(swoole_timer_tick(10, clear_at_5, &count, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(count == 5 && seconds() - begin >= 0.0499);
}

static int called;
static void count_call(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    called++;
}

LOOP_TEST(there_may_be_a_hundred_thousand) {
    enum { MANY = 100000 };
    static int64_t ids[MANY];
    called = 0;
    for (int i = 0; i < MANY; i++) CHECK_OK(swoole_timer_after(1 + i % 50, count_call, NULL, &ids[i]));
    for (int i = 0; i < MANY; i += 2) CHECK(swoole_timer_clear(ids[i]));
    CHECK_OK(swoole_event_wait());
    CHECK(called == MANY / 2);
}

static void a_server_is_not_started_with_timers_set_body(void) {
    swoole_server *server = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_timer_tick(1000, never, NULL, NULL));
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_timer_clear_all() == 1);
    swoole_server_free(server);
}
static void a_server_is_not_started_with_timers_set(void) { in_a_process(a_server_is_not_started_with_timers_set_body); }

static void run_in_worker(swoole_server *server, int64_t session) {
    CHECK(swoole_event_wait() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("server");
    CHECK(swoole_event_dispatch() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_exit() == SWOOLE_ERROR_WRONG_OPERATION);
    answer(server, session, "refused\n");
}

static void a_server_runs_its_loops_itself(void) { check_job(run_in_worker, "refused"); }

static const struct test tests[] = {
    {"after_calls_once", after_calls_once},
    {"timers_come_in_the_order_of_their_times", timers_come_in_the_order_of_their_times},
    {"a_tick_calls_until_it_clears_itself", a_tick_calls_until_it_clears_itself},
    {"a_cleared_timer_is_not_called", a_cleared_timer_is_not_called},
    {"deferred_calls_come_in_their_order", deferred_calls_come_in_their_order},
    {"a_timer_can_let_its_process_leave", a_timer_can_let_its_process_leave},
    {"a_tick_does_not_keep_a_worker_from_leaving", a_tick_does_not_keep_a_worker_from_leaving},
    {"a_worker_leaves_when_worker_exit_has_cleared_its_timers", a_worker_leaves_when_worker_exit_has_cleared_its_timers},
    {"timers_run_in_every_process", timers_run_in_every_process},
    {"wrong_times_and_null_are_refused", wrong_times_and_null_are_refused},
    {"timers_can_be_asked_about", timers_can_be_asked_about},
    {"timers_run_without_a_server", timers_run_without_a_server},
    {"there_may_be_a_hundred_thousand", there_may_be_a_hundred_thousand},
    {"a_server_is_not_started_with_timers_set", a_server_is_not_started_with_timers_set},
    {"a_server_runs_its_loops_itself", a_server_runs_its_loops_itself},
};
RUN(tests)
