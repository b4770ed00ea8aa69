/* terminal.c - a pseudo-terminal for one program */
#include "observe/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static int
set_modes(int slave)
{
    struct termios modes;
    if (tcgetattr(slave, &modes) == -1)
        return -1;
    modes.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ECHOCTL);
    modes.c_lflag |= ICANON | ISIG;
    modes.c_oflag &= ~(tcflag_t)OPOST;
    modes.c_iflag |= ICRNL | IUTF8;
    modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
    if (tcsetattr(slave, TCSANOW, &modes) == -1)
        return -1;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    return ioctl(slave, TIOCSWINSZ, &size);
}

int
terminal_open(struct terminal *terminal)
{
    int error;
    char name[128];
    struct stat status;
    terminal->slave = -1;
    terminal->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal->master == -1)
        return -1;
    if (grantpt(terminal->master) == -1 || unlockpt(terminal->master) == -1)
        goto fail;
    error = ptsname_r(terminal->master, name, sizeof name);
    if (error != 0) {
        errno = error;
        goto fail;
    }
    terminal->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal->slave == -1 || set_modes(terminal->slave) == -1 ||
        fstat(terminal->slave, &status) == -1)
        goto fail;
    if (fcntl(terminal->master, F_SETFL, O_NONBLOCK) == -1)
        goto fail;
    terminal->device = status.st_rdev;
    return 0;
fail:
    error = errno;
    terminal_close(terminal);
    errno = error;
    return -1;
}

ssize_t
terminal_read(struct terminal *terminal, char *buffer, size_t size)
{
    for (;;) {
        ssize_t n = read(terminal->master, buffer, size);
        if (n >= 0)
            return n;
        if (errno == EAGAIN || errno == EIO)
            return 0;
        if (errno != EINTR)
            return -1;
    }
}

bool
terminal_has_input(const struct terminal *terminal)
{
    struct pollfd slave = {.fd = terminal->slave, .events = POLLIN};
    return poll(&slave, 1, 0) == 1 && (slave.revents & POLLIN) != 0;
}

int
terminal_type(struct terminal *terminal, const char *text, size_t size,
              size_t *typed)
{
    *typed = 0;
    while (*typed < size) {
        ssize_t n = write(terminal->master, text + *typed, size - *typed);
        if (n == -1 && errno == EINTR)
            continue;
        if (n == -1)
            return -1;
        *typed += (size_t)n;
        /* The poll waits until the line discipline has taken the bytes. */
        (void)terminal_has_input(terminal);
    }
    return 0;
}

void
terminal_close(struct terminal *terminal)
{
    if (terminal->slave != -1)
        close(terminal->slave);
    if (terminal->master != -1)
        close(terminal->master);
    terminal->slave = terminal->master = -1;
}
