// A pool of workers behind a TCP port: each message is a word, the answer says how often it was sent so far.
//
// A message is 4 bytes of length (big-endian) and so many bytes; the answer has the same form. The count is in a
// table that all workers share, so it does not matter who answers, and it outlives a worker: try kill -9.
//
// Build:   cc pool.c $(pkg-config --cflags --libs swoole_rs) -o pool
// Run:     ./pool [port]       (port 0, the default, takes a free one)
// Talk:    printf '\0\0\0\5hello' | nc -q 1 127.0.0.1 PORT | tail -c +5
// Reload:  kill -USR1 PID      replaces the workers, one after another
// Stop:    Ctrl-C
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <swoole_rs.h>
#include <unistd.h>

static swoole_table *table;

// Runs in: the master, when the workers are there.
static void on_start(void *userdata, swoole_pool *pool) {
    (void)pool;
    printf("pid %d\nlistening on 127.0.0.1:%d\n", (int)getpid(), *(int *)userdata);
    fflush(stdout);
}

// Runs in: a worker.
static void on_message(void *userdata, swoole_pool *pool, const uint8_t *data, size_t len) {
    int64_t times = 0;
    char text[64];
    int size;
    (void)userdata;
    if (swoole_table_add_int(table, data, len, 0, 1, &times) != SWOOLE_OK) // too long a word, for instance
        size = snprintf(text, sizeof text, "%.60s", swoole_last_error_message());
    else
        size = snprintf(text, sizeof text, "%" PRId64 " (worker %d)", times, (int)swoole_pool_worker_id(pool));
    if (swoole_pool_write(pool, text, (size_t)size) != SWOOLE_OK) fprintf(stderr, "pool: %s\n", swoole_last_error_message());
}

int main(int argc, char **argv) {
    static const swoole_table_column column = {"times", SWOOLE_TABLE_INT, 8};
    swoole_pool *pool = NULL;
    int port = argc > 1 ? atoi(argv[1]) : 0;
    // The table first: what is made before the start is the same in all workers.
    int failed = swoole_table_new(&column, 1, 1000, 100000, &table) ||
                 swoole_pool_new(4, SWOOLE_IPC_SOCKET, 0, &pool) ||
                 swoole_pool_set_max_package_size(pool, 1024) ||
                 swoole_pool_listen(pool, "127.0.0.1", port, 128);
    port = swoole_pool_port(pool);
    failed = failed || swoole_pool_on_start(pool, on_start, &port) || swoole_pool_on_message(pool, on_message, NULL) ||
             swoole_pool_start(pool);
    if (failed) fprintf(stderr, "pool: %s\n", swoole_last_error_message());
    swoole_pool_free(pool);
    swoole_table_free(table);
    return failed;
}
