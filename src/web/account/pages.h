/* The handlers of this area's pages. */
#ifndef GUICHET_WEB_ACCOUNT_PAGES_H
#define GUICHET_WEB_ACCOUNT_PAGES_H

#include "web/page.h"

void sign_in_page(struct page *page);
void sign_in_sent(struct page *page);
void sign_out_sent(struct page *page);

#endif
