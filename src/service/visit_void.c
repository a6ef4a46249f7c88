/* Ending a confirmed visit. */
#include "service/visit_void.h"

#include "service/right_booking.h"
#include "store/queries.h"

enum err visit_void(struct db *db, struct arena *arena, int64_t visit_id, struct str why, instant now, bool *ret_voided,
                    struct fault *fault)
{
    struct visit_void_take_row visit;
    bool found = false;
    enum err err = q_visit_void_take(db, arena, (struct visit_void_take_in){.id = visit_id, .now = now}, &visit, &found,
                                     fault);
    if (err == OK && found && visit.start_at.is)
        err = q_slot_give(db, (struct slot_give_in){.monument_id = visit.monument_id, .start_at = visit.start_at.v,
                                                    .persons = visit.persons}, NULL, fault);
    if (err == OK && found)
        err = q_visit_void_tickets(db, (struct visit_void_tickets_in){.visit_id = visit_id, .now = now, .why = why}, NULL,
                                   fault);
    if (err == OK && found)
        err = right_numbers_return(db, arena, visit_id, now, fault);
    if (err == OK)
        *ret_voided = found;
    return err;
}
