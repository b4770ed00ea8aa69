/*
 * sum.c - the rules of the lab `sum`
 *
 * Everything about a sentence that can be decided without a socket is
 * decided here, so that all of it can be tested without one.
 */
#include "core/sum.h"

#include "core/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *
sum_why(enum sum_result result)
{
    static const char *const why[SUM_RESULTS] = {
        [SUM_READY] = "it is understood",
        [SUM_EMPTY] = "it is empty",
        [SUM_NO_COLON] = "it is not of the form `NAME: NUMBER`",
        [SUM_NO_NAME] = "it has no name",
        [SUM_LONG_NAME] = "its name is too long",
        [SUM_NOT_INTEGER] = "it is not an integer",
        [SUM_TOO_LARGE] = "the number is too large",
        [SUM_TOO_LONG] = "it is too long",
    };

    return why[result];
}

enum sum_result
sum_read_number(const char *text, int *number)
{
    const char *at = text_skip_blanks(text);
    bool negative = *at == '-';
    bool large = false;
    const char *digits;
    int value = 0;

    if (*at == '\0')
        return SUM_EMPTY;
    if (*at == '-' || *at == '+')
        at++;
    for (digits = at; *at >= '0' && *at <= '9'; at++) {
        int digit = *at - '0';

        if (value > (SUM_NUMBER_MAX - digit) / 10)
            large = true;
        else
            value = 10 * value + digit;
    }
    if (at == digits || !text_is_blank(at))
        return SUM_NOT_INTEGER;
    if (large)
        return SUM_TOO_LARGE;
    *number = negative ? -value : value;
    return SUM_READY;
}

/* The text after `Client of` or `Server of`; `text` itself without them. */
static const char *
skip_role(const char *text)
{
    const char *of;

    if (strncasecmp(text, "client", 6) != 0 &&
        strncasecmp(text, "server", 6) != 0)
        return text;
    of = text_skip_blanks(text + 6);
    if (of == text + 6 || strncasecmp(of, "of", 2) != 0)
        return text;
    if (of[2] != ':' && !isspace((unsigned char)of[2]))
        return text;
    return text_skip_blanks(of + 2);
}

enum sum_result
sum_read(const char *text, struct sum_pair *pair)
{
    const char *name = skip_role(text_skip_blanks(text));
    const char *colon = strrchr(name, ':');
    enum sum_result result;
    size_t length;
    int number;

    if (text_is_blank(text))
        return SUM_EMPTY;
    if (colon == NULL)
        return SUM_NO_COLON;
    length = (size_t)(colon - name);
    while (length > 0 && isspace((unsigned char)name[length - 1]))
        length--;
    if (length == 0)
        return SUM_NO_NAME;
    if (length > SUM_NAME_MAX)
        return SUM_LONG_NAME;

    result = sum_read_number(colon + 1, &number);
    if (result != SUM_READY) /* a name and a colon alone are not empty */
        return result == SUM_EMPTY ? SUM_NOT_INTEGER : result;
    memcpy(pair->name, name, length);
    pair->name[length] = '\0';
    text_make_plain(pair->name);
    pair->number = number;
    return SUM_READY;
}

void
sum_write(enum sum_role role, const struct sum_pair *pair, char *text,
          size_t size)
{
    snprintf(text, size, "%s of %s: %d",
             role == SUM_CLIENT ? "Client" : "Server", pair->name,
             pair->number);
}

bool
sum_is_name(const char *name)
{
    return !text_is_blank(name) && text_is_plain(name) &&
           strlen(name) <= SUM_NAME_MAX;
}

bool
sum_is_in_range(int number)
{
    return number >= SUM_LOWEST && number <= SUM_HIGHEST;
}
