/* The handlers of this area, for the table in pages.c. */
#ifndef GUICHET_WEB_CUSTOMER_PAGES_H
#define GUICHET_WEB_CUSTOMER_PAGES_H

#include "web/page.h"

/* On behalf of a customer. */
void acting_page(struct page *page);
void acting_sent(struct page *page);
void acting_ended(struct page *page);

/* One order. */
void desk_order_page(struct page *page);

#endif
