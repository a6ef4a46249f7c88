/* The two blocks of an invoice, as they are at the moment in which it is issued (INV-1). */
#ifndef GUICHET_SERVICE_BILLING_H
#define GUICHET_SERVICE_BILLING_H

#include "service/settings.h"

/* One line of the block a line of the text; the first is the name. */
struct str billing_seller(struct arena *arena, const struct settings *settings);
enum err billing_buyer(struct db *db, struct arena *arena, int64_t organisation_id, struct str *ret_block,
                       struct fault *fault);

#endif
