/*
 * text.h - what to know of a text before it is used or shown
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include <stdbool.h>

/* The first byte that is not a blank, or the end. A pointer into `text`. */
const char *text_skip_blanks(const char *text);

/* Does `text` hold nothing but blanks? */
bool text_is_blank(const char *text);

/* Does `text` hold no control characters (a tab, an escape, ...)? */
bool text_is_plain(const char *text);

/*
 * Put a `?` in the place of each control character but the tab. Whoever
 * sends us a text could otherwise send commands to our terminal.
 */
void text_make_plain(char *text);

#endif
