/*
 * test_emit.c - events are lines of JSON, numbered, and never half written
 */
#include "observe/emit.h"

#include "observe/clock.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct emitter emitter;
static char *text;
static size_t size;
static FILE *stream;

static void
setup(void)
{
    stream = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(stream);
    emit_open(&emitter, stream);
}

static void
teardown(void)
{
    fclose(stream);
    free(text);
}

/* Event `index` of the stream; the caller releases it. */
static json_t *
event(size_t index)
{
    emit_flush(&emitter);
    const char *at = text;
    for (size_t i = 0; i < index; i++) {
        at = strchr(at, '\n');
        ck_assert_ptr_nonnull(at);
        at++;
    }
    const char *end = strchr(at, '\n');
    ck_assert_ptr_nonnull(end);
    json_t *read = json_loadb(at, (size_t)(end - at), JSON_ALLOW_NUL, NULL);
    ck_assert_msg(json_is_object(read), "no JSON: %s", at);
    return read;
}

static double
number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    ck_assert_msg(json_is_number(value), "no number %s", name);
    return json_number_value(value);
}

START_TEST(events_are_numbered_from_one_without_gaps)
{
    for (int i = 0; i < 100; i++)
        emit(&emitter, "x", i % 2 ? NULL : json_object());
    double before = 0;
    for (int i = 0; i < 100; i++) {
        json_t *read = event((size_t)i);
        ck_assert_int_eq((int)number(read, "n"), i + 1);
        ck_assert(number(read, "t") >= before);
        before = number(read, "t");
        ck_assert_str_eq(json_string_value(json_object_get(read, "ev")), "x");
        json_decref(read);
    }
}
END_TEST

START_TEST(fields_come_after_the_head)
{
    emit(&emitter, "typed", json_pack("{ss si}", "text", "a\n\"b", "id", 7));
    json_t *read = event(0);
    ck_assert_str_eq(json_string_value(json_object_get(read, "text")),
                     "a\n\"b");
    ck_assert_int_eq((int)number(read, "id"), 7);
    ck_assert_uint_eq(json_object_size(read), 5);
    json_decref(read);
}
END_TEST

START_TEST(a_time_of_capture_is_put_on_the_same_clock)
{
    uint64_t now = clock_realtime();

    emit_at(&emitter, "packet", NULL, now + 2000000000u);
    emit_at(&emitter, "packet", NULL, now - 3600000000000u);
    json_t *later = event(0), *before = event(1);
    ck_assert_double_ge(number(later, "t"), 1.9);
    ck_assert_double_le(number(later, "t"), 60.0);
    ck_assert(number(before, "t") == 0); /* never negative */
    json_decref(later);
    json_decref(before);
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
    const char *hex; /* NULL: the bytes are text */
} contents[] = {
    {"hello\n", 6, NULL},
    {"", 0, NULL},
    {"a\0b", 3, NULL},
    {"\x01\x1b[2J\x7f", 6, NULL},
    {"\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80", 11, NULL},
    {"\xef\xbf\xbf", 3, NULL},
    {"\xff", 1, "ff"},
    {"a\xc3", 2, "61c3"},                /* cut in a letter */
    {"\xa9z", 2, "a97a"},                /* the rest of it */
    {"\xc0\xaf", 2, "c0af"},             /* longer than need be */
    {"\xed\xa0\x80", 3, "eda080"},       /* half of a pair */
    {"\xf4\x90\x80\x80", 4, "f4908080"}, /* beyond Unicode */
    {"\x00\x80", 2, "0080"},
};

START_TEST(bytes_come_back_as_they_were)
{
    json_t *fields = json_object();

    emit_bytes(fields, contents[_i].bytes, contents[_i].size);
    emit(&emitter, "output", fields);
    json_t *read = event(0);
    const json_t *plain = json_object_get(read, "text");
    const json_t *hex = json_object_get(read, "hex");
    ck_assert_int_eq(plain != NULL, contents[_i].hex == NULL);
    ck_assert_int_eq(hex != NULL, contents[_i].hex != NULL);
    if (hex != NULL) {
        ck_assert_str_eq(json_string_value(hex), contents[_i].hex);
    } else {
        ck_assert_uint_eq(json_string_length(plain), contents[_i].size);
        ck_assert_int_eq(memcmp(json_string_value(plain), contents[_i].bytes,
                                contents[_i].size),
                         0);
    }
    json_decref(read);
}
END_TEST

START_TEST(a_reader_that_is_gone_is_noticed)
{
    FILE *full = fopen("/dev/full", "w");
    struct emitter lost;

    ck_assert_ptr_nonnull(full);
    emit_open(&lost, full);
    emit(&lost, "x", NULL);
    emit_flush(&lost);
    ck_assert(lost.broken);
    fclose(full);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("emit");
    TCase *tests = tcase_create("emit");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, events_are_numbered_from_one_without_gaps);
    tcase_add_test(tests, fields_come_after_the_head);
    tcase_add_test(tests, a_time_of_capture_is_put_on_the_same_clock);
    tcase_add_loop_test(tests, bytes_come_back_as_they_were, 0,
                        (int)(sizeof contents / sizeof *contents));
    tcase_add_test(tests, a_reader_that_is_gone_is_noticed);
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
