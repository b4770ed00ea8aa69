/* terminal.h - a pseudo-terminal for one program
 *
 * The program gets what a person's terminal would give it, but for two
 * things: nothing that is typed is echoed, and output is not changed ("\n"
 * stays "\n"), so that what is read is exactly what the program wrote.
 *
 * The kernel hands bytes from one side to the other in a work queue of its
 * own. A poll(2) of a side waits for that queue, so "nothing to read" after
 * a poll is a fact and not a matter of timing.
 */
#ifndef OBSERVE_TERMINAL_H
#define OBSERVE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct terminal {
    int master;   /* ours: reads output, writes input. Non-blocking */
    int slave;    /* the program's; we keep it open, see terminal_read() */
    dev_t device; /* st_rdev of the slave */
};

/* 0, or -1 with errno and both descriptors -1. */
int terminal_open(struct terminal *terminal);

/* Reads output that has been written so far. Returns its size; 0 when there
 * is none now; -1 with errno. The end of the program is not seen here (the
 * slave stays open), so its last bytes cannot be lost. */
ssize_t terminal_read(struct terminal *terminal, char *buffer, size_t size);

/* Puts bytes into the input queue and waits until they are in it. -1 with
 * errno; EAGAIN: the queue is full, the first `*typed` bytes are in it. */
int terminal_type(struct terminal *terminal, const char *text, size_t size,
                  size_t *typed);

/* Whether input that a read(2) would return is still unread. */
bool terminal_has_input(const struct terminal *terminal);

void terminal_close(struct terminal *terminal);

#endif
