/* A closure of the demonstration, so that the desk's list is not empty (OPS-4): a day of filming in some weeks, at a
 * monument where nobody has booked that day yet. */
#include "service/demo_parts.h"
#include "store/queries.h"

enum { DAYS_AHEAD = 75, DAYS_LOOKED = 40 };

/* The first day from then on that has slots, none of them taken. */
static enum err quiet_day(struct demo *demo, struct db *db, struct arena *arena, int64_t monument_id, instant *ret_from,
                          instant *ret_until, bool *ret_found, struct fault *fault)
{
    const struct zone *zone = &demo->settings.zone;
    *ret_found = false;
    for (day_number day = demo->today + DAYS_AHEAD; day < demo->today + DAYS_AHEAD + DAYS_LOOKED; day++) {
        struct closure_slots_of_day_list slots;
        *ret_from = instant_of(zone, day, 0);
        *ret_until = instant_of(zone, day + 1, 0);
        enum err err = q_closure_slots_of_day(db, arena, (struct closure_slots_of_day_in){.monument_id = monument_id,
            .from_at = *ret_from, .until_at = *ret_until}, &slots, fault);
        if (err != OK)
            return err;
        int64_t used = 0;
        for (size_t i = 0; i < slots.n; i++)
            used += slots.p[i].taken;
        if (slots.n > 0 && used == 0) {
            *ret_found = true;
            return OK;
        }
    }
    return OK;
}

static enum err close_day(struct demo *demo, struct db *db, struct arena *arena, int64_t monument_id, int64_t staff_id,
                          instant from, instant until, struct fault *fault)
{
    static const struct str fr = {"Tournage d’un film dans les cours", sizeof "Tournage d’un film dans les cours" - 1};
    static const struct str en = {"A film is being shot in the courtyards", sizeof "A film is being shot in the courtyards" - 1};
    struct closure_insert_row closure;
    enum err err = q_closure_insert(db, arena, (struct closure_insert_in){
        .monument_id = monument_id, .scope = S("days"), .from_at = from, .until_at = until, .reason_fr = fr, .reason_en = en,
        .choose_until = demo->now + demo->settings.closure_choice_days * SECONDS_A_DAY,
        .refund_by_default = demo->settings.closure_refund_by_default, .staff_id = staff_id,
        .request_key = S("demonstration"), .now = demo->now}, &closure, NULL, fault);
    if (err == OK)
        err = q_closure_slots_note(db, (struct closure_slots_note_in){.closure_id = closure.id, .monument_id = monument_id,
            .from_at = from, .until_at = until, .now = demo->now}, NULL, fault);
    if (err == OK)
        err = q_closure_slots_close(db, (struct closure_slots_close_in){.closure_id = closure.id,
            .monument_id = monument_id, .from_at = from, .until_at = until, .reason_fr = fr, .reason_en = en}, NULL, fault);
    if (err == OK)
        err = q_closure_finish(db, (struct closure_finish_in){.id = closure.id, .now = demo->now}, NULL, fault);
    return err;
}

enum err demo_add_closure(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    struct staff_by_email_row staff;
    size_t count = 0;
    bool found = false;
    const struct demo_staff *people = demo_staff(&count);
    for (size_t i = 0; i < demo->monument_count; i++) {
        instant from = 0, until = 0;
        if (!str_eq(demo->monuments[i].slug, S("chateau-de-vincennes")))
            continue;
        enum err err = q_staff_by_email(db, arena, (struct staff_by_email_in){.email_key = people[0].email}, &staff, &found,
                                        fault);
        if (err == OK && found)
            err = quiet_day(demo, db, arena, demo->monuments[i].id, &from, &until, &found, fault);
        if (err != OK || !found)
            return err;
        return close_day(demo, db, arena, demo->monuments[i].id, staff.id, from, until, fault);
    }
    return OK;
}
