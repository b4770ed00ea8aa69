/*
 * folder.h - files of one folder, and of nothing else
 *
 * Names come from strangers. A name is looked up in the folder itself, and
 * no part of it is followed anywhere: see chat_is_file_name() for what a name
 * may be. A file is a plain file: no folder, no symbolic link, no pipe.
 */
#ifndef NET_FOLDER_H
#define NET_FOLDER_H

#include <stddef.h>
#include <sys/types.h>

/* Open the folder: a descriptor that the caller closes, or -1 with errno. */
int folder_open(const char *path);

/*
 * Open a file to be read: its descriptor, which the caller closes, and its
 * size. -1 with ENOENT: there is no plain file of this name that we may read.
 * Any other errno: it cannot be opened now.
 */
int folder_file(int folder, const char *name, off_t *size);

/*
 * The names of its files, sorted by their bytes: how many, or -1 with errno.
 * folder_free_names() frees the list.
 */
int folder_names(int folder, char ***names);
void folder_free_names(char **names, int count);

#endif
