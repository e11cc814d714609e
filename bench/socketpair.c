/* The yardstick of the task bench: messages that go to a second process and come back, through a Unix datagram
 * socketpair, by blocking send and recv. Arguments: round trips, bytes of a message, messages in flight.
 * Prints, as JSON, the wall time and the CPU time of both processes, user and system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double cpu(int who) {
    struct rusage usage;
    getrusage(who, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    long trips = argc == 4 ? atol(argv[1]) : 0, size = argc == 4 ? atol(argv[2]) : 0;
    long in_flight = argc == 4 ? atol(argv[3]) : 0;
    char message[65536];
    int ends[2];
    if (trips < in_flight || in_flight < 1 || size < 1 || size > (long)sizeof message) {
        fprintf(stderr, "usage: %s ROUND_TRIPS BYTES IN_FLIGHT\n", argv[0]);
        return 2;
    }
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends)) return perror("socketpair"), 1;
    memset(message, 'x', sizeof message);
    double begun = now(), before = cpu(RUSAGE_SELF);
    pid_t child = fork();
    if (child < 0) return perror("fork"), 1;
    if (child == 0) {
        for (long i = 0; i < trips; i++)
            if (recv(ends[1], message, sizeof message, 0) != size || send(ends[1], message, size, 0) != size) _exit(1);
        _exit(0);
    }
    for (long i = 0; i < in_flight; i++)
        if (send(ends[0], message, size, 0) != size) return perror("send"), 1;
    for (long i = 0; i < trips; i++) {
        if (recv(ends[0], message, sizeof message, 0) != size) return perror("recv"), 1;
        if (i + in_flight < trips && send(ends[0], message, size, 0) != size) return perror("send"), 1;
    }
    int status;
    if (waitpid(child, &status, 0) < 0 || status) return fprintf(stderr, "the second process failed\n"), 1;
    printf("{\"wall\": %.6f, \"cpu\": %.6f}\n", now() - begun, cpu(RUSAGE_SELF) - before + cpu(RUSAGE_CHILDREN));
    return 0;
}
