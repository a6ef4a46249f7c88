/* The handlers of this area's pages; pages.c says where they are. */
#ifndef GUICHET_WEB_CHANGE_PAGES_H
#define GUICHET_WEB_CHANGE_PAGES_H

#include "web/page.h"

void visit_change_page(struct page *page); /* OPT-6 */
void visit_change_sent(struct page *page);
void leader_replace_page(struct page *page); /* COM-5 */
void leader_replace_sent(struct page *page);

#endif
