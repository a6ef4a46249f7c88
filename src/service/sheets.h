/* From rows to the sheets that documents are printed from, in the reader's language. */
#ifndef GUICHET_SERVICE_SHEETS_H
#define GUICHET_SERVICE_SHEETS_H

#include "domain/document.h"
#include "service/service.h"

/* The tickets of one visit of a confirmed order (TKT-1). ERR_NOT_FOUND: it has none. */
enum err ticket_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                           int64_t visit_id, enum lang lang, struct ticket_sheet *ret_sheet, struct fault *fault);

/* The invoice of a confirmed order, as issued (INV-1). ERR_NOT_FOUND: there is none. */
enum err invoice_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                            enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault);

#endif
