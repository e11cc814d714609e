// Tables: what does not fit is refused with its reason, nothing is cut, and the row stays as it was.
#include "children.h"

enum { COUNT, PRICE, NOTE, TINY };
static const swoole_table_column columns[] = {
    {"count", SWOOLE_TABLE_INT, 8},
    {"price", SWOOLE_TABLE_FLOAT, 8},
    {"note", SWOOLE_TABLE_STRING, 5},
    {"tiny", SWOOLE_TABLE_INT, 1},
};

static swoole_table *table;
static swoole_table_row *row;

static void make(void) {
    swoole_table_value values[] = {swoole_table_int(COUNT, 1), swoole_table_float(PRICE, 2), swoole_table_str(NOTE, "three"),
                                   swoole_table_int(TINY, 4)};
    CHECK_OK(swoole_table_new(columns, 4, 10, 0, &table));
    CHECK_OK(swoole_table_row_new(table, &row));
    CHECK_OK(swoole_table_set(table, "k", 1, values, 4));
}

static void is_as_it_was(void) {
    CHECK(swoole_table_get(table, "k", 1, row));
    CHECK(swoole_table_row_int(row, COUNT) == 1 && swoole_table_row_float(row, PRICE) == 2 && swoole_table_row_int(row, TINY) == 4);
    swoole_data note = swoole_table_row_bytes(row, NOTE);
    CHECK(note.len == 5 && memcmp(note.data, "three", 5) == 0);
    CHECK(swoole_table_count(table) == 1);
}

static void drop(void) {
    is_as_it_was();
    swoole_table_row_free(row);
    swoole_table_free(table);
}

// The whole set is refused because of the second value.
static swoole_result set_with(swoole_table_value second) {
    swoole_table_value values[] = {swoole_table_int(COUNT, 100), second};
    return swoole_table_set(table, "k", 1, values, 2);
}

