/*
 * test_filter.c - each refused call is refused, and all else goes through
 *
 * Most of the calls cannot be made for a test: they would end the machine if
 * the filter had a hole. So the filter is run here, over every call that this
 * machine has, by the few lines that the kernel's own interpreter needs for
 * it. That the kernel takes it, and means the same by it, is seen with calls
 * that do no harm.
 */
#include "observe/filter.h"

#include <check.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_STEPS = 4096, ALL_CALLS = 1024 };

static struct sock_filter steps[MOST_STEPS];
static size_t count;

static void
setup(void)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    ck_assert_int_ne(fd, -1);
    ck_assert_int_eq(filter_write(fd), 0);
    ssize_t size = pread(fd, steps, sizeof steps, 0);
    ck_assert(size > 0 && size < (ssize_t)sizeof steps);
    count = (size_t)size / sizeof *steps;
    close(fd);
}

/* ---- what the filter says of a call -------------------------------------- */

static uint32_t
loaded(const struct seccomp_data *data, uint32_t offset)
{
    uint32_t word;
    ck_assert_uint_le(offset, sizeof *data - sizeof word);
    memcpy(&word, (const char *)data + offset, sizeof word);
    return word;
}

static bool
jumps(const struct sock_filter *step, uint32_t word)
{
    switch (BPF_OP(step->code)) {
    case BPF_JEQ:
        return word == step->k;
    case BPF_JGT:
        return word > step->k;
    case BPF_JGE:
        return word >= step->k;
    case BPF_JSET:
        return (word & step->k) != 0;
    }
    ck_abort_msg("a jump that no filter of ours needs: %#x", step->code);
}

static uint32_t
answer(const struct seccomp_data *data)
{
    uint32_t word = 0;
    for (size_t i = 0; i < count; i++) {
        const struct sock_filter *step = &steps[i];
        switch (step->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            word = loaded(data, step->k);
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            word &= step->k;
            break;
        case BPF_RET | BPF_K:
            return step->k;
        case BPF_JMP | BPF_JA:
            i += step->k;
            break;
        default:
            ck_assert_int_eq(BPF_CLASS(step->code), BPF_JMP);
            i += jumps(step, word) ? step->jt : step->jf;
        }
    }
    ck_abort_msg("the filter has no end");
}

static struct seccomp_data
call(int number, uint64_t first, uint64_t second, uint64_t third)
{
    return (struct seccomp_data){.nr = number,
                                 .arch = seccomp_arch_native(),
                                 .args = {first, second, third}};
}

/* The errno of a call; 0 where it goes through. */
static int
error_of(int number, uint64_t first, uint64_t second, uint64_t third)
{
    struct seccomp_data data = call(number, first, second, third);
    uint32_t said = answer(&data);
    if (said == SECCOMP_RET_ALLOW)
        return 0;
    ck_assert_uint_eq(said & SECCOMP_RET_ACTION_FULL, SECCOMP_RET_ERRNO);
    return (int)(said & SECCOMP_RET_DATA);
}

static const struct filter_rule *
rule_of(int number)
{
    size_t rules;
    const struct filter_rule *rule = filter_rules(&rules);
    for (size_t i = 0; i < rules; i++)
        if (seccomp_syscall_resolve_name(rule[i].name) == number)
            return &rule[i];
    return NULL;
}

START_TEST(the_table_alone_says_what_is_refused)
{
    for (int number = 0; number < ALL_CALLS; number++) {
        const struct filter_rule *rule = rule_of(number);
        int wanted = 0;
        if (rule != NULL && rule->when == FILTER_ALWAYS)
            wanted = rule->error;
        else if (number >= FILTER_FIRST_LATER && number <= FILTER_LAST_LATER)
            wanted = ENOSYS;
        /* Harmless for every rule that looks at arguments. */
        int error = error_of(number, AF_UNIX, 0, 0);
        ck_assert_msg(error == wanted, "call %d: %d and not %d", number, error,
                      wanted);
    }
}
END_TEST

