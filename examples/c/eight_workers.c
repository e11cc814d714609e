// Eight processes count the primes below a number together, and tell the sum.
//
// Nobody is given a range beforehand: each takes the next one when it is done, by an atomic that all of
// them share, and adds what it has found to another. So a slow process does less, and none waits.
//
// Build:  cc eight_workers.c $(pkg-config --cflags --libs swoole_rs) -o eight_workers
// Run:    ./eight_workers [number]
#include <stdio.h>
#include <stdlib.h>
#include <swoole_rs.h>

enum { WORKERS = 8, PIECE = 1000 };

// Made before the processes are started, so that they are one and the same in all of them.
struct count {
    long below;
    swoole_atomic *next_piece;
    swoole_atomic_long *primes;
};

static int is_prime(long n) {
    long divisor = 2;
    while (divisor * divisor <= n && n % divisor != 0) divisor++;
    return n >= 2 && divisor * divisor > n;
}

// Runs in: each of the eight. What it answers is its exit code.
static int32_t work(void *userdata, swoole_process *process) {
    struct count *count = (struct count *)userdata;
    (void)process;
    for (;;) {
        long from = (long)(swoole_atomic_add(count->next_piece, 1) - 1) * PIECE;
        long found = 0;
        if (from >= count->below) return 0;
        for (long n = from; n < from + PIECE && n < count->below; n++) found += is_prime(n);
        swoole_atomic_long_add(count->primes, found);
    }
}

int main(int argc, char **argv) {
    struct count count = {argc > 1 ? atol(argv[1]) : 1000000, NULL, NULL};
    int failed = 0;
    if (swoole_atomic_new(0, &count.next_piece) || swoole_atomic_long_new(0, &count.primes)) {
        fprintf(stderr, "eight_workers: %s\n", swoole_last_error_message());
        return 1;
    }
    for (int i = 0; i < WORKERS; i++) {
        swoole_process *process = NULL;
        if (swoole_process_new(work, &count, false, SWOOLE_PIPE_NONE, &process) || swoole_process_start(process, NULL)) {
            fprintf(stderr, "eight_workers: %s\n", swoole_last_error_message());
            return 1;
        }
        swoole_process_free(process); // the handle; the process goes on
    }
    // Each end is waited for: none stays a zombie, and none fails unseen.
    for (int i = 0; i < WORKERS; i++) {
        swoole_process_ended ended;
        if (swoole_process_wait(true, &ended) != SWOOLE_OK) break;
        if (ended.code == 0 && ended.signal == 0) continue;
        fprintf(stderr, "process %d ended with code %d, signal %d\n", (int)ended.pid, (int)ended.code, (int)ended.signal);
        failed = 1;
    }
    if (!failed) printf("%lld primes below %ld\n", (long long)swoole_atomic_long_get(count.primes), count.below);
    swoole_atomic_free(count.next_piece);
    swoole_atomic_long_free(count.primes);
    return failed;
}
