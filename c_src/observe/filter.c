/* filter.c - the system calls that are refused, as a program for the kernel
 *
 * libseccomp makes the program, which knows the numbers of this machine's
 * calls. Those of its other architectures (32-bit calls on a 64-bit machine)
 * end the caller: none of these rules would be known there. A call that this
 * machine or this libseccomp has not got is passed over: old ones are gone
 * from new kernels, and new ones are numbers of FILTER_FIRST_LATER and above.
 *
 * Arguments are compared as the kernel reads them. It takes a terminal's
 * request and a socket's family for 32 bits wide, so what stands in the upper
 * half of a register must not hide them.
 */
#include "observe/filter.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define SPACES "makes or enters namespaces"
#define MOUNTS "changes what is mounted"
#define FILES "reaches files past their folders"
#define KEYS "keyrings are shared with whoever runs under the same number"
#define KERNEL "changes or reads the running kernel"
#define CLOCK "sets the machine's clock"
#define SURFACE "a way into the kernel that no lab needs"
#define DEBUG "takes over what another process has open"

static const struct filter_rule rules[] = {
    {"unshare", EPERM, FILTER_NAMESPACES, SPACES},
    {"clone", EPERM, FILTER_NAMESPACES, SPACES},
    /* Its flags lie in memory, where no filter sees them; libc uses clone. */
    {"clone3", ENOSYS, FILTER_ALWAYS, SPACES},
    {"setns", EPERM, FILTER_ALWAYS, SPACES},
    {"mount", EPERM, FILTER_ALWAYS, MOUNTS},
    {"umount", EPERM, FILTER_ALWAYS, MOUNTS},
    {"umount2", EPERM, FILTER_ALWAYS, MOUNTS},
    {"pivot_root", EPERM, FILTER_ALWAYS, MOUNTS},
    {"chroot", EPERM, FILTER_ALWAYS, MOUNTS},
    {"open_tree", EPERM, FILTER_ALWAYS, MOUNTS},
    {"move_mount", EPERM, FILTER_ALWAYS, MOUNTS},
    {"fsopen", EPERM, FILTER_ALWAYS, MOUNTS},
    {"fsconfig", EPERM, FILTER_ALWAYS, MOUNTS},
    {"fsmount", EPERM, FILTER_ALWAYS, MOUNTS},
    {"fspick", EPERM, FILTER_ALWAYS, MOUNTS},
    {"mount_setattr", EPERM, FILTER_ALWAYS, MOUNTS},
    {"swapon", EPERM, FILTER_ALWAYS, MOUNTS},
    {"swapoff", EPERM, FILTER_ALWAYS, MOUNTS},
    {"quotactl", EPERM, FILTER_ALWAYS, MOUNTS},
    {"quotactl_fd", EPERM, FILTER_ALWAYS, MOUNTS},
    {"name_to_handle_at", EPERM, FILTER_ALWAYS, FILES},
    {"open_by_handle_at", EPERM, FILTER_ALWAYS, FILES},
    {"fanotify_init", EPERM, FILTER_ALWAYS, FILES},
    {"fanotify_mark", EPERM, FILTER_ALWAYS, FILES},
    {"lookup_dcookie", EPERM, FILTER_ALWAYS, FILES},
    {"add_key", EPERM, FILTER_ALWAYS, KEYS},
    {"request_key", EPERM, FILTER_ALWAYS, KEYS},
    {"keyctl", EPERM, FILTER_ALWAYS, KEYS},
    {"bpf", EPERM, FILTER_ALWAYS, KERNEL},
    {"perf_event_open", EPERM, FILTER_ALWAYS, KERNEL},
    {"syslog", EPERM, FILTER_ALWAYS, KERNEL},
    {"init_module", EPERM, FILTER_ALWAYS, KERNEL},
    {"finit_module", EPERM, FILTER_ALWAYS, KERNEL},
    {"delete_module", EPERM, FILTER_ALWAYS, KERNEL},
    {"kexec_load", EPERM, FILTER_ALWAYS, KERNEL},
    {"kexec_file_load", EPERM, FILTER_ALWAYS, KERNEL},
    {"reboot", EPERM, FILTER_ALWAYS, KERNEL},
    {"acct", EPERM, FILTER_ALWAYS, KERNEL},
    {"sethostname", EPERM, FILTER_ALWAYS, KERNEL},
    {"setdomainname", EPERM, FILTER_ALWAYS, KERNEL},
    {"vhangup", EPERM, FILTER_ALWAYS, KERNEL},
    {"settimeofday", EPERM, FILTER_ALWAYS, CLOCK},
    {"stime", EPERM, FILTER_ALWAYS, CLOCK},
    {"adjtimex", EPERM, FILTER_ALWAYS, CLOCK},
    {"clock_settime", EPERM, FILTER_ALWAYS, CLOCK},
    {"clock_settime64", EPERM, FILTER_ALWAYS, CLOCK},
    {"clock_adjtime", EPERM, FILTER_ALWAYS, CLOCK},
    {"clock_adjtime64", EPERM, FILTER_ALWAYS, CLOCK},
    {"userfaultfd", EPERM, FILTER_ALWAYS, SURFACE},
    {"io_uring_setup", EPERM, FILTER_ALWAYS, SURFACE},
    {"io_uring_enter", EPERM, FILTER_ALWAYS, SURFACE},
    {"io_uring_register", EPERM, FILTER_ALWAYS, SURFACE},
    {"iopl", EPERM, FILTER_ALWAYS, SURFACE},
    {"ioperm", EPERM, FILTER_ALWAYS, SURFACE},
    {"modify_ldt", EPERM, FILTER_ALWAYS, SURFACE},
    {"vm86", EPERM, FILTER_ALWAYS, SURFACE},
    {"vm86old", EPERM, FILTER_ALWAYS, SURFACE},
    {"uselib", EPERM, FILTER_ALWAYS, SURFACE},
    {"nfsservctl", EPERM, FILTER_ALWAYS, SURFACE},
    {"memfd_secret", EPERM, FILTER_ALWAYS, SURFACE},
    {"pidfd_getfd", EPERM, FILTER_ALWAYS, DEBUG},
    /* Within a sandbox it stays: LeakSanitizer stops its own threads by it.
     * But process 1 is the wrapper, and stopped it would never end. */
    {"ptrace", EPERM, FILTER_FIRST, DEBUG},
    {"socket", EAFNOSUPPORT, FILTER_FAMILIES, SURFACE},
    {"socketpair", EAFNOSUPPORT, FILTER_FAMILIES, SURFACE},
    {"socket", EPROTONOSUPPORT, FILTER_NETLINK, SURFACE},
    {"ioctl", EPERM, FILTER_TYPING, "types for whoever reads the terminal"},
};

