/* How a change of a paid visit ends: made by its payment or at once, or given up (OPT-6). Called inside the write
 * commands of payments. */
#include "service/order_change_parts.h"

#include "domain/leader.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/refund.h"
#include "service/visit_void.h"

struct taking {
    struct service *service;
    struct db *db;
    struct arena *arena;
    int64_t order_id;
    instant now;
    struct change_of_order_row change;
};

static enum err read_change(struct taking *taking, bool *ret_found, struct fault *fault)
{
    return q_change_of_order(taking->db, taking->arena, (struct change_of_order_in){.new_order_id = taking->order_id},
                             &taking->change, ret_found, fault);
}

static bool is_live(struct str state)
{
    return str_eq(state, S("option")) || str_eq(state, S("cart"));
}

/* ---- Made ------------------------------------------------------------------------------------------------------- */

/* The locks first, then the look that counts: the old visit is still there, nobody of the group has been let in, and no
 * other change of it was asked for since this one ended. */
static enum err lock_and_read(struct taking *taking, struct fault *fault)
{
    enum err err = q_order_lock(taking->db, (struct order_lock_in){.id = taking->change.old_order_id}, NULL, fault);
    if (err == OK)
        err = q_change_lock(taking->db, (struct change_lock_in){.visit_id = taking->change.old_visit_id}, NULL, fault);
    if (err == OK)
        err = q_change_lock_tickets(taking->db, (struct change_lock_tickets_in){
            .visit_id = taking->change.old_visit_id}, NULL, fault);
    bool found = false;
    return err == OK ? read_change(taking, &found, fault) : err;
}

static enum err may_be_made(const struct taking *taking, bool *ret_may, struct fault *fault)
{
    const struct change_of_order_row *change = &taking->change;
    bool live = is_live(change->new_state);
    int64_t grace = live || change->new_whole_day.v ? change->new_minutes.v * 60 : 0;
    *ret_may = (str_eq(change->state, S("pending")) || str_eq(change->state, S("ended"))) && change->others == 0 && change->credited == 0 &&
               str_eq(change->old_state, S("confirmed")) && change->used == 0 &&
               taking->now < change->old_start_at.v + change->old_minutes.v * 60 &&
               taking->now < change->new_start_at.v + grace;
    struct change_money_row money;
    enum err err = q_change_money(taking->db, taking->arena, (struct change_money_in){.order_id = change->old_order_id},
                                  &money, NULL, fault);
    if (err == OK && money.left_cents < change->carried_cents + change->returned_cents)
        *ret_may = false; /* a part of it went back while this was being paid */
    return err;
}

static bool same_slot(const struct change_of_order_row *change)
{
    return change->old_start_at.v == change->new_start_at.v;
}

/* Paid after its end: its places are taken again, those of its own slot by the difference. */
static enum err take_again(struct taking *taking, bool *ret_taken, struct fault *fault)
{
    struct change_of_order_row *change = &taking->change;
    int more = same_slot(change) ? change_places_more((int)change->old_persons, (int)change->new_persons)
                                 : (int)change->new_persons;
    change->lent_persons = change->new_persons - more;
    *ret_taken = true;
    if (more == 0)
        return OK;
    struct slot_take_row taken;
    return q_slot_take(taking->db, taking->arena, (struct slot_take_in){.monument_id = change->monument_id,
        .start_at = change->new_start_at.v, .persons = more}, &taken, ret_taken, fault);
}

/* The old visit ends: its places return, and those that were lent are the successor's. */
static enum err hand_over(struct taking *taking, struct fault *fault)
{
    const struct change_of_order_row *change = &taking->change;
    bool voided = false;
    enum err err = visit_void(taking->db, taking->arena, change->old_visit_id, S("replaced"), taking->now, &voided,
                              fault);
    if (err == OK && !voided)
        return fault_set(fault, ERR_BUG, "visit %lld could not be replaced", (long long)change->old_visit_id);
    if (err == OK && change->lent_persons > 0) {
        struct change_take_over_row taken;
        bool found = false;
        err = q_change_take_over(taking->db, taking->arena, (struct change_take_over_in){
            .monument_id = change->monument_id, .start_at = change->new_start_at.v, .persons = change->lent_persons},
            &taken, &found, fault);
        if (err == OK && !found)
            return fault_set(fault, ERR_BUG, "places of visit %lld", (long long)change->old_visit_id);
    }
    if (err != OK)
        return err;
    return q_change_visit_whole(taking->db, (struct change_visit_whole_in){.id = change->new_visit_id,
        .leader_id = change->old_leader_id}, NULL, fault);
}

