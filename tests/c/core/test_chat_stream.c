/*
 * test_chat_stream.c - lines and files come out the same however they are cut
 */
#include "core/chat_stream.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 10 /* so a line has at most 8 bytes */

struct stream_case {
    const char *bytes;
    size_t size;
    const char *expected; /* lines in brackets, files in braces */
};

#define BYTES(literal) literal, sizeof literal - 1

/* A line `fN` is the head of a file of N bytes. */
static const struct stream_case cases[] = {
    {BYTES(""), ""},
    {BYTES("one\ntwo\r\n"), "[one][two]"},
    {BYTES("one\ntwo"), "[one][two]"},
    {BYTES("\n\n"), "[][]"},
    {BYTES("12345678\n"), "[12345678]"},
    {BYTES("123456789\n"), "long"},
    {BYTES("123456789\na\n"), "long[a]"},
    {BYTES("a\n123456789\nb\n123456789012345678901234567890\n\nc"),
     "[a]long[b]long[][c]"},
    {BYTES("123456789012345678901234567890"), "long"},
    {BYTES("1234567890123456789\0001234567890\na"), "long[a]"},
    {BYTES("12345678\r\r\nab\n"), "long[ab]"},
    {BYTES("a\0b\0"), "[a][b]"},
    {BYTES("a\n\0b\n\0"), "[a][b]"},
    {BYTES("\0\0\0\n"), "[]"},
    {BYTES("f0\na\n"), "[f0][a]"},
    {BYTES("f1\n\na\n"), "[f1]{\n}[a]"},
    {BYTES("f5\na\nb\r\n[c]\n"), "[f5]{a\nb\r\n}[[c]]"},
    {BYTES("f9\n123456789z\n"), "[f9]{123456789}[z]"},
    {BYTES("f9\n1234"), "[f9]{1234}"},
    {BYTES("f3\nabcf2\nde\n"), "[f3]{abc}[f2]{de}[]"},
    {BYTES("123456789f3\nf1\nx123456789\nf2\nyz"), "long[f1]{x}long[f2]{yz}"},
};
#define CASES (sizeof cases / sizeof cases[0])

struct listener {
    struct chat_stream stream;
    char seen[256];
    bool in_file;
};

/* Notes one piece; pieces of one file are joined. */
static void
note(struct listener *l, enum chat_piece piece, const char *text, size_t size)
{
    if (piece == CHAT_BYTES) {
        strcat(l->seen, l->in_file ? "" : "{");
        strncat(l->seen, text, size);
        l->in_file = true;
    }
    if (l->in_file && l->stream.expected == 0) {
        strcat(l->seen, "}");
        l->in_file = false;
    }
    if (piece == CHAT_LONG)
        strcat(l->seen, "long");
    if (piece == CHAT_LINE) {
        ck_assert_uint_eq(strlen(text), size);
        strcat(strcat(strcat(l->seen, "["), text), "]");
        if (text[0] == 'f')
            chat_stream_expect(&l->stream, atoi(text + 1));
    }
}

static void
take_all(struct listener *l, bool finish)
{
    enum chat_piece piece;
    size_t size;
    char *text;

    do {
        piece = finish ? chat_stream_finish(&l->stream, &text, &size)
                       : chat_stream_next(&l->stream, &text, &size);
        note(l, piece, text, size);
    } while (piece != CHAT_PARTIAL);
}

static void
feed(struct listener *l, const char *bytes, size_t size)
{
    while (size > 0) {
        size_t space;
        char *to = chat_stream_space(&l->stream, &space);
        size_t count = size < space ? size : space;

        ck_assert_uint_gt(space, 0);
        memcpy(to, bytes, count);
        chat_stream_added(&l->stream, count);
        bytes += count;
        size -= count;
        take_all(l, false);
    }
}

static void
finish_and_compare(struct listener *l, const struct stream_case *c)
{
    take_all(l, true);
    if (l->in_file)
        strcat(l->seen, "}");
    ck_assert_str_eq(l->seen, c->expected);
    ck_assert(!chat_stream_has_begun(&l->stream));
}

START_TEST(pieces_are_the_same_at_every_two_cuts)
{
    const struct stream_case *c = &cases[_i];

    for (size_t first = 0; first <= c->size; first++) {
        for (size_t second = first; second <= c->size; second++) {
            char *room = malloc(ROOM); /* so that a sanitizer guards it */
            struct listener l = {.seen = ""};

            chat_stream_init(&l.stream, room, ROOM);
            feed(&l, c->bytes, first);
            feed(&l, c->bytes + first, second - first);
            feed(&l, c->bytes + second, c->size - second);
            finish_and_compare(&l, c);
            free(room);
        }
    }
}
END_TEST

START_TEST(pieces_are_the_same_byte_by_byte)
{
    const struct stream_case *c = &cases[_i];
    struct listener l = {.seen = ""};
    char room[ROOM];

    chat_stream_init(&l.stream, room, sizeof room);
    for (size_t at = 0; at < c->size; at++)
        feed(&l, c->bytes + at, 1);
    finish_and_compare(&l, c);
}
END_TEST

START_TEST(a_pause_ends_a_line)
{
    struct listener l = {.seen = ""};
    char room[ROOM];

    chat_stream_init(&l.stream, room, sizeof room);
    feed(&l, "ab", 2);
    ck_assert(chat_stream_has_begun(&l.stream));
    take_all(&l, true);
    ck_assert(!chat_stream_has_begun(&l.stream));
    feed(&l, "cd\n", 3);
    ck_assert_str_eq(l.seen, "[ab][cd]");
}
END_TEST

START_TEST(a_pause_ends_a_line_that_is_too_long)
{
    struct listener l = {.seen = ""};
    char room[ROOM];

    chat_stream_init(&l.stream, room, sizeof room);
    feed(&l, "1234567890123", 13);
    ck_assert(chat_stream_has_begun(&l.stream));
    take_all(&l, true);
    feed(&l, "ab\n", 3);
    ck_assert_str_eq(l.seen, "long[ab]");
}
END_TEST

START_TEST(a_pause_leaves_a_file_alone)
{
    struct listener l = {.seen = ""};
    char room[ROOM];

    chat_stream_init(&l.stream, room, sizeof room);
    feed(&l, "f4\nab", 5);
    ck_assert(!chat_stream_has_begun(&l.stream));
    take_all(&l, true);
    feed(&l, "cde\n", 4);
    ck_assert_str_eq(l.seen, "[f4]{abcd}[e]");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("core/chat_stream");
    TCase *tests = tcase_create("pieces");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tests, pieces_are_the_same_at_every_two_cuts, 0, CASES);
    tcase_add_loop_test(tests, pieces_are_the_same_byte_by_byte, 0, CASES);
    tcase_add_test(tests, a_pause_ends_a_line);
    tcase_add_test(tests, a_pause_ends_a_line_that_is_too_long);
    tcase_add_test(tests, a_pause_leaves_a_file_alone);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
