/* The demonstration's maildir behind the mailbox port of the pages. */
#ifndef GUICHET_CMD_MAILBOX_H
#define GUICHET_CMD_MAILBOX_H

#include "mail/maildir.h"
#include "service/mailbox.h"

/* Valid as long as the maildir. */
struct mailbox mailbox_of_maildir(struct maildir *maildir);

#endif