/* All that the old visit was sold for is credited; what the new one does not need goes back. */
static enum err credit(struct taking *taking, struct fault *fault)
{
    const struct change_of_order_row *change = &taking->change;
    struct order_lines_list rows;
    enum err err = q_order_lines(taking->db, taking->arena, (struct order_lines_in){.order_id = change->old_order_id},
                                 &rows, fault);
    if (err != OK)
        return err;
    struct refund_line *lines = ARENA_ARRAY(taking->arena, rows.n + 1, struct refund_line);
    size_t count = 0;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.p[i].visit_id == change->old_visit_id)
            lines[count++] = (struct refund_line){
                .visit_id = rows.p[i].visit_id, .tariff_code = rows.p[i].tariff_code, .role = rows.p[i].role,
                .quantity = rows.p[i].quantity, .unit = cents(rows.p[i].unit_cents), .vat_code = rows.p[i].vat_code};
    struct refund_made made = {.refusal = REFUND_NOT_REFUSED};
    err = refund_add(taking->service, taking->db, taking->arena, &(struct refund_request){
        .order_id = change->old_order_id, .amount = cents(change->returned_cents), .lines = lines, .line_count = count,
        .reason = S("change"), .request_key = str_format(taking->arena, "change-%lld", (long long)change->id),
        .staff_id = change->staff_id.v}, taking->now, &made, fault);
    if (err == OK && made.refusal != REFUND_NOT_REFUSED)
        return fault_set(fault, ERR_BUG, "the credit of change %lld was refused", (long long)change->id);
    return err;
}

/* Who accompanies the group is told at once that it comes at another time or with another number (COM-4). A
 * placeholder has no address. */
static enum err tell_leader(struct taking *taking, struct fault *fault)
{
    struct leader_of_visit_row leader;
    struct order_by_id_row order;
    enum err err = q_leader_of_visit(taking->db, taking->arena, (struct leader_of_visit_in){
        .visit_id = taking->change.new_visit_id}, &leader, NULL, fault);
    if (err == OK)
        err = q_order_by_id(taking->db, taking->arena, (struct order_by_id_in){.id = taking->order_id}, &order, NULL,
                            fault);
    if (err != OK || !leader.email.is || str_empty(leader.email.v))
        return err;
    return outbox_add(taking->db, taking->arena, (struct outbox_row){
        .kind = S("leader-moved"), .organisation_id = taking->change.organisation_id, .order_id = taking->order_id,
        .visit_id = taking->change.new_visit_id, .recipient = leader.email.v,
        .recipient_name = str_format(taking->arena, "%.*s %.*s", STR_ARG(leader.first_name.v),
                                     STR_ARG(leader.last_name.v)),
        .lang = lang_of(order.lang), .now = taking->now}, fault);
}

static enum err make(struct taking *taking, struct fault *fault)
{
    enum err err = hand_over(taking, fault);
    if (err == OK)
        err = credit(taking, fault);
    if (err == OK)
        err = q_change_done(taking->db, (struct change_done_in){.id = taking->change.id, .now = taking->now}, NULL,
                            fault);
    return err == OK ? tell_leader(taking, fault) : err;
}

