// Copies a file of any size beside the loop, which goes on meanwhile: a timer tells how far it is.
//
// Chunk by chunk: the next one is read when the one before has been written, so one is in memory.
//
// Build:  cc copy_file.c $(pkg-config --cflags --libs swoole_rs) -o copy_file
// Run:    ./copy_file FROM TO
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <swoole_rs.h>

struct copy {
    const char *from, *to;
    uint64_t done;
    int64_t timer_id;
    bool failed;
};

static bool on_chunk(void *userdata, swoole_result result, const uint8_t *data, size_t len);

// Also when the copy could not even be begun: the timer is all that keeps the loop.
static void finish(struct copy *copy, bool failed) {
    if (failed) fprintf(stderr, "copy_file: %s\n", swoole_last_error_message());
    copy->failed = failed;
    swoole_timer_clear(copy->timer_id);
}

static void on_written(void *userdata, swoole_result result, size_t written) {
    struct copy *copy = (struct copy *)userdata;
    copy->done += written;
    if (result != SWOOLE_OK || swoole_aio_read(copy->from, 1 << 20, copy->done, on_chunk, copy) != SWOOLE_OK)
        finish(copy, true);
}

static bool on_chunk(void *userdata, swoole_result result, const uint8_t *data, size_t len) {
    struct copy *copy = (struct copy *)userdata;
    if (result != SWOOLE_OK)
        finish(copy, true);
    else if (len == 0)
        finish(copy, false); // the end of the file
    else if (swoole_aio_write(copy->to, data, len, (int64_t)copy->done, on_written, copy) != SWOOLE_OK)
        finish(copy, true);
    return false; // on_written asks for the next chunk
}

static void on_emptied(void *userdata, swoole_result result, size_t written) {
    on_written(userdata, result, written); // 0 bytes: begins to read
}

static void tell(void *userdata, int64_t timer_id) {
    struct copy *copy = (struct copy *)userdata;
    (void)timer_id;
    printf("%" PRIu64 " bytes so far\n", copy->done);
}

int main(int argc, char **argv) {
    struct copy copy;
    if (argc != 3) {
        fprintf(stderr, "usage: copy_file FROM TO\n");
        return 2;
    }
    memset(&copy, 0, sizeof copy);
    copy.from = argv[1];
    copy.to = argv[2];
    // What the file had in it goes first.
    if (swoole_timer_tick(500, tell, &copy, &copy.timer_id) ||
        swoole_aio_write_file(copy.to, "", 0, false, on_emptied, &copy) ||
        swoole_event_wait()) {
        fprintf(stderr, "copy_file: %s\n", swoole_last_error_message());
        return 1;
    }
    if (!copy.failed) printf("%" PRIu64 " bytes copied\n", copy.done);
    return copy.failed;
}
