/*
 * chat_stream.h - turn a byte stream into lines and files
 *
 * Both sides of a chat read lines. core/line does that; three things come
 * on top. After the head of a file, so many bytes are the file and no lines. A
 * line that is too long ends nothing: it is reported once and then dropped up
 * to its end. And a zero byte ends a line, because some programs in C send
 * the one at the end of a string.
 *
 * The bytes are put in as with struct line: room by chat_stream_space(), then
 * chat_stream_added(). Then take everything out until it answers PARTIAL.
 */
#ifndef CORE_CHAT_STREAM_H
#define CORE_CHAT_STREAM_H

#include "core/line.h"

#include <stdint.h>

enum chat_piece {
    CHAT_PARTIAL, /* nothing whole is left */
    CHAT_LINE,    /* a line without its end, and with a zero byte after it */
    CHAT_BYTES,   /* the next bytes of the file */
    CHAT_LONG,    /* fault: a line does not fit; said once for each */
};

struct chat_stream {
    struct line line;
    int64_t expected; /* so many bytes from here are a file */
    bool dropping;    /* the rest of a line that is too long */
};

/* Use `room`, which the caller owns and keeps. See line_init(). */
void chat_stream_init(struct chat_stream *stream, char *room, size_t size);

char *chat_stream_space(struct chat_stream *stream, size_t *size);
void chat_stream_added(struct chat_stream *stream, size_t count);

/* Take the next piece out. With CHAT_LINE and CHAT_BYTES `*text` has `*size`
   bytes, and is good until the next call with this stream. */
enum chat_piece chat_stream_next(struct chat_stream *stream, char **text,
                                 size_t *size);

/*
 * The same when the stream has ended, or nothing more has come for a while:
 * what is left counts as a line that lacks its end. In a file it is left alone.
 */
enum chat_piece chat_stream_finish(struct chat_stream *stream, char **text,
                                   size_t *size);

/* The next `size` bytes are a file. */
void chat_stream_expect(struct chat_stream *stream, int64_t size);

/* Has a line begun that has no end yet? To be asked after CHAT_PARTIAL. */
bool chat_stream_has_begun(const struct chat_stream *stream);

#endif
