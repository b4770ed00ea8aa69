/*
 * message.c - receive one message at a time from a TCP connection
 *
 * The bytes are cut into lines by core/line. This file adds what a line does
 * not know: waiting, and the two other ways in which a message can end.
 */
#include "net/message.h"

#include "net/tcp.h"

void
message_open(struct message *message, int fd, char *room, size_t size)
{
    message->fd = fd;
    line_init(&message->line, room, size);
}

/* The next line, where a zero byte ends a line and empty ones are skipped. */
static enum line_result
next_line(struct line *line, char **text)
{
    enum line_result result;

    while ((result = line_next(line, text)) == LINE_NUL) {
        line_skip_nul(line);
        if (**text != '\0')
            return LINE_READY;
    }
    return result;
}

static enum message_result
take_rest(struct message *message, char **text)
{
    return line_finish(&message->line, text) == LINE_READY ? MESSAGE_READY
                                                           : MESSAGE_ENDED;
}

/* Waits for bytes: 1 if some came, 0 if none will, -1 with errno. */
static int
receive_more(struct message *message, bool begun)
{
    size_t size;
    char *space = line_space(&message->line, &size);
    ssize_t received;

    if (begun) {
        int ready = tcp_wait_readable(message->fd, MESSAGE_PAUSE_MS);

        if (ready <= 0)
            return ready;
    }
    received = tcp_receive(message->fd, space, size);
    if (received <= 0)
        return (int)received;
    line_added(&message->line, (size_t)received);
    return 1;
}

enum message_result
message_next(struct message *message, char **text)
{
    bool received = false;

    for (;;) {
        enum line_result result = next_line(&message->line, text);
        bool begun = result == LINE_PARTIAL && **text != '\0';

        if (result == LINE_READY)
            return MESSAGE_READY;
        if (result != LINE_PARTIAL)
            return MESSAGE_TOO_LONG;
        if (begun && received)
            return MESSAGE_PARTIAL;

        switch (receive_more(message, begun)) {
        case 0:
            return take_rest(message, text);
        case -1:
            return MESSAGE_FAILED;
        }
        received = true;
    }
}

void
message_accept(struct message *message)
{
    char *text;

    line_finish(&message->line, &text);
}

bool
message_has_more(const struct message *message)
{
    return line_holds_text(&message->line);
}
