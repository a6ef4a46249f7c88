/* The customer's choice after a closure: another slot or the money. */
#include "service/closure_choice.h"

#include "base/limits.h"
#include "base/log.h"
#include "domain/group_rule.h"
#include "domain/leader.h"
#include "domain/names.h"
#include "domain/reference.h"
#include "domain/validity.h"
#include "service/audit.h"
#include "service/closure_parts.h"
#include "service/outbox.h"
#include "service/permit.h"
#include "service/place_parts.h"

static const char *const choices[] = {"open", "moved", "refund", "default", "waived"};
enum { CHOICES = sizeof choices / sizeof *choices, POSITIONS_A_TURN = LIMIT_VISIT_PERSONS };

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

struct reading {
    struct service *service;
    const struct caller *caller;
    int64_t visit_id;
    struct closure_choices list;
    struct closure_choice one;
    struct str ref;
    struct closure_notes notes;
    struct closure_slots_of_day_list slots;
    struct group_rule rule;
    instant from, until;
};

static struct str reason_in(enum lang lang, struct str fr, struct str en)
{
    return lang == LANG_FR ? fr : en;
}

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_choices_list rows;
    enum err err = q_closure_choices(db, arena, (struct closure_choices_in){
        .organisation_id = r->caller->organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    r->list = (struct closure_choices){ARENA_ARRAY(arena, rows.n + 1, struct closure_choice), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct closure_choices_row *row = &rows.p[i];
        r->list.p[i] = (struct closure_choice){
            .closure_id = row->closure_id, .visit_id = row->visit_id, .monument = row->monument, .slug = row->slug,
            .ref = row->ref, .reason = reason_in(r->caller->lang, row->reason_fr, row->reason_en),
            .start_at = row->start_at, .whole_day = row->whole_day != 0, .persons = (int)row->persons,
            .amount = cents(row->amount_cents), .choose_until = row->choose_until,
            .refund_by_default = row->refund_by_default != 0};
    }
    return OK;
}

enum err closure_choices(struct service *service, struct arena *arena, const struct caller *caller,
                         struct closure_choices *ret_choices, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller};
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, list_read, &r, fault);
    if (err == OK)
        *ret_choices = r.list;
    return err;
}

static enum err find_choice(struct db *db, struct arena *arena, const struct caller *caller, int64_t visit_id,
                            struct closure_choice_row *ret_row, struct fault *fault)
{
    bool found = false;
    enum err err = q_closure_choice(db, arena, (struct closure_choice_in){
        .visit_id = visit_id, .organisation_id = caller->organisation_id}, ret_row, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "choice of visit %lld", (long long)visit_id);
    return err;
}

static enum err one_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_choice_row row;
    enum err err = find_choice(db, arena, r->caller, r->visit_id, &row, fault);
    if (err != OK)
        return err;
    int state = 0;
    if (!names_find(choices, CHOICES, row.choice, &state))
        return fault_set(fault, ERR_BUG, "choice of visit %lld", (long long)r->visit_id);
    r->one = (struct closure_choice){
        .closure_id = row.closure_id, .visit_id = r->visit_id, .monument_id = row.monument_id, .monument = row.monument,
        .slug = row.slug, .ref = row.ref, .reason = reason_in(r->caller->lang, row.reason_fr, row.reason_en),
        .start_at = row.start_at, .whole_day = str_eq(row.kind, S("dated")), .persons = (int)row.persons,
        .amount = cents(row.amount_cents), .choose_until = row.choose_until,
        .refund_by_default = row.refund_by_default != 0, .state = (enum closure_choice_state)state,
        .chosen_at = row.chosen_at.v, .new_start_at = row.new_start_at.v, .new_persons = (int)row.new_persons.v};
    return OK;
}

enum err closure_choice_read(struct service *service, struct arena *arena, const struct caller *caller,
                             int64_t visit_id, struct closure_choice *ret_choice, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller, .visit_id = visit_id};
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, one_read, &r, fault);
    if (err == OK)
        *ret_choice = r.one;
    return err;
}

static enum err notes_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_notes_list rows;
    enum err err = q_closure_notes(db, arena, (struct closure_notes_in){.ref = r->ref,
        .organisation_id = r->caller->organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    r->notes.p = ARENA_ARRAY(arena, rows.n + 1, struct closure_note);
    for (size_t i = 0; i < rows.n; i++)
        if (!str_eq(rows.p[i].visit_state, S("confirmed")))
            r->notes.p[r->notes.n++] = (struct closure_note){rows.p[i].visit_id, rows.p[i].outcome, rows.p[i].choice};
    return OK;
}

enum err closure_notes(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                       struct closure_notes *ret_notes, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller, .ref = ref};
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, notes_read, &r, fault);
    if (err == OK)
        *ret_notes = r.notes;
    return err;
}

