// Processes of the program's own: how they begin and end, and what is done to them.
#include "children.h"

#include <sched.h>
#include <sys/resource.h>

static int32_t answer_userdata(void *userdata, swoole_process *process) {
    CHECK(swoole_process_pid(process) == getpid());
    publish(0, getppid());
    return *(int *)userdata;
}

static void a_process_runs_its_function_and_ends_with_its_answer(void) {
    swoole_process *process = NULL;
    int32_t pid = 0;
    int code = 7;
    CHECK_OK(swoole_process_new(answer_userdata, &code, false, SWOOLE_PIPE_NONE, &process));
    CHECK(swoole_process_pid(process) == 0);
    CHECK_OK(swoole_process_start(process, &pid));
    CHECK(pid > 0 && pid != getpid() && swoole_process_pid(process) == pid);
    code = 8; // the child has its own copy
    await_code(pid, 7);
    CHECK(published(0) == getpid());
    swoole_process_free(process);
}

static void stop_ticking(void *userdata, int64_t timer_id) {
    (void)userdata;
    publish(0, published(0) + 1);
    if (published(0) == 3) swoole_timer_clear(timer_id);
}
static int32_t tick(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    CHECK_OK(swoole_timer_tick(1, stop_ticking, NULL, NULL));
    return 4;
}

static void its_loop_runs_until_it_is_empty(void) {
    await_code(begin_child(tick, NULL), 4);
    CHECK(published(0) == 3);
}

// ---- started inside the loop of the parent, which it has no part in
static void count_tick(void *userdata, int64_t timer_id) {
    (void)userdata;
    CHECK(getpid() == published(1));
    int32_t pid = begin_child(tick, NULL);
    await_code(pid, 4);
    swoole_timer_clear(timer_id);
}

static void a_child_of_a_callback_has_a_loop_of_its_own(void) {
    int status = -1;
    fflush(NULL);
    pid_t parent = fork();
    if (parent == 0) {
        publish(1, getpid());
        CHECK_OK(swoole_timer_tick(1, count_tick, NULL, NULL));
        CHECK_OK(swoole_event_wait());
        CHECK(getpid() == published(1));
        exit(0);
    }
    CHECK(waitpid(parent, &status, 0) == parent && status == 0);
    CHECK(published(0) == 3);
}

static int32_t kill_itself(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    kill(getpid(), SIGKILL);
    return 0;
}

static void a_killed_one_is_told_by_its_signal(void) {
    swoole_process_ended ended = await_end(begin_child(kill_itself, NULL));
    CHECK(ended.signal == SIGKILL && ended.code == 0);
}

static void must_not_run(void) { publish(5, 1); }
static int32_t exit_with_9(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    atexit(must_not_run);
    swoole_process_exit(9);
    return 1;
}

static void exit_ends_it_at_once(void) {
    await_code(begin_child(exit_with_9, NULL), 9);
    CHECK(published(5) == 0);
}

static void waiting_need_not_wait(void) {
    swoole_process_ended ended = {-1, -1, -1};
    FAILED(swoole_process_wait(false, &ended), ECHILD);
    CHECK(ended.pid == -1);
    int32_t pid = begin_child(stay_for_ever, NULL);
    CHECK_OK(swoole_process_wait(false, &ended));
    CHECK(ended.pid == 0);
    kill_child(pid);
    FAILED(swoole_process_wait(true, &ended), ECHILD);
}

static void none_is_left_as_a_zombie(void) {
    int32_t pids[8];
    for (int i = 0; i < 8; i++) pids[i] = begin_child(kill_itself, NULL);
    for (int i = 0; i < 8; i++) await_end(0);
    for (int i = 0; i < 8; i++) FAILED(swoole_process_kill(pids[i], 0), ESRCH);
}

// ---- exec
static int32_t exit_by_the_shell(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    const char *arguments[] = {"-c", "test \"$0\" = 'a b' && exit 5", "a b"};
    swoole_process_exec("/bin/sh", arguments, 3);
    return 1;
}

static void exec_becomes_another_program(void) { await_code(begin_child(exit_by_the_shell, NULL), 5); }

static int32_t fail_to_exec(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    FAILED(swoole_process_exec("/no/such/program", NULL, 0), ENOENT);
    CHECK_MESSAGE("/no/such/program");
    return 3;
}

