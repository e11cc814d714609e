// Task workers are killed again and again under load: with task_retry no task is lost. Not run under valgrind.
#include "support.h"

#define IN_FLIGHT 64
#define MOST (8 << 20)
static const double DURATION = 3;

static uint8_t answers[MOST]; // in the worker: how often each task was answered, 255 at most
static int64_t begun, done, asker;
static double start;

// The task worker's process, for the killer, and how many tasks were done.
#define TASK_WORKER_PID (&shared->pid[0])
#define DONE (&shared->number[0])
#define KILLS (&shared->number[1])

static void echo_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    CHECK_OK(swoole_server_finish(server, NULL, task->data, task->len));
}

static void give(swoole_server *server) {
    CHECK_OK(swoole_server_task(server, &begun, sizeof begun, SWOOLE_ANY_WORKER, NULL));
    begun++;
}

static int64_t stat_of(swoole_server *server, const char *name) {
    int64_t value = -1;
    CHECK_OK(swoole_server_stat(server, name, &value));
    return value;
}

static void on_finish(void *userdata, swoole_server *server, const swoole_answer *result) {
    int64_t number = -1;
    (void)userdata;
    CHECK(result->len == sizeof number);
    memcpy(&number, result->data, sizeof number);
    CHECK(number >= 0 && number < begun);
    if (answers[number] < 255) answers[number]++;
    if (answers[number] > 1) return; // begun again after its answer: allowed
    __atomic_store_n(DONE, ++done, __ATOMIC_SEQ_CST);
    if (seconds() - start < DURATION && begun < MOST) give(server);
    if (done < begun) return;
    for (int64_t i = 0; i < begun; i++) CHECK(answers[i] >= 1);
    CHECK(stat_of(server, "task_count") == begun);
    CHECK(stat_of(server, "task_lost_count") == 0);
    shared->number[2] = stat_of(server, "task_retry_count");
    answer(server, asker, "done\n");
}

// Tells the killer who is to be killed.
static void tell_pid(void *userdata, int64_t timer_id) {
    swoole_worker_figures all[2];
    size_t count = 0;
    (void)timer_id;
    CHECK_OK(swoole_server_worker_figures((swoole_server *)userdata, all, 2, &count));
    CHECK(count == 2 && all[1].kind == SWOOLE_WORKER_KIND_TASK);
    __atomic_store_n(TASK_WORKER_PID, all[1].pid, __ATOMIC_SEQ_CST);
}

static void begin(swoole_server *server, int64_t session) {
    asker = session, start = seconds();
    CHECK_OK(swoole_timer_tick(2, tell_pid, server, NULL));
    for (int i = 0; i < IN_FLIGHT; i++) give(server);
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 1));
    CHECK_OK(swoole_server_set_int(server, "task_retry", 1000));
    CHECK_OK(swoole_server_set_float(server, "max_wait_time", 0.5));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, echo_task, NULL));
    CHECK_OK(swoole_server_on_finish(server, on_finish, NULL));
}

// Kills each task worker as soon as it has done something.
static pid_t begin_to_kill(void) {
    pid_t killer = fork();
    if (killer != 0) return killer;
    int last = 0;
    int64_t seen = 0;
    for (;;) {
        int pid = __atomic_load_n(TASK_WORKER_PID, __ATOMIC_SEQ_CST);
        int64_t now = __atomic_load_n(DONE, __ATOMIC_SEQ_CST);
        if (pid > 0 && pid != last && now > seen) {
            if (kill(pid, SIGKILL) == 0) __atomic_add_fetch(KILLS, 1, __ATOMIC_SEQ_CST);
            last = pid, seen = now;
        }
        poll(NULL, 0, 1);
    }
}

static void kills_of_task_workers_lose_no_task(void) {
    job = begin;
    serve_with(1, 1, configure);
    int fd = dial();
    pid_t killer = begin_to_kill();
    CHECK_TEXT(talk(fd, "go"), "done");
    kill(killer, SIGKILL);
    CHECK(waitpid(killer, NULL, 0) == killer);
    printf("# %" PRId64 " tasks, %" PRId64 " kills of their worker, %" PRId64 " begun again\n", *DONE, *KILLS,
           shared->number[2]);
    CHECK(*KILLS >= 3 && shared->number[2] >= 1);
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"kills_of_task_workers_lose_no_task", kills_of_task_workers_lose_no_task},
};
RUN(tests)
