/*
 * sum.h - the rules of the lab `sum`
 *
 * A client and a server tell each other a name and a number, and both show
 * the sum. On the wire, each sentence ending with \n:
 *
 *     client to server     Client of Student: 17
 *     server to client     Server of Lab: 42
 *
 * or, where the client's sentence is not understood:
 *
 *     server to client     Message refused: it is not an integer
 *
 * How a sentence is read. Programs that others wrote space it in ways of
 * their own, so blanks around the words, the colon and the number do not
 * matter, and `Client of` or `Server of` may be missing or in capitals. The
 * number is what follows the last colon: a name may hold colons itself.
 *
 * An integer is a `+`, a `-` or nothing, and then decimal digits. One beyond
 * SUM_NUMBER_MAX either way is refused, so that a sum always fits an int.
 * Any other integer is added; one outside 1 to 100 then ends the server.
 */
#ifndef CORE_SUM_H
#define CORE_SUM_H

#include <stdbool.h>
#include <stddef.h>

#define SUM_PORT 12001
#define SUM_SERVER_NUMBER 42
#define SUM_LOWEST 1
#define SUM_HIGHEST 100
#define SUM_NUMBER_MAX 999999999
#define SUM_NAME_MAX 64  /* bytes of a name */
#define SUM_LINE_MAX 256 /* bytes of a sentence, without its end */

/* What the server says at its terminal. */
#define SUM_LISTENING "Listening on port %d"
#define SUM_CONNECTED "%s has connected to Server of %s"
#define SUM_CLIENT_NUMBER "Client's number: %d"
#define SUM_SERVER_NUMBER_IS "Server's number: %d"
#define SUM_CLOSING "%d is outside %d to %d: closing all sockets"
#define SUM_SILENT "A client said nothing for %d ms: closing its connection"
#define SUM_LEFT "A client left before it sent anything"

/* What the client says at its terminal. */
#define SUM_PROMPT "Enter an integer: "
#define SUM_ASK_AGAIN "Not sent: %s"
#define SUM_FROM_SERVER "From Server: %s"

/* What both say. */
#define SUM_REFUSED "Message refused: %s"
#define SUM_SUM "Sum: %d + %d = %d"

/* Who says a sentence. */
enum sum_role { SUM_CLIENT, SUM_SERVER };

/* A name and a number. */
struct sum_pair {
    char name[SUM_NAME_MAX + 1];
    int number;
};

/* What became of a text that was read. */
enum sum_result {
    SUM_READY,       /* the name and the number were set */
    SUM_EMPTY,       /* fault: nothing but blanks */
    SUM_NO_COLON,    /* fault: not a name, a colon and a number */
    SUM_NO_NAME,     /* fault: nothing before the colon */
    SUM_LONG_NAME,   /* fault: more than SUM_NAME_MAX bytes of name */
    SUM_NOT_INTEGER, /* fault: the number is none, or has a fraction */
    SUM_TOO_LARGE,   /* fault: beyond SUM_NUMBER_MAX either way */
    SUM_TOO_LONG,    /* fault: the whole text is too long to be read */
};
#define SUM_RESULTS 8

/* Why a text was refused: the end of a sentence, such as `it is empty`. */
const char *sum_why(enum sum_result result);

/* Read an integer. `*number` is set with SUM_READY only. */
enum sum_result sum_read_number(const char *text, int *number);

/* Read a sentence. `*pair` is set with SUM_READY only. */
enum sum_result sum_read(const char *text, struct sum_pair *pair);

/* Write a sentence, without its line end. SUM_LINE_MAX + 1 is enough. */
void sum_write(enum sum_role role, const struct sum_pair *pair, char *text,
               size_t size);

/* May `name` be used as a name: not empty, not too long, no line ends? */
bool sum_is_name(const char *name);

/* Is the number one that lets the server go on? */
bool sum_is_in_range(int number);

#endif
