/* What sessions of customers and of the operator's people share; nobody else includes it. */
#ifndef GUICHET_SERVICE_SESSION_PARTS_H
#define GUICHET_SERVICE_SESSION_PARTS_H

#include "base/str.h"

enum { SESSION_AGENT_MOST = 200, SESSION_ADDRESS_MOST = 64 };

/* At most `most` bytes of well-formed text on one line, whatever a browser sent. */
struct str session_header_text(struct str s, size_t most);

#endif
