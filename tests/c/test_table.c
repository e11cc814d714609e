// Tables: rows of typed columns, in one process and in several at once.
#include "children.h"

enum { AGE, SCORE, NAME, TINY };
static const swoole_table_column people[] = {
    {"age", SWOOLE_TABLE_INT, 4},
    {"score", SWOOLE_TABLE_FLOAT, 0},
    {"name", SWOOLE_TABLE_STRING, 16},
    {"tiny", SWOOLE_TABLE_INT, 1},
};
#define COLUMNS (sizeof people / sizeof people[0])

static swoole_table *table;
static swoole_table_row *row;

static void make(size_t rows, size_t most) {
    CHECK_OK(swoole_table_new(people, COLUMNS, rows, most, &table));
    CHECK_OK(swoole_table_row_new(table, &row));
}
static void drop(void) {
    swoole_table_row_free(row);
    swoole_table_free(table);
}

static bool get(const char *key) { return swoole_table_get(table, key, strlen(key), row); }
static swoole_result set_age(const char *key, int64_t age) {
    swoole_table_value value = swoole_table_int(AGE, age);
    return swoole_table_set(table, key, strlen(key), &value, 1);
}
static swoole_result set_name(const char *key, const char *name) {
    swoole_table_value value = swoole_table_str(NAME, name);
    return swoole_table_set(table, key, strlen(key), &value, 1);
}
static bool name_is(const char *text) {
    swoole_data name = swoole_table_row_bytes(row, NAME);
    return name.data != NULL && name.len == strlen(text) && memcmp(name.data, text, name.len) == 0;
}

// ---- one process
static void what_is_set_is_read(void) {
    make(100, 0);
    swoole_table_value ann[] = {swoole_table_int(AGE, 44), swoole_table_str(NAME, "Ann"), swoole_table_float(SCORE, 1.5),
                                swoole_table_int(TINY, -128)};
    CHECK(!get("ann"));
    CHECK_OK(swoole_table_set(table, "ann", 3, ann, 4));
    CHECK(swoole_table_exists(table, "ann", 3) && get("ann"));
    CHECK(swoole_table_row_int(row, AGE) == 44 && swoole_table_row_int(row, TINY) == -128);
    CHECK(swoole_table_row_float(row, SCORE) == 1.5 && name_is("Ann"));
    CHECK(swoole_table_count(table) == 1 && swoole_table_capacity(table) == 100);
    CHECK(swoole_table_delete(table, "ann", 3) && !swoole_table_delete(table, "ann", 3));
    CHECK(!get("ann") && swoole_table_count(table) == 0);
    CHECK(swoole_table_memory_size(table) > 100 * 32);
    drop();
}

static void what_is_not_set_stays_or_is_zero(void) {
    make(100, 0);
    CHECK_OK(set_name("bob", "Bob"));
    CHECK(get("bob") && swoole_table_row_int(row, AGE) == 0 && swoole_table_row_float(row, SCORE) == 0 && name_is("Bob"));
    CHECK_OK(set_age("bob", 7));
    CHECK(get("bob") && swoole_table_row_int(row, AGE) == 7 && name_is("Bob"));
    CHECK_OK(swoole_table_set(table, "empty", 5, NULL, 0));
    CHECK(get("empty") && name_is(""));
    drop();
}

static void one_column_is_read_alone(void) {
    make(100, 0);
    CHECK_OK(set_age("bob", 7));
    CHECK_OK(set_name("bob", "Bob"));
    CHECK(swoole_table_find_column(table, "name") == NAME && swoole_table_find_column(table, "nobody") == -1);
    CHECK(swoole_table_get_column(table, "bob", 3, NAME, row) && name_is("Bob"));
    CHECK(swoole_table_get_column(table, "bob", 3, AGE, row) && swoole_table_row_int(row, AGE) == 7);
    CHECK(!swoole_table_get_column(table, "rob", 3, AGE, row));
    drop();
}

static void keys_and_strings_are_any_bytes(void) {
    struct {
        uint16_t shard, pad;
        uint32_t id;
    } key = {7, 0, 99};
    static const char bytes[] = {'a', 0, 'b', (char)255};
    make(100, 0);
    swoole_table_value value = swoole_table_bytes(NAME, bytes, sizeof bytes);
    CHECK_OK(swoole_table_set(table, &key, sizeof key, &value, 1));
    CHECK(swoole_table_get(table, &key, sizeof key, row));
    swoole_data found = swoole_table_row_bytes(row, NAME);
    CHECK(found.len == 4 && memcmp(found.data, bytes, 4) == 0);
    key.shard = 8;
    CHECK(!swoole_table_exists(table, &key, sizeof key));
    drop();
}

