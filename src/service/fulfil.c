/* Fulfilment: places, tickets, invoice and mails of an order, inside the transaction that books its money. */
#include "service/fulfil.h"

#include "base/limits.h"
#include "domain/leader.h"
#include "domain/reference.h"
#include "domain/validity.h"
#include "service/billing.h"
#include "service/order_change.h"
#include "service/outbox.h"
#include "service/request.h"
#include "service/settings.h"
#include "store/queries.h"

struct fulfilment {
    struct service *service;
    struct db *db;
    struct arena *arena;
    int64_t order_id;
    instant now;
    struct settings settings;
    struct order_by_id_row order;
    struct order_visits_list visits;
    struct order_lines_list lines;
    bool is_change; /* it replaces a paid visit (OPT-6) */
};

/* ---- Places ----------------------------------------------------------------------------------------------------- */

static bool is_live(const struct order_visits_row *visit)
{
    return str_eq(visit->state, S("option")) || str_eq(visit->state, S("cart"));
}

/* Held by another order that is being paid or was paid: these places are not this order's to sell. */
static bool sold_elsewhere(const struct fulfilment *f, const struct order_visits_row *visit)
{
    return str_eq(visit->state, S("confirmed")) || (visit->held_by.is && visit->held_by.v != f->order_id);
}

/* After its order had ended the option was changed to another number of persons: that is not what was paid. */
static bool sold_for_others(const struct fulfilment *f, const struct order_visits_row *visit)
{
    int64_t sold = 0;
    for (size_t i = 0; i < f->lines.n; i++)
        sold += f->lines.p[i].visit_id == visit->id ? f->lines.p[i].quantity : 0;
    return sold != visit->persons;
}

static enum err give_taken(const struct fulfilment *f, size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        const struct order_visits_row *visit = &f->visits.p[i];
        if (!visit->start_at.is || is_live(visit))
            continue;
        enum err err = q_slot_give(f->db, (struct slot_give_in){.monument_id = visit->monument_id,
            .start_at = visit->start_at.v, .persons = visit->persons}, NULL, fault);
        if (err != OK)
            return err;
    }
    return OK;
}

/* What was held until its payment is sold as long as the visit lasts; what must be taken again, only before a slot
 * begins, or while a dated ticket's day lasts. */
static bool too_late(const struct fulfilment *f, const struct order_visits_row *visit)
{
    if (!visit->start_at.is)
        return false;
    bool until_its_end = is_live(visit) || visit->whole_day.v != 0;
    return f->now >= visit->start_at.v + (until_its_end ? visit->minutes.v * 60 : 0);
}

/* A closed slot takes nobody, not even who held places there before. The statement locks its row, so that a closure at the
 * same moment either finds this order confirmed or stops it (OPS-4). What a closure has ended is not sold by money that
 * comes late, also when its slot is open again. */
static enum err slots_open(const struct fulfilment *f, bool *ret_open, struct fault *fault)
{
    *ret_open = true;
    for (size_t i = 0; i < f->visits.n && *ret_open; i++) {
        const struct order_visits_row *visit = &f->visits.p[i];
        struct slot_take_row taken;
        struct closure_was_released_row closure = {0};
        if (!visit->start_at.is)
            continue;
        enum err err = q_slot_take(f->db, f->arena, (struct slot_take_in){.monument_id = visit->monument_id,
            .start_at = visit->start_at.v, .persons = 0}, &taken, ret_open, fault);
        if (err == OK && *ret_open && !is_live(visit))
            err = q_closure_was_released(f->db, f->arena, (struct closure_was_released_in){.visit_id = visit->id},
                                         &closure, NULL, fault);
        if (err != OK)
            return err;
        *ret_open = *ret_open && closure.n == 0;
    }
    return OK;
}

/* Takes again what is not held any more. All or none: when one is gone those already taken are given back. */
static enum err claim_places(struct fulfilment *f, bool *ret_claimed, struct fault *fault)
{
    for (size_t i = 0; i < f->visits.n; i++)
        if (sold_elsewhere(f, &f->visits.p[i]) || sold_for_others(f, &f->visits.p[i]) || too_late(f, &f->visits.p[i])) {
            *ret_claimed = false;
            return OK;
        }
    for (size_t i = 0; i < f->visits.n; i++) {
        const struct order_visits_row *visit = &f->visits.p[i];
        if (!visit->start_at.is || is_live(visit))
            continue;
        struct slot_take_row taken;
        bool found = false;
        enum err err = q_slot_take(f->db, f->arena, (struct slot_take_in){.monument_id = visit->monument_id,
            .start_at = visit->start_at.v, .persons = visit->persons}, &taken, &found, fault);
        if (err != OK)
            return err;
        if (!found) {
            *ret_claimed = false;
            return give_taken(f, i, fault);
        }
    }
    *ret_claimed = true;
    return OK;
}

