// Options: what is refused, what is a warning, what is taken.
#include "support.h"

static char warning[512];
static int warnings;

static void keep_warning(void *userdata, const char *message) {
    CHECK(userdata == &warnings);
    snprintf(warning, sizeof warning, "%s", message);
    warnings++;
}

static swoole_server *make_server(void) {
    swoole_server *server = NULL;
    warnings = 0;
    warning[0] = 0;
    swoole_set_warning_handler(keep_warning, &warnings);
    CHECK_OK(swoole_server_new(mode, &server));
    CHECK_OK(swoole_server_listen(server, "127.0.0.1", 0, SWOOLE_SOCK_TCP, NULL));
    return server;
}

static void ignore_data(void *userdata, swoole_server *server, int64_t session, int32_t reactor, const uint8_t *data,
                        size_t len) {
    (void)userdata, (void)server, (void)session, (void)reactor, (void)data, (void)len;
}

static void good_values_are_taken_in_silence(void) {
    swoole_server *server = make_server();
    int64_t cpus[] = {0};
    CHECK_OK(swoole_server_set_int(server, "worker_num", 2));
    CHECK_OK(swoole_server_set_bool(server, "open_eof_check", true));
    CHECK_OK(swoole_server_set_str(server, "package_eof", "\r\n"));
    CHECK_OK(swoole_server_set_bytes(server, "package_eof", "\0\0", 2));
    CHECK_OK(swoole_server_set_float(server, "send_timeout", 1.5));
    CHECK_OK(swoole_server_set_int_list(server, "cpu_affinity_ignore", cpus, 1));
    CHECK_OK(swoole_server_set_port_int(server, 0, "backlog", 128));
    CHECK_OK(swoole_server_set_port_bool(server, 0, "open_tcp_nodelay", true));
    CHECK_OK(swoole_server_set_port_str(server, 0, "package_eof", "\n"));
    CHECK_OK(swoole_server_set_port_bytes(server, 0, "package_eof", "\n", 1));
    CHECK_TEXT(warning, "");
    swoole_server_free(server);
}

static void an_option_of_other_builds_is_taken_in_silence(void) {
    swoole_server *server = make_server();
    CHECK_OK(swoole_server_set_bool(server, "enable_coroutine", true));
    CHECK_OK(swoole_server_set_int(server, "debug_mode", 1));
    CHECK_TEXT(warning, "");
    swoole_server_free(server);
}

static void an_unknown_name_is_a_warning_with_the_nearest_one(void) {
    swoole_server *server = make_server();
    CHECK_OK(swoole_server_set_int(server, "worker_nums", 2));
    CHECK(warnings == 1);
    CHECK(strstr(warning, "worker_nums") != NULL);
    CHECK(strstr(warning, "worker_num") != NULL);
    swoole_server_free(server);
}

static void a_clamped_value_is_a_warning(void) {
    swoole_server *server = make_server();
    CHECK_OK(swoole_server_set_int(server, "package_max_length", 10));
    CHECK(warnings == 1);
    CHECK(strstr(warning, "package_max_length") != NULL);
    swoole_server_free(server);
}

static void a_wrong_value_is_refused_and_so_is_start(void) {
    swoole_server *server = make_server();
    CHECK_OK(swoole_server_on_receive(server, ignore_data, NULL));
    CHECK(swoole_server_set_str(server, "worker_num", "many") == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_last_error() == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("worker_num");
    CHECK_MESSAGE("many");
    CHECK(swoole_server_start(server) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("worker_num");
    swoole_server_free(server);
}

static void an_option_of_no_port_is_refused(void) {
    swoole_server *server = make_server();
    CHECK(swoole_server_set_port_int(server, 7, "backlog", 128) == SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT);
    CHECK(swoole_server_set_port_int(server, -1, "backlog", 128) == SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT);
    CHECK_MESSAGE("-1");
    swoole_server_free(server);
}

static void a_success_leaves_the_last_error(void) {
    swoole_server *server = make_server();
    CHECK(swoole_server_set_port_int(server, 7, "backlog", 128) != SWOOLE_OK);
    CHECK_OK(swoole_server_set_int(server, "worker_num", 1));
    CHECK(swoole_last_error() == SWOOLE_ERROR_SERVER_INVALID_LISTEN_PORT);
    swoole_server_free(server);
}

static void functions_as_options_can_be_taken_away(void) {
    swoole_server *server = make_server();
    CHECK_OK(swoole_server_set_dispatch_func(server, NULL, NULL));
    CHECK_OK(swoole_server_set_package_length_func(server, NULL, NULL));
    CHECK_OK(swoole_server_set_port_package_length_func(server, 0, NULL, NULL));
    CHECK_TEXT(warning, "");
    swoole_server_free(server);
}

static const struct test tests[] = {
    {"good_values_are_taken_in_silence", good_values_are_taken_in_silence},
    {"an_option_of_other_builds_is_taken_in_silence", an_option_of_other_builds_is_taken_in_silence},
    {"an_unknown_name_is_a_warning_with_the_nearest_one", an_unknown_name_is_a_warning_with_the_nearest_one},
    {"a_clamped_value_is_a_warning", a_clamped_value_is_a_warning},
    {"a_wrong_value_is_refused_and_so_is_start", a_wrong_value_is_refused_and_so_is_start},
    {"an_option_of_no_port_is_refused", an_option_of_no_port_is_refused},
    {"a_success_leaves_the_last_error", a_success_leaves_the_last_error},
    {"functions_as_options_can_be_taken_away", functions_as_options_can_be_taken_away},
};
RUN(tests)