enum err order_change_take(struct service *service, struct db *db, struct arena *arena, int64_t order_id, instant now,
                           bool *ret_is_change, bool *ret_claimed, struct fault *fault)
{
    struct taking taking = {.service = service, .db = db, .arena = arena, .order_id = order_id, .now = now};
    bool found = false, claimed = false;
    enum err err = read_change(&taking, &found, fault);
    if (err != OK || !found) {
        *ret_is_change = false;
        return err;
    }
    err = lock_and_read(&taking, fault);
    if (err == OK)
        err = may_be_made(&taking, &claimed, fault);
    if (err == OK && claimed && !is_live(taking.change.new_state))
        err = take_again(&taking, &claimed, fault);
    if (err == OK && claimed)
        err = make(&taking, fault);
    if (err == OK) {
        *ret_is_change = true;
        *ret_claimed = claimed;
    }
    return err;
}

/* ---- Given up --------------------------------------------------------------------------------------------------- */

static enum err give_back(struct taking *taking, struct fault *fault)
{
    const struct change_of_order_row *change = &taking->change;
    int64_t held = change->new_persons - change->lent_persons;
    if (!is_live(change->new_state))
        return OK;
    enum err err = q_change_visit_end(taking->db, (struct change_visit_end_in){.id = change->new_visit_id,
        .now = taking->now}, NULL, fault);
    if (err == OK && held > 0)
        err = q_slot_give(taking->db, (struct slot_give_in){.monument_id = change->monument_id,
            .start_at = change->new_start_at.v, .persons = held}, NULL, fault);
    return err;
}

static enum err tell_ended(struct taking *taking, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = q_order_by_id(taking->db, taking->arena, (struct order_by_id_in){.id = taking->order_id}, &order,
                                 NULL, fault);
    if (err != OK)
        return err;
    err = outbox_add(taking->db, taking->arena, (struct outbox_row){
        .kind = S("change-ended"), .organisation_id = taking->change.organisation_id, .order_id = taking->order_id,
        .visit_id = taking->change.old_visit_id, .recipient = order.email,
        .recipient_name = str_format(taking->arena, "%.*s %.*s", STR_ARG(order.first_name), STR_ARG(order.last_name)),
        .lang = lang_of(order.lang), .now = taking->now}, fault);
    if (err != OK)
        return err;
    return audit_add(taking->db, taking->arena, (struct audit_row){
        .at = taking->now, .organisation_id = taking->change.organisation_id, .act = S("order.change-ended"),
        .subject = taking->change.old_order_ref, .detail = order.ref}, fault);
}

enum err order_change_order_ended(struct db *db, struct arena *arena, int64_t order_id, instant now,
                                  struct fault *fault)
{
    struct taking taking = {.db = db, .arena = arena, .order_id = order_id, .now = now};
    bool found = false;
    enum err err = read_change(&taking, &found, fault);
    if (err != OK || !found || !str_eq(taking.change.state, S("pending")))
        return err;
    err = q_change_lock(db, (struct change_lock_in){.visit_id = taking.change.new_visit_id}, NULL, fault);
    if (err == OK)
        err = read_change(&taking, &found, fault);
    int64_t ended = 0;
    if (err == OK)
        err = q_change_ended(db, (struct change_ended_in){.id = taking.change.id, .now = now}, &ended, fault);
    if (err != OK || ended == 0)
        return err;
    err = give_back(&taking, fault);
    return err == OK ? tell_ended(&taking, fault) : err;
}

/* ---- Job -------------------------------------------------------------------------------------------------------- */

struct sweep {
    struct service *service;
    struct change_adrift_list adrift;
    int64_t order_id;
};

static enum err adrift_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct sweep *sweep = argument;
    return q_change_adrift(db, arena, &sweep->adrift, fault);
}

static enum err sweep_one(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct sweep *sweep = argument;
    return order_change_order_ended(db, arena, sweep->order_id, service_now(sweep->service), fault);
}

enum err order_change_sweep(struct service *service, struct arena *arena, int *ret_ended, struct fault *fault)
{
    struct sweep sweep = {.service = service};
    int ended = 0;
    enum err err = service_read(service, arena, adrift_read, &sweep, fault);
    for (size_t i = 0; err == OK && i < sweep.adrift.n; i++) {
        sweep.order_id = sweep.adrift.p[i].new_order_id;
        err = service_write(service, arena, sweep_one, 0, &sweep, fault);
        ended += err == OK;
    }
    if (err == OK)
        *ret_ended = ended;
    return err;
}
