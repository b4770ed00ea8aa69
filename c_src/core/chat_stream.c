/*
 * chat_stream.c - turn a byte stream into lines and files
 *
 * What core/line holds is room[start] to room[end - 1] (see line.h). A file's
 * bytes, and those of a line that is dropped, are taken from there directly:
 * they are no lines, and line.c shall not look at them.
 */
#include "core/chat_stream.h"

#include <string.h>

void
chat_stream_init(struct chat_stream *stream, char *room, size_t size)
{
    line_init(&stream->line, room, size);
    stream->expected = 0;
    stream->dropping = false;
}

char *
chat_stream_space(struct chat_stream *stream, size_t *size)
{
    return line_space(&stream->line, size);
}

void
chat_stream_added(struct chat_stream *stream, size_t count)
{
    line_added(&stream->line, count);
}

static enum chat_piece
take_bytes(struct chat_stream *stream, char **text, size_t *size)
{
    struct line *line = &stream->line;
    size_t held = line->end - line->start;

    if (held == 0)
        return CHAT_PARTIAL;
    *size = (uint64_t)stream->expected < held ? (size_t)stream->expected : held;
    *text = line->room + line->start;
    line->start += *size;
    stream->expected -= (int64_t)*size;
    return CHAT_BYTES;
}

/* Drops what belongs to a line that is too long. */
static void
drop(struct chat_stream *stream)
{
    struct line *line = &stream->line;
    char *from = line->room + line->start;
    char *end = memchr(from, '\n', line->end - line->start);

    if (end != NULL) {
        line->start += (size_t)(end - from) + 1;
        stream->dropping = false;
    } else {
        line->start = line->end = 0;
    }
}

enum chat_piece
chat_stream_next(struct chat_stream *stream, char **text, size_t *size)
{
    if (stream->expected > 0)
        return take_bytes(stream, text, size);
    if (stream->dropping)
        drop(stream);
    for (;;) {
        enum line_result result = line_next(&stream->line, text);

        if (result == LINE_PARTIAL)
            return CHAT_PARTIAL;
        if (result == LINE_TOO_LONG) {
            stream->line.fault = LINE_PARTIAL; /* to go on behind the line */
            stream->dropping = true;
            return CHAT_LONG;
        }
        if (result == LINE_NUL)
            line_skip_nul(&stream->line);
        if (result == LINE_READY || **text != '\0') {
            *size = strlen(*text);
            return CHAT_LINE;
        }
    }
}

enum chat_piece
chat_stream_finish(struct chat_stream *stream, char **text, size_t *size)
{
    enum chat_piece piece = chat_stream_next(stream, text, size);

    if (piece != CHAT_PARTIAL || stream->expected > 0)
        return piece;
    stream->dropping = false;
    if (line_finish(&stream->line, text) != LINE_READY)
        return CHAT_PARTIAL;
    *size = strlen(*text);
    return CHAT_LINE;
}

void
chat_stream_expect(struct chat_stream *stream, int64_t size)
{
    stream->expected = size;
}

bool
chat_stream_has_begun(const struct chat_stream *stream)
{
    return stream->expected == 0 &&
           (stream->dropping || stream->line.end > stream->line.start);
}
