/*
 * chat_answer.h - what a client of the chat is answered
 *
 * The commands are those of core/chat.h. Answers are put into the outbox of
 * the client; only what is relayed is sent to the others at once.
 */
#ifndef NET_CHAT_ANSWER_H
#define NET_CHAT_ANSWER_H

#include "net/chat_client.h"
#include "net/chat_room.h"

/* Answer a line: the event that it is. */
enum chat_event chat_answer(const struct chat_room *room,
                            struct chat_client *client, const char *line);

#endif
