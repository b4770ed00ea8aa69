/*
 * text.c - what to know of a text before it is used or shown
 *
 * Texts are UTF-8 or anything else: only control characters are looked for.
 * They are the bytes below 32, byte 127, and U+0080 to U+009F, which some
 * terminals obey as well.
 */
#include "core/text.h"

#include <ctype.h>
#include <stddef.h>

const char *
text_skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

bool
text_is_blank(const char *text)
{
    return *text_skip_blanks(text) == '\0';
}

/* How many bytes the control character here has; 0: it is none. */
static size_t
control_size(const char *at)
{
    unsigned char first = (unsigned char)at[0];
    unsigned char second = first == 0 ? 0 : (unsigned char)at[1];

    if (first == 0xC2 && second >= 0x80 && second <= 0x9F)
        return 2;
    return first < 32 || first == 127 ? 1 : 0;
}

bool
text_is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (control_size(text) > 0)
            return false;
    }
    return true;
}

void
text_make_plain(char *text)
{
    for (; *text != '\0'; text++) {
        size_t size = *text == '\t' ? 0 : control_size(text);

        for (size_t i = 0; i < size; i++)
            text[i] = '?';
    }
}