static enum err slots_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_choice_row row;
    enum err err = find_choice(db, arena, r->caller, r->visit_id, &row, fault);
    if (err == OK)
        err = q_closure_slots_of_day(db, arena, (struct closure_slots_of_day_in){.monument_id = row.monument_id,
            .from_at = r->from, .until_at = r->until}, &r->slots, fault);
    if (err != OK || r->slots.n == 0)
        return err;
    struct slot_facts_row facts;
    bool found = false;
    err = q_slot_facts(db, arena, (struct slot_facts_in){.monument_id = row.monument_id,
        .start_at = r->slots.p[0].start_at}, &facts, &found, fault);
    if (err == OK && found)
        r->rule = place_rule_of(&facts);
    return err;
}

enum err closure_choice_slots(struct service *service, struct arena *arena, const struct caller *caller,
                              int64_t visit_id, day_number day, int persons, struct choice_slots *ret_slots,
                              struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller, .visit_id = visit_id,
                        .from = instant_of(&service->zone, day, 0), .until = instant_of(&service->zone, day + 1, 0)};
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, slots_read, &r, fault);
    if (err != OK)
        return err;
    struct choice_slots slots = {ARENA_ARRAY(arena, r.slots.n + 1, struct choice_slot), r.slots.n};
    for (size_t i = 0; i < r.slots.n; i++) {
        const struct closure_slots_of_day_row *row = &r.slots.p[i];
        instant last = row->whole_day ? row->start_at + row->minutes * 60 : row->start_at;
        struct slot_facts facts = {
            .start = last, .capacity = (int)row->capacity, .taken = (int)row->taken, .closed = row->closed != 0,
            .not_for_groups = row->for_groups == 0, .on_sale_from = row->on_sale_from,
            .booking_cutoff = group_sales_close(&r.rule, last)};
        slots.p[i] = (struct choice_slot){
            .start_at = row->start_at, .minutes = (int)row->minutes, .left = slot_left(&facts),
            .whole_day = row->whole_day != 0, .state = slot_state_of(&facts, persons, service_now(service))};
    }
    *ret_slots = slots;
    return OK;
}

/* ---- Choosing ---------------------------------------------------------------------------------------------------- */

struct choosing {
    struct service *service;
    const struct caller *caller;
    int64_t visit_id;
    instant start_at; /* 0: the refund */
    int persons;
    bool by_default;
    instant now;
    struct closure_choice_row row;
    struct slot_facts_row slot;
    struct choice_result result;
};

static enum err refuse(struct choosing *c, enum choice_refusal refusal)
{
    c->result.refusal = refusal;
    return ERR_REFUSED;
}

/* *ret_again: what is asked was chosen before. The term binds the customer, not who acts for them after it. */
static enum err begin(struct choosing *c, struct db *db, struct arena *arena, struct str choice, bool *ret_again,
                      struct fault *fault)
{
    c->now = service_now(c->service);
    c->result = (struct choice_result){0};
    *ret_again = false;
    enum err err = find_choice(db, arena, c->caller, c->visit_id, &c->row, fault);
    if (err != OK)
        return err;
    if (!str_eq(c->row.choice, S("open"))) {
        *ret_again = c->start_at != 0 ? c->row.new_start_at.v == c->start_at && c->row.new_persons.v == c->persons
                                      : !str_eq(c->row.choice, S("moved"));
        return *ret_again ? OK : refuse(c, CHOICE_MADE);
    }
    bool over = c->now >= c->row.choose_until;
    if (over && c->row.refund_by_default && !c->by_default && c->caller->staff_id == 0)
        return refuse(c, CHOICE_MADE);
    if (c->start_at != 0 && (c->persons < 1 || c->persons > c->row.persons))
        return refuse(c, CHOICE_PERSONS);
    int64_t changed = 0;
    err = q_closure_choose(db, (struct closure_choose_in){
        .closure_id = c->row.closure_id, .visit_id = c->visit_id, .choice = choice, .now = c->now,
        .new_start_at = {.is = c->start_at != 0, .v = c->start_at},
        .new_persons = {.is = c->start_at != 0, .v = c->persons}}, &changed, fault);
    if (err == OK && changed == 0) /* another server was quicker: look again */
        return fault_set(fault, ERR_BUSY, "choice of visit %lld", (long long)c->visit_id);
    return err;
}

