/*
 * test_folder.c - what a folder gives out, and what is saved into one
 */
#include "net/download.h"
#include "net/folder.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[] = "/tmp/test_folder.XXXXXX";
static int folder;

static void
write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    ck_assert_int_ne(fd, -1);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* A folder `in` with everything that can be in one, and a file outside. */
static void
begin(void)
{
    strcpy(home + strlen(home) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    ck_assert_int_eq(chdir(home), 0);
    ck_assert_int_eq(mkdir("in", 0777), 0);
    ck_assert_int_eq(mkdir("in/folder", 0777), 0);
    ck_assert_int_eq(mkfifo("in/pipe", 0666), 0);
    ck_assert_int_eq(symlink("a", "in/link"), 0);
    ck_assert_int_eq(symlink("../outside", "in/way out"), 0);
    write_file("outside", "secret");
    write_file("in/folder/b", "secret");
    write_file("in/.hidden", "secret");
    write_file("in/c", "");
    write_file("in/a", "hello");
    folder = folder_open("in");
    ck_assert_int_ne(folder, -1);
}

static void
end(void)
{
    char command[64];

    close(folder);
    ck_assert_int_eq(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -r %s", home);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(a_file_is_opened_and_measured)
{
    char text[8] = "";
    off_t size = 0;
    int fd = folder_file(folder, "a", &size);

    ck_assert_int_ne(fd, -1);
    ck_assert_int_eq(size, 5);
    ck_assert_int_eq(read(fd, text, sizeof text), 5);
    ck_assert_str_eq(text, "hello");
    ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    close(fd);
}
END_TEST

START_TEST(nothing_else_is_opened)
{
    static const char *const names[] = {
        "",     ".",       "..",   "../outside", "folder", "folder/b",
        "pipe", "way out", "link", ".hidden",    "none",   "a/"};
    off_t size;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        errno = 0;
        ck_assert_int_eq(folder_file(folder, names[i], &size), -1);
        ck_assert_int_eq(errno, ENOENT);
    }
    ck_assert_int_eq(folder_file(-1, "a", &size), -1);
    ck_assert_int_eq(errno, ENOENT);
}
END_TEST

START_TEST(too_many_open_files_is_no_missing_file)
{
    struct rlimit limit = {.rlim_cur = (rlim_t)folder, .rlim_max = 4096};
    off_t size;

    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_int_eq(folder_file(folder, "a", &size), -1);
    ck_assert_int_eq(errno, EMFILE);
    limit.rlim_cur = 1024;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}
END_TEST

START_TEST(the_names_are_sorted)
{
    char **names;
    int count;

    write_file("in/b", "");
    count = folder_names(folder, &names);
    ck_assert_int_eq(count, 3);
    ck_assert_str_eq(names[0], "a");
    ck_assert_str_eq(names[1], "b");
    ck_assert_str_eq(names[2], "c");
    folder_free_names(names, count);
    ck_assert_int_eq(folder_names(-1, &names), 0);
    folder_free_names(names, 0);
}
END_TEST

START_TEST(a_folder_that_is_none_is_not_opened)
{
    ck_assert_int_eq(folder_open("none"), -1);
    ck_assert_int_eq(errno, ENOENT);
    ck_assert_int_eq(folder_open("outside"), -1);
    ck_assert_int_eq(errno, ENOTDIR);
}
END_TEST

/* Compares a file here with a text; NULL: there is none. */
static void
assert_file(const char *name, const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(name, "r");

    ck_assert_int_eq(file != NULL, expected != NULL);
    if (file == NULL || expected == NULL)
        return;
    ck_assert_uint_eq(fread(text, 1, sizeof text, file), strlen(expected));
    ck_assert_str_eq(text, expected);
    fclose(file);
}

START_TEST(a_download_is_saved)
{
    struct download file;

    download_begin(&file, "new", 5);
    download_add(&file, "he", 2);
    download_add(&file, "llo", 3);
    ck_assert_int_eq(file.left, 0);
    download_end(&file);
    ck_assert_int_eq(file.why, 0);
    ck_assert_str_eq(file.saved, "new");
    assert_file("new", "hello");
}
END_TEST

START_TEST(a_download_overwrites_nothing)
{
    struct download file;

    ck_assert_int_eq(symlink("elsewhere", "outside.1"), 0);
    download_begin(&file, "outside", 1);
    download_add(&file, "x", 1);
    download_end(&file);
    ck_assert_int_eq(file.why, 0);
    ck_assert_str_eq(file.saved, "outside.2");
    assert_file("outside", "secret");
    assert_file("outside.2", "x");
    assert_file("elsewhere", NULL);
}
END_TEST

START_TEST(a_download_that_breaks_off_leaves_nothing)
{
    struct download file;

    download_begin(&file, "new", 5);
    download_add(&file, "he", 2);
    download_end(&file);
    ck_assert_int_eq(file.why, ECONNRESET);
    assert_file("new", NULL);
}
END_TEST

START_TEST(a_download_stays_in_its_folder)
{
    static const char *const names[] = {"../new", "/tmp/new", "..", "in/new",
                                        ".new"};
    struct download file;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        download_begin(&file, names[i], 1);
        download_add(&file, "x", 1);
        download_end(&file);
        ck_assert_int_eq(file.why, EINVAL);
        assert_file(names[i], strcmp(names[i], "..") == 0 ? "" : NULL);
    }
}
END_TEST

START_TEST(after_a_hundred_names_it_gives_up)
{
    struct download file;
    char name[32];

    write_file("new", "");
    for (int i = 1; i < 100; i++) {
        snprintf(name, sizeof name, "new.%d", i);
        write_file(name, "");
    }
    download_begin(&file, "new", 1);
    download_add(&file, "x", 1);
    download_end(&file);
    ck_assert_int_eq(file.why, EEXIST);
    assert_file("new.99", "");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("net/folder");
    TCase *tests = tcase_create("files");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, a_file_is_opened_and_measured);
    tcase_add_test(tests, nothing_else_is_opened);
    tcase_add_test(tests, too_many_open_files_is_no_missing_file);
    tcase_add_test(tests, the_names_are_sorted);
    tcase_add_test(tests, a_folder_that_is_none_is_not_opened);
    tcase_add_test(tests, a_download_is_saved);
    tcase_add_test(tests, a_download_overwrites_nothing);
    tcase_add_test(tests, a_download_that_breaks_off_leaves_nothing);
    tcase_add_test(tests, a_download_stays_in_its_folder);
    tcase_add_test(tests, after_a_hundred_names_it_gives_up);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
