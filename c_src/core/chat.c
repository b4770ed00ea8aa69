/*
 * chat.c - the rules of the lab `chat`
 *
 * Every decision of the server and of the client that can be made without a
 * socket or a file is made here, in chat_record.c and in chat_stream.c.
 */
#include "core/chat.h"

#include "core/text.h"

#include <ctype.h>
#include <string.h>

/* The columns stand in the order of enum chat_event. */
static const enum chat_state next_state[CHAT_STATES][CHAT_EVENTS] = {
    /* clang-format off */
    /*                 speaks,       names itself, says exit,    ends,         has all,      breaks */
    [CHAT_NAMING]  = { CHAT_NAMING,  CHAT_TALKING, CHAT_CLOSING, CHAT_ENDING,  CHAT_NAMING,  CHAT_GONE },
    [CHAT_TALKING] = { CHAT_TALKING, CHAT_TALKING, CHAT_CLOSING, CHAT_ENDING,  CHAT_TALKING, CHAT_GONE },
    [CHAT_ENDING]  = { CHAT_ENDING,  CHAT_ENDING,  CHAT_CLOSING, CHAT_ENDING,  CHAT_GONE,    CHAT_GONE },
    [CHAT_CLOSING] = { CHAT_CLOSING, CHAT_CLOSING, CHAT_CLOSING, CHAT_GONE,    CHAT_CLOSING, CHAT_GONE },
    [CHAT_GONE]    = { CHAT_GONE,    CHAT_GONE,    CHAT_GONE,    CHAT_GONE,    CHAT_GONE,    CHAT_GONE },
    /* clang-format on */
};

enum chat_state
chat_next(enum chat_state state, enum chat_event event)
{
    return next_state[state][event];
}

bool
chat_has_place(enum chat_state state)
{
    return state == CHAT_NAMING || state == CHAT_TALKING ||
           state == CHAT_ENDING;
}

/* Is `line` this word, with nothing but blanks around it? */
static bool
is_word(const char *line, const char *word)
{
    const char *at = text_skip_blanks(line);
    size_t length = strlen(word);

    return strncmp(at, word, length) == 0 && text_is_blank(at + length);
}

enum chat_command
chat_command(const char *line, const char **name)
{
    static const struct {
        const char *word;
        enum chat_command command;
    } words[] = {
        {"status", CHAT_STATUS},
        {"list", CHAT_LIST},
        {"exit", CHAT_EXIT},
    };
    const char *at = text_skip_blanks(line);

    *name = line;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is_word(line, words[i].word))
            return words[i].command;
    }
    if (strncmp(at, "get", 3) != 0 || (at[3] != ' ' && at[3] != '\0'))
        return CHAT_SAYS;
    *name = at[3] == ' ' ? at + 4 : at + 3;
    return CHAT_GET;
}

/* Is it `Client` and a number? */
static bool
is_given_name(const char *name)
{
    size_t digits;

    if (strncmp(name, "Client", 6) != 0)
        return false;
    digits = strspn(name + 6, "0123456789");
    return digits > 0 && name[6 + digits] == '\0';
}

const char *
chat_name_fault(const char *name)
{
    if (strlen(name) > CHAT_NAME_MAX)
        return "it is too long";
    if (!text_is_plain(name))
        return "it has a control character in it";
    if (strchr(name, ':') != NULL)
        return "it has a colon in it";
    if (strncmp(name, "File ", 5) == 0 || is_given_name(name))
        return "it could be taken for somebody else";
    return NULL;
}

bool
chat_is_file_name(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length <= CHAT_FILE_MAX && name[0] != '.' &&
           strchr(name, '/') == NULL && text_is_plain(name);
}

/* The number that ends before `end` and begins no earlier than `start`: its
   first digit, or NULL if there is none or it is too large. */
static const char *
read_number_back(const char *start, const char *end, int64_t *number)
{
    const char *first = end;
    int64_t value = 0;

    while (first > start && isdigit((unsigned char)first[-1]))
        first--;
    if (first == end || end - first > 18) /* 18 digits always fit */
        return NULL;
    for (const char *at = first; at < end; at++)
        value = 10 * value + (*at - '0');
    *number = value;
    return first;
}

/* It is read from its end, because a file's name may hold anything. */
bool
chat_read_file_head(const char *line, char *name, int64_t *size)
{
    static const char head[] = "File ", between[] = ": ", tail[] = " bytes";
    size_t length = strlen(line);
    const char *start = line + sizeof head - 1;
    const char *end = line + length - (sizeof tail - 1);
    const char *digit;

    if (length < sizeof head - 1 + sizeof tail - 1 ||
        strncmp(line, head, sizeof head - 1) != 0 || strcmp(end, tail) != 0)
        return false;
    digit = read_number_back(start, end, size);
    if (digit == NULL || digit - start < 2 ||
        strncmp(digit - 2, between, 2) != 0)
        return false;
    length = (size_t)(digit - 2 - start);
    if (length > CHAT_FILE_MAX)
        return false;
    memcpy(name, start, length);
    name[length] = '\0';
    return chat_is_file_name(name);
}