static enum err audit_choice(struct choosing *c, struct db *db, struct arena *arena, struct str act, struct fault *fault)
{
    return audit_add(db, arena, (struct audit_row){
        .at = c->now, .person_id = c->by_default ? 0 : c->caller->person_id, .staff_id = c->caller->staff_id,
        .organisation_id = c->caller->organisation_id, .act = act, .subject = c->row.ref,
        .detail = str_format(arena, "closure %lld", (long long)c->row.closure_id),
        .was = closure_visit_words(c->service, arena, c->row.start_at, c->row.persons),
        .became = c->start_at != 0 ? closure_visit_words(c->service, arena, c->start_at, c->persons)
                                   : str_format(arena, "%lld cents back", (long long)c->result.back.v)}, fault);
}

/* ---- another slot ---- */

static enum slot_state state_of_refusal(enum refusal refusal)
{
    switch (refusal) {
    case REFUSED_FULL: return SLOT_FULL;
    case REFUSED_SHORT: return SLOT_SHORT;
    case REFUSED_NOT_FOR_GROUPS: return SLOT_NOT_FOR_GROUPS;
    case REFUSED_PAST: return SLOT_PAST;
    case REFUSED_NOT_ON_SALE: return SLOT_NOT_ON_SALE;
    default: return SLOT_CLOSED;
    }
}

/* Neither the minimum of a group nor the day's prices count: it is not a sale. */
static enum err take_places(struct choosing *c, struct db *db, struct arena *arena, struct fault *fault)
{
    struct place_part part = {.start_at = c->start_at, .persons = c->persons};
    struct place_result checked = {0};
    struct slot_take_row taken;
    bool found = false;
    enum err err = q_slot_facts(db, arena, (struct slot_facts_in){.monument_id = c->row.monument_id,
        .start_at = c->start_at}, &c->slot, &found, fault);
    if (err != OK)
        return err;
    c->result.state = SLOT_CLOSED;
    if (!found)
        return refuse(c, CHOICE_SLOT);
    struct group_rule rule = place_rule_of(&c->slot);
    enum refusal refusal = place_check_slot(&c->slot, &rule, &part, 0, c->now, &checked);
    c->result.state = state_of_refusal(refusal);
    if (refusal != REFUSED_NOT)
        return refuse(c, CHOICE_SLOT);
    err = q_slot_take(db, arena, (struct slot_take_in){.monument_id = c->row.monument_id, .start_at = c->start_at,
        .persons = c->persons}, &taken, &found, fault);
    c->result.state = SLOT_SHORT;
    return err == OK && !found ? refuse(c, CHOICE_SLOT) : err;
}

static enum err move_visit(struct choosing *c, struct db *db, struct fault *fault)
{
    int64_t changed = 0;
    enum err err = q_closure_visit_move(db, (struct closure_visit_move_in){
        .id = c->visit_id, .organisation_id = c->caller->organisation_id, .start_at = c->start_at,
        .persons = c->persons, .kind = c->slot.whole_day ? S("dated") : S("slot")}, &changed, fault);
    return err == OK && changed != 1 ? refuse(c, CHOICE_MADE) : err;
}

static enum err new_ticket(struct choosing *c, struct db *db, struct arena *arena, const struct closure_tickets_row *old,
                           struct fault *fault)
{
    uint64_t random = 0;
    random_fill(&c->service->random, &random, sizeof random);
    char number[TICKET_NUMBER_SIZE];
    if (!ticket_number_make((int64_t)(random % (uint64_t)(TICKET_NUMBER_MAX + 1)), number))
        return fault_set(fault, ERR_BUG, "ticket number");
    struct validity validity = c->slot.whole_day ? validity_day(&c->service->zone, (day_number)c->slot.day)
                                                 : validity_slot(c->start_at, (int)c->slot.minutes);
    return q_ticket_insert(db, (struct ticket_insert_in){
        .number = str_of(number), .code = random_code(&c->service->random, arena, 16), .order_id = c->row.order_id,
        .visit_id = c->visit_id, .position = old->position, .role = old->role, .tariff_code = old->tariff_code,
        .price_cents = old->price_cents, .valid_from = validity.from, .valid_until = validity.until, .now = c->now},
        NULL, fault);
}

