/* One client: its state, its counts, and what it says; part of crowd.c. */

enum { CONNECTING_AT_ONCE = 64, EVENTS = 512, HEAD_BYTES = 16 };
enum { CLOSED, CONNECTING, UPGRADING, ENTERING, IN };
enum { TEXT = 1, CLOSE = 8, PING = 9 };

struct one {
    int fd, state;
    char *hello;
    uint8_t *held;             /* bytes that are no whole frame yet */
    size_t length, room;
    int64_t last_seq, pinged_at;
};

struct arrival {
    int64_t seq, at;
};

static struct one *all;
static int total, started, waiting, in, failed, closed, port, socketio, poller;
static const char *path;
static struct arrival *arrivals;
static size_t arrived, arrivals_room;
static uint64_t bytes, gaps, repeats;
static int64_t *answers;
static size_t answered, answers_room;
static int64_t began;

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void *grown(void *block, size_t size)
{
    void *found = realloc(block, size);
    if (!found) {
        perror("memory");
        exit(1);
    }
    return found;
}

static void watch(struct one *c, int operation, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.u32 = (uint32_t)(c - all)};
    epoll_ctl(poller, operation, c->fd, &e);
}

static void leave(struct one *c)
{
    if (c->state < IN) {
        failed++;
        waiting--;
    } else {
        closed++;
    }
    c->state = CLOSED;
    close(c->fd);
}

/* Sends one masked frame; the mask is not zero, so that the server has to undo it. */
static void say(struct one *c, int opcode, const void *words, size_t length)
{
    static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    uint8_t frame[4096 + HEAD_BYTES];
    size_t head = 2;
    if (length > 4096)
        return;
    frame[0] = (uint8_t)(0x80 | opcode);
    if (length < 126) {
        frame[1] = (uint8_t)(0x80 | length);
    } else {
        frame[1] = 0x80 | 126;
        frame[2] = (uint8_t)(length >> 8);
        frame[3] = (uint8_t)length;
        head = 4;
    }
    memcpy(frame + head, mask, 4);
    for (size_t i = 0; i < length; i++)
        frame[head + 4 + i] = ((const uint8_t *)words)[i] ^ mask[i & 3];
    if (send(c->fd, frame, head + 4 + length, MSG_NOSIGNAL) < 0)
        leave(c);
}

static void say_text(struct one *c, const char *words)
{
    say(c, TEXT, words, strlen(words));
}

/* Returns the length of the frame at ``p``, 0 if it is not whole; gives where its words begin. */
static size_t frame_length(const uint8_t *p, size_t have, size_t *head)
{
    if (have < 2)
        return 0;
    size_t length = p[1] & 127;
    *head = length < 126 ? 2 : length == 126 ? 4 : 10;
    if (have < *head)
        return 0;
    if (*head > 2) {
        length = 0;
        for (size_t i = 2; i < *head; i++)
            length = length << 8 | p[i];
    }
    return have < *head + length ? 0 : *head + length;
}
