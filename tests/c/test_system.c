// What a program may ask of the system, without a server.
#include "support.h"

#include <sched.h>

static void the_processes_title_can_be_set(void) {
    char found[16] = "", wanted[] = "swoole_rs: test";
    FILE *file;
    // There the arguments that the system tells of are valgrind's own.
    if (getenv("SWOOLE_TEST_SLOW")) return;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        CHECK_OK(swoole_set_process_name("swoole_rs: test with a long name"));
        file = fopen("/proc/self/comm", "r");
        CHECK(file != NULL && fread(found, 1, 15, file) == 15);
        CHECK_TEXT(found, wanted);
        fclose(file);
        CHECK(swoole_set_process_name(NULL) == SWOOLE_ERROR_INVALID_PARAMS);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void the_processors_are_those_it_may_use(void) {
    cpu_set_t set;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    CHECK(swoole_cpu_num() == CPU_COUNT(&set));
}

static void local_addresses_are_addresses(void) {
    swoole_local_address list[64];
    unsigned char bytes[16];
    int families[] = {AF_INET, AF_INET6};
    for (int f = 0; f < 2; f++) {
        size_t count = 0;
        CHECK_OK(swoole_get_local_ip(families[f], list, 64, &count));
        for (size_t i = 0; i < count && i < 64; i++) {
            CHECK(list[i].name[0] != 0 && inet_pton(families[f], list[i].address, bytes) == 1);
            CHECK(strcmp(list[i].address, "127.0.0.1") != 0 && strcmp(list[i].address, "::1") != 0);
        }
    }
}

static void hardware_addresses_are_of_six_bytes(void) {
    swoole_local_address list[64];
    unsigned int byte[6];
    size_t count = 0;
    CHECK_OK(swoole_get_local_mac(list, 64, &count));
    CHECK(count > 0); // the loopback at least
    for (size_t i = 0; i < count && i < 64; i++) {
        CHECK(strlen(list[i].address) == 17);
        CHECK(sscanf(list[i].address, "%2x:%2x:%2x:%2x:%2x:%2x", byte, byte + 1, byte + 2, byte + 3, byte + 4, byte + 5) == 6);
    }
}

static void a_short_list_gets_what_it_has_room_for(void) {
    swoole_local_address list[1];
    size_t count = 0, all = 0;
    memset(list, 0x55, sizeof list);
    CHECK_OK(swoole_get_local_mac(NULL, 0, &all));
    CHECK_OK(swoole_get_local_mac(list, 1, &count));
    CHECK(count == all && strlen(list[0].address) == 17);
}

static void wrong_calls_are_refused(void) {
    swoole_local_address list[1];
    size_t count = 77;
    CHECK(swoole_get_local_ip(AF_UNIX, list, 1, &count) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK_MESSAGE("AF_INET6");
    CHECK(swoole_get_local_ip(AF_INET, NULL, 1, &count) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_get_local_ip(AF_INET, list, 1, NULL) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(swoole_get_local_mac(NULL, 1, &count) == SWOOLE_ERROR_INVALID_PARAMS);
    CHECK(count == 77);
}

static void a_hash_is_the_same_everywhere(void) {
    CHECK(swoole_hashcode("", 0) == 5381 && swoole_hashcode(NULL, 0) == 5381);
    CHECK(swoole_hashcode("ab", 2) == (5381 * 33 + 'a') * 33 + 'b');
    CHECK(swoole_hashcode("\xff", 1) == 5381 * 33 + 255);
    CHECK(swoole_hashcode("a long text that fills all 63 bits", 34) >= 0);
    CHECK(swoole_hashcode(NULL, 1) == 0);
    CHECK_MESSAGE("data is NULL");
}

static const struct test tests[] = {
    {"the_processes_title_can_be_set", the_processes_title_can_be_set},
    {"the_processors_are_those_it_may_use", the_processors_are_those_it_may_use},
    {"local_addresses_are_addresses", local_addresses_are_addresses},
    {"hardware_addresses_are_of_six_bytes", hardware_addresses_are_of_six_bytes},
    {"a_short_list_gets_what_it_has_room_for", a_short_list_gets_what_it_has_room_for},
    {"a_hash_is_the_same_everywhere", a_hash_is_the_same_everywhere},
    {"wrong_calls_are_refused", wrong_calls_are_refused},
};
RUN(tests)
