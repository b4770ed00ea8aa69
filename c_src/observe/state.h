/* state.h - the state of a session as the protocol's JSON
 *
 * Sections `The state` of c_src/PROTOCOL.md. Reads what costs too much for
 * every look: what descriptors are, who owns which socket.
 */
#ifndef OBSERVE_STATE_H
#define OBSERVE_STATE_H

#include "observe/session.h"

/* {"threads": [...], "sockets": [...]} of the last look and the last dump of
 * sockets. The caller owns it. */
json_t *state_json(const struct session *session);

#endif
