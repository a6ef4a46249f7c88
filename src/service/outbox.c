/* Writing the outbox's rows. */
#include "service/outbox.h"

#include "store/queries.h"

static struct maybe_int id_or_null(int64_t id)
{
    return (struct maybe_int){.is = id != 0, .v = id};
}

enum err outbox_add(struct db *db, struct arena *arena, struct outbox_row row, struct fault *fault)
{
    (void)arena;
    return q_outbox_add(db,
                        (struct outbox_add_in){
                            .kind = row.kind,
                            .organisation_id = id_or_null(row.organisation_id),
                            .order_id = id_or_null(row.order_id),
                            .visit_id = id_or_null(row.visit_id),
                            .recipient = row.recipient,
                            .recipient_name = row.recipient_name,
                            .lang = lang_code(row.lang),
                            .detail = row.detail,
                            .next_at = row.due != 0 ? row.due : row.now,
                            .created_at = row.now,
                        },
                        NULL, fault);
}
