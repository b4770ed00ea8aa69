/*
 * download.h - save a file that comes over a connection
 *
 * The name comes from the other side. So a file is only ever made in the
 * current folder, and never where there is one already: then it gets a
 * name of its own, `NAME.1`, `NAME.2`, ... What is not whole is removed again.
 */
#ifndef NET_DOWNLOAD_H
#define NET_DOWNLOAD_H

#include <stdint.h>
#include <sys/types.h>

#define DOWNLOAD_NAME_MAX 260

struct download {
    int fd;                        /* owned; -1: none, or it cannot be saved */
    int why;                       /* errno of what went wrong; 0: nothing */
    int64_t size;                  /* bytes the file will have */
    int64_t left;                  /* bytes that are still to come */
    char name[DOWNLOAD_NAME_MAX];  /* what it was called there */
    char saved[DOWNLOAD_NAME_MAX]; /* what it is called here */
};

/*
 * Begin a file of `size` bytes. `name` is one that chat_is_file_name() lets
 * pass. Where it cannot be saved, `why` says so, and its bytes are dropped.
 */
void download_begin(struct download *download, const char *name, int64_t size);

/* The next bytes of it have come. */
void download_add(struct download *download, const char *bytes, size_t size);

/* It is whole, or no more will come. Afterwards `why` is 0 if it was saved. */
void download_end(struct download *download);

#endif
