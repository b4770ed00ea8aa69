/*
 * chat_room.c - the clients of a chat server, and what is said to them
 *
 * Theory of operation
 *
 *   Each connection has a stream of what it says, and an outbox of what it is
 *   still to be told. It is listened to only while its outbox is short and
 *   has no file in it: a client that does not read its answers is not asked for
 *   more, so its outbox never holds more than one long answer. What others say
 *   is relayed to it only while its outbox is short; what it missed is counted,
 *   and it is told the number when it has read the rest.
 *
 *   A connection is freed in its own turn, or when its limit is over; never
 *   in the turn of another one. So an event that was already fetched for it
 *   always finds it alive.
 */
#include "net/chat_room.h"

#include "net/chat_answer.h"
#include "net/chat_client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CLOSE_LIMIT_MS 2000 /* how long a client may take to close */
#define POLITE_MAX 64       /* so many are turned away without haste */
#define PAST_VISITS 1000    /* past clients that the record remembers */

void
chat_room_show(const struct chat_room *room, const char *format, ...)
{
    char line[CHAT_SENTENCE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    room->rules.show(line);
}

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
write_time(char *text)
{
    time_t now = time(NULL);
    struct tm parts;

    localtime_r(&now, &parts);
    strftime(text, CHAT_TIME_MAX, "%Y-%m-%d %H:%M:%S", &parts);
}

static void
set_limit(struct chat_room *room, struct chat_client *client, int64_t limit)
{
    client->limit = limit;
    if (limit != 0 && (room->next_limit == 0 || limit < room->next_limit))
        room->next_limit = limit;
}

/* Lets an event happen to a connection; one that loses its place leaves. */
static void
happen(struct chat_room *room, struct chat_client *client,
       enum chat_event event)
{
    enum chat_state before = client->state;
    char time[CHAT_TIME_MAX], name[CHAT_NAME_MAX + 1];

    client->state = chat_next(before, event);
    if (client->state == CHAT_CLOSING && before != CHAT_CLOSING) {
        client->pending = false;
        set_limit(room, client, now_ms() + CLOSE_LIMIT_MS);
    }
    if (!chat_has_place(before) || chat_has_place(client->state))
        return;
    write_time(time);
    chat_record_leave(&room->record, client->number, time);
    room->present--;
    chat_given_name(client->number, name);
    chat_room_show(room, CHAT_WENT, name, time);
}

/* ---- a turn -------------------------------------------------------------- */

static void
receive(struct chat_room *room, struct chat_client *client)
{
    switch (chat_client_receive(client)) {
    case 1:
        break;
    case 0:
        happen(room, client, CHAT_ENDS);
        break;
    default:
        happen(room, client, CHAT_BREAKS);
        break;
    }
    client->pending = chat_has_place(client->state);
}

/* Answers lines until there are no more, or enough is to be sent. With
   `finish`, what is left counts as a line. */
static void
hear_lines(struct chat_room *room, struct chat_client *client, bool finish)
{
    while (client->pending && !chat_client_is_behind(client) &&
           !outbox_has_file(&client->outbox)) {
        struct chat_stream *stream = &client->stream;
        char *line;
        size_t size;
        enum chat_piece piece = finish
                                    ? chat_stream_finish(stream, &line, &size)
                                    : chat_stream_next(stream, &line, &size);

        if (piece == CHAT_LINE)
            happen(room, client, chat_answer(room, client, line));
        else if (piece == CHAT_LONG)
            chat_client_tell(client, CHAT_LONG_LINE, CHAT_LINE_MAX);
        else
            client->pending = false;
    }
}

static void
send_some(struct chat_room *room, struct chat_client *client)
{
    char name[CHAT_NAME_MAX + 1];

    switch (outbox_send(&client->outbox, client->fd)) {
    case OUTBOX_WAITING:
        return;
    case OUTBOX_SHRANK: /* its length was promised: all else would be a lie */
        chat_given_name(client->number, name);
        chat_room_show(room, CHAT_SHRANK, name);
        happen(room, client, CHAT_BREAKS);
        return;
    case OUTBOX_BROKEN:
        happen(room, client, CHAT_BREAKS);
        return;
    case OUTBOX_EMPTY:
        break;
    }
    if (client->missed > 0 && client->state == CHAT_TALKING) {
        chat_client_tell(client, CHAT_MISSED, client->missed);
        client->missed = 0;
        return;
    }
    if (!client->pending)
        happen(room, client, CHAT_HEARD_ALL);
    if (client->state == CHAT_CLOSING)
        shutdown(client->fd, SHUT_WR);
}

static void
drop(struct chat_room *room, struct chat_client *client)
{
    struct chat_client *last = room->client[--room->count];

    room->client[client->place] = last;
    last->place = client->place;
    chat_client_free(client);
}

/* The end of every turn: send, then free the connection or wait on. */
static void
end_turn(struct chat_room *room, struct chat_client *client)
{
    bool begun;

    if (client->state != CHAT_GONE)
        send_some(room, client);
    if (client->state == CHAT_GONE) {
        drop(room, client);
        return;
    }
    begun = !client->pending && chat_stream_has_begun(&client->stream);
    if (client->state != CHAT_CLOSING)
        set_limit(room, client, begun ? now_ms() + CHAT_PAUSE_MS : 0);
    chat_client_watch(client);
}

void
chat_room_turn(struct chat_room *room, struct chat_client *client,
               uint32_t events)
{
    if (events & EPOLLIN)
        receive(room, client);
    else if (events & (EPOLLERR | EPOLLHUP))
        happen(room, client, CHAT_BREAKS);
    hear_lines(room, client, client->state == CHAT_ENDING);
    end_turn(room, client);
}

/* ---- coming and going ---------------------------------------------------- */

int
chat_room_open(struct chat_room *room, const struct chat_rules *rules)
{
    size_t visits = (size_t)rules->max_clients + PAST_VISITS;
    struct chat_visit *visit = calloc(visits, sizeof *visit);

    memset(room, 0, sizeof *room);
    room->rules = *rules;
    room->epoll = epoll_create1(EPOLL_CLOEXEC);
    chat_record_init(&room->record, visit, visits);
    if (visit != NULL && room->epoll != -1)
        return 0;
    chat_room_close(room);
    return -1;
}

void
chat_room_close(struct chat_room *room)
{
    while (room->count > 0)
        drop(room, room->client[0]);
    free(room->record.visit);
    free(room->client);
    if (room->epoll != -1)
        close(room->epoll);
    room->epoll = -1;
}

static void
welcome(struct chat_room *room, struct chat_client *client)
{
    char time[CHAT_TIME_MAX], peer[CHAT_CLIENT_PEER_MAX];
    const char *name;

    write_time(time);
    chat_client_peer(client, peer);
    client->number = chat_record_enter(&room->record, time);
    room->present++;
    name = chat_record_find(&room->record, client->number)->name;
    chat_room_show(room, CHAT_CAME, name, peer);
    if (room->rules.ask_name) {
        client->state = CHAT_NAMING;
        chat_client_tell(client, CHAT_ASK_NAME);
    } else {
        client->state = CHAT_TALKING;
        chat_client_tell(client, CHAT_CONNECTED, name);
    }
}

static void
turn_away(struct chat_room *room, struct chat_client *client)
{
    client->state = CHAT_CLOSING;
    chat_room_show(room, CHAT_TURNED_AWAY);
    chat_client_tell(client, CHAT_FULL);
    set_limit(room, client, now_ms() + CLOSE_LIMIT_MS);
}

/* Makes room in the list for one more: 0, or -1 with errno. */
static int
grow(struct chat_room *room)
{
    int size = 2 * room->size + 16;
    struct chat_client **list;

    if (room->count < room->size)
        return 0;
    list = realloc(room->client, (size_t)size * sizeof(struct chat_client *));
    if (list == NULL)
        return -1;
    room->client = list;
    room->size = size;
    return 0;
}

/* Turns away at once, without a care whether the client gets it. */
static void
turn_away_now(struct chat_room *room, int fd)
{
    chat_room_show(room, CHAT_TURNED_AWAY);
    (void)send(fd, CHAT_FULL "\n", sizeof CHAT_FULL,
               MSG_NOSIGNAL | MSG_DONTWAIT);
    close(fd);
}

void
chat_room_enter(struct chat_room *room, int fd)
{
    bool has_place = room->present < room->rules.max_clients;
    struct chat_client *client = NULL;

    if ((has_place || room->count - room->present < POLITE_MAX) &&
        grow(room) == 0)
        client = chat_client_new(room->epoll, fd);
    if (client == NULL) {
        turn_away_now(room, fd);
        return;
    }
    client->place = room->count;
    room->client[room->count++] = client;
    if (has_place)
        welcome(room, client);
    else
        turn_away(room, client);
    end_turn(room, client);
}

int
chat_room_wait_ms(const struct chat_room *room)
{
    int64_t left = room->next_limit - now_ms();

    if (room->next_limit == 0)
        return -1;
    return left > 0 ? (int)left : 0;
}

void
chat_room_expire(struct chat_room *room)
{
    int64_t now;

    if (room->next_limit == 0 || (now = now_ms()) < room->next_limit)
        return;
    room->next_limit = 0;
    for (int i = room->count - 1; i >= 0; i--) { /* drop() moves the last */
        struct chat_client *client = room->client[i];

        if (client->limit == 0 || now < client->limit) {
            set_limit(room, client, client->limit);
            continue;
        }
        if (client->state == CHAT_CLOSING)
            happen(room, client, CHAT_BREAKS);
        client->pending = chat_has_place(client->state);
        hear_lines(room, client, true);
        end_turn(room, client);
    }
}