static void adding_makes_the_row_and_tells_the_sum(void) {
    int64_t sum = 0;
    double total = 0;
    make(100, 0);
    CHECK_OK(swoole_table_add_int(table, "n", 1, AGE, 5, &sum));
    CHECK(sum == 5);
    CHECK_OK(swoole_table_add_int(table, "n", 1, AGE, -7, &sum));
    CHECK(sum == -2);
    CHECK_OK(swoole_table_add_float(table, "n", 1, SCORE, 0.5, &total));
    CHECK(total == 0.5);
    CHECK_OK(swoole_table_add_float(table, "n", 1, SCORE, 1, NULL));
    CHECK(get("n") && swoole_table_row_int(row, AGE) == -2 && swoole_table_row_float(row, SCORE) == 1.5);
    drop();
}

static void it_takes_exactly_its_rows_whatever_the_keys(void) {
    char key[16];
    swoole_table_figures figures;
    make(1000, 0);
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "user-%d", i);
        CHECK_OK(set_age(key, i));
    }
    CHECK(set_age("one-more", 1) == SWOOLE_ERROR_QUEUE_FULL);
    CHECK_MESSAGE("1000");
    CHECK_OK(set_age("user-7", 1)); // there is one already
    CHECK_OK(swoole_table_stats(table, &figures));
    CHECK(figures.rows == 1000 && figures.most == 1000 && figures.inserts == 1000 && figures.refused == 1);
    CHECK(swoole_table_delete(table, "user-7", 6));
    CHECK_OK(set_age("one-more", 1));
    drop();
}

static int32_t fill(void *userdata, swoole_process *process) {
    (void)process;
    for (int i = 0; i < 100; i++) {
        char key[32];
        snprintf(key, sizeof key, "%d-%d", child_number(userdata), i);
        CHECK_OK(set_age(key, i));
    }
    return 0;
}

static void it_grows_in_other_processes_sight(void) {
    make(10, 500);
    run_children(5, fill);
    CHECK(swoole_table_count(table) == 500 && swoole_table_capacity(table) == 500);
    CHECK(get("3-99") && swoole_table_row_int(row, AGE) == 99);
    CHECK(set_age("one-more", 1) == SWOOLE_ERROR_QUEUE_FULL);
    drop();
}

static void going_through_it_finds_each_row_once(void) {
    char key[16];
    int times[200] = {0};
    make(200, 0);
    for (int i = 0; i < 200; i++) {
        snprintf(key, sizeof key, "%d", i);
        CHECK_OK(set_age(key, i));
    }
    for (size_t place = 0; swoole_table_next(table, &place, row);) {
        int64_t age = swoole_table_row_int(row, AGE);
        swoole_data found = swoole_table_row_key(row);
        snprintf(key, sizeof key, "%d", (int)age);
        CHECK(found.len == strlen(key) && memcmp(found.data, key, found.len) == 0);
        times[age]++;
        // Deleting on the way is fine.
        if (age % 2) CHECK(swoole_table_delete(table, found.data, found.len));
    }
    for (int i = 0; i < 200; i++) CHECK(times[i] == 1);
    CHECK(swoole_table_count(table) == 100);
    CHECK(get("0"));
    CHECK(swoole_table_row_key(row).len == 0 && swoole_table_row_key(row).data != NULL);
    drop();
}

// ---- several processes
#define EACH turns(20000)
static int32_t add_ones(void *userdata, swoole_process *process) {
    (void)userdata, (void)process;
    for (int i = 0; i < EACH && shared->failed == 0; i++) {
        CHECK_OK(swoole_table_add_int(table, "hits", 4, AGE, 1, NULL));
        CHECK_OK(swoole_table_add_float(table, "hits", 4, SCORE, 0.5, NULL));
    }
    return 0;
}

static void sums_by_many_processes_are_exact(void) {
    make(10, 0);
    run_children(8, add_ones);
    CHECK(get("hits") && swoole_table_row_int(row, AGE) == 8 * (int64_t)EACH);
    CHECK(swoole_table_row_float(row, SCORE) == 4.0 * EACH);
    drop();
}

static void *add_ones_in_a_thread(void *unused) {
    add_ones(unused, NULL);
    return NULL;
}

static void sums_by_threads_are_exact(void) {
    pthread_t threads[4];
    make(10, 0);
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, add_ones_in_a_thread, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK(get("hits") && swoole_table_row_int(row, AGE) == 4 * (int64_t)EACH);
    drop();
}

// A row of which all columns say the same number.
static swoole_result set_whole(const char *key, size_t len, int n) {
    char name[17];
    snprintf(name, sizeof name, "%016d", n);
    swoole_table_value values[] = {swoole_table_int(AGE, n), swoole_table_float(SCORE, n), swoole_table_str(NAME, name),
                                   swoole_table_int(TINY, n % 100)};
    return swoole_table_set(table, key, len, values, 4);
}
static bool is_whole(void) {
    char name[17];
    int n = (int)swoole_table_row_int(row, AGE);
    snprintf(name, sizeof name, "%016d", n);
    return swoole_table_row_float(row, SCORE) == n && name_is(name) && swoole_table_row_int(row, TINY) == n % 100;
}

