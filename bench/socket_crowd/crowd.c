/* Hundreds of WebSocket clients in one process: connects them, says each one's first frame, notes
   when every numbered frame arrived, and sends pings at a rate.

   crowd PORT PATH HELLOS [socketio]
     HELLOS: a file with one line a socket: the first frame that it sends (an empty line: none).

   It prints one line of JSON when every socket has had its first frame (a snapshot, a welcome), and
   then one for each command on its standard input:

   count                  {"messages", "bytes", "gaps", "repeats", "closed"} since the last reset
   reset                  forget what was counted
   arrivals FILE          write what has arrived: pairs of int64, the frame's seq and the time
   echo RATE SECONDS      every socket pings RATE times a second, evenly spread;
                          {"sent", "answered", "late", "p50_us", "p99_us", "max_us"}

   Times are nanoseconds of CLOCK_MONOTONIC: what Python calls time.monotonic_ns(). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire.c"

static void connect_next(void)
{
    struct one *c = &all[started++];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connect(c->fd, (struct sockaddr *)&to, sizeof to);
    c->state = CONNECTING;
    waiting++;
    watch(c, EPOLL_CTL_ADD, EPOLLOUT);
}

static void ask_to_upgrade(struct one *c)
{
    char request[1024];
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        path, port);
    if (error || send(c->fd, request, (size_t)length, MSG_NOSIGNAL) < 0) {
        leave(c);
        return;
    }
    c->state = UPGRADING;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void enter(struct one *c)
{
    c->state = IN;
    waiting--;
    in++;
}

static void note(struct one *c, int64_t seq, int64_t at, size_t length)
{
    if (c->last_seq >= 0 && seq > c->last_seq + 1)
        gaps++;
    if (seq <= c->last_seq)
        repeats++;
    c->last_seq = seq;
    bytes += length;
    if (arrived == arrivals_room) {
        arrivals_room = arrivals_room ? 2 * arrivals_room : 1 << 16;
        arrivals = grown(arrivals, arrivals_room * sizeof *arrivals);
    }
    arrivals[arrived++] = (struct arrival){seq, at};
}

static void note_answer(struct one *c, int64_t at)
{
    if (!c->pinged_at)
        return;
    if (answered == answers_room) {
        answers_room = answers_room ? 2 * answers_room : 1 << 16;
        answers = grown(answers, answers_room * sizeof *answers);
    }
    answers[answered++] = at - c->pinged_at;
    c->pinged_at = 0;
}

static int starts_with(const uint8_t *words, size_t length, const char *start)
{
    return length >= strlen(start) && !memcmp(words, start, strlen(start));
}

static void hear_text(struct one *c, const uint8_t *words, size_t length, int64_t at)
{
    if (socketio && starts_with(words, length, "2")) {        /* Engine.IO: ping */
        say_text(c, "3");
    } else if (socketio && starts_with(words, length, "0")) { /* Engine.IO: open */
        say_text(c, "40");
        say_text(c, c->hello);
    } else if (c->state == ENTERING) {
        enter(c);
    } else if (starts_with(words, length, "{\"type\":\"pong\"")) {
        note_answer(c, at);
    } else if (starts_with(words, length, "{\"type\":\"ping\"")) {
        say_text(c, "{\"type\":\"pong\"}");
    } else {
        const uint8_t *found = memmem(words, length, "\"seq\":", 6);
        if (found)
            note(c, strtoll((const char *)found + 6, NULL, 10), at, length);
    }
}

static void hear(struct one *c, int opcode, const uint8_t *words, size_t length, int64_t at)
{
    if (opcode == TEXT)
        hear_text(c, words, length, at);
    else if (opcode == PING)
        say(c, 10, words, length);
    else if (opcode == CLOSE)
        fprintf(stderr, "closed: %d\n", length > 1 ? words[0] << 8 | words[1] : 0);
}

/* Reads past the 101 response; returns where the frames begin, 0 if it is not whole yet. */
static size_t upgraded(struct one *c)
{
    const uint8_t *end = memmem(c->held, c->length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!starts_with(c->held, c->length, "HTTP/1.1 101")) {
        fprintf(stderr, "refused: %.60s\n", (char *)c->held);
        leave(c);
        return 0;
    }
    c->state = ENTERING;
    if (*c->hello && !socketio)
        say_text(c, c->hello);
    return (size_t)(end + 4 - c->held);
}

static void read_frames(struct one *c, int64_t at)
{
    size_t done = 0, head, size;
    if (c->state == UPGRADING && !(done = upgraded(c)))
        return;
    while (c->state != CLOSED && (size = frame_length(c->held + done, c->length - done, &head))) {
        hear(c, c->held[done] & 15, c->held + done + head, size - head, at);
        done += size;
    }
    c->length -= done;
    memmove(c->held, c->held + done, c->length);
}

static void read_on(struct one *c)
{
    while (c->state != CLOSED) {
        if (c->room - c->length < 8192)
            c->held = grown(c->held, c->room = 2 * c->room + 16384);
        size_t space = c->room - c->length;
        ssize_t got = recv(c->fd, c->held + c->length, space, 0);
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            leave(c);
            return;
        }
        c->length += (size_t)got;
        read_frames(c, now());
        if ((size_t)got < space)
            return;
    }
}

static void attend(int timeout_ms);

#include "commands.c"

/* One round: new connections, whatever has arrived, at most one wait. */
static void attend(int timeout_ms)
{
    struct epoll_event found[EVENTS];
    while (started < total && waiting < CONNECTING_AT_ONCE)
        connect_next();
    int number = epoll_wait(poller, found, EVENTS, timeout_ms);
    for (int i = 0; i < number; i++) {
        if (found[i].data.u32 == UINT32_MAX) {
            obey();
            continue;
        }
        struct one *c = &all[found[i].data.u32];
        if (c->state == CONNECTING)
            ask_to_upgrade(c);
        else if (c->state != CLOSED)
            read_on(c);
    }
}

static void read_hellos(const char *name)
{
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while (file && (length = getline(&line, &room, file)) > 0) {
        line[length - 1] = 0;
        all = grown(all, (size_t)(total + 1) * sizeof *all);
        all[total++] = (struct one){.hello = strdup(line), .last_seq = -1};
    }
    if (!total) {
        fprintf(stderr, "%s says nothing\n", name);
        exit(1);
    }
}

int main(int count, char **words)
{
    struct rlimit files;
    struct epoll_event commands = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
    if (count < 4) {
        fprintf(stderr, "crowd PORT PATH HELLOS [socketio]\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    port = atoi(words[1]);
    path = words[2];
    read_hellos(words[3]);
    socketio = count > 4;
    poller = epoll_create1(0);
    fcntl(0, F_SETFL, O_NONBLOCK);
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &commands);
    began = now();
    while (in + failed < total)
        attend(1000);
    printf("{\"connected\": %d, \"failed\": %d, \"took_ms\": %.1f}\n", in, failed,
           (double)(now() - began) / 1e6);
    fflush(stdout);
    for (;;)
        attend(1000);
}
