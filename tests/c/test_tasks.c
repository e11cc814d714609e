// Tasks: given, done, answered.
#include "support.h"

static int task_workers = 1;
static int64_t asker; // in the worker: the client that waits for what comes of a task
static int64_t given; // in the worker: the number of the last task
static const char *directory = "/tmp"; // where long tasks wait

static void finish_text(swoole_server *server, const swoole_ticket *ticket, const char *text) {
    CHECK_OK(swoole_server_finish(server, ticket, text, strlen(text)));
}

// ---- in the task worker
static swoole_ticket kept;
static swoole_server *kept_at;

static void finish_later(void *userdata, int64_t timer_id) {
    CHECK(timer_id > 0);
    finish_text(kept_at, &kept, (const char *)userdata);
    CHECK_OK(swoole_server_end_task(kept_at, &kept));
}

static void pass_on_answer(void *userdata, swoole_server *server, const swoole_answer *answer) {
    CHECK(userdata == &kept && swoole_server_role(server) == SWOOLE_ROLE_TASK_WORKER);
    CHECK_OK(swoole_server_finish(server, &kept, answer->data, answer->len));
}

static void end_kept(void *userdata) { CHECK_OK(swoole_server_end_task(kept_at, (swoole_ticket *)userdata)); }

// Does what the task's text says; by default it gives the text back.
static void on_task(void *userdata, swoole_server *server, const swoole_task *task) {
    CHECK(userdata == &task_workers);
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_TASK_WORKER);
    CHECK(swoole_server_worker_id(server) >= 1 && swoole_server_worker_id(server) <= task_workers);
    CHECK(task->id >= 0 && task->dispatch_time > 0 && !task->serialized);
    if (is_text(task->data, task->len, "nothing")) return;
    if (is_text(task->data, task->len, "wait")) wait_at_gate();
    if (is_text(task->data, task->len, "three")) {
        finish_text(server, NULL, "1");
        finish_text(server, &task->ticket, "2");
        finish_text(server, NULL, "3");
    } else if (is_text(task->data, task->len, "keep")) {
        CHECK_OK(swoole_server_keep_task(server));
        kept = task->ticket, kept_at = server;
        CHECK_OK(swoole_timer_after(1, finish_later, (void *)"later", NULL));
    } else if (is_text(task->data, task->len, "pass on")) {
        CHECK(swoole_server_task(server, "inner", 5, 1, NULL) != SWOOLE_OK); // nobody here would hear the answer
        CHECK_OK(swoole_server_keep_task(server));
        kept = task->ticket, kept_at = server;
        CHECK_OK(swoole_server_task_with(server, "inner", 5, 1, pass_on_answer, &kept, end_kept, NULL));
    } else if (is_text(task->data, task->len, "die")) {
        if (task->tries == 0) kill(getpid(), SIGKILL);
        finish_text(server, NULL, task->tries == 1 ? "again" : "too often");
    } else {
        CHECK_OK(swoole_server_finish(server, NULL, task->data, task->len));
    }
}

// ---- in the worker
static void on_finish(void *userdata, swoole_server *server, const swoole_answer *answer) {
    char line[64];
    CHECK(userdata == &asker);
    CHECK(swoole_server_role(server) == SWOOLE_ROLE_WORKER);
    CHECK(answer->task_id == given && answer->dispatch_time > 0);
    int len = snprintf(line, sizeof line, "%.*s by %d\n", (int)answer->len, (const char *)answer->data, answer->task_worker);
    CHECK_OK(swoole_server_send(server, asker, line, (size_t)len));
}

static void give(swoole_server *server, const char *text, int32_t worker_index) {
    CHECK_OK(swoole_server_task(server, text, strlen(text), worker_index, &given));
    CHECK(given >= 0);
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", task_workers));
    CHECK_OK(swoole_server_set_str(server, "task_tmpdir", directory));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, on_task, &task_workers));
    CHECK_OK(swoole_server_on_finish(server, on_finish, &asker));
}

// One worker and some task workers; the worker does `what` when a client says something.
static void serve_tasks(int count, void (*what)(swoole_server *server, int64_t session)) {
    task_workers = count;
    job = what;
    serve_with(1, count, configure);
}

// The same with one question and the answer that is wanted.
static void check_job(int count, void (*what)(swoole_server *server, int64_t session), const char *wanted) {
    serve_tasks(count, what);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), wanted);
    close(fd);
    finish();
}

static void give_hello(swoole_server *server, int64_t session) {
    asker = session;
    give(server, "hello", SWOOLE_ANY_WORKER);
}

