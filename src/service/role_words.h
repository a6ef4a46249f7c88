/* What a role is called, in the reader's language. */
#ifndef GUICHET_SERVICE_ROLE_WORDS_H
#define GUICHET_SERVICE_ROLE_WORDS_H

#include "domain/role.h"
#include "text/message.h"

/* «Gestionnaire», «Service clients», …; MSG_none for ROLE_NONE. */
enum msg role_message(enum role role);
/* What somebody with this role may do, in one sentence, for forms. */
enum msg role_hint(enum role role);

#endif
