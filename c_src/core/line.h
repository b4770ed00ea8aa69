/*
 * line.h - turn a byte stream into lines
 *
 * TCP hands over bytes in pieces of its own choice: half a line, or three
 * lines at once. This module collects pieces and gives back whole lines. It
 * knows no sockets; whoever reads the stream puts the bytes in:
 *
 *     line_init(&line, room, sizeof room);
 *     for (;;) {
 *         while (line_next(&line, &text) == LINE_READY)
 *             use(text);
 *         to = line_space(&line, &size);
 *         line_added(&line, recv(fd, to, size, 0));
 *     }
 *
 * A line ends with \n or \r\n; neither is part of its text.
 */
#ifndef CORE_LINE_H
#define CORE_LINE_H

#include <stdbool.h>
#include <stddef.h>

enum line_result {
    LINE_PARTIAL,  /* no whole line yet: text is what there is of it */
    LINE_READY,    /* text is a line, without its end */
    LINE_TOO_LONG, /* fault: the line does not fit; text is empty */
    LINE_NUL,      /* fault: a zero byte; text is what came before it */
};

/* Bytes that were put in and not yet taken out as lines. */
struct line {
    char *room; /* the caller's buffer */
    size_t size;
    size_t start; /* the bytes held are room[start] to room[end - 1] */
    size_t end;
    enum line_result fault; /* LINE_PARTIAL while there was none */
};

/*
 * Use `room`, which the caller owns and keeps for as long as `line` is in
 * use. A line may have `size` - 2 bytes, its end not counted: where the
 * stream was cut makes no difference. `size` is 3 or more.
 */
void line_init(struct line *line, char *room, size_t size);

/*
 * Where the next bytes of the stream go, and how many there is space for.
 * After LINE_PARTIAL there is always space for one; after a fault for none.
 */
char *line_space(struct line *line, size_t *size);

/* Say that `count` bytes were put where line_space() pointed. */
void line_added(struct line *line, size_t count);

/*
 * Take the next line out. `*text` ends with a zero byte and is good until
 * the next call with this `line`. A fault stays: the place where the next line
 * would begin is not looked for.
 */
enum line_result line_next(struct line *line, char **text);

/*
 * The same when nothing more will come: what is left counts as a last line
 * that lacks its end. LINE_PARTIAL here means that nothing is left.
 */
enum line_result line_finish(struct line *line, char **text);

/* After LINE_NUL: go on behind the zero byte, as if it had ended the line. */
void line_skip_nul(struct line *line);

/* Is anything held but blanks, line ends and zero bytes? */
bool line_holds_text(const struct line *line);

#endif