START_TEST(every_name_is_known_and_has_a_reason)
{
    /* Calls of other machines, or gone from every kernel that we can meet. */
    static const char *const gone[] = {
        "stime",   "umount",          "vm86",
        "vm86old", "clock_settime64", "clock_adjtime64"};
    size_t rules, strange = 0;
    const struct filter_rule *rule = filter_rules(&rules);
    for (size_t i = 0; i < rules; i++) {
        int number = seccomp_syscall_resolve_name(rule[i].name);
        ck_assert_int_ne(number, __NR_SCMP_ERROR);
        ck_assert_int_gt(rule[i].error, 0);
        ck_assert_uint_gt(strlen(rule[i].why), 10);
        for (size_t g = 0; number < 0 && g < sizeof gone / sizeof *gone; g++)
            strange += strcmp(gone[g], rule[i].name) == 0;
        strange -= number < 0;
    }
    if (seccomp_arch_native() == SCMP_ARCH_X86_64)
        ck_assert_uint_eq(strange, 0);
}
END_TEST

START_TEST(no_new_namespace_comes_from_clone_or_unshare)
{
    static const uint64_t bits[] = {CLONE_NEWNS,    CLONE_NEWUTS, CLONE_NEWIPC,
                                    CLONE_NEWPID,   CLONE_NEWNET, CLONE_NEWUSER,
                                    CLONE_NEWCGROUP};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        ck_assert_int_eq(error_of(SYS_unshare, bits[i], 0, 0), EPERM);
        ck_assert_int_eq(error_of(SYS_clone, bits[i] | SIGCHLD, 0, 0), EPERM);
        ck_assert_int_eq(error_of(SYS_unshare, bits[i] | CLONE_FS, 0, 0),
                         EPERM);
    }
    ck_assert_int_eq(error_of(SYS_unshare, 0x80, 0, 0), EPERM); /* time */
    ck_assert_int_eq(error_of(SYS_unshare, CLONE_FILES, 0, 0), 0);
    /* What a fork and a thread of libc ask for. */
    ck_assert_int_eq(error_of(SYS_clone, SIGCHLD | 0x01200000, 0, 0), 0);
    ck_assert_int_eq(error_of(SYS_clone, 0x003d0f00, 0, 0), 0);
    ck_assert_int_eq(error_of(SYS_clone3, 0, 0, 0), ENOSYS);
}
END_TEST

