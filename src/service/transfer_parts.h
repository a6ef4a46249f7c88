/* What the files of transfers share. */
#ifndef GUICHET_SERVICE_TRANSFER_PARTS_H
#define GUICHET_SERVICE_TRANSFER_PARTS_H

#include "domain/transfer.h"
#include "service/transfer.h"
#include "store/queries.h"

static inline struct transfer_rule transfer_rule_of(const struct settings *settings)
{
    return (struct transfer_rule){.days = (int)settings->transfer_days, .lead_days = (int)settings->transfer_lead_days,
                                  .least_days = (int)settings->transfer_least_days};
}

/* A mail to the buyer of an order. */
enum err transfer_mail(struct db *db, struct arena *arena, int64_t order_id, const struct order_by_id_row *order,
                       struct str kind, struct str detail, instant now, struct fault *fault);
/* The two mails about money that waits for its refund: to the buyer and to customer service. */
enum err transfer_refund_due_mails(struct db *db, struct arena *arena, int64_t order_id,
                                   const struct order_by_id_row *order, instant now, struct fault *fault);

/* Inside a write command: the order is over without its money. Its places return at once (`give_back`), or its visits
 * are options and holds again with what is left of their life. What had arrived in part waits for its refund. */
enum err transfer_lapse(struct db *db, struct arena *arena, int64_t order_id, bool give_back, instant now,
                        bool *ret_ended, struct fault *fault);

struct str transfer_buyer(struct arena *arena, struct str first, struct str last);

#endif