/* Each old ticket steps aside for the one that replaces it; those of who does not come are credited. */
static enum err reissue(struct choosing *c, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_tickets_list tickets;
    struct closure_moves_before_row moves;
    enum err err = q_closure_tickets(db, arena, (struct closure_tickets_in){.visit_id = c->visit_id,
        .order_id = c->row.order_id}, &tickets, fault);
    if (err == OK)
        err = q_closure_moves_before(db, arena, (struct closure_moves_before_in){.visit_id = c->visit_id}, &moves, NULL,
                                     fault);
    if (err == OK && tickets.n != (size_t)c->row.persons)
        return fault_set(fault, ERR_BUG, "visit %lld of %lld persons lost %zu tickets", (long long)c->visit_id,
                         (long long)c->row.persons, tickets.n);
    for (size_t i = 0; err == OK && i < tickets.n; i++) {
        const struct closure_tickets_row *old = &tickets.p[i];
        bool kept = i < (size_t)c->persons;
        err = q_closure_ticket_why(db, (struct closure_ticket_why_in){.id = old->id,
            .why = kept ? S("replaced") : S("refunded")}, NULL, fault);
        if (err == OK && kept)
            err = q_closure_ticket_aside(db, (struct closure_ticket_aside_in){.id = old->id,
                .by = moves.n * POSITIONS_A_TURN}, NULL, fault);
        if (err == OK && kept)
            err = new_ticket(c, db, arena, old, fault);
    }
    return err;
}

static enum err tell_moved(struct choosing *c, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_visit_facts_row facts;
    enum err err = q_closure_visit_facts(db, arena, (struct closure_visit_facts_in){.closure_id = c->row.closure_id,
        .visit_id = c->visit_id}, &facts, NULL, fault);
    struct order_by_id_row order;
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = c->row.order_id}, &order, NULL, fault);
    if (err != OK)
        return err;
    struct outbox_row mail = {
        .kind = S("closure-moved"), .organisation_id = facts.organisation_id, .order_id = c->row.order_id,
        .visit_id = c->visit_id, .recipient = order.email, .lang = lang_of(order.lang), .now = c->now,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(order.first_name), STR_ARG(order.last_name))};
    err = outbox_add(db, arena, mail, fault);
    bool to_leader = facts.leader_email.is && !str_empty(facts.leader_email.v)
                     && !str_eq(str_lower_ascii(arena, facts.leader_email.v), str_lower_ascii(arena, order.email));
    if (err == OK && to_leader) {
        mail.recipient = facts.leader_email.v;
        mail.recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(facts.leader_first.v), STR_ARG(facts.leader_last.v));
        err = outbox_add(db, arena, mail, fault);
    }
    if (err != OK)
        return err;
    /* The new tickets go where the old ones went (TKT-4). */
    mail.kind = S("tickets");
    mail.recipient = facts.contact_email.is ? facts.contact_email.v : order.email;
    mail.recipient_name = facts.contact_email.is
        ? str_format(arena, "%.*s %.*s", STR_ARG(facts.contact_first.v), STR_ARG(facts.contact_last.v))
        : str_format(arena, "%.*s %.*s", STR_ARG(order.first_name), STR_ARG(order.last_name));
    mail.lang = lang_of(facts.contact_lang.is ? facts.contact_lang.v : order.lang);
    return outbox_add(db, arena, mail, fault);
}

static enum err send_back(struct choosing *c, struct db *db, struct arena *arena, size_t kept, struct fault *fault)
{
    struct closure_money_back back = {
        .closure_id = c->row.closure_id, .visit_id = c->visit_id, .order_id = c->row.order_id,
        .staff_id = c->caller->staff_id};
    enum err err = closure_lines(db, arena, c->visit_id, c->row.order_id, kept, &back, fault);
    c->result.back = back.amount;
    if (err != OK || back.line_count == 0 || back.amount.v == 0)
        return err;
    bool done = false;
    err = closure_send_back(c->service, db, arena, &back, c->now, &done, fault);
    return err == OK && !done ? refuse(c, CHOICE_MONEY) : err;
}

/* The choice, the places, the visit, the money of who does not come, the tickets: one transaction. A refusal at any step
 * leaves the choice open and everything as it was. */
