/*
 * chat_asked.h - which files has the client asked for?
 *
 * The client saves a file only if the person at it has asked for it: a server
 * could otherwise put files into the folder as it likes. Answers come in the
 * order of the questions, but a question may get no answer that is a file, so
 * the last CHAT_ASKED_MAX questions are kept.
 */
#ifndef CORE_CHAT_ASKED_H
#define CORE_CHAT_ASKED_H

#include "core/chat.h"

#define CHAT_ASKED_MAX 64

struct chat_asked {
    char name[CHAT_ASKED_MAX][CHAT_FILE_MAX + 1]; /* empty: none */
    unsigned next; /* which one is overwritten next */
};

/* Nothing was asked for. */
void chat_asked_init(struct chat_asked *asked);

/* The person has typed this line: it may ask for a file. */
void chat_asked_note(struct chat_asked *asked, const char *line);

/* This file comes: was it asked for? The question is answered then. */
bool chat_asked_take(struct chat_asked *asked, const char *name);

#endif
