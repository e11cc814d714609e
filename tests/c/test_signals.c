// Signals in the event loop, of a plain program and of a server's processes.
#include "loop.h"

static void see_signal(void *userdata, int32_t signo) {
    see(userdata ? (const char *)userdata : signo == SIGUSR1 ? "usr1" : "another");
    CHECK_OK(swoole_signal(signo, NULL, NULL));
}

static void kill_self(void *userdata, int64_t timer_id) {
    (void)timer_id;
    see("kill");
    CHECK(kill(getpid(), *(int *)userdata) == 0);
}

static int usr1 = SIGUSR1, usr2 = SIGUSR2;

LOOP_TEST(a_handler_is_called_from_the_loop_and_keeps_it) {
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, NULL));
    CHECK(!swoole_event_is_empty());
    CHECK_OK(swoole_timer_after(10, kill_self, &usr1, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "kill usr1");
}

static void kill_twice(void *userdata, int64_t timer_id) {
    kill_self(userdata, timer_id);
    kill_self(userdata, timer_id);
    see("done");
}

LOOP_TEST(several_that_come_together_are_told_once) {
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, NULL));
    CHECK_OK(swoole_timer_after(1, kill_twice, &usr1, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "kill kill done usr1");
}

static void count_and_end(void *userdata, int32_t signo) {
    int *left = (int *)userdata;
    see("called");
    if (--*left == 0) CHECK_OK(swoole_signal(signo, NULL, NULL));
    else CHECK(kill(getpid(), signo) == 0);
}

LOOP_TEST(a_handler_stays_until_it_is_taken_away) {
    int left = 3;
    CHECK_OK(swoole_signal(SIGUSR2, count_and_end, &left));
    CHECK(kill(getpid(), SIGUSR2) == 0);
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "called called called");
}

static void see_and_send_usr1(void *userdata, int32_t signo) {
    see_signal(userdata, signo);
    kill_self(&usr1, 0);
}

LOOP_TEST(each_signal_has_its_own) {
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, (void *)"never"));
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, (void *)"one")); // replaces
    CHECK_OK(swoole_signal(SIGUSR2, see_and_send_usr1, (void *)"two"));
    CHECK_OK(swoole_timer_after(1, kill_self, &usr2, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "kill two kill one");
}

LOOP_TEST(what_is_taken_away_is_the_systems_again) {
    struct sigaction now;
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, NULL));
    CHECK_OK(swoole_signal(SIGUSR1, NULL, NULL));
    CHECK(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
    CHECK(swoole_signal(SIGUSR1, NULL, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    // Also by the end of the loop.
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, NULL));
    CHECK_OK(swoole_event_exit());
    CHECK(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_handler == SIG_DFL);
}

static volatile sig_atomic_t own_calls;
static void own_handler(int number) {
    (void)number;
    own_calls++;
}

// The program's own handlers of other signals are left alone, and do not end the wait.
LOOP_TEST(own_handlers_keep_working) {
    CHECK(signal(SIGUSR2, own_handler) != SIG_ERR);
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, NULL));
    CHECK_OK(swoole_timer_after(1, kill_self, &usr2, NULL));
    CHECK_OK(swoole_timer_after(50, kill_self, &usr1, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK(own_calls == 1);
    CHECK_TEXT(seen, "kill kill usr1");
}

static void fork_inside(void *userdata, int64_t timer_id) {
    int status = -1;
    (void)userdata, (void)timer_id;
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(swoole_event_is_empty());
        kill(getpid(), SIGUSR1);
        _exit(0); // not reached: the signal is the system's in a process that has not asked for it
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
    kill(getpid(), SIGUSR1);
}

LOOP_TEST(a_forked_process_has_none_of_its_parents_handlers) {
    CHECK_OK(swoole_signal(SIGUSR1, see_signal, NULL));
    CHECK_OK(swoole_timer_after(1, fork_inside, NULL, NULL));
    CHECK_OK(swoole_event_wait());
    CHECK_TEXT(seen, "usr1");
}

LOOP_TEST(what_cannot_be_handled_is_refused) {
    CHECK(swoole_signal(0, see_signal, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_signal(65, see_signal, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_signal(-1, NULL, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_signal(SIGKILL, see_signal, NULL) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_last_error() == EINVAL);
    CHECK(swoole_signal(SIGSTOP, see_signal, NULL) == SWOOLE_ERROR_SYSTEM_CALL_FAIL);
    CHECK(swoole_signal(SIGUSR1, NULL, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK(swoole_event_is_empty());
}

// ---- in a server
static swoole_server *own;
static int64_t asker;

static void answer_signal(void *userdata, int32_t signo) {
    CHECK(userdata == &asker && signo == SIGWINCH);
    CHECK_OK(swoole_signal(SIGWINCH, NULL, NULL));
    answer(own, asker, "signal\n");
}

static void handle_in_worker(swoole_server *server, int64_t session) {
    own = server, asker = session;
    CHECK(swoole_signal(SIGTERM, answer_signal, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("server");
    CHECK_OK(swoole_signal(SIGWINCH, answer_signal, &asker));
    CHECK(kill(getpid(), SIGWINCH) == 0);
}

static void configure(swoole_server *server) { CHECK_OK(swoole_server_on_receive(server, do_job, NULL)); }

static void a_worker_handles_signals_that_the_server_does_not_need(void) {
    job = handle_in_worker;
    serve(1, configure);
    int fd = dial();
    CHECK_TEXT(talk(fd, "go"), "signal");
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"a_handler_is_called_from_the_loop_and_keeps_it", a_handler_is_called_from_the_loop_and_keeps_it},
    {"several_that_come_together_are_told_once", several_that_come_together_are_told_once},
    {"a_handler_stays_until_it_is_taken_away", a_handler_stays_until_it_is_taken_away},
    {"each_signal_has_its_own", each_signal_has_its_own},
    {"what_is_taken_away_is_the_systems_again", what_is_taken_away_is_the_systems_again},
    {"own_handlers_keep_working", own_handlers_keep_working},
    {"a_forked_process_has_none_of_its_parents_handlers", a_forked_process_has_none_of_its_parents_handlers},
    {"what_cannot_be_handled_is_refused", what_cannot_be_handled_is_refused},
    {"a_worker_handles_signals_that_the_server_does_not_need", a_worker_handles_signals_that_the_server_does_not_need},
};
RUN(tests)