/* ---- Tickets ---------------------------------------------------------------------------------------------------- */

static struct validity validity_of(const struct fulfilment *f, const struct order_visits_row *visit)
{
    if (!visit->start_at.is)
        return validity_undated(&f->service->zone, f->now, (int)f->settings.ticket_validity_years);
    if (visit->whole_day.v)
        return validity_day(&f->service->zone, service_day(f->service, visit->start_at.v));
    return validity_slot(visit->start_at.v, (int)visit->minutes.v);
}

static enum err insert_ticket(const struct fulfilment *f, const struct order_visits_row *visit,
                              const struct order_lines_row *line, enum ticket_role role, int64_t position,
                              struct fault *fault)
{
    uint64_t random = 0;
    random_fill(&f->service->random, &random, sizeof random);
    char number[TICKET_NUMBER_SIZE];
    if (!ticket_number_make((int64_t)(random % (uint64_t)(TICKET_NUMBER_MAX + 1)), number))
        return fault_set(fault, ERR_BUG, "ticket number");
    struct validity validity = validity_of(f, visit);
    return q_ticket_insert(f->db, (struct ticket_insert_in){
        .number = str_of(number), .code = random_code(&f->service->random, f->arena, 16), .order_id = f->order_id,
        .visit_id = visit->id, .position = position, .role = str_of(ticket_role_name(role)),
        .tariff_code = line->tariff_code, .price_cents = line->unit_cents, .valid_from = validity.from,
        .valid_until = validity.until, .now = f->now}, NULL, fault);
}

/* One ticket a person. The leader's is the first: the free line's, or one of those that pay (COM-3). */
static enum err issue_tickets(const struct fulfilment *f, const struct order_visits_row *visit, struct fault *fault)
{
    enum leader_kind leader = LEADER_NONE;
    if (!leader_kind_parse(visit->leader_kind, &leader))
        return fault_set(fault, ERR_BUG, "visit %lld has an unknown leader", (long long)visit->id);
    enum ticket_role role_of_leader = leader_role(leader);
    bool leader_has_line = false;
    for (size_t i = 0; i < f->lines.n; i++)
        if (f->lines.p[i].visit_id == visit->id && !str_eq(f->lines.p[i].role, S("visitor")))
            leader_has_line = true;

    int64_t position = 2;
    bool leader_done = leader == LEADER_NONE;
    if (leader_done)
        position = 1;
    for (size_t i = 0; i < f->lines.n; i++) {
        const struct order_lines_row *line = &f->lines.p[i];
        if (line->visit_id != visit->id)
            continue;
        bool leaders_own = !str_eq(line->role, S("visitor"));
        for (int64_t n = 0; n < line->quantity; n++) {
            bool is_leader = !leader_done && (leaders_own || !leader_has_line);
            enum err err = insert_ticket(f, visit, line, is_leader ? role_of_leader : ROLE_VISITOR,
                                         is_leader ? 1 : position++, fault);
            if (err != OK)
                return err;
            leader_done = leader_done || is_leader;
        }
    }
    return OK;
}

/* ---- Invoice ---------------------------------------------------------------------------------------------------- */

static enum err issue_invoice(const struct fulfilment *f, struct fault *fault)
{
    int year = date_of(service_day(f->service, f->now)).year;
    struct number_draw_row drawn;
    enum err err = q_number_draw(f->db, f->arena, (struct number_draw_in){.series = S("F"), .year = year}, &drawn, NULL, fault);
    if (err != OK)
        return err;
    struct str buyer = {0};
    err = billing_buyer(f->db, f->arena, f->order.organisation_id, &buyer, fault);
    if (err != OK)
        return err;
    return q_invoice_insert(f->db, (struct invoice_insert_in){
        .number = str_format(f->arena, "F%d-%06lld", year, (long long)drawn.number), .series = S("F"), .year = year,
        .sequence = drawn.number, .order_id = f->order_id, .now = f->now, .total_cents = f->order.total_cents,
        .seller = billing_seller(f->arena, &f->settings), .buyer = buyer}, NULL, fault);
}

/* ---- Mails ------------------------------------------------------------------------------------------------------ */

