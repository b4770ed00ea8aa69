/*
 * order.c - the rules of the lab `order`
 *
 * Every decision of the server and of the client that can be made without a
 * socket is made here, so that all of them can be tested without one.
 */
#include "core/order.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The columns stand in the order of enum order_event. */
static const enum order_state next_state[ORDER_STATES][ORDER_EVENTS] = {
    /* clang-format off */
    /*                     a client connects, X speaks,         Y speaks,         X leaves,     Y leaves */
    [ORDER_NOBODY]     = { ORDER_ONE,         ORDER_NOBODY,     ORDER_NOBODY,     ORDER_NOBODY, ORDER_NOBODY },
    [ORDER_ONE]        = { ORDER_BOTH,        ORDER_ONE,        ORDER_ONE,        ORDER_X_LEFT, ORDER_ONE },
    [ORDER_BOTH]       = { ORDER_BOTH,        ORDER_X_FIRST,    ORDER_Y_FIRST,    ORDER_X_LEFT, ORDER_Y_LEFT },
    [ORDER_X_FIRST]    = { ORDER_X_FIRST,     ORDER_X_FIRST,    ORDER_X_BEFORE_Y, ORDER_X_LEFT, ORDER_Y_LEFT },
    [ORDER_Y_FIRST]    = { ORDER_Y_FIRST,     ORDER_Y_BEFORE_X, ORDER_Y_FIRST,    ORDER_X_LEFT, ORDER_Y_LEFT },
    [ORDER_X_BEFORE_Y] = { ORDER_X_BEFORE_Y,  ORDER_X_BEFORE_Y, ORDER_X_BEFORE_Y, ORDER_X_LEFT, ORDER_Y_LEFT },
    [ORDER_Y_BEFORE_X] = { ORDER_Y_BEFORE_X,  ORDER_Y_BEFORE_X, ORDER_Y_BEFORE_X, ORDER_X_LEFT, ORDER_Y_LEFT },
    [ORDER_X_LEFT]     = { ORDER_X_LEFT,      ORDER_X_LEFT,     ORDER_X_LEFT,     ORDER_X_LEFT, ORDER_X_LEFT },
    [ORDER_Y_LEFT]     = { ORDER_Y_LEFT,      ORDER_Y_LEFT,     ORDER_Y_LEFT,     ORDER_Y_LEFT, ORDER_Y_LEFT },
    /* clang-format on */
};

enum order_state
order_next(enum order_state state, enum order_event event)
{
    return next_state[state][event];
}

enum order_event
order_speaks(enum order_label label)
{
    return label == ORDER_X ? ORDER_X_SPEAKS : ORDER_Y_SPEAKS;
}

enum order_event
order_leaves(enum order_label label)
{
    return label == ORDER_X ? ORDER_X_LEAVES : ORDER_Y_LEAVES;
}

char
order_letter(enum order_label label)
{
    return label == ORDER_X ? 'X' : 'Y';
}

void
order_start(struct order_session *session)
{
    memset(session, 0, sizeof *session);
    session->state = ORDER_NOBODY;
}

static const char *
skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

bool
order_is_blank(const char *text)
{
    return *skip_blanks(text) == '\0';
}

/* The text after `Client X:` or `X:`; `text` itself where there is no label
   or nothing after it. */
static const char *
skip_label(const char *text)
{
    const char *at = text;

    if (strncasecmp(at, "client", 6) == 0)
        at = skip_blanks(at + 6);
    if (*at == '\0' || strchr("XxYy", *at) == NULL)
        return text;
    at = skip_blanks(at + 1);
    if (*at != ':' || order_is_blank(at + 1))
        return text;
    return skip_blanks(at + 1);
}

void
order_hear(struct order_session *session, enum order_label label,
           const char *text)
{
    char *message = session->message[label];
    const char *from = skip_label(skip_blanks(text));
    size_t length = strlen(from);

    if (length > ORDER_MESSAGE_MAX)
        length = ORDER_MESSAGE_MAX;
    while (length > 0 && isspace((unsigned char)from[length - 1]))
        length--;
    memcpy(message, from, length);
    message[length] = '\0';
}

int
order_number(const struct order_session *session, enum order_label label)
{
    switch (session->state) {
    case ORDER_X_FIRST:
        return label == ORDER_X ? 1 : 0;
    case ORDER_Y_FIRST:
        return label == ORDER_Y ? 1 : 0;
    case ORDER_X_BEFORE_Y:
        return label == ORDER_X ? 1 : 2;
    case ORDER_Y_BEFORE_X:
        return label == ORDER_Y ? 1 : 2;
    default:
        return 0;
    }
}

bool
order_has_failed(const struct order_session *session)
{
    return session->state == ORDER_X_LEFT || session->state == ORDER_Y_LEFT;
}

bool
order_is_over(const struct order_session *session)
{
    bool whole = session->message[ORDER_X][0] != '\0' &&
                 session->message[ORDER_Y][0] != '\0';

    return whole || order_has_failed(session);
}

void
order_outcome(const struct order_session *session, char *text, size_t size)
{
    enum order_label first = ORDER_X, second = ORDER_Y;

    if (order_has_failed(session)) {
        snprintf(text, size, ORDER_LEFT,
                 session->state == ORDER_X_LEFT ? 'X' : 'Y');
        return;
    }
    if (order_number(session, ORDER_Y) == 1) {
        first = ORDER_Y;
        second = ORDER_X;
    }
    snprintf(text, size, ORDER_ANSWER, order_letter(first),
             session->message[first], order_letter(second),
             session->message[second]);
}

const char *
order_without_sender(const char *sentence)
{
    static const char sender[] = "From Server:";

    sentence = skip_blanks(sentence);
    if (strncasecmp(sentence, sender, sizeof sender - 1) == 0)
        return skip_blanks(sentence + sizeof sender - 1);
    return sentence;
}

/* strcasestr() is not in POSIX. */
static bool
contains(const char *text, const char *word)
{
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, word, strlen(word)) == 0)
            return true;
    }
    return false;
}

bool
order_is_greeting(const char *sentence)
{
    return contains(sentence, "connected");
}

/* Only the server's own words count: a message may say "left before" too. */
static bool
says_who_left(const char *sentence)
{
    char left[sizeof ORDER_LEFT];

    for (int label = ORDER_X; label <= ORDER_Y; label++) {
        snprintf(left, sizeof left, ORDER_LEFT,
                 order_letter((enum order_label)label));
        if (strcmp(sentence, left) == 0)
            return true;
    }
    return false;
}

bool
order_is_answer(const char *sentence)
{
    return contains(sentence, "before") &&
           !says_who_left(order_without_sender(sentence));
}
