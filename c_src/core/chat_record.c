/*
 * chat_record.c - who was here, and when
 */
#include "core/chat_record.h"

#include "core/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void
chat_record_init(struct chat_record *record, struct chat_visit *room,
                 size_t size)
{
    record->visit = room;
    record->size = size;
    record->count = 0;
    record->last_number = 0;
}

static bool
is_here(const struct chat_visit *visit)
{
    return visit->left[0] == '\0';
}

/* Makes room for one visit. */
static void
forget_one(struct chat_record *record)
{
    struct chat_visit *visit = record->visit;
    size_t at = 0;

    while (is_here(&visit[at]))
        at++;
    record->count--;
    memmove(&visit[at], &visit[at + 1], (record->count - at) * sizeof *visit);
}

int
chat_record_enter(struct chat_record *record, const char *time)
{
    struct chat_visit *visit;

    if (record->count == record->size)
        forget_one(record);
    visit = &record->visit[record->count++];
    visit->number = ++record->last_number;
    chat_given_name(visit->number, visit->name);
    snprintf(visit->came, sizeof visit->came, "%s", time);
    visit->left[0] = '\0';
    return visit->number;
}

struct chat_visit *
chat_record_find(const struct chat_record *record, int number)
{
    size_t low = 0, high = record->count;

    while (low < high) { /* the numbers only rise, so halve what is left */
        size_t middle = low + (high - low) / 2;

        if (record->visit[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return &record->visit[low];
}

/* Has another client that is here this name? */
static bool
is_taken(const struct chat_record *record, int number, const char *name)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct chat_visit *visit = &record->visit[i];

        if (visit->number != number && is_here(visit) &&
            strcmp(visit->name, name) == 0)
            return true;
    }
    return false;
}

const char *
chat_record_rename(const struct chat_record *record, int number,
                   const char *name)
{
    struct chat_visit *visit = chat_record_find(record, number);
    const char *from = text_skip_blanks(name);
    size_t length = strlen(from);
    char wanted[CHAT_LINE_MAX + 1];
    const char *fault;

    while (length > 0 && isspace((unsigned char)from[length - 1]))
        length--;
    snprintf(wanted, sizeof wanted, "%.*s", (int)length, from);
    if (wanted[0] == '\0' || strcmp(wanted, visit->name) == 0)
        return NULL;
    fault = chat_name_fault(wanted);
    if (fault != NULL)
        return fault;
    if (is_taken(record, number, wanted))
        return "somebody else has it";
    memcpy(visit->name, wanted, length + 1);
    return NULL;
}

void
chat_record_leave(struct chat_record *record, int number, const char *time)
{
    struct chat_visit *visit = chat_record_find(record, number);

    snprintf(visit->left, sizeof visit->left, "%s", time);
}

void
chat_given_name(int number, char *text)
{
    snprintf(text, CHAT_NAME_MAX + 1, "Client%02d", number);
}

void
chat_visit_write(const struct chat_visit *visit, char *text, size_t size)
{
    char given[CHAT_NAME_MAX + 1];
    bool renamed;

    chat_given_name(visit->number, given);
    renamed = strcmp(given, visit->name) != 0;
    snprintf(text, size, "%s%s%s%s connected at %s%s%s", given,
             renamed ? " (" : "", renamed ? visit->name : "",
             renamed ? ")" : "", visit->came,
             is_here(visit) ? "" : ", left at ", visit->left);
}
