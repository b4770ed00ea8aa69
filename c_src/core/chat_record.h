/*
 * chat_record.h - who was here, and when
 *
 * A record has one visit for each client that ever had a place: those that
 * are here, and those that have left, in the order of connecting. When its
 * room is used up it forgets the client that came first among those that have
 * left. Times are texts that the caller makes: nothing here knows a clock.
 */
#ifndef CORE_CHAT_RECORD_H
#define CORE_CHAT_RECORD_H

#include "core/chat.h"

#define CHAT_TIME_MAX 20   /* `2025-02-08 20:08:47` and its zero byte */
#define CHAT_VISIT_MAX 160 /* bytes of what chat_visit_write() writes */

struct chat_visit {
    int number;                   /* 1, 2, ...: never given twice */
    char name[CHAT_NAME_MAX + 1]; /* `Client01` until it chooses one */
    char came[CHAT_TIME_MAX];
    char left[CHAT_TIME_MAX]; /* empty: it is here */
};

struct chat_record {
    struct chat_visit *visit; /* the caller's; by number, the lowest first */
    size_t size, count;
    int last_number;
};

/* Use `room` for `size` visits: more than there can be clients at a time. */
void chat_record_init(struct chat_record *record, struct chat_visit *room,
                      size_t size);

/* A client has come: its number. */
int chat_record_enter(struct chat_record *record, const char *time);

/* The client that is here under `number`. Good until the next one enters. */
struct chat_visit *chat_record_find(const struct chat_record *record,
                                    int number);

/*
 * The client that is here chooses a name; blanks around it are dropped, and an
 * empty one keeps the name that it has. Why it cannot have it, the end of a
 * sentence; NULL: it has it.
 */
const char *chat_record_rename(const struct chat_record *record, int number,
                               const char *name);

/* The client that was here has left. */
void chat_record_leave(struct chat_record *record, int number,
                       const char *time);

/* Write `Client01`. `text` has room for CHAT_NAME_MAX + 1 bytes. */
void chat_given_name(int number, char *text);

/* Write a line of the record, without its line end. */
void chat_visit_write(const struct chat_visit *visit, char *text, size_t size);

#endif
