/* The handlers of this area; see pages.c. */
#ifndef GUICHET_WEB_REQUEST_PAGES_H
#define GUICHET_WEB_REQUEST_PAGES_H

#include "web/app.h"

void request_ask_page(struct page *page);
void request_ask_sent(struct page *page);
void request_list_page(struct page *page);
void request_one_page(struct page *page);
void request_take_sent(struct page *page);
void request_leave_sent(struct page *page);
void request_withdraw_sent(struct page *page);
void request_till_sent(struct page *page);
void request_say_sent(struct page *page);
void request_pay_sent(struct page *page);
void request_confirmation_page(struct page *page);
void request_confirmation_download(struct page *page);

void request_desk_list_page(struct page *page);
void request_desk_one_page(struct page *page);
void request_desk_accept_sent(struct page *page);
void request_desk_propose_sent(struct page *page);
void request_desk_decline_sent(struct page *page);
void request_desk_cancel_sent(struct page *page);
void request_desk_say_sent(struct page *page);

#endif
