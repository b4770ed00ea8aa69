/*
 * message.h - receive one message at a time from a TCP connection
 *
 * A message is a line. Many programs send a line without its end, though,
 * so a pause ends a message as well. Waiting for the line end alone would
 * wait for ever with those programs; taking what one receive brings would
 * cut a line in two that came in two segments. Some programs in C send the
 * zero byte that ends a string, or a whole array of them: a zero byte ends a
 * message too, and further ones are skipped.
 */
#ifndef NET_MESSAGE_H
#define NET_MESSAGE_H

#include "core/line.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * How long to wait for the rest of a line. Longer than the 40 ms by which
 * TCP may hold back a small second segment, too short to annoy a person.
 */
#define MESSAGE_PAUSE_MS 200

enum message_result {
    MESSAGE_READY,    /* text is a message */
    MESSAGE_PARTIAL,  /* text is what has come of a message so far */
    MESSAGE_ENDED,    /* the peer has closed and everything was taken */
    MESSAGE_TOO_LONG, /* fault: the message does not fit */
    MESSAGE_FAILED,   /* fault: see errno */
};

/* The receiving side of one connection. Used by one thread only. */
struct message {
    int fd; /* borrowed: whoever opened it closes it */
    struct line line;
};

/*
 * Receive from `fd` into `room`, which the caller owns and keeps. A message
 * may have `size` - 2 bytes.
 */
void message_open(struct message *message, int fd, char *room, size_t size);

/*
 * Wait for the next thing to happen. Every piece of a message that is not
 * whole yet is answered with MESSAGE_PARTIAL; call again to wait for the rest.
 * `*text` is good until the next call, and set for READY and PARTIAL only.
 * What is left at the end of the stream is a last message.
 */
enum message_result message_next(struct message *message, char **text);

/*
 * After MESSAGE_PARTIAL: the caller sees that the text is whole. What comes
 * next is a new message. The text stays good until the next call.
 */
void message_accept(struct message *message);

/* Was more text received than has been taken? */
bool message_has_more(const struct message *message);

#endif
