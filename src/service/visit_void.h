/* The end of a confirmed visit: closed by the monument, replaced by another, refunded, exchanged (ORD-4, OPT-6, STK-1). */
#ifndef GUICHET_SERVICE_VISIT_VOID_H
#define GUICHET_SERVICE_VISIT_VOID_H

#include "service/service.h"

/* Inside a write command: the visit becomes cancelled, its places return to its slot, its tickets become `cancelled`
 * with `why` and the moment, the passes and exchanged tickets that paid it are free again (PMP-1, STK-1). `why`: closure, replaced, refunded, exchanged. Money is not touched: that is refund_add's.
 * *ret_voided false (and nothing is changed) when the visit was not confirmed: a second call changes nothing. */
enum err visit_void(struct db *db, struct arena *arena, int64_t visit_id, struct str why, instant now, bool *ret_voided,
                    struct fault *fault);

#endif