static enum err slot_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct choosing *c = argument;
    bool again = false;
    enum err err = begin(c, db, arena, S("moved"), &again, fault);
    if (err != OK || again)
        return err;
    err = take_places(c, db, arena, fault);
    if (err == OK)
        err = move_visit(c, db, fault);
    if (err == OK && c->persons < c->row.persons)
        err = send_back(c, db, arena, (size_t)c->persons, fault);
    if (err == OK)
        err = reissue(c, db, arena, fault);
    if (err == OK)
        err = tell_moved(c, db, arena, fault);
    return err == OK ? audit_choice(c, db, arena, S("closure.move"), fault) : err;
}

static enum err choose(struct choosing *c, struct arena *arena, write_command command, struct choice_result *ret_result,
                       struct fault *fault)
{
    enum err err = permit(c->caller, TASK_ORDER, fault);
    if (err == OK)
        err = service_write(c->service, arena, command, c->start_at, c, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    if (err == ERR_REFUSED && c->result.refusal == CHOICE_NOT_REFUSED) /* of the role */
        return err;
    *ret_result = c->result;
    return OK;
}

enum err closure_choose_slot(struct service *service, struct arena *arena, const struct caller *caller,
                             int64_t visit_id, instant start_at, int persons, struct choice_result *ret_result,
                             struct fault *fault)
{
    struct choosing c = {.service = service, .caller = caller, .visit_id = visit_id, .persons = persons,
                         .start_at = start_at > 0 && start_at < (instant)1 << 40 ? start_at : 1};
    return choose(&c, arena, slot_command, ret_result, fault);
}

/* ---- the refund ---- */

/* What cannot be sent back stays a choice: somebody of customer service sees the problem at the closure. */
static enum err refund_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct choosing *c = argument;
    bool again = false, free_of_charge = false;
    enum err err = find_choice(db, arena, c->caller, c->visit_id, &c->row, fault);
    if (err != OK)
        return err;
    free_of_charge = c->row.amount_cents == 0;
    err = begin(c, db, arena, free_of_charge ? S("waived") : c->by_default ? S("default") : S("refund"), &again, fault);
    if (err != OK || again)
        return err;
    if (!free_of_charge)
        err = send_back(c, db, arena, 0, fault);
    return err == OK ? audit_choice(c, db, arena, c->by_default ? S("closure.default") : S("closure.refund"), fault) : err;
}

enum err closure_choose_refund(struct service *service, struct arena *arena, const struct caller *caller,
                               int64_t visit_id, struct choice_result *ret_result, struct fault *fault)
{
    struct choosing c = {.service = service, .caller = caller, .visit_id = visit_id};
    return choose(&c, arena, refund_command, ret_result, fault);
}

/* ---- the end of the term ---- */

struct ends {
    struct closure_defaults_list list;
    instant now;
};

static enum err ends_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct ends *ends = argument;
    return q_closure_defaults(db, arena, (struct closure_defaults_in){.now = ends->now}, &ends->list, fault);
}

struct problem {
    const struct closure_defaults_row *row;
};

/* Outside of the choice, which was undone: so that it is seen, and not tried again every second. */
static enum err problem_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct closure_defaults_row *row = ((struct problem *)argument)->row;
    (void)arena;
    return q_closure_problem(db, (struct closure_problem_in){.closure_id = row->closure_id, .visit_id = row->visit_id,
        .problem = S("too-much")}, NULL, fault);
}

enum err closure_default(struct service *service, struct arena *arena, int *ret_done, struct fault *fault)
{
    struct ends ends = {.now = service_now(service)};
    int done = 0;
    enum err first = OK, err = service_read(service, arena, ends_read, &ends, fault);
    for (size_t i = 0; err == OK && i < ends.list.n; i++) {
        const struct closure_defaults_row *row = &ends.list.p[i];
        struct caller nobody = {.organisation_id = row->organisation_id, .role = ROLE_NONE};
        struct choosing c = {.service = service, .caller = &nobody, .visit_id = row->visit_id, .by_default = true};
        struct fault own = {.err = OK};
        enum err one = service_write(service, arena, refund_command, 0, &c, &own);
        done += one == OK;
        if (one == ERR_REFUSED) {
            struct problem problem = {row};
            LOG(LOG_ERROR, "closure.refund", LOG_INT("closure", row->closure_id), LOG_INT("visit", row->visit_id));
            one = service_write(service, arena, problem_command, 0, &problem, &own);
        }
        if (one != OK && first == OK && fault != NULL)
            *fault = own;
        first = first != OK ? first : one;
    }
    if (err != OK)
        return err;
    *ret_done = done;
    return done > 0 ? OK : first;
}
