/* Tasks and their answers, driven from C: a client that sends a number gets a line back when so many tasks have been
 * done, of which a number is always under way. Arguments: port, BASE or PROCESS, bytes of a task, tasks in flight. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <swoole_rs.h>

static char message[32768];
static size_t size;
static long in_flight, to_give, to_come;
static int64_t client;

static void give(swoole_server *server) {
    to_give--;
    if (swoole_server_task(server, message, size, SWOOLE_ANY_WORKER, NULL)) {
        fprintf(stderr, "bench tasks: %s\n", swoole_last_error_message());
        exit(1);
    }
}

static void on_receive(void *userdata, swoole_server *server, int64_t session, int32_t reactor,
                       const uint8_t *data, size_t len) {
    char number[32] = {0};
    (void)userdata, (void)reactor;
    memcpy(number, data, len < sizeof number ? len : sizeof number - 1);
    client = session;
    to_give = to_come = atol(number);
    for (long i = 0; i < in_flight && to_give > 0; i++) give(server);
}

static void on_task(void *userdata, swoole_server *server, const swoole_task *task) {
    (void)userdata;
    swoole_server_finish(server, NULL, task->data, task->len);
}

static void on_finish(void *userdata, swoole_server *server, const swoole_answer *answer) {
    (void)userdata;
    if (answer->len != size) {
        fprintf(stderr, "bench tasks: answer %lld has %zu bytes\n", (long long)answer->task_id, answer->len);
        exit(1);
    }
    if (to_give > 0) give(server);
    if (--to_come == 0) swoole_server_send(server, client, "done\n", 5);
}

int main(int argc, char **argv) {
    swoole_server *server = NULL;
    if (argc != 5 || (size = atol(argv[3])) > sizeof message || (in_flight = atol(argv[4])) < 1) {
        fprintf(stderr, "usage: %s PORT BASE|PROCESS BYTES IN_FLIGHT\n", argv[0]);
        return 2;
    }
    if (swoole_server_new(strcmp(argv[2], "BASE") == 0 ? SWOOLE_BASE : SWOOLE_PROCESS, &server) ||
        swoole_server_listen(server, "127.0.0.1", atoi(argv[1]), SWOOLE_SOCK_TCP, NULL) ||
        swoole_server_set_int(server, "worker_num", 1) ||
        swoole_server_set_int(server, "task_worker_num", 1) ||
        swoole_server_set_int(server, "reactor_num", 1) ||
        swoole_server_on_receive(server, on_receive, NULL) ||
        swoole_server_on_task(server, on_task, NULL) ||
        swoole_server_on_finish(server, on_finish, NULL) ||
        swoole_server_start(server)) {
        fprintf(stderr, "bench tasks: %s\n", swoole_last_error_message());
        swoole_server_free(server);
        return 1;
    }
    swoole_server_free(server);
    return 0;
}
