/* What the pages of this area share. */
#ifndef GUICHET_WEB_TRANSFER_COMMON_H
#define GUICHET_WEB_TRANSFER_COMMON_H

#include "service/staff.h"
#include "web/account/common.h"
#include "web/app.h"
#include "web/transfer/views.h"

enum { TRANSFER_REASON_MOST = 300 };

/* «Motif», in every form of these acts. */
#define F_WHY(T, ...)                                                                                                \
    F_TEXT(T, reason, "motif", MSG_transfer_reason, .required = true, .max = TRANSFER_REASON_MOST, __VA_ARGS__)

/* «1 250,50 €» as a person types it. false: something else, or not above nothing. */
bool amount_parse(struct str typed, struct cents *ret_amount);
/* The same back into a field: «1250,50». */
struct str amount_typed(struct page *page, struct cents amount);

/* The order of the address in its stored form. false: the page has ended. */
bool transfer_captured_ref(struct page *page, struct str *ret_ref);
/* A number of the address. false: the page has ended with 404. */
bool transfer_captured_id(struct page *page, int64_t *ret_id);

/* «transfer.GROUP.WORD», a dash as an underscore; MSG_none when there is no such message. */
enum msg transfer_word(const char *group, struct str word);

/* What the customer's pages show; see views.h. false: the page has ended. */
bool transfer_box_fill(struct page *page, struct str ref, struct str service_email, struct transfer_box *ret_box);
bool refund_box_fill(struct page *page, struct str ref, struct refund_box *ret_box);
bool transfer_choice_fill(struct page *page, struct str service_email, bool chosen, struct transfer_choice *ret_choice);

#endif
