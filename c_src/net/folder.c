/*
 * folder.c - files of one folder, and of nothing else
 */
#include "net/folder.h"

#include "core/chat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
folder_open(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Faults that are the machine's and not the name's. */
static int
is_passing(int reason)
{
    return reason == EMFILE || reason == ENFILE || reason == ENOMEM ||
           reason == EIO;
}

/*
 * A name without `/` cannot lead into another folder, and O_NOFOLLOW refuses
 * a symbolic link, so there is no path left that could lead out. O_NONBLOCK
 * keeps us from waiting for the other end of a pipe. The file is looked at
 * after it was opened: a name may mean another file a moment later.
 */
int
folder_file(int folder, const char *name, off_t *size)
{
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    struct stat facts;
    int fd = -1;

    if (folder != -1 && chat_is_file_name(name)) {
        fd = openat(folder, name, flags);
        if (fd == -1 && is_passing(errno))
            return -1;
    }
    if (fd != -1 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode)) {
        *size = facts.st_size;
        return fd;
    }
    if (fd != -1)
        close(fd);
    errno = ENOENT;
    return -1;
}

static int
may_be_file(const struct dirent *entry)
{
    return chat_is_file_name(entry->d_name);
}

static int
by_bytes(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

int
folder_names(int folder, char ***names)
{
    struct dirent **entries = NULL;
    int kept = 0, count = 0;

    *names = NULL;
    if (folder == -1)
        return 0;
    count = scandirat(folder, ".", &entries, may_be_file, by_bytes);
    if (count == -1)
        return -1;
    *names = calloc((size_t)count + 1, sizeof **names);
    for (int i = 0; i < count; i++) {
        struct stat facts;

        if (*names != NULL &&
            fstatat(folder, entries[i]->d_name, &facts, AT_SYMLINK_NOFOLLOW) ==
                0 &&
            S_ISREG(facts.st_mode))
            (*names)[kept] = strdup(entries[i]->d_name);
        if (*names != NULL && (*names)[kept] != NULL)
            kept++;
        free(entries[i]);
    }
    free(entries);
    return kept;
}

void
folder_free_names(char **names, int count)
{
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
