/* Writing the audit's rows. */
#include "service/audit.h"

#include "store/queries.h"

static struct maybe_int id_or_null(int64_t id)
{
    return (struct maybe_int){.is = id != 0, .v = id};
}

enum err audit_add(struct db *db, struct arena *arena, struct audit_row row, struct fault *fault)
{
    (void)arena;
    return q_audit_add(db,
                       (struct audit_add_in){
                           .at = row.at,
                           .person_id = id_or_null(row.person_id),
                           .staff_id = id_or_null(row.staff_id),
                           .organisation_id = id_or_null(row.organisation_id),
                           .act = row.act,
                           .subject = row.subject,
                           .detail = row.detail,
                           .reason = row.reason,
                           .was = row.was,
                           .became = row.became,
                       },
                       NULL, fault);
}
