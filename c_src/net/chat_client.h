/*
 * chat_client.h - one connection of a chat server
 *
 * What a client says comes in through a stream, what it is told goes out
 * through an outbox, and neither makes the server wait.
 */
#ifndef NET_CHAT_CLIENT_H
#define NET_CHAT_CLIENT_H

#include "core/chat.h"
#include "core/chat_stream.h"
#include "net/outbox.h"

#include <stdbool.h>
#include <stdint.h>

struct chat_client {
    int fd;     /* owned */
    int epoll;  /* borrowed; its events carry the client's address */
    int number; /* in the record; 0: it was turned away */
    enum chat_state state;
    bool pending;     /* lines may be left in the stream */
    uint32_t watched; /* events that epoll waits for */
    int64_t limit;    /* when to end a line or to give up; 0: never */
    unsigned missed;  /* messages that were not relayed to it */
    int place;        /* in the room's list */
    struct outbox outbox;
    struct chat_stream stream;
    char bytes[CHAT_LINE_MAX + 2]; /* the stream's */
};

/* A client for the connection `fd`, which it owns then. NULL with errno: there
   is none, and `fd` is still the caller's. */
struct chat_client *chat_client_new(int epoll, int fd);

/* Close the connection and free the client. */
void chat_client_free(struct chat_client *client);

/* Put one sentence into the outbox; its line end is added. */
void chat_client_tell(struct chat_client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same in the turn of another client: sent at once if it can be. */
void chat_client_tell_now(struct chat_client *client, const char *line);

/* Has it so much to read that nothing may be added for now? */
bool chat_client_is_behind(const struct chat_client *client);

/* Receive: 1, or 0 if it has closed, or -1 with errno. */
int chat_client_receive(struct chat_client *client);

/* Let epoll wait for what the client's state calls for. */
void chat_client_watch(struct chat_client *client);

/* Write where it comes from, such as `10.0.0.2:40000`. */
#define CHAT_CLIENT_PEER_MAX 80
void chat_client_peer(const struct chat_client *client, char *text);

#endif
