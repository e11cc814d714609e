// Work that takes long, outside the workers: counts the primes below a number.
//
// A worker that counted by itself would keep its other clients waiting meanwhile. So it gives the
// number to a task worker, goes on, and passes the answer on when it comes.
//
// Build:  cc tasks.c $(pkg-config --cflags --libs swoole_rs) -o tasks
// Run:    ./tasks [port] [base|process]       (port 0, the default, takes a free one)
// Talk:   nc 127.0.0.1 PORT, then type numbers, such as 1000000
// Stop:   Ctrl-C
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

// What worker and task worker say to each other: any bytes, here a struct. The client's session
// travels with it, so the worker need not remember who asked.
struct work {
    int64_t session;
    long number;
    long primes;
};

static void answer(swoole_server *server, int64_t session, const char *text) {
    if (swoole_server_send(server, session, text, strlen(text)) != SWOOLE_OK)
        fprintf(stderr, "session %" PRId64 ": %s\n", session, swoole_last_error_message());
}

// Runs in a worker: a client has sent a line.
static void on_receive(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    (void)userdata, (void)reactor;
    char line[32] = "";
    struct work work = {session, 0, 0};
    memcpy(line, data, len < sizeof line ? len : sizeof line - 1);
    work.number = atol(line);
    swoole_result result = swoole_server_task(server, &work, sizeof work, SWOOLE_ANY_WORKER, NULL);
    if (result == SWOOLE_ERROR_QUEUE_FULL)
        answer(server, session, "too busy, try again later\n");
    else if (result != SWOOLE_OK)
        fprintf(stderr, "no task: %s\n", swoole_last_error_message());
}

// Runs in a task worker, which does one task at a time.
static void on_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    struct work work;
    memcpy(&work, task->data, sizeof work);
    for (long n = 2; n < work.number; n++) {
        long divisor = 2;
        while (divisor * divisor <= n && n % divisor != 0) divisor++;
        work.primes += divisor * divisor > n;
    }
    if (swoole_server_finish(server, NULL, &work, sizeof work) != SWOOLE_OK)
        fprintf(stderr, "no answer: %s\n", swoole_last_error_message());
}

// Runs in the worker that gave the task.
static void on_finish(void *userdata, swoole_server *server, const swoole_answer *result) {
    (void)userdata;
    struct work work;
    char text[100];
    memcpy(&work, result->data, sizeof work);
    snprintf(text, sizeof text, "%ld primes below %ld\n", work.primes, work.number);
    // The client may have gone meanwhile.
    if (swoole_server_exists(server, work.session)) answer(server, work.session, text);
}

static void on_worker_start(void *userdata, swoole_server *server, int32_t worker_id) {
    (void)userdata;
    swoole_port_info port;
    if (worker_id != 0 || swoole_server_port_info(server, 0, &port) != SWOOLE_OK) return;
    printf("listening on 127.0.0.1:%u\n", (unsigned)port.port);
    fflush(stdout);
}

int main(int argc, char **argv) {
    int port = argc > 1 ? atoi(argv[1]) : 0;
    int mode = argc > 2 && strcmp(argv[2], "base") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS;
    swoole_server *server = NULL;

    if (swoole_server_new(mode, &server) ||
        swoole_server_listen(server, "127.0.0.1", port, SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", 1) ||
        swoole_server_set_int(server, "task_worker_num", swoole_cpu_num()) ||
        swoole_server_set_bool(server, "open_eof_split", true) ||
        swoole_server_set_str(server, "package_eof", "\n") ||
        swoole_server_on_worker_start(server, on_worker_start, NULL) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_on_task(server, on_task, NULL) ||
        swoole_server_on_finish(server, on_finish, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "tasks: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
