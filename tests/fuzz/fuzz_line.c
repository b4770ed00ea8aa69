/* fuzz_line.c - lines come out the same, wherever TCP cuts the stream */
#include "core/line.h"
#include "fuzz.h"

enum { ROOM = 24, MOST = 4096 };

/* Reads `data` in pieces of at most `piece` bytes; the lines go to `out`,
 * each behind the result that it came with. Returns how much was written. */
static size_t
read_in_pieces(const uint8_t *data, size_t size, size_t piece, char *out)
{
    char room[ROOM], *text;
    struct line line;
    size_t taken = 0, written = 0;
    line_init(&line, room, sizeof room);
    for (;;) {
        enum line_result result = line_next(&line, &text);
        if (result == LINE_PARTIAL && taken == size)
            result = line_finish(&line, &text);
        else if (result == LINE_PARTIAL) {
            size_t space, count = size - taken;
            char *to = line_space(&line, &space);
            PROMISE(space > 0);
            count = count < space ? count : space;
            count = count < piece ? count : piece;
            memcpy(to, data + taken, count);
            line_added(&line, count);
            taken += count;
            continue;
        }
        if (result == LINE_PARTIAL || written + ROOM + 2 > MOST)
            return written;
        out[written++] = (char)('0' + (int)result);
        if (result != LINE_READY)
            return written;
        size_t length = strlen(text);
        PROMISE(length < ROOM);
        memcpy(out + written, text, length + 1);
        written += length + 1;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char whole[MOST], cut[MOST];
    size_t one = read_in_pieces(data, size, size + 1, whole);
    size_t other = read_in_pieces(data, size, 1, cut);
    PROMISE(one == other && memcmp(whole, cut, one) == 0);
    return 0;
}
