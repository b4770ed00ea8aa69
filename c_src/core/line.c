/*
 * line.c - turn a byte stream into lines
 *
 * The buffer is bounded so that a sender who never ends a line cannot make
 * us grow. The text is scanned anew with every piece: a line is short, and
 * a position that is remembered is a position that can be wrong.
 */
#include "core/line.h"

#include <string.h>

void
line_init(struct line *line, char *room, size_t size)
{
    line->room = room;
    line->size = size;
    line->start = 0;
    line->end = 0;
    line->fault = LINE_PARTIAL;
}

static size_t
bytes_held(const struct line *line)
{
    return line->end - line->start;
}

/* Moves what is held to the front, so that all free space is in one piece. */
static void
close_gap(struct line *line)
{
    size_t held = bytes_held(line);

    memmove(line->room, line->room + line->start, held);
    line->start = 0;
    line->end = held;
}

char *
line_space(struct line *line, size_t *size)
{
    close_gap(line);
    *size = line->fault == LINE_PARTIAL ? line->size - line->end : 0;
    return line->room + line->end;
}

void
line_added(struct line *line, size_t count)
{
    line->end += count;
}

static enum line_result
give_fault(struct line *line, enum line_result fault, char **text)
{
    line->fault = fault;
    *text = line->room + line->start;
    if (fault == LINE_TOO_LONG)
        **text = '\0';
    return fault;
}

/* Number of bytes before the first line end or zero byte, or all of them. */
static size_t
text_length(const char *bytes, size_t held)
{
    size_t length = 0;

    while (length < held && bytes[length] != '\n' && bytes[length] != '\0')
        length++;
    return length;
}

enum line_result
line_next(struct line *line, char **text)
{
    char *bytes = line->room + line->start;
    size_t held = bytes_held(line);
    size_t limit = line->size - 2;
    size_t length, trimmed;

    if (line->fault != LINE_PARTIAL)
        return give_fault(line, line->fault, text);

    /* A \r at the end may be half of a line end, so it is not counted. */
    length = trimmed = text_length(bytes, held);
    if (length > 0 && bytes[length - 1] == '\r')
        trimmed--;

    if (length < held && bytes[length] == '\0')
        return give_fault(line, length > limit ? LINE_TOO_LONG : LINE_NUL,
                          text);
    if (trimmed > limit || length == line->size)
        return give_fault(line, LINE_TOO_LONG, text);

    if (length < held) {
        bytes[trimmed] = '\0';
        line->start += length + 1;
        *text = bytes;
        return LINE_READY;
    }
    close_gap(line);
    line->room[line->end] = '\0';
    *text = line->room;
    return LINE_PARTIAL;
}

enum line_result
line_finish(struct line *line, char **text)
{
    enum line_result result = line_next(line, text);
    size_t held = bytes_held(line);

    if (result != LINE_PARTIAL || held == 0)
        return result;
    if (line->room[held - 1] == '\r')
        line->room[held - 1] = '\0';
    line->start = line->end = 0;
    return LINE_READY;
}

void
line_skip_nul(struct line *line)
{
    size_t length = text_length(line->room + line->start, bytes_held(line));

    line->start += length + 1;
    line->fault = LINE_PARTIAL;
}

bool
line_holds_text(const struct line *line)
{
    for (size_t at = line->start; at < line->end; at++) {
        if (line->room[at] != '\0' && strchr(" \t\r\n", line->room[at]) == NULL)
            return true;
    }
    return false;
}