static void an_exec_that_fails_tells_why(void) { await_code(begin_child(fail_to_exec, NULL), 3); }

// ---- signals
static void on_alarm(void *userdata, int32_t signo) {
    CHECK(signo == SIGALRM);
    if (++*(int *)userdata < 3) return;
    CHECK_OK(swoole_process_alarm(0, ITIMER_REAL));
    CHECK_OK(swoole_signal(SIGALRM, NULL, NULL));
}
static int32_t ring(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    static int rings;
    CHECK_OK(swoole_signal(SIGALRM, on_alarm, &rings));
    CHECK_OK(swoole_process_alarm(0.001, ITIMER_REAL));
    CHECK_OK(swoole_event_wait());
    return rings;
}

static void an_alarm_comes_again_and_again(void) {
    await_code(begin_child(ring, NULL), 3);
    REFUSED(swoole_process_alarm(1, 3));
    CHECK_MESSAGE("ITIMER_PROF");
    REFUSED(swoole_process_alarm(-1, ITIMER_REAL));
}

static void on_signal(void *userdata, int32_t signo) {
    (void)userdata;
    CHECK(signo == SIGUSR1);
    swoole_process_exit(6);
}
static int32_t await_signal(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    CHECK_OK(swoole_signal(SIGUSR1, on_signal, NULL));
    publish(0, 1);
    return 0;
}

static void a_signal_is_handled_in_its_loop(void) {
    int32_t pid = begin_child(await_signal, NULL);
    await_published(0, 1);
    CHECK_OK(swoole_process_kill(pid, SIGUSR1));
    await_code(pid, 6);
}

static void kill_refuses_what_would_hit_everybody(void) {
    REFUSED(swoole_process_kill(-1, 0));
    FAILED(swoole_process_kill(getpid(), 1000), EINVAL);
    CHECK_OK(swoole_process_kill(getpid(), 0));
}

// ---- what a process may do to itself
static int32_t tie_to_one_processor(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    int32_t processors[256], one = -1;
    size_t count = 0;
    CHECK_OK(swoole_process_get_affinity(processors, 256, &count));
    CHECK(count >= 1);
    one = processors[count - 1];
    CHECK_OK(swoole_process_set_affinity(&one, 1));
    CHECK_OK(swoole_process_get_affinity(processors, 256, &count));
    CHECK(count == 1 && processors[0] == one);
    REFUSED(swoole_process_set_affinity(NULL, 0));
    one = 100000;
    REFUSED(swoole_process_set_affinity(&one, 1));
    CHECK_MESSAGE("100000");
    one = -1;
    REFUSED(swoole_process_set_affinity(&one, 1));
    return 0;
}

static void a_process_is_tied_to_processors(void) { await_code(begin_child(tie_to_one_processor, NULL), 0); }

static int32_t be_nice(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    int32_t priority = -1;
    CHECK_OK(swoole_process_set_priority(PRIO_PROCESS, 0, 19));
    CHECK_OK(swoole_process_get_priority(PRIO_PROCESS, 0, &priority));
    CHECK(priority == 19);
    REFUSED(swoole_process_set_priority(PRIO_PROCESS, 0, 20));
    REFUSED(swoole_process_set_priority(7, 0, 0));
    CHECK_MESSAGE("PRIO_USER");
    return 0;
}

static void a_process_has_a_priority(void) { await_code(begin_child(be_nice, NULL), 0); }

static int32_t become_a_daemon(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    char directory[64] = "";
    int32_t streams[3] = {-1, gate_pipe[1], -1};
    int before = getpid();
    CHECK_OK(swoole_process_daemon(false, false, streams));
    CHECK(getpid() != before && getsid(0) != before);
    CHECK(getcwd(directory, sizeof directory) && strcmp(directory, "/") == 0);
    printf("d");
    return 0;
}

static void a_daemon_leaves_its_parent(void) {
    char byte = 0;
    make_gate();
    await_code(begin_child(become_a_daemon, NULL), 0); // the parent's end; the daemon goes on
    CHECK(read(gate_pipe[0], &byte, 1) == 1 && byte == 'd');
    drop_gate();
}

