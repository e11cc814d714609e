/* The load of the WebSocket bench: one thread, CONNECTIONS of which each sends a masked text frame of 64 bytes and waits for its answer, again and
 * again, for SECONDS. With `raw` there is no handshake, and the frame itself is the answer: for a server that sends back what it
 * gets. Prints one line of JSON: answers, microseconds, and those of an answer at the 50th and 99th percentile. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BYTES = 64, SLOTS = 1 << 16 };

static const char handshake[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

struct peer {
    int fd, got, open;
    double asked;
    unsigned char in[1024];
};

static unsigned char frame[6 + BYTES], echo[2 + BYTES];
static long slots[SLOTS]; /* answers by their microseconds */

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int ask(struct peer *peer) {
    peer->asked = now();
    return send(peer->fd, frame, sizeof frame, MSG_NOSIGNAL) == sizeof frame;
}

static int percentile(long answers, double part) {
    long seen = 0;
    int slot = 0;
    while (slot < SLOTS - 1 && (seen += slots[slot]) < answers * part) slot++;
    return slot;
}

int main(int argc, char **argv) {
    int connections = argc > 3 ? atoi(argv[2]) : 0, raw = argc > 4, ep = epoll_create1(0);
    double seconds = argc > 3 ? atof(argv[3]) : 0;
    if (connections < 1 || seconds <= 0) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS SECONDS [raw]\n", argv[0]);
        return 2;
    }
    frame[0] = echo[0] = 0x81, frame[1] = 0x80 | BYTES, echo[1] = BYTES;
    memcpy(frame + 2, "mask", 4);
    for (int i = 0; i < BYTES; i++) echo[2 + i] = 'a' + i % 26, frame[6 + i] = echo[2 + i] ^ frame[2 + i % 4];
    const unsigned char *wanted = raw ? frame : echo;
    int length = raw ? sizeof frame : sizeof echo;

    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct peer *peers = calloc(connections, sizeof *peers);
    for (int i = 0; i < connections; i++) {
        struct epoll_event ev = {.events = EPOLLIN | EPOLLET, .data.u32 = i};
        peers[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(peers[i].fd, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
        epoll_ctl(ep, EPOLL_CTL_ADD, peers[i].fd, &ev);
        peers[i].open = raw;
        if (!raw && send(peers[i].fd, handshake, sizeof handshake - 1, MSG_NOSIGNAL) < 0) return perror("send"), 1;
        if (raw && !ask(&peers[i])) return perror("send"), 1;
    }
    long answers = 0;
    double begun = now(), end = begun + seconds, at = begun;
    struct epoll_event events[256];
    while (at < end) {
        int n = epoll_wait(ep, events, 256, 100);
        at = now();
        for (int i = 0; i < n; i++) {
            struct peer *peer = &peers[events[i].data.u32];
            int got = recv(peer->fd, peer->in + peer->got, sizeof peer->in - peer->got, MSG_DONTWAIT);
            if (got <= 0) return fprintf(stderr, "a connection ended\n"), 1;
            peer->got += got;
            if (!peer->open) {
                if (peer->got < 4 || memcmp(peer->in + peer->got - 4, "\r\n\r\n", 4)) continue;
                if (memcmp(peer->in, "HTTP/1.1 101", 12)) return fprintf(stderr, "no handshake: %.40s\n", peer->in), 1;
                peer->open = 1;
            } else {
                if (peer->got < length) continue;
                if (peer->got > length || memcmp(peer->in, wanted, length)) return fprintf(stderr, "a wrong answer\n"), 1;
                answers++;
                int slot = (at - peer->asked) * 1e6;
                slots[slot < 0 ? 0 : slot < SLOTS ? slot : SLOTS - 1]++;
            }
            peer->got = 0;
            if (!ask(peer)) return perror("send"), 1;
        }
    }
    printf("RESULT {\"requests\": %ld, \"microseconds\": %.0f, \"p50\": %d, \"p99\": %d, \"errors\": 0}\n", answers, (at - begun) * 1e6,
           percentile(answers, 0.5), percentile(answers, 0.99));
    return 0;
}
