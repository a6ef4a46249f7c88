/* What the pages of customer service for one customer share. */
#ifndef GUICHET_WEB_CUSTOMER_COMMON_H
#define GUICHET_WEB_CUSTOMER_COMMON_H

#include "service/customer.h"
#include "web/account/common.h"
#include "web/app.h"
#include "web/customer/views.h"

/* The organisation of the address, and its name and people. false: the page has ended with 404. */
bool customer_find(struct page *page, enum task task, struct customer_page_head *ret_head);
/* A number of the address. false: the page has ended with 404. */
bool customer_captured(struct page *page, const char *name, int64_t *ret_id);
/* Whose act the form of this page is. */
struct customer_act customer_act_of(const struct page *page, const struct staff_caller *caller,
                                    const struct customer_page_head *head, struct str reason);
/* Back to the customer's page, with one sentence. */
void customer_done(struct page *page, int64_t organisation_id, enum msg done);
/* The message of a refusal; MSG_none for CUSTOMER_REFUSED_NOT. */
enum msg customer_refusal_message(enum customer_refusal refusal);

/* «Motif», in every form of these acts. */
#define F_REASON(T, ...)                                                                                             \
    F_TEXT(T, reason, "motif", MSG_customer_reason, .required = true, .max = STAFF_REASON_MOST, __VA_ARGS__)

#endif
