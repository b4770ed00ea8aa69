/*
 * outbox.c - what is still to be sent to one peer
 */
#include "net/outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

void
outbox_init(struct outbox *box)
{
    memset(box, 0, sizeof *box);
    box->file = -1;
}

static void
close_file(struct outbox *box)
{
    if (box->file != -1)
        close(box->file);
    box->file = -1;
}

/* A peer that is silent costs no memory. */
static void
free_bytes(struct outbox *box)
{
    free(box->bytes);
    box->bytes = NULL;
    box->size = box->start = box->end = 0;
}

void
outbox_free(struct outbox *box)
{
    free_bytes(box);
    close_file(box);
}

size_t
outbox_held(const struct outbox *box)
{
    return box->end - box->start;
}

bool
outbox_has_file(const struct outbox *box)
{
    return box->file != -1;
}

bool
outbox_is_empty(const struct outbox *box)
{
    return outbox_held(box) == 0 && !outbox_has_file(box);
}

/* Makes room for `size` bytes at the end. */
static int
grow(struct outbox *box, size_t size)
{
    size_t held = outbox_held(box), wanted = 1024;
    char *bytes;

    if (box->start > 0)
        memmove(box->bytes, box->bytes + box->start, held);
    box->start = 0;
    box->end = held;
    while (wanted < held + size)
        wanted *= 2;
    if (wanted <= box->size)
        return 0;
    bytes = realloc(box->bytes, wanted);
    if (bytes == NULL)
        return -1;
    box->bytes = bytes;
    box->size = wanted;
    return 0;
}

int
outbox_add(struct outbox *box, const void *bytes, size_t size)
{
    if (box->size - box->end < size && grow(box, size) == -1)
        return -1;
    memcpy(box->bytes + box->end, bytes, size);
    box->end += size;
    return 0;
}

void
outbox_add_file(struct outbox *box, int file, off_t size)
{
    box->file = file;
    box->left = size;
    box->ahead = outbox_held(box);
    if (size == 0)
        close_file(box);
}

/* What a failed send() or sendfile() means. */
static enum outbox_result
stopped(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK ? OUTBOX_WAITING
                                                   : OUTBOX_BROKEN;
}

/* Sends bytes up to the file, or all if there is none. OUTBOX_EMPTY: done. */
static enum outbox_result
send_bytes(struct outbox *box, int socket)
{
    for (;;) {
        size_t held = outbox_has_file(box) ? box->ahead : outbox_held(box);
        ssize_t sent;

        if (held == 0)
            return OUTBOX_EMPTY;
        sent = send(socket, box->bytes + box->start, held, MSG_NOSIGNAL);
        if (sent == -1 && errno == EINTR)
            continue;
        if (sent == -1)
            return stopped();
        box->start += (size_t)sent;
        if (outbox_has_file(box))
            box->ahead -= (size_t)sent;
    }
}

/* Sends a piece of the file. OUTBOX_EMPTY: that was all of it. */
static enum outbox_result
send_piece(struct outbox *box, int socket)
{
    size_t turn = box->left < OUTBOX_TURN ? (size_t)box->left : OUTBOX_TURN;
    ssize_t sent;

    do {
        sent = sendfile(socket, box->file, NULL, turn);
    } while (sent == -1 && errno == EINTR);
    if (sent == -1)
        return stopped();
    if (sent == 0)
        return OUTBOX_SHRANK;
    box->left -= sent;
    if (box->left > 0)
        return OUTBOX_WAITING;
    close_file(box);
    return OUTBOX_EMPTY;
}

enum outbox_result
outbox_send(struct outbox *box, int socket)
{
    enum outbox_result result = send_bytes(box, socket);

    if (result == OUTBOX_EMPTY && outbox_has_file(box)) {
        result = send_piece(box, socket);
        if (result == OUTBOX_EMPTY)
            result = send_bytes(box, socket); /* what comes after the file */
    }
    if (result == OUTBOX_EMPTY)
        free_bytes(box);
    return result;
}
