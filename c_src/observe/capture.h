/* capture.h - TCP segments that pass an interface, through libpcap */
#ifndef OBSERVE_CAPTURE_H
#define OBSERVE_CAPTURE_H

#include "core/packet.h"

#include <stdint.h>

struct capture; /* one interface; owned by whoever opened it */

/* Called for each segment; `packet` lives for the call only. `when` is the
 * time of capture in nanoseconds since the epoch. */
typedef void capture_handler(void *context, const struct packet *packet,
                             uint64_t when);

enum { CAPTURE_ERROR_SIZE = 256, CAPTURE_MOST_FILE = 32 << 20 };

/* Opens `interface` in the network namespace that the caller is in, and the
 * capture file too unless `file` is NULL. The file ends before it would grow
 * beyond CAPTURE_MOST_FILE bytes: a flood must not fill a disk. NULL with a
 * sentence in `error` (CAPTURE_ERROR_SIZE bytes). */
struct capture *capture_open(const char *interface, const char *file,
                             char *error);

/* The descriptor to poll for more. */
int capture_fd(const struct capture *capture);

/* Hands over what has been captured so far. Returns the number of segments,
 * or -1 (capture_error() says why). */
int capture_drain(struct capture *capture, capture_handler *handler,
                  void *context);

/* How many segments the kernel had no room to keep for us, so far. */
uint64_t capture_lost(struct capture *capture);

const char *capture_error(struct capture *capture);

/* Writes the file to its end; -1 with errno where that fails (disk full). */
int capture_flush(struct capture *capture);

void capture_close(struct capture *capture); /* NULL is fine */

#endif
