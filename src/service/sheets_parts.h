/* What the invoice, the pro forma and the credit note have in common. */
#ifndef GUICHET_SERVICE_SHEETS_PARTS_H
#define GUICHET_SERVICE_SHEETS_PARTS_H

#include "service/sheets.h"
#include "store/queries.h"

struct billed {
    struct order_by_id_row order;
    struct order_lines_list rows;
    struct str number; /* empty on a pro forma */
    struct str seller, buyer; /* blocks, as billing.h makes them */
    instant issued_at;
};
/* As an invoice; whoever prints something else says so afterwards: title, facts, amounts, payment. */
enum err billed_sheet_fill(struct service *service, struct db *db, struct arena *arena, const struct billed *billed,
                           enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault);

/* The pro forma of an order that waits for an allowed transfer (CRT-4). ERR_NOT_FOUND: it is none. */
enum err proforma_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                             enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault);
/* One credit note of an order. ERR_NOT_FOUND: it has none with that number. */
enum err credit_note_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                                struct str number, enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault);

#endif
