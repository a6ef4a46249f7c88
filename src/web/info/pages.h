/* The handlers of this area; see pages.c. */
#ifndef GUICHET_WEB_INFO_PAGES_H
#define GUICHET_WEB_INFO_PAGES_H

#include "web/page.h"

void help_page(struct page *page);

void terms_page(struct page *page);
void privacy_page(struct page *page);
void accessibility_page(struct page *page);

void mails_page(struct page *page);
void mail_page(struct page *page);
void mail_attachment_page(struct page *page);

#endif
