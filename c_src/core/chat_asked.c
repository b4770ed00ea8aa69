/*
 * chat_asked.c - which files has the client asked for?
 */
#include "core/chat_asked.h"

#include <string.h>

void
chat_asked_init(struct chat_asked *asked)
{
    memset(asked, 0, sizeof *asked);
}

void
chat_asked_note(struct chat_asked *asked, const char *line)
{
    const char *name;
    enum chat_command command = chat_command(line, &name);

    /* Without `get` it may be a name or not: only the server knows. */
    if ((command != CHAT_GET && command != CHAT_SAYS) ||
        !chat_is_file_name(name))
        return;
    strcpy(asked->name[asked->next], name);
    asked->next = (asked->next + 1) % CHAT_ASKED_MAX;
}

bool
chat_asked_take(struct chat_asked *asked, const char *name)
{
    for (int i = 0; i < CHAT_ASKED_MAX; i++) {
        if (asked->name[i][0] != '\0' && strcmp(asked->name[i], name) == 0) {
            asked->name[i][0] = '\0';
            return true;
        }
    }
    return false;
}
