/* commands.h - carry out one line of the protocol (c_src/PROTOCOL.md) */
#ifndef OBSERVE_COMMANDS_H
#define OBSERVE_COMMANDS_H

#include "observe/session.h"

/* Carries out one command and writes its reply. Returns false when the
 * command was `quit`. A line that is no command gets a `failed` reply. */
bool command_run(struct session *session, const char *line, size_t length);

#endif
