/* The yardstick of the client bench: one thread, edge-triggered epoll, each descriptor registered once. Opens CONNECTIONS to an
 * echo server, UNANSWERED of them at most without their answer yet, sends BYTES on each as soon as it is connected, and closes all
 * when the last has its answer. Prints the seconds of wall and CPU time that took. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    int total = argc == 5 ? atoi(argv[2]) : 0, unanswered = argc == 5 ? atoi(argv[3]) : 0;
    int bytes = argc == 5 ? atoi(argv[4]) : 0, opened = 0, answered = 0, ep = epoll_create1(0);
    char message[4096], answer[4096];
    struct epoll_event events[512];
    if (total < 1 || unanswered < 1 || bytes < 1 || bytes > (int)sizeof message) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS UNANSWERED BYTES\n", argv[0]);
        return 2;
    }
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    /* by place; what has not come yet of each answer, -1: not connected yet */
    int *fds = malloc(total * sizeof *fds), *missing = malloc(total * sizeof *missing);
    memset(message, 'x', sizeof message);
    double begun = now(), before = cpu();
    while (answered < total) {
        for (; opened < total && opened - answered < unanswered; opened++) {
            int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            if (fd < 0) return perror("socket"), 1;
            connect(fd, (struct sockaddr *)&to, sizeof to);
            struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = opened};
            if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev)) return perror("epoll_ctl"), 1;
            fds[opened] = fd, missing[opened] = -1;
        }
        int n = epoll_wait(ep, events, 512, -1);
        for (int i = 0; i < n; i++) {
            int place = events[i].data.u32, fd = fds[place];
            if (missing[place] < 0) {
                if (send(fd, message, bytes, MSG_NOSIGNAL) != bytes) return perror("connect or send"), 1;
                missing[place] = bytes;
            } else if (missing[place] > 0 && events[i].events & EPOLLIN) {
                ssize_t got = recv(fd, answer, sizeof answer, 0);
                if (got <= 0 || memcmp(answer, message, got)) return fprintf(stderr, "no answer, or a wrong one\n"), 1;
                answered += (missing[place] -= got) == 0;
            }
        }
    }
    for (int place = 0; place < total; place++) close(fds[place]);
    printf("{\"wall\": %.6f, \"cpu\": %.6f}\n", now() - begun, cpu() - before);
    return 0;
}
