// The event loop of a program without a server: running it, descriptors, deferred calls.
#include "loop.h"

#include <pthread.h>

// ---- running
LOOP_TEST(an_empty_loop_ends_at_once) {
    CHECK(swoole_event_is_empty());
    CHECK_OK(swoole_event_wait());
    CHECK_OK(swoole_event_dispatch());
    CHECK_OK(swoole_event_wait());
}

static void defer_again(void *userdata) {
    see((const char *)userdata);
    CHECK_OK(swoole_event_defer(see_call, (void *)"later"));
}

LOOP_TEST(timers_and_deferred_calls_run_until_none_is_left) {
    CHECK_OK(swoole_timer_after(500, see_timer, (void *)"timer", NULL));
    CHECK_OK(swoole_event_defer(defer_again, (void *)"first"));
    CHECK_OK(swoole_event_defer(see_call, (void *)"second"));
    CHECK(!swoole_event_is_empty());
    CHECK_TEXT(seen, "");
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "first second later timer");
    // It may be run again.
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"again", NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "first second later timer again");
}

LOOP_TEST(dispatch_runs_one_turn) {
    CHECK_OK(swoole_event_defer(defer_again, (void *)"first"));
    CHECK_OK(swoole_event_dispatch());
    CHECK_TEXT(seen, "first");
    CHECK_OK(swoole_event_dispatch());
    CHECK_TEXT(seen, "first later");
    double begin = seconds();
    CHECK_OK(swoole_timer_after(30, see_timer, (void *)"timer", NULL));
    while (!swoole_event_is_empty()) CHECK_OK(swoole_event_dispatch());
    CHECK(seconds() - begin >= 0.0299);
    CHECK_TEXT(seen, "first later timer");
}

