/*
 * chat_answer.c - what a client of the chat is answered
 */
#include "net/chat_answer.h"

#include "net/folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The name that a client goes by. */
static const char *
name_of(const struct chat_room *room, const struct chat_client *client)
{
    return chat_record_find(&room->record, client->number)->name;
}

static void
tell_status(const struct chat_room *room, struct chat_client *client)
{
    const struct chat_record *record = &room->record;
    char line[CHAT_VISIT_MAX];

    chat_client_tell(client, CHAT_STATUS_HEAD, record->count);
    for (size_t i = 0; i < record->count; i++) {
        chat_visit_write(&record->visit[i], line, sizeof line);
        chat_client_tell(client, "%s", line);
    }
}

static void
tell_files(const struct chat_room *room, struct chat_client *client)
{
    char **names;
    int count = folder_names(room->rules.folder, &names);

    if (count == -1) {
        chat_client_tell(client, CHAT_NO_LIST, strerror(errno));
        return;
    }
    chat_client_tell(client, CHAT_LIST_HEAD, (size_t)count);
    for (int i = 0; i < count; i++)
        chat_client_tell(client, "%s", names[i]);
    folder_free_names(names, count);
}

/* Sends a file: false with errno, and nothing said, if it cannot be opened. */
static bool
tell_file(const struct chat_room *room, struct chat_client *client,
          const char *name)
{
    char given[CHAT_NAME_MAX + 1];
    off_t size;
    int file = folder_file(room->rules.folder, name, &size);

    if (file == -1)
        return false;
    chat_given_name(client->number, given);
    chat_room_show(room, CHAT_SENDING, given, name, (long long)size);
    chat_client_tell(client, CHAT_FILE_HEAD, name, (long long)size);
    outbox_add_file(&client->outbox, file, size);
    return true;
}

static void
tell_no_file(struct chat_client *client, const char *name)
{
    if (errno == ENOENT)
        chat_client_tell(client, CHAT_NO_FILE, name);
    else
        chat_client_tell(client, CHAT_NO_FILE_NOW, name, strerror(errno));
}

static enum chat_event
set_name(const struct chat_room *room, struct chat_client *client,
         const char *name)
{
    const char *fault = chat_record_rename(&room->record, client->number, name);
    char given[CHAT_NAME_MAX + 1];

    if (fault != NULL) {
        chat_client_tell(client, CHAT_NAME_REFUSED, fault);
        chat_client_tell(client, CHAT_ASK_NAME);
        return CHAT_SPEAKS;
    }
    chat_given_name(client->number, given);
    chat_room_show(room, CHAT_CALLED, given, name_of(room, client));
    chat_client_tell(client, CHAT_NAME_SET, name_of(room, client));
    return CHAT_NAMES_ITSELF;
}

static void
relay(const struct chat_room *room, const struct chat_client *from,
      const char *text)
{
    char line[CHAT_SENTENCE_MAX];

    snprintf(line, sizeof line, CHAT_RELAY, name_of(room, from), text);
    for (int i = 0; i < room->count; i++) {
        struct chat_client *to = room->client[i];

        if (to == from || to->state != CHAT_TALKING)
            continue;
        if (chat_client_is_behind(to))
            to->missed++;
        else
            chat_client_tell_now(to, line);
    }
}

enum chat_event
chat_answer(const struct chat_room *room, struct chat_client *client,
            const char *line)
{
    const char *name;
    enum chat_command command = chat_command(line, &name);

    if (command == CHAT_EXIT)
        return CHAT_EXITS;
    if (client->state == CHAT_NAMING)
        return set_name(room, client, line);
    if (command == CHAT_SAYS && tell_file(room, client, name))
        return CHAT_SPEAKS; /* the bare name of a file */
    if (command == CHAT_SAYS || room->rules.ask_name)
        chat_client_tell(client, CHAT_ACK, line);
    if (command == CHAT_STATUS)
        tell_status(room, client);
    else if (command == CHAT_LIST)
        tell_files(room, client);
    else if (command == CHAT_GET && !tell_file(room, client, name))
        tell_no_file(client, name);
    else if (command == CHAT_SAYS && room->rules.relay)
        relay(room, client, line);
    return CHAT_SPEAKS;
}
