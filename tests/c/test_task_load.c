// A million small tasks with 64 in flight: none is lost, none comes twice. (Under valgrind, which tells so by the
// environment variable SWOOLE_TEST_SLOW, they are fewer.)
#include "support.h"

#define IN_FLIGHT 64

static int64_t wanted, begun, done, sum;
static int64_t asker;

static void echo_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    CHECK_OK(swoole_server_finish(server, NULL, task->data, task->len));
}

static void give(swoole_server *server) {
    CHECK_OK(swoole_server_task(server, &begun, sizeof begun, SWOOLE_ANY_WORKER, NULL));
    begun++;
}

static void on_finish(void *userdata, swoole_server *server, const swoole_answer *result) {
    int64_t number = -1;
    (void)userdata;
    CHECK(result->len == sizeof number);
    memcpy(&number, result->data, sizeof number);
    CHECK(number == result->task_id);
    sum += number;
    done++;
    if (begun < wanted) give(server);
    if (done == wanted) {
        CHECK(sum == wanted * (wanted - 1) / 2);
        answer(server, asker, "done\n");
    }
}

static void begin(swoole_server *server, int64_t session) {
    asker = session;
    for (int i = 0; i < IN_FLIGHT; i++) give(server);
}

static void configure(swoole_server *server) {
    CHECK_OK(swoole_server_set_int(server, "task_worker_num", 2));
    CHECK_OK(swoole_server_on_receive(server, do_job, NULL));
    CHECK_OK(swoole_server_on_task(server, echo_task, NULL));
    CHECK_OK(swoole_server_on_finish(server, on_finish, NULL));
}

static void a_million_tasks_lose_none(void) {
    wanted = getenv("SWOOLE_TEST_SLOW") ? 5000 : 1000000;
    job = begin;
    serve_with(1, 2, configure);
    int fd = dial();
    double start = seconds();
    CHECK_TEXT(talk(fd, "go"), "done");
    printf("# %" PRId64 " tasks, %d in flight: %.2f s\n", wanted, IN_FLIGHT, seconds() - start);
    close(fd);
    finish();
}

static const struct test tests[] = {
    {"a_million_tasks_lose_none", a_million_tasks_lose_none},
};
RUN(tests)
