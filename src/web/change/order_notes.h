/* What an order's page says of changes: of the order itself and of each of its visits (OPT-6, COM-5). */
#ifndef GUICHET_WEB_CHANGE_ORDER_NOTES_H
#define GUICHET_WEB_CHANGE_ORDER_NOTES_H

#include "service/order.h"
#include "web/app.h"
#include "web/change/views.h"

/* `rows`: one for each visit of the order, in its order. False: the page has ended. */
bool order_notes_fill(struct page *page, const struct order_view *order, struct change_head *ret_head,
                      struct change_row **ret_rows);

#endif
