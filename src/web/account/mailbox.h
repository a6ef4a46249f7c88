/* «Vérifiez votre boîte aux lettres»: which address this browser gave, between the form and the page that follows. */
#ifndef GUICHET_WEB_ACCOUNT_MAILBOX_H
#define GUICHET_WEB_ACCOUNT_MAILBOX_H

#include "web/page.h"

/* Keeps the address for the next pages of this browser. Not in the page's address, which histories and logs keep. */
void mailbox_remember(struct page *page, struct str email);

#endif
