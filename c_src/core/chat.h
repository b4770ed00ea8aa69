/*
 * chat.h - the rules of the lab `chat`
 *
 * Clients send lines to a server, which answers each of them. Every line
 * ends with \n; after `File NAME: SIZE bytes` come exactly SIZE bytes that
 * are the file, and then the next line.
 *
 *     a client sends         it gets
 *     (connects)             Connected as Client01
 *     hello world            hello world ACK
 *     status                 Clients: 2
 *                            Client01 connected at DATE TIME
 *                            Client02 connected at DATE TIME, left at DATE TIME
 *     list                   Files: 2
 *                            a.txt
 *                            b.txt
 *     get a.txt              File a.txt: 5 bytes, and then these 5 bytes
 *     a.txt                  the same
 *     get c.txt              No such file: c.txt
 *     exit                   (the server closes the connection)
 *
 * The number in `Clients: N` and `Files: N` says how many lines follow. One
 * client more than there are places gets `Server is full, try again later.`
 * and is closed.
 *
 * A server that asks for names says `Please enter a name:` in place of
 * `Connected as Client01`, and takes the next line as the name: it answers
 * `Your name is set as: NAME`, or says why not and asks again. An empty line
 * keeps `Client01`. Such a server also says `status ACK`, `list ACK`,
 * `get a.txt ACK` before it answers these.
 *
 * A server that relays sends what is no command to the other clients, too, as
 * `NAME: hello world`.
 *
 * What a line is. It ends with \n or \r\n, with a zero byte, when the client
 * closes, or when nothing more has come for CHAT_PAUSE_MS: many programs
 * send no line end. A line of more than CHAT_LINE_MAX bytes is refused and
 * dropped up to its end. Blanks around a command do not matter; one blank
 * stands between `get` and the name, and all that follows is the name.
 */
#ifndef CORE_CHAT_H
#define CORE_CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHAT_PORT 12345
#define CHAT_CLIENTS 3     /* places, unless an option says otherwise */
#define CHAT_LINE_MAX 4096 /* bytes of a line, without its end */
#define CHAT_NAME_MAX 32   /* bytes of a client's name */
#define CHAT_FILE_MAX 255  /* bytes of a file's name */
#define CHAT_SENTENCE_MAX (CHAT_LINE_MAX + 128)
#define CHAT_PAUSE_MS 200 /* ends a line that has no end */

/* What the server says to a client. */
#define CHAT_CONNECTED "Connected as %s"
#define CHAT_FULL "Server is full, try again later."
#define CHAT_ASK_NAME "Please enter a name:"
#define CHAT_NAME_SET "Your name is set as: %s"
#define CHAT_NAME_REFUSED "Name refused: %s"
#define CHAT_ACK "%s ACK"
#define CHAT_RELAY "%s: %s"
#define CHAT_STATUS_HEAD "Clients: %zu"
#define CHAT_LIST_HEAD "Files: %zu"
#define CHAT_FILE_HEAD "File %s: %lld bytes"
#define CHAT_NO_FILE "No such file: %s"
#define CHAT_NO_FILE_NOW "File not sent: %s: %s"
#define CHAT_NO_LIST "Files not listed: %s"
#define CHAT_LONG_LINE "Line refused: it is longer than %d bytes"
#define CHAT_MISSED "%u messages were left out: you read too slowly"

/* What the server says at its terminal. */
#define CHAT_LISTENING "Listening on port %d"
#define CHAT_CAME "%s connected from %s"
#define CHAT_CALLED "%s is called %s"
#define CHAT_SENDING "%s gets %s (%lld bytes)"
#define CHAT_SHRANK "%s does not get the whole file: it shrank"
#define CHAT_WENT "%s disconnected at %s"
#define CHAT_TURNED_AWAY "Turned a client away: the server is full"

/* What the client says at its terminal. */
#define CHAT_HINT "Type a message, or one of: status, list, get NAME, exit"
#define CHAT_PROMPT "> "
#define CHAT_SAVED "Saved %s (%lld bytes)"
#define CHAT_SAVED_AS "Saved %s as %s (%lld bytes)"
#define CHAT_NOT_SAVED "Not saved: %s: %s"
#define CHAT_BYE "Disconnected"

/* ---- one connection ------------------------------------------------------ */

/* How far a connection has come, as the server sees it. */
enum chat_state {
    CHAT_NAMING,  /* the client was asked for its name */
    CHAT_TALKING, /* its lines are answered */
    CHAT_ENDING,  /* it will send no more; what it sent is still answered */
    CHAT_CLOSING, /* we shall say no more; it is waited for to close */
    CHAT_GONE,    /* nothing is left but to close the descriptor */
};
#define CHAT_STATES 5

/* What can happen to a connection. */
enum chat_event {
    CHAT_SPEAKS,       /* it said something else */
    CHAT_NAMES_ITSELF, /* it has chosen a name */
    CHAT_EXITS,        /* it said `exit` */
    CHAT_ENDS,         /* the end of what it sends was read */
    CHAT_HEARD_ALL,    /* every line was answered and all was sent */
    CHAT_BREAKS,       /* it is broken, or has taken too long to close */
};
#define CHAT_EVENTS 6

/* The state after `event`. An event that changes nothing keeps the state. */
enum chat_state chat_next(enum chat_state state, enum chat_event event);

/* Does a client in this state have a place, and are its lines answered? */
bool chat_has_place(enum chat_state state);

/* ---- what a client says -------------------------------------------------- */

enum chat_command {
    CHAT_SAYS,   /* anything that is no command */
    CHAT_STATUS, /* who was here? */
    CHAT_LIST,   /* which files are there? */
    CHAT_GET,    /* send a file */
    CHAT_EXIT,   /* good-bye */
};

/* What the line asks for. `*name`: after CHAT_GET the file's name, which may
   be empty; else the line. A pointer into `line`. */
enum chat_command chat_command(const char *line, const char **name);

/*
 * Why `name` cannot be a client's name, the end of a sentence; NULL: it can.
 * Refused are names that could be taken for somebody else: `Client07`, which
 * may be the next client's, and any that would make a relayed message look
 * like the head of a file.
 */
const char *chat_name_fault(const char *name);

/* ---- files --------------------------------------------------------------- */

/*
 * May this be the name of a file in the folder? Never one that leads out of
 * it: no `/`, no dot in front (so neither `..` nor a hidden file), no control
 * characters, 1 to CHAT_FILE_MAX bytes. Both sides ask this.
 */
bool chat_is_file_name(const char *name);

/* Read the head of a file. `name` has room for CHAT_FILE_MAX + 1 bytes. */
bool chat_read_file_head(const char *line, char *name, int64_t *size);

#endif