static void a_task_is_done_and_answered(void) { check_job(1, give_hello, "hello by 1"); }

static void give_to_second(swoole_server *server, int64_t session) {
    asker = session;
    give(server, "hello", 1);
}

static void a_task_goes_to_the_chosen_task_worker(void) { check_job(2, give_to_second, "hello by 2"); }

static void give_keep(swoole_server *server, int64_t session) {
    asker = session;
    give(server, "keep", SWOOLE_ANY_WORKER);
}

static void a_kept_task_is_answered_after_its_callback(void) { check_job(1, give_keep, "later by 1"); }

static void give_to_pass_on(swoole_server *server, int64_t session) {
    asker = session;
    give(server, "pass on", 0);
}

static void a_task_worker_gives_a_task_with_a_finish_function(void) { check_job(2, give_to_pass_on, "inner by 1"); }

// ---- finish functions
struct collected {
    swoole_server *server;
    char text[64];
};

static void collect(void *userdata, swoole_server *server, const swoole_answer *answer) {
    struct collected *all = (struct collected *)userdata;
    CHECK(all->server == server && answer->task_id == given);
    strncat(all->text, (const char *)answer->data, answer->len);
}

static void send_collected(void *userdata) {
    struct collected *all = (struct collected *)userdata;
    strcat(all->text, ".\n");
    answer(all->server, asker, all->text);
    free(all);
}

static void give_with(swoole_server *server, const char *text, swoole_finish_fn function) {
    struct collected *all = (struct collected *)calloc(1, sizeof *all);
    all->server = server;
    CHECK_OK(swoole_server_task_with(server, text, strlen(text), SWOOLE_ANY_WORKER, function, all, send_collected, &given));
    CHECK(all->server == server); // neither called nor freed yet
}

static void give_with_function(swoole_server *server, int64_t session) {
    asker = session;
    give_with(server, "hello", collect);
}

static void a_finish_function_gets_the_answer(void) { check_job(1, give_with_function, "hello."); }

static void give_three(swoole_server *server, int64_t session) {
    asker = session;
    give_with(server, "three", collect);
}

static void several_answers_come_in_their_order(void) { check_job(1, give_three, "123."); }

static void give_kept_with_function(swoole_server *server, int64_t session) {
    asker = session;
    give_with(server, "keep", collect);
}

static void a_finish_function_hears_the_answer_of_a_kept_task(void) { check_job(1, give_kept_with_function, "later."); }

static void give_for_nothing(swoole_server *server, int64_t session) {
    asker = session;
    give_with(server, "nothing", collect);
}

static void userdata_is_freed_when_there_is_no_answer(void) { check_job(1, give_for_nothing, "."); }

static void give_to_die(swoole_server *server, int64_t session) {
    asker = session;
    give_with(server, "die", collect);
}

static void userdata_is_freed_when_the_task_is_lost(void) { check_job(1, give_to_die, "."); }

static void note_freed(void *userdata) {
    CHECK(userdata == &asker);
    note('f');
}

static void give_what_is_never_answered(swoole_server *server, int64_t session) {
    CHECK_OK(swoole_server_task_with(server, "wait", 4, SWOOLE_ANY_WORKER, collect, &asker, note_freed, NULL));
    CHECK_OK(swoole_server_stop(server, -1));
    answer(server, session, "given\n");
}

static void configure_impatient(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_int(server, "max_wait_time", 1));
    // Otherwise its successor would get the answer there.
    CHECK_OK(swoole_server_on_finish(server, NULL, NULL));
}

static void userdata_is_freed_when_the_process_leaves(void) {
    make_gate();
    task_workers = 1;
    job = give_what_is_never_answered;
    serve_with(1, 1, configure_impatient);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "given");
    await_note('w'); // its successor
    CHECK(count_notes('f') == 1);
    close(fd);
    open_gate();
    finish();
    CHECK(count_notes('f') == 1);
    drop_gate();
}

// ---- waiting for the answer
static void wait_for(swoole_server *server, const char *text, double timeout, const char *wanted) {
    swoole_bytes found = {NULL, 0};
    CHECK_OK(swoole_server_task_wait(server, text, strlen(text), timeout, SWOOLE_ANY_WORKER, &found));
    CHECK(found.data != NULL && found.len == strlen(wanted) && memcmp(found.data, wanted, found.len) == 0);
    swoole_bytes_free(&found);
    CHECK(found.data == NULL && found.len == 0);
    swoole_bytes_free(&found);
}