static const char *const keys[] = {"a", "b", "c", "d", "e", "f"};

// Sets, adds rows, deletes rows, until it is killed.
static int32_t write_for_ever(void *userdata, swoole_process *process) {
    unsigned random = 12345u + (unsigned)child_number(userdata);
    (void)process;
    for (;;) {
        random = random * 1103515245u + 12345u;
        const char *key = keys[(random >> 16) % 6];
        if ((random >> 20) % 4 == 0) swoole_table_delete(table, key, 1);
        else CHECK_OK(set_whole(key, 1, (int)(random >> 12)));
        publish(8 + child_number(userdata), published(8 + child_number(userdata)) + 1);
    }
    return 0;
}

static void a_row_is_whole_while_others_write_it(void) {
    int found = 0;
    make(6, 0);
    int32_t pids[2];
    for (int i = 0; i < 2; i++) pids[i] = begin_child(write_for_ever, &child_numbers[i]);
    for (int i = 0; i < 2; i++)
        while (published(8 + i) < 100) sched_yield();
    for (int i = 0; found < turns(20000) && shared->failed == 0; i++)
        if (get(keys[i % 6])) {
            CHECK(is_whole());
            found++;
        }
    for (size_t place = 0; swoole_table_next(table, &place, row);) CHECK(is_whole());
    for (int i = 0; i < 2; i++) CHECK_OK(swoole_process_kill(pids[i], SIGKILL));
    for (int i = 0; i < 2; i++) CHECK(await_end(0).signal == SIGKILL);
    drop();
}

static void killed_writers_tear_no_row_and_block_nobody(void) {
    make(6, 0);
    for (int round = 0; round < turns(60) + 2 && shared->failed == 0; round++) {
        int32_t pids[3];
        for (int i = 0; i < 3; i++) {
            publish(8 + i, 0);
            pids[i] = begin_child(write_for_ever, &child_numbers[i]);
        }
        for (int i = 0; i < 3; i++)
            while (published(8 + i) < 20 + round) sched_yield();
        for (int i = 0; i < 3; i++) CHECK_OK(swoole_process_kill(pids[i], SIGKILL));
        for (int i = 0; i < 3; i++) CHECK(await_end(0).signal == SIGKILL);
        for (size_t place = 0; swoole_table_next(table, &place, row);) CHECK(is_whole());
        // All of its rows can be used, and are not more than they were.
        for (int i = 0; i < 6; i++) CHECK_OK(set_whole(keys[i], 1, round));
        CHECK(swoole_table_count(table) == 6);
        CHECK(set_whole("g", 1, round) == SWOOLE_ERROR_QUEUE_FULL);
        for (int i = 0; i < 6; i++) CHECK(swoole_table_delete(table, keys[i], 1));
    }
    CHECK(swoole_table_count(table) == 0);
    drop();
}

static void a_handle_may_be_freed_in_one_process(void) {
    make(10, 0);
    CHECK_OK(set_age("a", 1));
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        drop();
        _exit(0);
    }
    CHECK(waitpid(pid, NULL, 0) == pid);
    CHECK(get("a") && swoole_table_row_int(row, AGE) == 1);
    // The place for rows may outlive the table's handle.
    swoole_table_free(table);
    CHECK(swoole_table_row_int(row, AGE) == 1);
    swoole_table_row_free(row);
}

static const struct test tests[] = {
    {"what_is_set_is_read", what_is_set_is_read},
    {"what_is_not_set_stays_or_is_zero", what_is_not_set_stays_or_is_zero},
    {"one_column_is_read_alone", one_column_is_read_alone},
    {"keys_and_strings_are_any_bytes", keys_and_strings_are_any_bytes},
    {"adding_makes_the_row_and_tells_the_sum", adding_makes_the_row_and_tells_the_sum},
    {"it_takes_exactly_its_rows_whatever_the_keys", it_takes_exactly_its_rows_whatever_the_keys},
    {"it_grows_in_other_processes_sight", it_grows_in_other_processes_sight},
    {"going_through_it_finds_each_row_once", going_through_it_finds_each_row_once},
    {"sums_by_many_processes_are_exact", sums_by_many_processes_are_exact},
    {"sums_by_threads_are_exact", sums_by_threads_are_exact},
    {"a_row_is_whole_while_others_write_it", a_row_is_whole_while_others_write_it},
    {"killed_writers_tear_no_row_and_block_nobody", killed_writers_tear_no_row_and_block_nobody},
    {"a_handle_may_be_freed_in_one_process", a_handle_may_be_freed_in_one_process},
};
RUN(tests)