static void a_string_that_is_too_long_is_refused(void) {
    make();
    CHECK(set_with(swoole_table_str(NOTE, "sixsix")) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    CHECK_MESSAGE("note");
    CHECK_MESSAGE("6");
    CHECK_MESSAGE("5");
    drop();
}

static void a_key_that_is_too_long_is_refused(void) {
    char key[65];
    swoole_table_value value = swoole_table_int(COUNT, 1);
    memset(key, 'k', sizeof key);
    make();
    CHECK(swoole_table_set(table, key, 65, &value, 1) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    CHECK_MESSAGE("65");
    CHECK_MESSAGE("64");
    CHECK(swoole_table_add_int(table, key, 65, COUNT, 1, NULL) == SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE);
    CHECK(!swoole_table_get(table, key, 65, row) && !swoole_table_exists(table, key, 65) && !swoole_table_delete(table, key, 65));
    CHECK_OK(swoole_table_set(table, key, 64, &value, 1));
    CHECK(swoole_table_delete(table, key, 64));
    drop();
}

static void a_number_that_does_not_fit_its_column_is_refused(void) {
    int64_t sum = 77;
    make();
    REFUSED(set_with(swoole_table_int(TINY, 128)));
    CHECK_MESSAGE("tiny");
    CHECK_MESSAGE("127");
    REFUSED(swoole_table_add_int(table, "k", 1, TINY, 124, &sum));
    CHECK_MESSAGE("tiny");
    REFUSED(swoole_table_add_int(table, "k", 1, COUNT, INT64_MAX, &sum));
    CHECK(sum == 77);
    drop();
}

static void a_value_of_another_type_is_refused(void) {
    swoole_table_value odd = swoole_table_int(COUNT, 1);
    make();
    REFUSED(set_with(swoole_table_int(PRICE, 1)));
    CHECK_MESSAGE("price");
    REFUSED(set_with(swoole_table_float(COUNT, 1)));
    REFUSED(set_with(swoole_table_str(COUNT, "1")));
    REFUSED(set_with(swoole_table_int(NOTE, 1)));
    REFUSED(swoole_table_add_int(table, "k", 1, NOTE, 1, NULL));
    REFUSED(swoole_table_add_float(table, "k", 1, COUNT, 1, NULL));
    odd.type = 9;
    REFUSED(set_with(odd));
    CHECK_MESSAGE("swoole_table_int");
    drop();
}

static void a_column_that_does_not_exist_is_refused(void) {
    make();
    REFUSED(set_with(swoole_table_int(4, 1)));
    REFUSED(set_with(swoole_table_int(-1, 1)));
    REFUSED(swoole_table_add_int(table, "k", 1, 4, 1, NULL));
    CHECK_MESSAGE("no column 4");
    CHECK(!swoole_table_get_column(table, "k", 1, 4, row) && !swoole_table_get_column(table, "k", 1, -1, row));
    CHECK_MESSAGE("no column -1");
    is_as_it_was();
    CHECK(swoole_table_row_int(row, 4) == 0 && swoole_table_row_float(row, 4) == 0 && swoole_table_row_bytes(row, 4).data == NULL);
    CHECK_MESSAGE("no column 4");
    drop();
}

static void reading_as_another_type_is_refused(void) {
    make();
    is_as_it_was();
    CHECK(swoole_table_row_int(row, PRICE) == 0);
    CHECK_MESSAGE("\"price\"");
    CHECK(swoole_table_row_float(row, COUNT) == 0 && swoole_table_row_bytes(row, COUNT).data == NULL);
    CHECK_MESSAGE("\"count\"");
    drop();
}

static void a_row_of_another_table_is_refused(void) {
    swoole_table *other = NULL;
    size_t place = 0;
    make();
    CHECK_OK(swoole_table_new(columns, 4, 10, 0, &other));
    CHECK(!swoole_table_get(other, "k", 1, row));
    CHECK_MESSAGE("another table");
    CHECK(!swoole_table_next(other, &place, row) && place == 0);
    swoole_table_free(other);
    drop();
}

static void wrong_columns_are_refused(void) {
    static const struct {
        swoole_table_column columns[2];
        size_t count;
        size_t rows, most;
        const char *word;
    } wrong[] = {
        {{{"a", SWOOLE_TABLE_INT, 3}, {"b", 1, 1}}, 1, 10, 0, "\"a\""},
        {{{"a", SWOOLE_TABLE_INT, 256}, {"b", 1, 1}}, 1, 10, 0, "256"},
        {{{"a", SWOOLE_TABLE_FLOAT, 4}, {"b", 1, 1}}, 1, 10, 0, "\"a\""},
        {{{"a", SWOOLE_TABLE_STRING, 0}, {"b", 1, 1}}, 1, 10, 0, "\"a\""},
        {{{"a", 0, 8}, {"b", 1, 1}}, 1, 10, 0, "SWOOLE_TABLE_STRING"},
        {{{NULL, SWOOLE_TABLE_INT, 8}, {"b", 1, 1}}, 1, 10, 0, "name is NULL"},
        {{{"a", SWOOLE_TABLE_INT, 8}, {"a", 1, 1}}, 2, 10, 0, "\"a\""},
        {{{"a", SWOOLE_TABLE_INT, 8}, {"b", 1, 1}}, 0, 10, 0, "column"},
        {{{"a", SWOOLE_TABLE_INT, 8}, {"b", 1, 1}}, 2, 0, 0, "rows"},
        {{{"a", SWOOLE_TABLE_INT, 8}, {"b", 1, 1}}, 2, 10, 9, "rows"},
        {{{"a", SWOOLE_TABLE_INT, 8}, {"b", 1, 1}}, 2, (size_t)1 << 40, 0, "rows"},
    };
    table = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        REFUSED(swoole_table_new(wrong[i].columns, wrong[i].count, wrong[i].rows, wrong[i].most, &table));
        CHECK_MESSAGE(wrong[i].word);
    }
    CHECK(table == NULL);
}

static void null_is_refused(void) {
    swoole_table_figures figures;
    swoole_table_value value = swoole_table_int(COUNT, 1);
    size_t place = 0;
    REFUSED(swoole_table_new(NULL, 1, 10, 0, &table));
    REFUSED(swoole_table_new(columns, 4, 10, 0, NULL));
    REFUSED(swoole_table_set(NULL, "k", 1, &value, 1));
    CHECK_MESSAGE("swoole_table_new");
    REFUSED(swoole_table_add_int(NULL, "k", 1, COUNT, 1, NULL));
    REFUSED(swoole_table_add_float(NULL, "k", 1, COUNT, 1, NULL));
    REFUSED(swoole_table_stats(NULL, &figures));
    REFUSED(swoole_table_row_new(NULL, &row));
    CHECK(!swoole_table_get(NULL, "k", 1, NULL) && !swoole_table_get_column(NULL, "k", 1, 0, NULL));
    CHECK(!swoole_table_exists(NULL, "k", 1) && !swoole_table_delete(NULL, "k", 1) && !swoole_table_next(NULL, &place, NULL));
    CHECK(swoole_table_count(NULL) == 0 && swoole_table_capacity(NULL) == 0 && swoole_table_memory_size(NULL) == 0);
    CHECK(swoole_table_find_column(NULL, "a") == -1);
    CHECK(swoole_table_row_int(NULL, 0) == 0 && swoole_table_row_key(NULL).data == NULL);
    swoole_table_free(NULL);
    swoole_table_row_free(NULL);
    make();
    REFUSED(swoole_table_row_new(table, NULL));
    REFUSED(swoole_table_set(table, NULL, 1, &value, 1));
    REFUSED(swoole_table_set(table, "k", 1, NULL, 1));
    REFUSED(set_with(swoole_table_str(NOTE, NULL)));
    CHECK_MESSAGE("column 2");
    REFUSED(set_with(swoole_table_bytes(NOTE, NULL, 3)));
    REFUSED(swoole_table_stats(table, NULL));
    CHECK(!swoole_table_get(table, "k", 1, NULL));
    CHECK_MESSAGE("swoole_table_row_new");
    CHECK(!swoole_table_next(table, NULL, row));
    CHECK_MESSAGE("place is NULL");
    drop();
}

static const struct test tests[] = {
    {"a_string_that_is_too_long_is_refused", a_string_that_is_too_long_is_refused},
    {"a_key_that_is_too_long_is_refused", a_key_that_is_too_long_is_refused},
    {"a_number_that_does_not_fit_its_column_is_refused", a_number_that_does_not_fit_its_column_is_refused},
    {"a_value_of_another_type_is_refused", a_value_of_another_type_is_refused},
    {"a_column_that_does_not_exist_is_refused", a_column_that_does_not_exist_is_refused},
    {"reading_as_another_type_is_refused", reading_as_another_type_is_refused},
    {"a_row_of_another_table_is_refused", a_row_of_another_table_is_refused},
    {"wrong_columns_are_refused", wrong_columns_are_refused},
    {"null_is_refused", null_is_refused},
};
RUN(tests)
