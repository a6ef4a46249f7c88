/* Ticket numbers as CSV, for barcodes or QR codes on the customer's own vouchers (TKT-2): while one of the
 * organisation's
 * layouts is approved, and no longer. The columns are named on the help page, in English for programs, and do not
 * change:
 *
 *   ticket_number   13 digits, for a barcode (leading zeros are part of it)
 *   qr_code         the text of the QR code, as on the ticket of the PDF
 *   monument, city
 *   visit_date      2026-12-12; empty for undated tickets
 *   visit_time      10:30, local; empty for tickets of a day and undated ones
 *   valid_until     the last day
 *   tariff, price   in the reader's language; the price as «11.00», in euros
 *   holder          visitor, guide or leader
 *   holder_name     of the guide or leader
 *   proof           what must be shown at the gate; may be empty
 *   order, position the order's reference; 1 to n inside the visit
 *
 * Tickets that let nobody in any more are left out. */
#ifndef GUICHET_SERVICE_TICKET_CSV_H
#define GUICHET_SERVICE_TICKET_CSV_H

#include "base/buf.h"
#include "service/layout.h"

/* The list of one visit, with the byte order mark (domain/csv.h). ERR_NOT_FOUND: not this organisation's order, not
 * confirmed, or no layout is approved. TASK_TICKETS. */
enum err order_tickets_csv(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           int64_t visit_id, struct buf *out, struct fault *fault);

/* What the order's page offers. */
struct tickets_choice {
    bool approved; /* else there is nothing to choose */
    bool own;      /* the order has its own choice */
    enum tickets_as as;
};
/* TASK_TICKETS; for another role `approved` is false. ERR_NOT_FOUND: not this organisation's order. */
enum err order_tickets_form(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                            struct tickets_choice *ret_form, struct fault *fault);
/* What mails with tickets of this order carry from now on. TASK_TICKETS. */
enum err order_tickets_choose(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                              enum tickets_as as, struct fault *fault);

/* ---- for the mail with the tickets, inside a transaction ---- */

/* PDF unless a layout is approved. */
enum err tickets_as_of(struct db *db, struct arena *arena, int64_t order_id, enum tickets_as *ret_as,
                       struct fault *fault);
enum err ticket_csv_write(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                          int64_t visit_id, enum lang lang, struct buf *out, struct fault *fault);

#endif
