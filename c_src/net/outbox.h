/*
 * outbox.h - what is still to be sent to one peer
 *
 * A peer that reads slowly must not hold up whoever talks to others as
 * well. So nothing is sent at once: it is put into the peer's outbox, and
 * outbox_send() sends as much as the connection takes without waiting.
 *
 * Among the bytes there may be one file. It is read when its turn comes, so
 * a large file takes no more memory than a small one.
 */
#ifndef NET_OUTBOX_H
#define NET_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct outbox {
    char *bytes; /* what is to be sent is bytes[start] to bytes[end - 1] */
    size_t size, start, end;
    int file;     /* owned; -1: none */
    off_t left;   /* bytes of the file that are not sent yet */
    size_t ahead; /* bytes that go before the file */
};

enum outbox_result {
    OUTBOX_EMPTY,   /* everything was sent */
    OUTBOX_WAITING, /* call again when the connection takes more */
    OUTBOX_SHRANK,  /* fault: the file is shorter than was said */
    OUTBOX_BROKEN,  /* fault: the peer is gone, or see errno */
};

/* An empty outbox, which uses no memory. */
void outbox_init(struct outbox *box);

/* Free its memory and close its file. */
void outbox_free(struct outbox *box);

/* Put a copy of the bytes at the end: 0, or -1 with ENOMEM. */
int outbox_add(struct outbox *box, const void *bytes, size_t size);

/* Put `size` bytes of `file` at the end. The outbox closes `file`. There may
   be one file at a time. */
void outbox_add_file(struct outbox *box, int file, off_t size);

/* Bytes in it, without those of the file. */
size_t outbox_held(const struct outbox *box);

bool outbox_has_file(const struct outbox *box);
bool outbox_is_empty(const struct outbox *box);

/*
 * Send what the non-blocking `socket` takes, but no more than OUTBOX_TURN
 * bytes of a file: others want their turn. SIGPIPE must be ignored.
 */
#define OUTBOX_TURN (256 * 1024)
enum outbox_result outbox_send(struct outbox *box, int socket);

#endif
