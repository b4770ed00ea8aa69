/*
 * order.h - the rules of the lab `order`
 *
 * Two clients connect to a server. The first to connect is X, the second is
 * Y. The server greets both, takes one message from each and tells both
 * which message arrived first. On the wire, each sentence ending with \n:
 *
 *     server to X     Client X connected
 *     X to server     Alice
 *     server to both  X: Alice received before Y: Bob
 *
 * What counts as a message. Clients that others wrote send a name in ways of
 * their own, so the server takes them all by one rule:
 *
 *   - A message begins with its first byte that is not blank. This is the
 *     moment of its arrival; the order of these moments is the answer.
 *   - It ends with \n or \r\n, or with a zero byte (a C string that was sent
 *     with its end), or when the client closes. Where none of these comes,
 *     it ends when nothing more has come for MESSAGE_PAUSE_MS (net/message.h):
 *     most clients send a name without a line end. So a message may be split
 *     over segments, and only one without a line end costs that pause.
 *   - Blanks around it are dropped, and so is one `Client X: `, `Client Y: `,
 *     `X: ` or `Y: ` in front of it, in capitals or not: the server knows who
 *     it is talking to. Where nothing would be left, the label is the message.
 *   - A blank line is refused with a sentence; the server goes on waiting.
 *   - A line of more than ORDER_MESSAGE_MAX bytes is refused with a sentence
 *     and counts as leaving.
 *   - Whatever follows the first message is ignored.
 *
 * Leaving. A client that closes before its message is whole has left: the
 * other one is told, and the session is over. A client that closes after its
 * message has done its part: the answer is still sent to both.
 *
 * Nothing here reads, writes or waits, and nothing here is locked: the caller
 * owns the session.
 */
#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#define ORDER_PORT 12000
#define ORDER_MESSAGE_MAX 1024 /* bytes of a line, without its end */
#define ORDER_SENTENCE_MAX (2 * ORDER_MESSAGE_MAX + 64)

/* What the server says at its terminal. */
#define ORDER_LISTENING "Listening on port %d"
#define ORDER_WAITING "The server is waiting to receive 2 connections...."
#define ORDER_ACCEPTED "Accepted %s connection, calling it client %c"
#define ORDER_ASKING                                                           \
    "Waiting to receive messages from client X and client Y...."
#define ORDER_SENT "Client %c sent message %d: %s"
#define ORDER_MORE "Client %c sent more than one message: the rest is ignored"
#define ORDER_ACKNOWLEDGED "Sent acknowledgment to both X and Y"
#define ORDER_LEFT_LATE "Client %c left before the answer"
#define ORDER_CLOSING "Waiting a bit for clients to close their connections"
#define ORDER_DONE "Done."

/* What the server says to a client; some of it at its terminal as well. */
#define ORDER_GREETING "Client %c connected"
#define ORDER_ANSWER "%c: %s received before %c: %s"
#define ORDER_LEFT "Client %c left before it sent a message"
#define ORDER_EMPTY_MESSAGE "Message refused: it is empty"
#define ORDER_LONG_MESSAGE "Message refused: it is longer than %d bytes"

/* What the client says at its terminal. */
#define ORDER_FROM_SERVER "From Server: %s"
#define ORDER_PROMPT "Enter message to send to server: "
#define ORDER_TYPED "Sent: %s"

/* A client's label: its place in the order of connecting. */
enum order_label { ORDER_X, ORDER_Y };

/* How far the server has come with one pair of clients. */
enum order_state {
    ORDER_NOBODY,     /* nobody has connected */
    ORDER_ONE,        /* X has connected, Y is awaited */
    ORDER_BOTH,       /* both have connected, no message has arrived */
    ORDER_X_FIRST,    /* X's message has arrived, Y's is awaited */
    ORDER_Y_FIRST,    /* Y's message has arrived, X's is awaited */
    ORDER_X_BEFORE_Y, /* both have arrived, X's first */
    ORDER_Y_BEFORE_X, /* both have arrived, Y's first */
    ORDER_X_LEFT,     /* X left first, without a whole message: no answer */
    ORDER_Y_LEFT,     /* Y left first, without a whole message: no answer */
};
#define ORDER_STATES 9

/* What can happen to the server. */
enum order_event {
    ORDER_CONNECTS, /* a client was accepted */
    ORDER_X_SPEAKS, /* the first byte of X's message was taken */
    ORDER_Y_SPEAKS, /* the first byte of Y's message was taken */
    ORDER_X_LEAVES, /* X closed before its message was whole */
    ORDER_Y_LEAVES, /* Y closed before its message was whole */
};
#define ORDER_EVENTS 5

/* The state after `event`. An event that changes nothing keeps the state. */
enum order_state order_next(enum order_state state, enum order_event event);

/* The events of one client. */
enum order_event order_speaks(enum order_label label);
enum order_event order_leaves(enum order_label label);

/* 'X' or 'Y'. */
char order_letter(enum order_label label);

/* One pair of clients and what they said. */
struct order_session {
    enum order_state state;
    char message[2][ORDER_MESSAGE_MAX + 1]; /* by label; empty: not whole yet */
};

/* A session that nobody has connected to. */
void order_start(struct order_session *session);

/* Does `text` hold nothing but blanks? */
bool order_is_blank(const char *text);

/*
 * Take the whole line `text`, which is not blank, as the message of `label`.
 * Its arrival was told to order_next() before. What is kept is a copy.
 */
void order_hear(struct order_session *session, enum order_label label,
                const char *text);

/* 1 if the message of `label` arrived first, 2 if second, 0 if not at all. */
int order_number(const struct order_session *session, enum order_label label);

/* Is there nothing left to wait for: two whole messages, or somebody left? */
bool order_is_over(const struct order_session *session);

/* Did somebody leave, so that there is no answer? */
bool order_has_failed(const struct order_session *session);

/*
 * Write what both clients are told when the session is over: the answer, or
 * who left. `size` of ORDER_SENTENCE_MAX is always enough.
 */
void order_outcome(const struct order_session *session, char *text,
                   size_t size);

/*
 * For the client: the sentence without a `From Server:` that the server put
 * in front of it. A pointer into `sentence`.
 */
const char *order_without_sender(const char *sentence);

/* For the client: does this sentence say that it is connected? */
bool order_is_greeting(const char *sentence);

/* For the client: does this sentence say which message was first? */
bool order_is_answer(const char *sentence);

#endif