// ---- wrong calls
static void *call_from_another_thread(void *process) {
    CHECK(swoole_process_start((swoole_process *)process, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("another thread");
    swoole_process_free((swoole_process *)process);
    return NULL;
}

static void wrong_calls_are_refused(void) {
    swoole_process *process = NULL;
    swoole_bytes message;
    const uint8_t *data;
    size_t len;
    pthread_t thread;
    REFUSED(swoole_process_new(NULL, NULL, false, SWOOLE_PIPE_NONE, &process));
    CHECK_MESSAGE("callback is NULL");
    REFUSED(swoole_process_new(tick, NULL, false, 3, &process));
    CHECK_MESSAGE("SWOOLE_PIPE_DATAGRAM");
    REFUSED(swoole_process_new(tick, NULL, false, SWOOLE_PIPE_NONE, NULL));
    CHECK(process == NULL);
    REFUSED(swoole_process_start(NULL, NULL));
    CHECK_MESSAGE("swoole_process_new");
    REFUSED(swoole_process_write(NULL, "x", 1));
    REFUSED(swoole_process_read(NULL, 1, &data, &len));
    REFUSED(swoole_process_close(NULL, SWOOLE_PIPE_ALL));
    REFUSED(swoole_process_set_timeout(NULL, 1));
    REFUSED(swoole_process_set_blocking(NULL, true));
    REFUSED(swoole_process_use_queue(NULL, 0, SWOOLE_QUEUE_SHARED, true, 0));
    REFUSED(swoole_process_push(NULL, "x", 1));
    REFUSED(swoole_process_pop(NULL, &message));
    REFUSED(swoole_process_stat_queue(NULL, NULL, NULL));
    REFUSED(swoole_process_free_queue(NULL));
    REFUSED(swoole_process_wait(false, NULL));
    REFUSED(swoole_process_exec(NULL, NULL, 0));
    REFUSED(swoole_process_exec("/bin/true", NULL, 1));
    CHECK(swoole_process_pid(NULL) == 0 && swoole_process_descriptor(NULL) == -1 && swoole_process_queue_id(NULL) == -1);
    swoole_process_free(NULL);

    CHECK_OK(swoole_process_new(kill_itself, NULL, false, SWOOLE_PIPE_NONE, &process));
    pthread_create(&thread, NULL, call_from_another_thread, process);
    pthread_join(thread, NULL);
    CHECK(swoole_process_write(process, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("without a pipe");
    CHECK(swoole_process_push(process, "x", 1) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("no message queue");
    REFUSED(swoole_process_use_queue(process, 0, 3, true, 0));
    CHECK_MESSAGE("SWOOLE_QUEUE_SHARED");
    CHECK_OK(swoole_process_start(process, NULL));
    CHECK(swoole_process_start(process, NULL) == SWOOLE_ERROR_WRONG_OPERATION);
    CHECK_MESSAGE("started already");
    await_end(swoole_process_pid(process));
    swoole_process_free(process);
}

static const struct test tests[] = {
    {"a_process_runs_its_function_and_ends_with_its_answer", a_process_runs_its_function_and_ends_with_its_answer},
    {"its_loop_runs_until_it_is_empty", its_loop_runs_until_it_is_empty},
    {"a_child_of_a_callback_has_a_loop_of_its_own", a_child_of_a_callback_has_a_loop_of_its_own},
    {"a_killed_one_is_told_by_its_signal", a_killed_one_is_told_by_its_signal},
    {"exit_ends_it_at_once", exit_ends_it_at_once},
    {"waiting_need_not_wait", waiting_need_not_wait},
    {"none_is_left_as_a_zombie", none_is_left_as_a_zombie},
    {"exec_becomes_another_program", exec_becomes_another_program},
    {"an_exec_that_fails_tells_why", an_exec_that_fails_tells_why},
    {"an_alarm_comes_again_and_again", an_alarm_comes_again_and_again},
    {"a_signal_is_handled_in_its_loop", a_signal_is_handled_in_its_loop},
    {"kill_refuses_what_would_hit_everybody", kill_refuses_what_would_hit_everybody},
    {"a_process_is_tied_to_processors", a_process_is_tied_to_processors},
    {"a_process_has_a_priority", a_process_has_a_priority},
    {"a_daemon_leaves_its_parent", a_daemon_leaves_its_parent},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