START_TEST(sockets_are_local_or_of_an_internet)
{
    static const int good[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    const uint64_t high = (uint64_t)1 << 32;
    for (uint64_t family = 0; family < 64; family++) {
        bool may = false;
        for (size_t i = 0; i < sizeof good / sizeof *good; i++)
            may |= family == (uint64_t)good[i];
        int wanted = may ? 0 : EAFNOSUPPORT;
        ck_assert_int_eq(error_of(SYS_socket, family, SOCK_RAW, 0), wanted);
        ck_assert_int_eq(error_of(SYS_socketpair, family, 0, 0), wanted);
        /* The kernel takes a family for an int. */
        ck_assert_int_eq(error_of(SYS_socket, family | high, 0, 0),
                         EAFNOSUPPORT);
    }
    for (uint64_t protocol = 1; protocol < 32; protocol++)
        ck_assert_int_eq(error_of(SYS_socket, AF_NETLINK, SOCK_RAW, protocol),
                         EPROTONOSUPPORT);
    ck_assert_int_eq(error_of(SYS_socket, AF_INET, SOCK_STREAM, 6), 0);
}
END_TEST

START_TEST(nothing_types_into_a_terminal)
{
    const uint64_t high = (uint64_t)0xabcd << 32;
    ck_assert_int_eq(error_of(SYS_ioctl, 0, TIOCSTI, 0), EPERM);
    ck_assert_int_eq(error_of(SYS_ioctl, 0, TIOCLINUX, 0), EPERM);
    ck_assert_int_eq(error_of(SYS_ioctl, 0, TIOCSTI | high, 0), EPERM);
    ck_assert_int_eq(error_of(SYS_ioctl, 0, TIOCLINUX | high, 0), EPERM);
    ck_assert_int_eq(error_of(SYS_ioctl, 0, TIOCGWINSZ, 0), 0);
    ck_assert_int_eq(error_of(SYS_ioctl, 0, FIONREAD, 0), 0);
}
END_TEST

START_TEST(only_process_1_may_not_be_traced)
{
    ck_assert_int_eq(error_of(SYS_ptrace, PTRACE_ATTACH, 1, 0), EPERM);
    ck_assert_int_eq(error_of(SYS_ptrace, PTRACE_SEIZE, 1, 0), EPERM);
    ck_assert_int_eq(
        error_of(SYS_ptrace, PTRACE_ATTACH, (uint64_t)1 << 32 | 1, 0), EPERM);
    ck_assert_int_eq(error_of(SYS_ptrace, PTRACE_ATTACH, 2, 0), 0);
    ck_assert_int_eq(error_of(SYS_ptrace, PTRACE_TRACEME, 0, 0), 0);
}
END_TEST

START_TEST(calls_of_another_architecture_end_the_caller)
{
    struct seccomp_data data = call(SYS_getpid, 0, 0, 0);
    data.arch = SCMP_ARCH_ARM == data.arch ? SCMP_ARCH_X86 : SCMP_ARCH_ARM;
    ck_assert_uint_eq(answer(&data), SECCOMP_RET_KILL_PROCESS);
#ifdef __x86_64__
    data = call(SYS_getpid | 0x40000000, 0, 0, 0); /* x32 */
    ck_assert_uint_eq(answer(&data), SECCOMP_RET_KILL_PROCESS);
    data = call(SYS_getpid, 0, 0, 0);
    data.arch = SCMP_ARCH_X86;
    ck_assert_uint_eq(answer(&data), SECCOMP_RET_KILL_PROCESS);
#endif
}
END_TEST

/* ---- what the kernel does with it ---------------------------------------- */

/* Runs `work` under the filter: what it returned, 128 + N after signal N. */
static int
under_filter(int (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        struct sock_fprog program = {(unsigned short)count, steps};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
            _exit(99);
        _exit(work());
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int
try_what_is_refused(void)
{
    /* Without the filter: another errno, or success. */
    static const struct {
        long number, first, second;
        int error;
    } tries[] = {
        {SYS_setns, -1, 0, EPERM},
        {SYS_unshare, CLONE_NEWUSER, 0, EPERM},
        {SYS_clone3, 0, 0, ENOSYS},
        {SYS_keyctl, 0, -3, EPERM},
        {SYS_ioctl, -1, TIOCSTI, EPERM},
        {SYS_socket, AF_PACKET, SOCK_RAW, EAFNOSUPPORT},
        {SYS_ptrace, PTRACE_ATTACH, 1, EPERM},
        {FILTER_LAST_LATER, 0, 0, ENOSYS},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        errno = 0;
        if (syscall(tries[i].number, tries[i].first, tries[i].second, 0) !=
                -1 ||
            errno != tries[i].error)
            return (int)i + 1;
    }
    return 0;
}

static int
do_what_programs_do(void)
{
    int ends[2];
    if (socket(AF_INET, SOCK_STREAM, 0) == -1 ||
        socket(AF_INET6, SOCK_DGRAM, 0) == -1 ||
        socket(AF_NETLINK, SOCK_RAW, 0) == -1 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
        return 1;
    if (personality(ADDR_NO_RANDOMIZE) == -1 || unshare(CLONE_FILES) == -1)
        return 2;
    pid_t pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        _exit(7);
    }
    int status;
    if (pid == -1 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
        ptrace(PTRACE_DETACH, pid, NULL, NULL) == -1)
        return 3;
    return waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7 ? 0 : 4;
}

START_TEST(the_kernel_refuses_them_too)
{
    ck_assert_int_eq(under_filter(try_what_is_refused), 0);
}
END_TEST

START_TEST(what_programs_need_works)
{
    ck_assert_int_eq(under_filter(do_what_programs_do), 0);
}
END_TEST

#ifdef __x86_64__
static int
call_as_i386(void)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
    return 0;
}

START_TEST(a_32_bit_call_ends_a_64_bit_program)
{
    ck_assert_int_eq(under_filter(call_as_i386), 128 + SIGSYS);
}
END_TEST
#endif

int
main(void)
{
    Suite *suite = suite_create("filter");
    TCase *tests = tcase_create("filter");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, the_table_alone_says_what_is_refused);
    tcase_add_test(tests, every_name_is_known_and_has_a_reason);
    tcase_add_test(tests, no_new_namespace_comes_from_clone_or_unshare);
    tcase_add_test(tests, sockets_are_local_or_of_an_internet);
    tcase_add_test(tests, nothing_types_into_a_terminal);
    tcase_add_test(tests, only_process_1_may_not_be_traced);
    tcase_add_test(tests, calls_of_another_architecture_end_the_caller);
    tcase_add_test(tests, the_kernel_refuses_them_too);
    tcase_add_test(tests, what_programs_need_works);
#ifdef __x86_64__
    tcase_add_test(tests, a_32_bit_call_ends_a_64_bit_program);
#endif
    suite_add_tcase(suite, tests);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