static void wait_for_answers(swoole_server *server, int64_t session) {
    wait_for(server, "hello", 30, "hello");
    wait_for(server, "", 30, "");
    wait_for(server, "three", 30, "1");
    wait_for(server, "keep", 30, "later");
    answer(server, session, "done\n");
}

static void a_task_can_be_waited_for(void) { check_job(1, wait_for_answers, "done"); }

static void wait_in_vain(swoole_server *server, const char *text, double timeout) {
    static uint8_t untouched;
    swoole_bytes found = {&untouched, 77};
    CHECK(swoole_server_task_wait(server, text, strlen(text), timeout, SWOOLE_ANY_WORKER, &found) ==
          SWOOLE_ERROR_TASK_TIMEOUT);
    CHECK(swoole_last_error() == SWOOLE_ERROR_TASK_TIMEOUT);
    CHECK(found.data == &untouched && found.len == 77);
}

static void wait_too_short(swoole_server *server, int64_t session) {
    int64_t late = -1;
    static bool again;
    if (again) {
        wait_for(server, "hello", 30, "hello");
        CHECK_OK(swoole_server_stat(server, "late_answer_count", &late));
        CHECK(late == 1);
    } else {
        double begin = seconds();
        wait_in_vain(server, "wait", 0.05);
        CHECK(seconds() - begin >= 0.05);
        CHECK_MESSAGE("0.05");
    }
    again = true;
    answer(server, session, "done\n");
}

static void a_late_answer_is_dropped_and_counted(void) {
    make_gate();
    serve_tasks(1, wait_too_short);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    open_gate();
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
    drop_gate();
}

static void wait_for_what_has_no_answer(swoole_server *server, int64_t session) {
    double begin = seconds();
    wait_in_vain(server, "nothing", 60);
    wait_in_vain(server, "die", 60);
    CHECK(seconds() - begin < 50);
    answer(server, session, "done\n");
}

static void waiting_ends_with_a_task_that_has_no_answer(void) { check_job(1, wait_for_what_has_no_answer, "done"); }

static void wait_for_many(swoole_server *server, int64_t session) {
    swoole_data tasks[] = {{"a", 1}, {"nothing", 7}, {NULL, 0}, {"three", 5}, {"b", 1}};
    const char *wanted[] = {"a", NULL, "", "1", "b"};
    swoole_bytes found[5];
    CHECK_OK(swoole_server_task_wait_multi(server, tasks, 5, 30, found));
    for (int i = 0; i < 5; i++) {
        CHECK((found[i].data != NULL) == (wanted[i] != NULL));
        if (wanted[i]) CHECK(is_text(found[i].data, found[i].len, wanted[i]));
        swoole_bytes_free(&found[i]);
    }
    answer(server, session, "done\n");
}

static void several_tasks_can_be_waited_for(void) { check_job(2, wait_for_many, "done"); }

static void wait_for_one_of_two(swoole_server *server, int64_t session) {
    swoole_data tasks[] = {{"wait", 4}, {"b", 1}};
    swoole_bytes found[2];
    CHECK_OK(swoole_server_task_wait_multi(server, tasks, 2, 1, found));
    CHECK(found[0].data == NULL && is_text(found[1].data, found[1].len, "b"));
    swoole_bytes_free(&found[1]);
    answer(server, session, "done\n");
}

static void what_does_not_come_in_time_is_left_out(void) {
    make_gate();
    serve_tasks(2, wait_for_one_of_two);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    open_gate();
    close(fd);
    finish();
    drop_gate();
}

// ---- sizes
static void check_sizes(swoole_server *server, int64_t session) {
    static const size_t sizes[] = {0, 1, 4096, 32 << 10, 100 << 10, 64 << 20};
    uint8_t *block = (uint8_t *)malloc(64 << 20);
    for (size_t i = 0; i < 64 << 20; i++) block[i] = (uint8_t)(i * 2654435761u >> 24);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        swoole_bytes found = {NULL, 0};
        CHECK_OK(swoole_server_task_wait(server, block, sizes[i], 50, SWOOLE_ANY_WORKER, &found));
        CHECK(found.len == sizes[i] && memcmp(found.data, block, found.len) == 0);
        swoole_bytes_free(&found);
    }
    free(block);
    answer(server, session, "done\n");
}

static void tasks_of_all_sizes_arrive_whole_and_leave_no_file(void) {
    char own[] = "/tmp/swoole_rs_tasks_XXXXXX";
    CHECK(mkdtemp(own) != NULL);
    directory = own;
    check_job(1, check_sizes, "done");
    CHECK(rmdir(own) == 0);
    directory = "/tmp";
}