static enum err confirmation_mail(const struct fulfilment *f, struct fault *fault)
{
    return outbox_add(f->db, f->arena, (struct outbox_row){
        .kind = f->is_change ? S("order-changed") : S("order-confirmed"), .organisation_id = f->order.organisation_id, .order_id = f->order_id,
        .recipient = f->order.email,
        .recipient_name = str_format(f->arena, "%.*s %.*s", STR_ARG(f->order.first_name), STR_ARG(f->order.last_name)),
        .lang = lang_of(f->order.lang), .now = f->now}, fault);
}

/* To the person to whom the visit's tickets are attributed, in that person's language (TKT-4). */
static enum err ticket_mail(const struct fulfilment *f, const struct order_visits_row *visit, struct fault *fault)
{
    bool own = !visit->contact_mail.is;
    struct str first = own ? f->order.first_name : visit->contact_first.v;
    struct str last = own ? f->order.last_name : visit->contact_last.v;
    return outbox_add(f->db, f->arena, (struct outbox_row){
        .kind = S("tickets"), .organisation_id = f->order.organisation_id, .order_id = f->order_id,
        .visit_id = visit->id, .recipient = own ? f->order.email : visit->contact_mail.v,
        .recipient_name = str_format(f->arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)),
        .lang = lang_of(own ? f->order.lang : visit->contact_lang.v), .now = f->now}, fault);
}

/* ---- The whole -------------------------------------------------------------------------------------------------- */

static enum err confirm_visit(const struct fulfilment *f, const struct order_visits_row *visit, struct fault *fault)
{
    int64_t changed = 0;
    enum err err = q_visit_confirm(f->db, (struct visit_confirm_in){.id = visit->id, .order_id = f->order_id}, &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUG, "visit %lld could not be confirmed", (long long)visit->id);
    if (err == OK)
        err = request_paid(f->db, f->arena, visit->id, f->now, fault);
    if (err == OK)
        err = issue_tickets(f, visit, fault);
    if (err == OK)
        err = ticket_mail(f, visit, fault);
    return err;
}

static enum err load(struct fulfilment *f, struct fault *fault)
{
    enum err err = settings_read(f->db, f->arena, &f->settings, fault);
    if (err == OK)
        err = q_order_lock(f->db, (struct order_lock_in){.id = f->order_id}, NULL, fault);
    if (err == OK)
        err = q_order_visits_lock(f->db, (struct order_visits_lock_in){.order_id = f->order_id}, NULL, fault);
    if (err == OK)
        err = q_order_by_id(f->db, f->arena, (struct order_by_id_in){.id = f->order_id}, &f->order, NULL, fault);
    if (err == OK)
        err = q_order_visits(f->db, f->arena, (struct order_visits_in){.order_id = f->order_id}, &f->visits, fault);
    if (err == OK)
        err = q_order_lines(f->db, f->arena, (struct order_lines_in){.order_id = f->order_id}, &f->lines, fault);
    return err;
}

enum err order_fulfil(struct service *service, struct db *db, struct arena *arena, int64_t order_id, instant now,
                      bool *ret_done, struct fault *fault)
{
    struct fulfilment f = {.service = service, .db = db, .arena = arena, .order_id = order_id, .now = now};
    enum err err = load(&f, fault);
    bool claimed = false, open = false;
    if (err == OK)
        err = slots_open(&f, &open, fault);
    if (err == OK && !open) {
        *ret_done = false;
        return OK;
    }
    if (err == OK)
        err = order_change_take(service, db, arena, order_id, now, &f.is_change, &claimed, fault);
    if (err == OK && !f.is_change)
        err = claim_places(&f, &claimed, fault);
    if (err != OK)
        return err;
    if (!claimed) {
        *ret_done = false;
        return OK;
    }
    int64_t changed = 0;
    err = q_order_confirm(db, (struct order_confirm_in){.id = order_id, .now = now}, &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUG, "order %lld could not be confirmed", (long long)order_id);
    for (size_t i = 0; err == OK && i < f.visits.n; i++)
        err = confirm_visit(&f, &f.visits.p[i], fault);
    if (err == OK)
        err = issue_invoice(&f, fault);
    if (err == OK)
        err = confirmation_mail(&f, fault);
    if (err == OK)
        *ret_done = true;
    return err;
}

enum err order_lapse(struct db *db, struct arena *arena, int64_t order_id, instant now, bool *ret_ended,
                     struct fault *fault)
{
    int64_t changed = 0;
    enum err err = q_order_expire(db, (struct order_expire_in){.id = order_id}, &changed, fault);
    if (err == OK && changed > 0)
        err = q_order_detach_visits(db, (struct order_detach_visits_in){.order_id = order_id}, NULL, fault);
    if (err == OK && changed > 0)
        err = order_change_order_ended(db, arena, order_id, now, fault);
    if (err == OK)
        *ret_ended = changed > 0;
    return err;
}
