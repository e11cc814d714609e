// Counts words: several processes read lines and count in one table, which the first process then prints.
//
// A variable would not do: each process has a copy of its own, from the moment it was forked. The table
// is the same in all of them, and adding to a row is one step, so nothing is lost and nobody locks.
//
// Build:  cc shared_table.c $(pkg-config --cflags --libs swoole_rs) -o shared_table
// Run:    ./shared_table < FILE          (or without a file: it counts the words of its own text)
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <swoole_rs.h>
#include <unistd.h>

enum { WORKERS = 4, TIMES = 0, FIRST_BY = 1 };

static const swoole_table_column columns[] = {
    {"times", SWOOLE_TABLE_INT, 8},
    {"first_by", SWOOLE_TABLE_STRING, 16}, // which worker has found it first
};

static const char *const text[] = {"the quick brown fox", "jumps over the lazy dog", "the dog sleeps", "the fox is quick"};

static swoole_table *table;
static swoole_channel *lines;
static int lines_seen; // every process has its own: this one stays 0 in the first

static void count_word(const char *word, size_t len, int worker) {
    int64_t times = 0;
    if (len > 64) len = 64; // the longest key; a longer one would be refused, not cut
    if (swoole_table_add_int(table, word, len, TIMES, 1, &times)) {
        fprintf(stderr, "%.*s: %s\n", (int)len, word, swoole_last_error_message());
    } else if (times == 1) {
        char name[16];
        snprintf(name, sizeof name, "worker %d", worker);
        swoole_table_value value = swoole_table_str(FIRST_BY, name);
        swoole_table_set(table, word, len, &value, 1);
    }
}

// Runs in: each worker. Takes lines until there is none left.
static int32_t work(void *userdata, swoole_process *process) {
    (void)process;
    for (;;) {
        swoole_bytes line = {NULL, 0};
        if (swoole_channel_pop(lines, &line) != SWOOLE_OK) return 1;
        if (line.data == NULL) return 0;
        lines_seen++;
        for (size_t at = 0; at < line.len;) {
            size_t from = at;
            while (at < line.len && !isspace(line.data[at])) at++;
            if (at > from) count_word((const char *)line.data + from, at - from, *(int *)userdata);
            while (at < line.len && isspace(line.data[at])) at++;
        }
        swoole_bytes_free(&line);
    }
}

static int fail(void) {
    fprintf(stderr, "shared_table: %s\n", swoole_last_error_message());
    return 1;
}

int main(void) {
    char line[4096];
    int numbers[WORKERS];
    swoole_table_row *row = NULL;
    // 100 rows to begin with, and as many as a million when they are needed.
    if (swoole_table_new(columns, 2, 100, 1000000, &table) || swoole_table_row_new(table, &row) ||
        swoole_channel_new(16 << 20, &lines))
        return fail();
    if (isatty(STDIN_FILENO)) {
        for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
            if (swoole_channel_push(lines, text[i], strlen(text[i]))) return fail();
    } else {
        while (fgets(line, sizeof line, stdin))
            if (swoole_channel_push(lines, line, strlen(line))) return fail();
    }
    for (int i = 0; i < WORKERS; i++) {
        swoole_process *process = NULL;
        numbers[i] = i;
        if (swoole_process_new(work, &numbers[i], false, SWOOLE_PIPE_NONE, &process) || swoole_process_start(process, NULL))
            return fail();
        swoole_process_free(process);
    }
    for (int i = 0; i < WORKERS; i++) {
        swoole_process_ended ended;
        if (swoole_process_wait(true, &ended)) return fail();
    }
    for (size_t place = 0; swoole_table_next(table, &place, row);) {
        swoole_data word = swoole_table_row_key(row), first_by = swoole_table_row_bytes(row, FIRST_BY);
        printf("%" PRId64 " %.*s (%.*s)\n", swoole_table_row_int(row, TIMES), (int)word.len, (const char *)word.data,
               (int)first_by.len, (const char *)first_by.data);
    }
    printf("%zu words; my own variable says that %d lines were seen\n", swoole_table_count(table), lines_seen);
    swoole_channel_free(lines);
    swoole_table_row_free(row);
    swoole_table_free(table);
    return 0;
}
