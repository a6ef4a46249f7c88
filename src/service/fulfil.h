/* From a paid order to confirmed visits, tickets, invoice and mails: the second half of a settlement. */
#ifndef GUICHET_SERVICE_FULFIL_H
#define GUICHET_SERVICE_FULFIL_H

#include "service/service.h"

/* Inside a write command. Takes again the places that the order's visits no longer hold, all or none; *ret_done is false
 * (and nothing is changed) when they are gone or sold with another order. Otherwise the order is confirmed: visits,
 * one ticket a person (COM-3, TKT-1), the invoice with its gap-free number, the outbox rows (TKT-4). */
enum err order_fulfil(struct service *service, struct db *db, struct arena *arena, int64_t order_id, instant now,
                      bool *ret_done, struct fault *fault);

/* Inside a write command: a pending order ends without its payment. Its visits are options and holds again, with what is
 * left of their life; the new places of a change return (OPT-6). *ret_ended false: it was not pending. */
enum err order_lapse(struct db *db, struct arena *arena, int64_t order_id, instant now, bool *ret_ended,
                     struct fault *fault);

#endif
