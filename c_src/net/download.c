/*
 * download.c - save a file that comes over a connection
 */
#include "net/download.h"

#include "core/chat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define NAMES_TRIED 100

/* O_EXCL: neither an existing file nor a symbolic link is written through. */
static int
make_file(const char *name)
{
    return open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

void
download_begin(struct download *download, const char *name, int64_t size)
{
    download->fd = -1;
    download->why = EINVAL;
    download->size = download->left = size;
    snprintf(download->name, sizeof download->name, "%s", name);
    snprintf(download->saved, sizeof download->saved, "%s", name);
    if (!chat_is_file_name(name))
        return;
    download->fd = make_file(name);
    for (int i = 1; download->fd == -1 && errno == EEXIST; i++) {
        if (i == NAMES_TRIED)
            break;
        snprintf(download->saved, sizeof download->saved, "%s.%d", name, i);
        download->fd = make_file(download->saved);
    }
    download->why = download->fd == -1 ? errno : 0;
}

/* It cannot be saved: leaves nothing behind. */
static void
give_up(struct download *download, int why)
{
    if (download->fd == -1)
        return;
    close(download->fd);
    download->fd = -1;
    download->why = why;
    (void)unlink(download->saved);
}

void
download_add(struct download *download, const char *bytes, size_t size)
{
    download->left -= (int64_t)size;
    while (size > 0 && download->fd != -1) {
        ssize_t written = write(download->fd, bytes, size);

        if (written == -1 && errno != EINTR)
            give_up(download, errno);
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
}

void
download_end(struct download *download)
{
    if (download->left > 0)
        give_up(download, ECONNRESET);
    /* Some file systems say only here that the disk is full. */
    if (download->fd != -1 && close(download->fd) == -1) {
        download->why = errno;
        (void)unlink(download->saved);
    }
    download->fd = -1;
}
