/* The handlers of the operator's side, for the table in pages.c. */
#ifndef GUICHET_WEB_STAFF_PAGES_H
#define GUICHET_WEB_STAFF_PAGES_H

#include "web/page.h"

/* Signing in: password, then always the second factor (ACC-6). */
void staff_sign_in_page(struct page *page);
void staff_sign_in_sent(struct page *page);
void staff_code_sent(struct page *page);
void staff_enrol_sent(struct page *page);
void staff_sign_out_sent(struct page *page);

void staff_home_page(struct page *page);

/* One's own access: password, recovery codes, sessions. */
void own_page(struct page *page);
void own_password_sent(struct page *page);
void own_codes_sent(struct page *page);
void own_session_ended(struct page *page);
void own_sessions_ended(struct page *page);

/* The audit (TASK_AUDIT). */
void audit_page(struct page *page);

/* The operator's people (TASK_STAFF). */
void people_page(struct page *page);
void person_new_page(struct page *page);
void person_invited(struct page *page);
void person_page(struct page *page);
void person_changed(struct page *page);
void person_linked(struct page *page);
void person_forgotten(struct page *page); /* a new link and a new second factor */
void person_disabled(struct page *page);
void person_enabled(struct page *page);

/* Customers: one search box, the newest orders, one page each (OPS-1). */
void desk_search_page(struct page *page);
void desk_orders_page(struct page *page);
void desk_customer_page(struct page *page);

/* The link of an invitation, to either side. */
void invitation_page(struct page *page);
void invitation_sent(struct page *page);

#endif