// ---- a full queue
static int waiting, answered;

static void fill_queue(swoole_server *server, int64_t session) {
    static const char block[1000] = {'x'};
    swoole_result result = SWOOLE_OK;
    int64_t id = -5;
    asker = session;
    CHECK_OK(swoole_server_task(server, "wait", 4, SWOOLE_ANY_WORKER, NULL));
    for (waiting = 1; waiting < 100000; waiting++) {
        id = -5;
        result = swoole_server_task(server, block, sizeof block, SWOOLE_ANY_WORKER, &id);
        if (result != SWOOLE_OK) break;
    }
    CHECK(result == SWOOLE_ERROR_QUEUE_FULL && id == -5);
    CHECK(swoole_last_error() == SWOOLE_ERROR_QUEUE_FULL);
    CHECK_MESSAGE("task_queue_size");
    CHECK(waiting > 10);
    // Its own way to be refused, and its userdata stays here.
    CHECK(swoole_server_task_with(server, block, sizeof block, SWOOLE_ANY_WORKER, collect, &asker, note_freed, NULL) ==
          SWOOLE_ERROR_QUEUE_FULL);
    note('q');
}

static void count_answers(void *userdata, swoole_server *server, const swoole_answer *result) {
    (void)userdata, (void)result;
    if (++answered == waiting) answer(server, asker, "all\n");
}

static void configure_small_queue(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_int(server, "task_queue_size", 65536));
    CHECK_OK(swoole_server_on_finish(server, count_answers, NULL));
}

static void a_full_queue_refuses_and_loses_nothing(void) {
    make_gate();
    task_workers = 1;
    job = fill_queue;
    serve_with(1, 1, configure_small_queue);
    int fd = dial();
    say(fd, "go", 2);
    await_note('q');
    open_gate();
    CHECK_TEXT(hear_line(fd), "all");
    close(fd);
    finish();
    CHECK(count_notes('f') == 0);
    drop_gate();
}

// ---- task workers that die
static void configure_retry(swoole_server *server) {
    configure(server);
    CHECK_OK(swoole_server_set_int(server, "task_retry", 1));
}

static void wait_for_second_try(swoole_server *server, int64_t session) {
    wait_for(server, "die", 60, "again");
    answer(server, session, "done\n");
}

static void with_task_retry_a_task_is_begun_again(void) {
    task_workers = 1;
    job = wait_for_second_try;
    serve_with(1, 1, configure_retry);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
}

static void give_before_and_behind_death(swoole_server *server, int64_t session) {
    asker = session;
    CHECK_OK(swoole_server_task(server, "die", 3, SWOOLE_ANY_WORKER, NULL));
    give(server, "hello", SWOOLE_ANY_WORKER);
}

static void what_waits_is_done_by_the_successor(void) { check_job(1, give_before_and_behind_death, "hello by 1"); }

// ---- wrong calls
#define REFUSED(call) CHECK((call) == SWOOLE_ERROR_INVALID_PARAMS)

