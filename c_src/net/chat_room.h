/*
 * chat_room.h - the clients of a chat server, and what is said to them
 *
 * The room takes connections over, hears what clients say, answers them and
 * sends them away. It never waits: everything it may have to wait for is
 * registered at `epoll`, and the caller's loop calls back.
 *
 *     epoll_wait(room.epoll, ..., chat_room_wait_ms(&room))
 *     for each event: chat_room_turn(&room, event.data.ptr, event.events)
 *     chat_room_expire(&room)
 *
 * The rules are in core/chat.c. Used by one thread only.
 */
#ifndef NET_CHAT_ROOM_H
#define NET_CHAT_ROOM_H

#include "core/chat_record.h"

#include <stdbool.h>
#include <stdint.h>

struct chat_client; /* one connection */

struct chat_rules {
    int max_clients;
    bool ask_name; /* ask clients for their names */
    bool relay;    /* send messages to the other clients, too */
    int folder;    /* descriptor of the folder with the files; -1: none */
    void (*show)(const char *line); /* shows a line at the terminal */
};

struct chat_room {
    struct chat_rules rules;
    int epoll;   /* owned */
    int present; /* clients that have a place */
    struct chat_record record;
    struct chat_client **client; /* all connections, in no order */
    int count, size;
    int64_t next_limit; /* no client's limit ends before; see expire */
};

/* A room without clients: 0, or -1 with errno. */
int chat_room_open(struct chat_room *room, const struct chat_rules *rules);

/* Close everything. */
void chat_room_close(struct chat_room *room);

/* Take over the connection `fd`: give it a place, or turn it away. */
void chat_room_enter(struct chat_room *room, int fd);

/* Do what the events of epoll call for. The client may be gone after it. */
void chat_room_turn(struct chat_room *room, struct chat_client *client,
                    uint32_t events);

/* Show a line at the terminal; its line end is added. */
void chat_room_show(const struct chat_room *room, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How long epoll may wait: milliseconds, or -1 for ever. */
int chat_room_wait_ms(const struct chat_room *room);

/* Do what it is time for: end lines that have no end, and give up waiting for
   clients that do not close. */
void chat_room_expire(struct chat_room *room);

#endif