static const unsigned int namespaces[] = {
    CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,    CLONE_NEWUSER,
    CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP,
};

/* All that are below the last that may be had. */
static const int families[] = {AF_UNSPEC, 3,  4,  5,  6,  7, 8,
                               9,         11, 12, 13, 14, 15};

static const unsigned int typing[] = {TIOCSTI, TIOCLINUX};

const struct filter_rule *
filter_rules(size_t *count)
{
    *count = sizeof rules / sizeof *rules;
    return rules;
}

static int
refuse(scmp_filter_ctx filter, int number, int error, struct scmp_arg_cmp test)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), number, 1, test);
}

static int
refuse_namespaces(scmp_filter_ctx filter, int number,
                  const struct filter_rule *rule)
{
    int error = 0;
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        if (error == 0)
            error = refuse(
                filter, number, rule->error,
                SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
    /* In clone(2) this bit is a part of the signal's number. */
    if (error == 0 && number == SCMP_SYS(unshare))
        error =
            refuse(filter, number, rule->error,
                   SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWTIME, CLONE_NEWTIME));
    return error;
}

static int
refuse_families(scmp_filter_ctx filter, int number,
                const struct filter_rule *rule)
{
    int error =
        refuse(filter, number, rule->error, SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (error == 0)
            error = refuse(filter, number, rule->error,
                           SCMP_A0(SCMP_CMP_EQ, families[i]));
    return error;
}

static int
refuse_typing(scmp_filter_ctx filter, int number,
              const struct filter_rule *rule)
{
    int error = 0;
    for (size_t i = 0; i < sizeof typing / sizeof *typing; i++)
        if (error == 0)
            error = refuse(filter, number, rule->error,
                           SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, typing[i]));
    return error;
}

static int
add(scmp_filter_ctx filter, const struct filter_rule *rule)
{
    int number = seccomp_syscall_resolve_name(rule->name);
    if (number < 0)
        return 0; /* not on this machine */
    switch (rule->when) {
    case FILTER_NAMESPACES:
        return refuse_namespaces(filter, number, rule);
    case FILTER_FAMILIES:
        return refuse_families(filter, number, rule);
    case FILTER_NETLINK:
        return seccomp_rule_add(filter, SCMP_ACT_ERRNO(rule->error), number, 2,
                                SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
                                SCMP_A2(SCMP_CMP_NE, 0));
    case FILTER_TYPING:
        return refuse_typing(filter, number, rule);
    case FILTER_FIRST:
        return refuse(filter, number, rule->error,
                      SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, 1));
    case FILTER_ALWAYS:
        break;
    }
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(rule->error), number, 0);
}

int
filter_write(int fd)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL) {
        errno = ENOMEM;
        return -1;
    }
    int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
                                 SCMP_ACT_KILL_PROCESS);
    for (size_t i = 0; i < sizeof rules / sizeof *rules && error == 0; i++)
        error = add(filter, &rules[i]);
    for (int n = FILTER_FIRST_LATER; n <= FILTER_LAST_LATER && error == 0; n++)
        error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), n, 0);
    if (error == 0)
        error = seccomp_export_bpf(filter, fd);
    seccomp_release(filter);
    errno = -error;
    return error == 0 ? 0 : -1;
}