static void call_wrongly(swoole_server *server, int64_t session) {
    swoole_bytes found;
    swoole_ticket ticket;
    swoole_data task = {NULL, 5};
    memset(&ticket, 0x55, sizeof ticket);
    REFUSED(swoole_server_task(server, "x", 1, 2, NULL));
    CHECK_MESSAGE("2");
    REFUSED(swoole_server_task(server, "x", 1, -2, NULL));
    REFUSED(swoole_server_task(server, NULL, 1, SWOOLE_ANY_WORKER, NULL));
    REFUSED(swoole_server_task_with(server, "x", 1, 2, collect, &asker, note_freed, NULL));
    REFUSED(swoole_server_task_with(server, "x", 1, SWOOLE_ANY_WORKER, NULL, &asker, note_freed, NULL));
    CHECK_MESSAGE("swoole_server_task");
    REFUSED(swoole_server_task_wait(server, "x", 1, 1, SWOOLE_ANY_WORKER, NULL));
    REFUSED(swoole_server_task_wait(server, "x", 1, -1, SWOOLE_ANY_WORKER, &found));
    CHECK_MESSAGE("-1");
    REFUSED(swoole_server_task_wait(server, "x", 1, 1, 2, &found));
    REFUSED(swoole_server_task_wait_multi(server, NULL, 1, 1, &found));
    REFUSED(swoole_server_task_wait_multi(server, &task, 1, 1, NULL));
    REFUSED(swoole_server_task_wait_multi(server, &task, 1, 1, &found));
    CHECK(swoole_server_finish(server, NULL, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_server_finish(server, &ticket, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_server_keep_task(server) == SWOOLE_ERROR_WRONG_OPERATION);
    REFUSED(swoole_server_end_task(server, NULL));
    answer(server, session, "done\n");
}

static void wrong_calls_are_refused(void) {
    serve_tasks(2, call_wrongly);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
    CHECK(count_notes('f') == 0);
}

static void give_to_nobody(swoole_server *server, int64_t session) {
    swoole_bytes found;
    CHECK(swoole_server_task(server, "x", 1, SWOOLE_ANY_WORKER, NULL) != SWOOLE_OK);
    CHECK_MESSAGE("task_worker_num");
    CHECK(swoole_server_task_wait(server, "x", 1, 1, SWOOLE_ANY_WORKER, &found) != SWOOLE_OK);
    CHECK_MESSAGE("task_worker_num");
    answer(server, session, "done\n");
}

static void configure_without_task_workers(swoole_server *server) {
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
}

static void a_task_needs_task_workers(void) {
    job = give_to_nobody;
    serve(1, configure_without_task_workers);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "done");
    close(fd);
    finish();
}

static void a_task_needs_a_server_that_runs(void) {
    swoole_server *server = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK(swoole_server_task(server, "x", 1, SWOOLE_ANY_WORKER, NULL) != SWOOLE_OK);
    CHECK(swoole_server_finish(server, NULL, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    swoole_server_free(server);
    REFUSED(swoole_server_task(NULL, "x", 1, SWOOLE_ANY_WORKER, NULL));
    REFUSED(swoole_server_task_with(NULL, "x", 1, SWOOLE_ANY_WORKER, collect, NULL, NULL, NULL));
    REFUSED(swoole_server_finish(NULL, NULL, "x", 1));
    REFUSED(swoole_server_on_task(NULL, on_task, NULL));
    swoole_bytes_free(NULL);
}

static void task_workers_need_a_task_callback(void) {
    swoole_server *server = NULL;
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_SERVER_INVALID_CALLBACK);
    CHECK_MESSAGE("Task");
    swoole_server_free(server);
}

static const struct test tests[] = {
    {"a_task_is_done_and_answered", a_task_is_done_and_answered},
    {"a_task_goes_to_the_chosen_task_worker", a_task_goes_to_the_chosen_task_worker},
    {"a_kept_task_is_answered_after_its_callback", a_kept_task_is_answered_after_its_callback},
    {"a_task_worker_gives_a_task_with_a_finish_function", a_task_worker_gives_a_task_with_a_finish_function},
    {"a_finish_function_gets_the_answer", a_finish_function_gets_the_answer},
    {"several_answers_come_in_their_order", several_answers_come_in_their_order},
    {"a_finish_function_hears_the_answer_of_a_kept_task", a_finish_function_hears_the_answer_of_a_kept_task},
    {"userdata_is_freed_when_there_is_no_answer", userdata_is_freed_when_there_is_no_answer},
    {"userdata_is_freed_when_the_task_is_lost", userdata_is_freed_when_the_task_is_lost},
    {"userdata_is_freed_when_the_process_leaves", userdata_is_freed_when_the_process_leaves},
    {"a_task_can_be_waited_for", a_task_can_be_waited_for},
    {"a_late_answer_is_dropped_and_counted", a_late_answer_is_dropped_and_counted},
    {"waiting_ends_with_a_task_that_has_no_answer", waiting_ends_with_a_task_that_has_no_answer},
    {"several_tasks_can_be_waited_for", several_tasks_can_be_waited_for},
    {"what_does_not_come_in_time_is_left_out", what_does_not_come_in_time_is_left_out},
    {"tasks_of_all_sizes_arrive_whole_and_leave_no_file", tasks_of_all_sizes_arrive_whole_and_leave_no_file},
    {"a_full_queue_refuses_and_loses_nothing", a_full_queue_refuses_and_loses_nothing},
    {"with_task_retry_a_task_is_begun_again", with_task_retry_a_task_is_begun_again},
    {"what_waits_is_done_by_the_successor", what_waits_is_done_by_the_successor},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
    {"a_task_needs_task_workers", a_task_needs_task_workers},
    {"a_task_needs_a_server_that_runs", a_task_needs_a_server_that_runs},
    {"task_workers_need_a_task_callback", task_workers_need_a_task_callback},
};
RUN(tests)