static void run_inside(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    CHECK(swoole_event_wait() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_dispatch() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("callbacks");
    see("refused");
}

LOOP_TEST(the_loop_is_not_run_inside_itself) {
    CHECK_OK(swoole_timer_after(1, run_inside, NULL, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "refused");
}

static int own_pair[2];

static void exit_loop(void *userdata, int64_t timer_id) {
    (void)userdata, (void)timer_id;
    CHECK_OK(swoole_event_defer(see_call, (void *)"never"));
    CHECK_OK(swoole_event_exit());
    see("exit");
}

LOOP_TEST(exit_ends_the_loop_and_drops_what_is_set) {
    make_pair(own_pair);
    CHECK_OK(swoole_event_add(own_pair[0], no_event, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_timer_tick(60000, no_timer, NULL, NULL));
    CHECK_OK(swoole_timer_after(1, exit_loop, NULL, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "exit");
    CHECK(swoole_event_is_empty());
    CHECK(!swoole_event_isset(own_pair[0], 0));
    // Outside of wait it drops at once, and does not end the next one.
    CHECK_OK(swoole_timer_tick(60000, no_timer, NULL, NULL));
    CHECK_OK(swoole_event_exit());
    CHECK(swoole_event_is_empty());
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"next", NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "exit next");
    close_pair(own_pair);
}

// ---- cycles
static int turns;

static void count_turn(void *userdata) {
    ++*(int *)userdata;
}

LOOP_TEST(cycles_are_called_in_every_turn_and_keep_nothing_alive) {
    int before = 0, after = 0, replaced = 0;
    CHECK_OK(swoole_event_cycle(count_turn, &replaced, true));
    CHECK_OK(swoole_event_cycle(count_turn, &before, true));
    CHECK_OK(swoole_event_cycle(count_turn, &after, false));
    CHECK(swoole_event_is_empty());
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"timer", NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(before >= 1 && after == before && replaced == 0);
    turns = before;
    CHECK_OK(swoole_event_cycle(NULL, NULL, true));
    CHECK_OK(swoole_event_cycle(NULL, NULL, false));
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"timer", NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(before == turns && after == turns);
}

// ---- reading
static void read_a_byte(void *userdata, int32_t fd) {
    char byte[2] = "";
    CHECK(userdata == &turns);
    ssize_t got = read(fd, byte, 1);
    see(got == 1 ? byte : "end");
    if (got == 1) return;
    CHECK_OK(swoole_event_del(fd));
    CHECK(!swoole_event_isset(fd, 0));
    close(fd);
}

LOOP_TEST(a_descriptor_is_called_as_long_as_there_is_something) {
    int pair[2];
    make_pair(pair);
    CHECK_OK(swoole_event_add(pair[0], read_a_byte, NULL, &turns, SWOOLE_EVENT_READ));
    CHECK(swoole_event_isset(pair[0], SWOOLE_EVENT_READ) && swoole_event_isset(pair[0], 0));
    CHECK(!swoole_event_isset(pair[0], SWOOLE_EVENT_WRITE));
    say(pair[1], "abc", 3);
    close(pair[1]);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "a b c end");
}

// A peer that sends no more still hears the answer.
static void answer_at_the_end(void *userdata, int32_t fd) {
    char text[16];
    (void)userdata;
    if (read(fd, text, sizeof text) > 0) return;
    see("end");
    CHECK_OK(swoole_event_write(fd, "answer", 6));
    CHECK_OK(swoole_event_del(fd));
    close(fd);
}

LOOP_TEST(a_half_closed_peer_can_be_answered) {
    int pair[2];
    char text[6];
    make_pair(pair);
    CHECK_OK(swoole_event_add(pair[0], answer_at_the_end, NULL, NULL, SWOOLE_EVENT_READ));
    say(pair[1], "question", 8);
    CHECK(shutdown(pair[1], SHUT_WR) == 0);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "end");
    CHECK(hear(pair[1], text, 6) && memcmp(text, "answer", 6) == 0);
    CHECK(is_closed(pair[1]));
    close(pair[1]);
}

// ---- adding, changing, deleting
static void see_and_delete(void *userdata, int32_t fd) {
    see((const char *)userdata);
    CHECK_OK(swoole_event_del(fd));
}

LOOP_TEST(a_descriptor_takes_other_functions_and_flags) {
    int pair[2];
    make_pair(pair);
    say(pair[1], "x", 1);
    CHECK_OK(swoole_event_add(pair[0], no_event, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK(swoole_event_add(pair[0], no_event, NULL, NULL, SWOOLE_EVENT_READ) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("swoole_event_set");
    // There is no function for writing yet.
    CHECK(swoole_event_set(pair[0], NULL, NULL, NULL, SWOOLE_EVENT_WRITE) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_OK(swoole_event_set(pair[0], NULL, see_and_delete, (void *)"write", SWOOLE_EVENT_WRITE));
    CHECK(swoole_event_isset(pair[0], SWOOLE_EVENT_WRITE) && !swoole_event_isset(pair[0], SWOOLE_EVENT_READ));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "write");
    // Both, of which the first takes it out: the other is not called.
    CHECK_OK(swoole_event_add(pair[0], see_and_delete, no_event, (void *)"read", SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "write read");
    CHECK(swoole_event_del(pair[0]) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_set(pair[0], no_event, NULL, NULL, 0) == SWOOLE_ERROR_WRONG_OPERATION);
    close_pair(pair);
}

static int others[2];

static void delete_the_other(void *userdata, int32_t fd) {
    int other = fd == others[0] ? others[1] : others[0];
    (void)userdata;
    see("called");
    CHECK_OK(swoole_event_del(fd));
    CHECK_OK(swoole_event_del(other));
}

LOOP_TEST(one_that_is_ready_too_may_be_deleted) {
    int a[2], b[2];
    make_pair(a);
    make_pair(b);
    others[0] = a[0], others[1] = b[0];
    say(a[1], "x", 1);
    say(b[1], "x", 1);
    for (int i = 0; i < 2; i++) CHECK_OK(swoole_event_add(others[i], delete_the_other, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "called");
    close_pair(a);
    close_pair(b);
}

// A number that means another file by now is another descriptor.
static void replace_the_other(void *userdata, int32_t fd) {
    int other = fd == others[0] ? others[1] : others[0];
    int *fresh = (int *)userdata;
    see("called");
    CHECK_OK(swoole_event_del(fd));
    CHECK_OK(swoole_event_del(other));
    close(other);
    CHECK(dup2(fresh[0], other) == other);
    close(fresh[0]);
    CHECK_OK(swoole_event_add(other, see_and_delete, NULL, (void *)"fresh", SWOOLE_EVENT_READ));
    say(fresh[1], "x", 1);
}

LOOP_TEST(a_number_may_be_used_anew_at_once) {
    int a[2], b[2], fresh[2];
    make_pair(a);
    make_pair(b);
    make_pair(fresh);
    others[0] = a[0], others[1] = b[0];
    say(a[1], "x", 1);
    say(b[1], "x", 1);
    for (int i = 0; i < 2; i++) CHECK_OK(swoole_event_add(others[i], replace_the_other, NULL, fresh, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "called fresh");
    close_pair(a);
    close_pair(b);
    close(fresh[1]);
}

static void just_close(void *userdata, int32_t fd) {
    (void)userdata;
    see("closed");
    close(fd);
}

LOOP_TEST(one_that_its_own_callback_closes_is_out_of_the_loop) {
    int pair[2];
    make_pair(pair);
    say(pair[1], "x", 1);
    CHECK_OK(swoole_event_add(pair[0], just_close, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "closed");
    close(pair[1]);
}

static void close_behind(void *userdata, int64_t timer_id) {
    (void)timer_id;
    close(*(int *)userdata);
}

LOOP_TEST(one_that_is_closed_behind_the_loops_back_does_not_hold_it) {
    int pair[2];
    make_pair(pair);
    CHECK_OK(swoole_event_add(pair[0], no_event, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_timer_after(1, close_behind, &pair[0], NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(!swoole_event_isset(pair[0], 0));
    close(pair[1]);
}

LOOP_TEST(it_is_blocking_again_when_it_is_out) {
    int pair[2];
    make_pair(pair);
    CHECK_OK(swoole_event_add(pair[0], no_event, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK((fcntl(pair[0], F_GETFL) & O_NONBLOCK) != 0);
    CHECK_OK(swoole_event_del(pair[0]));
    CHECK((fcntl(pair[0], F_GETFL) & O_NONBLOCK) == 0);
    close_pair(pair);
}

// ---- writing
#define MUCH (4 << 20)
static size_t heard;

static void count_bytes(void *userdata, int32_t fd) {
    static char room[65536];
    (void)userdata;
    ssize_t got = read(fd, room, sizeof room);
    bool in_order = true;
    for (ssize_t i = 0; i < got; i++) in_order = in_order && room[i] == (char)((heard + (size_t)i) % 251);
    CHECK(in_order);
    if (got > 0) heard += (size_t)got;
    if (heard == MUCH) CHECK_OK(swoole_event_del(fd));
}

LOOP_TEST(what_is_written_goes_as_the_peer_takes_it) {
    int pair[2];
    char *much = (char *)malloc(MUCH);
    for (size_t i = 0; i < MUCH; i++) much[i] = (char)(i % 251);
    make_pair(pair);
    heard = 0;
    CHECK_OK(swoole_event_write(pair[0], much, MUCH / 2));
    CHECK(swoole_event_isset(pair[0], SWOOLE_EVENT_WRITE));
    CHECK_OK(swoole_event_write(pair[0], much + MUCH / 2, MUCH - MUCH / 2));
    free(much);
    CHECK_OK(swoole_event_add(pair[1], count_bytes, NULL, NULL, SWOOLE_EVENT_READ));
    CHECK_OK(swoole_event_wait());
    CHECK(heard == MUCH);
    CHECK(!swoole_event_isset(pair[0], 0));
    close_pair(pair);
}

LOOP_TEST(a_write_that_fits_leaves_nothing_in_the_loop) {
    int pair[2];
    char text[5];
    make_pair(pair);
    CHECK_OK(swoole_event_write(pair[0], "hello", 5));
    CHECK(swoole_event_is_empty());
    CHECK(hear(pair[1], text, 5) && memcmp(text, "hello", 5) == 0);
    close_pair(pair);
}

LOOP_TEST(what_may_wait_is_bounded) {
    int pair[2];
    char *much = (char *)calloc(9, 1 << 20);
    make_pair(pair);
    CHECK(swoole_event_write(pair[0], much, 9 << 20) == SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW);
    CHECK(swoole_event_is_empty());
    CHECK_OK(swoole_event_write(pair[0], much, 6 << 20));
    CHECK(swoole_event_write(pair[0], much, 6 << 20) == SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW);
    CHECK_OK(swoole_event_del(pair[0]));
    CHECK(swoole_event_is_empty());
    free(much);
    close_pair(pair);
}

LOOP_TEST(writing_to_a_peer_that_is_gone_is_an_error) {
    int pair[2];
    make_pair(pair);
    close(pair[1]);
    CHECK(swoole_event_write(pair[0], "x", 1) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_last_error() == EPIPE);
    CHECK(swoole_event_is_empty());
    close(pair[0]);
}

// ---- wrong calls
LOOP_TEST(what_cannot_be_watched_is_refused) {
    int pair[2];
    int file = open("/proc/self/exe", O_RDONLY);
    int full = open("/dev/full", O_WRONLY);
    make_pair(pair);
    CHECK(swoole_event_add(file, no_event, NULL, NULL, SWOOLE_EVENT_READ) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_last_error() == EPERM);
    CHECK_MESSAGE("regular file");
    CHECK(swoole_event_write(full, "x", 1) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_event_add(-1, no_event, NULL, NULL, SWOOLE_EVENT_READ) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_add(9999, no_event, NULL, NULL, SWOOLE_EVENT_READ) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("9999");
    CHECK(swoole_event_add(pair[0], NULL, NULL, NULL, SWOOLE_EVENT_READ) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_add(pair[0], no_event, NULL, NULL, SWOOLE_EVENT_WRITE) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_add(pair[0], no_event, no_event, NULL, 0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_add(pair[0], no_event, no_event, NULL, SWOOLE_EVENT_EXCEPT) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("SWOOLE_EVENT_READ");
    CHECK(swoole_event_write(pair[0], NULL, 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_write(pair[0], "", 0) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_write(-1, "x", 1) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_event_del(-1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(!swoole_event_isset(-1, 0) && !swoole_event_isset(pair[0], 7));
    CHECK(swoole_event_defer(NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    close_pair(pair);
    close(file);
    close(full);
}

// ---- threads and forks
static void *use_the_loop(void *unused) {
    int64_t id = -9;
    CHECK(swoole_timer_after(1, no_timer, NULL, &id) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("thread");
    CHECK(id == -9);
    CHECK(swoole_event_add(0, no_event, NULL, NULL, SWOOLE_EVENT_READ) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_defer(see_call, unused) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_wait() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_exit() == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(!swoole_timer_clear(1) && !swoole_timer_exists(1) && swoole_timer_clear_all() == 0);
    return NULL;
}

static void *have_a_loop(void *unused) {
    (void)unused;
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"thread", NULL));
    CHECK_OK(swoole_event_wait());
    return NULL;
}

static void run_thread(void *(*body)(void *)) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, body, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

LOOP_TEST(the_loop_is_its_first_threads) {
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"own", NULL));
    run_thread(use_the_loop);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "own");
}

LOOP_TEST(the_loop_of_a_thread_that_has_ended_is_free) {
    run_thread(have_a_loop);
    run_thread(have_a_loop);
    CHECK_OK(swoole_timer_after(1, see_timer, (void *)"own", NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "thread thread own");
}

static void fork_inside(void *userdata, int64_t timer_id) {
    int status = -1;
    (void)userdata, (void)timer_id;
    pid_t pid = fork();
    if (pid == 0) {
        // The parent's timer and descriptor are not this process's.
        CHECK(swoole_event_is_empty());
        CHECK(!swoole_event_isset(own_pair[0], 0));
        CHECK_OK(swoole_timer_after(1, see_timer, (void *)"child", NULL));
        CHECK_OK(swoole_event_wait());
        CHECK_TEXT(seen, "child");
        exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(swoole_event_isset(own_pair[0], 0));
    say(own_pair[1], "x", 1);
    see("parent");
}

LOOP_TEST(a_forked_process_begins_with_an_empty_loop) {
    make_pair(own_pair);
    CHECK_OK(swoole_event_add(own_pair[0], see_and_delete, NULL, (void *)"read", SWOOLE_EVENT_READ));
    CHECK_OK(swoole_timer_after(1, fork_inside, NULL, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "parent read");
    close_pair(own_pair);
}

static const struct test tests[] = {
    {"an_empty_loop_ends_at_once", an_empty_loop_ends_at_once},
    {"timers_and_deferred_calls_run_until_none_is_left", timers_and_deferred_calls_run_until_none_is_left},
    {"dispatch_runs_one_turn", dispatch_runs_one_turn},
    {"the_loop_is_not_run_inside_itself", the_loop_is_not_run_inside_itself},
    {"exit_ends_the_loop_and_drops_what_is_set", exit_ends_the_loop_and_drops_what_is_set},
    {"cycles_are_called_in_every_turn_and_keep_nothing_alive", cycles_are_called_in_every_turn_and_keep_nothing_alive},
    {"a_descriptor_is_called_as_long_as_there_is_something", a_descriptor_is_called_as_long_as_there_is_something},
    {"a_half_closed_peer_can_be_answered", a_half_closed_peer_can_be_answered},
    {"a_descriptor_takes_other_functions_and_flags", a_descriptor_takes_other_functions_and_flags},
    {"one_that_is_ready_too_may_be_deleted", one_that_is_ready_too_may_be_deleted},
    {"a_number_may_be_used_anew_at_once", a_number_may_be_used_anew_at_once},
    {"one_that_its_own_callback_closes_is_out_of_the_loop", one_that_its_own_callback_closes_is_out_of_the_loop},
    {"one_that_is_closed_behind_the_loops_back_does_not_hold_it", one_that_is_closed_behind_the_loops_back_does_not_hold_it},
    {"it_is_blocking_again_when_it_is_out", it_is_blocking_again_when_it_is_out},
    {"what_is_written_goes_as_the_peer_takes_it", what_is_written_goes_as_the_peer_takes_it},
    {"a_write_that_fits_leaves_nothing_in_the_loop", a_write_that_fits_leaves_nothing_in_the_loop},
    {"what_may_wait_is_bounded", what_may_wait_is_bounded},
    {"writing_to_a_peer_that_is_gone_is_an_error", writing_to_a_peer_that_is_gone_is_an_error},
    {"what_cannot_be_watched_is_refused", what_cannot_be_watched_is_refused},
    {"the_loop_is_its_first_threads", the_loop_is_its_first_threads},
    {"the_loop_of_a_thread_that_has_ended_is_free", the_loop_of_a_thread_that_has_ended_is_free},
    {"a_forked_process_begins_with_an_empty_loop", a_forked_process_begins_with_an_empty_loop},
};
RUN(tests)
