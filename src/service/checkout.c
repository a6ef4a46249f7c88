/* Cart and validation. */
#include "service/checkout.h"

#include "base/limits.h"
#include "domain/reference.h"
#include "service/audit.h"
#include "service/fulfil.h"
#include "service/payer.h"
#include "service/permit.h"
#include "service/pricing.h"
#include "service/transfer.h"
#include "store/queries.h"

/* After the provider's page has closed its notification may still be on its way. */
enum { NOTIFICATION_GRACE = 120 };

struct cart_reading {
    struct service *service;
    const struct caller *caller;
    int64_t only_visit; /* 0: the whole cart */
    instant now;
    struct settings settings;
    struct cart cart;
};

static enum err read_visit(struct cart_reading *reading, struct db *db, struct arena *arena,
                           const struct cart_list_row *row, struct cart_visit *visit, struct fault *fault)
{
    bool undated = !row->start_at.is;
    *visit = (struct cart_visit){
        .id = row->id, .monument_id = row->monument_id, .monument_slug = row->monument_slug,
        .monument_name = row->monument_name, .monument_kind = row->monument_kind, .kind = row->kind, .has_start = !undated, .start_at = row->start_at.v,
        .minutes = (int)row->minutes.v, .persons = (int)row->persons, .audience = row->audience,
        .leader_kind = row->leader_kind, .option = str_eq(row->state, S("option")),
        .has_end = row->ends_at.is, .ends_at = row->ends_at.v, .needs_leader = !undated,
        .leader_id = row->leader_id.v, .contact_id = row->contact_id.v, .split_key = row->split_key.v};
    visit->ended = str_eq(row->state, S("expired")) || row->closed || (visit->has_end && visit->ends_at <= reading->now);
    return price_visit(db, arena, &reading->settings, (struct priced){
        .audience = row->audience, .leader_kind = row->leader_kind, .monument_id = row->monument_id,
        .persons = visit->persons,
        .day = undated ? service_day(reading->service, reading->now) : (day_number)row->day.v},
        &visit->price, &visit->priced, fault);
}

static enum err cart_read_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct cart_reading *reading = argument;
    enum err err = settings_read(db, arena, &reading->settings, fault);
    if (err != OK)
        return err;
    struct cart_list_list rows;
    err = q_cart_list(db, arena, (struct cart_list_in){.person_id = reading->caller->person_id,
        .organisation_id = reading->caller->organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    struct cart cart = {.p = ARENA_ARRAY(arena, rows.n + 1, struct cart_visit)};
    for (size_t i = 0; i < rows.n; i++) {
        if (reading->only_visit != 0 && rows.p[i].id != reading->only_visit)
            continue;
        struct cart_visit *visit = &cart.p[cart.n++];
        err = read_visit(reading, db, arena, &rows.p[i], visit, fault);
        if (err != OK)
            return err;
        cart.ended += visit->ended;
        cart.options += visit->option;
        if (visit->ended)
            continue;
        cart.total = cents_add(cart.total, visit->price.total);
        if (visit->has_end && !visit->option && (cart.first_end == 0 || visit->ends_at < cart.first_end))
            cart.first_end = visit->ends_at;
    }
    reading->cart = cart;
    return OK;
}

enum err cart_read(struct service *service, struct arena *arena, const struct caller *caller, struct cart *ret_cart,
                   struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct cart_reading reading = {.service = service, .caller = caller, .now = service_now(service)};
    enum err err = service_read(service, arena, cart_read_in, &reading, fault);
    if (err == OK)
        *ret_cart = reading.cart;
    return err;
}

/* ---- Validation ------------------------------------------------------------------------------------------------- */

struct placing {
    struct service *service;
    const struct caller *caller;
    const struct validation *validation;
    struct cart_reading reading;
    struct validation_result result;
    struct transfer_terms transfer; /* when the buyer asks for one */
};

static struct maybe_int maybe_id(int64_t id)
{
    return (struct maybe_int){.is = id != 0, .v = id};
}

static const struct visit_choice *choice_for(const struct placing *placing, int64_t visit_id)
{
    for (size_t i = 0; i < placing->validation->choice_count; i++)
        if (placing->validation->choices[i].visit_id == visit_id)
            return &placing->validation->choices[i];
    return NULL;
}

static void blame(struct placing *placing, struct arena *arena, enum refusal refusal, int64_t visit_id)
{
    struct validation_result *result = &placing->result;
    if (result->refusal != REFUSED_NOT && result->refusal != refusal)
        return; /* the first kind of refusal is told whole, then the next */
    if (result->visits == NULL)
        result->visits = ARENA_ARRAY(arena, placing->reading.cart.n + 1, int64_t);
    result->refusal = refusal;
    if (visit_id != 0)
        result->visits[result->visit_count++] = visit_id;
}

/* The choices of the form, with what the cart already knew; a person of another organisation is no person. */
static enum err apply_choices(struct placing *placing, struct db *db, struct arena *arena, struct fault *fault)
{
    int64_t organisation = placing->caller->organisation_id;
    for (size_t i = 0; i < placing->reading.cart.n; i++) {
        struct cart_visit *visit = &placing->reading.cart.p[i];
        const struct visit_choice *choice = choice_for(placing, visit->id);
        if (choice != NULL) {
            visit->leader_id = choice->leader_id;
            visit->contact_id = choice->contact_id;
        }
        bool found = false;
        struct leader_usable_row leader;
        if (visit->leader_id != 0) {
            enum err err = q_leader_usable(db, arena, (struct leader_usable_in){.id = visit->leader_id,
                .organisation_id = organisation}, &leader, &found, fault);
            if (err != OK)
                return err;
            /* A guide opens small groups and has a free ticket: nobody else takes that place (COM-3, PLA-3). */
            if (!found || (str_eq(visit->leader_kind, S("guide")) && !str_eq(leader.kind, S("guide"))))
                visit->leader_id = 0;
        }
        struct contact_usable_row contact;
        if (visit->contact_id != 0) {
            enum err err = q_contact_usable(db, arena, (struct contact_usable_in){.id = visit->contact_id,
                .organisation_id = organisation}, &contact, &found, fault);
            if (err != OK)
                return err;
            if (!found) {
                visit->contact_id = 0;
                blame(placing, arena, REFUSED_CONTACT, visit->id);
            }
        }
    }
    return OK;
}

static void check_cart(struct placing *placing, struct arena *arena)
{
    const struct cart *cart = &placing->reading.cart;
    int64_t tickets = 0;
    if (cart->n == 0)
        blame(placing, arena, REFUSED_CART_EMPTY, 0);
    for (size_t i = 0; i < cart->n; i++)
        if (cart->p[i].ended)
            blame(placing, arena, REFUSED_ENDED, cart->p[i].id);
    for (size_t i = 0; i < cart->n; i++) {
        tickets += cart->p[i].persons;
        if (!cart->p[i].priced)
            blame(placing, arena, REFUSED_NO_TARIFF, cart->p[i].id);
    }
    for (size_t i = 0; i < cart->n; i++)
        if (cart->p[i].needs_leader && cart->p[i].leader_id == 0)
            blame(placing, arena, REFUSED_LEADER_MISSING, cart->p[i].id);
    if (tickets > LIMIT_ORDER_TICKETS || cart->n > LIMIT_CART_VISITS)
        blame(placing, arena, REFUSED_CART_FULL, 0);
}

static enum err check_terms(struct placing *placing, struct db *db, struct arena *arena, struct fault *fault)
{
    struct terms_current_row terms;
    bool found = false;
    enum err err = q_terms_current(db, arena, (struct terms_current_in){.kind = S("terms"),
        .lang = lang_code(placing->caller->lang), .now = placing->reading.now}, &terms, &found, fault);
    if (err != OK)
        return err;
    if (!found || !str_eq(terms.version, placing->validation->terms_version))
        blame(placing, arena, REFUSED_TERMS, 0);
    if (!placing->validation->transfer)
        return OK;
    err = transfer_judge(placing->service, db, arena, &placing->reading.settings, placing->caller->organisation_id,
                         &placing->reading.cart, placing->reading.now, &placing->transfer, fault);
    if (err == OK && placing->transfer.refusal != REFUSED_NOT)
        blame(placing, arena, placing->transfer.refusal, 0);
    return err;
}

static enum err insert_lines(struct placing *placing, struct db *db, int64_t order_id, struct fault *fault)
{
    int64_t position = 0;
    for (size_t i = 0; i < placing->reading.cart.n; i++) {
        const struct cart_visit *visit = &placing->reading.cart.p[i];
        for (size_t n = 0; n < visit->price.count; n++) {
            const struct price_line *line = &visit->price.lines[n];
            enum err err = q_order_line_insert(db, (struct order_line_insert_in){
                .order_id = order_id, .visit_id = visit->id, .position = ++position,
                .tariff_code = line->tariff_code, .role = str_of(ticket_role_name(line->role)),
                .quantity = line->quantity, .unit_cents = line->unit.v, .vat_code = line->vat_code,
                .why = str_of(line->why), .why_number = line->why_number}, NULL, fault);
            if (err != OK)
                return err;
        }
    }
    return OK;
}

static enum err join_visits(struct placing *placing, struct db *db, int64_t order_id, instant pay_until,
                            struct fault *fault)
{
    for (size_t i = 0; i < placing->reading.cart.n; i++) {
        const struct cart_visit *visit = &placing->reading.cart.p[i];
        int64_t changed = 0;
        /* A payment keeps the places of a cart until its page's end; an option it never prolongs (OPT-1). */
        instant keep_until = visit->option && visit->ends_at < pay_until ? visit->ends_at : pay_until;
        enum err err = q_visit_to_order(db, (struct visit_to_order_in){
            .id = visit->id, .organisation_id = placing->caller->organisation_id, .order_id = order_id,
            .pay_until = keep_until, .leader_id = maybe_id(visit->leader_id), .contact_id = maybe_id(visit->contact_id),
            .now = placing->reading.now}, &changed, fault);
        if (err != OK)
            return err;
        if (changed != 1) /* it was live when it was read: another server was quicker, so look again */
            return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)visit->id);
    }
    return OK;
}

static enum err insert_order(struct placing *placing, struct db *db, struct arena *arena, int64_t *ret_id,
                             struct fault *fault)
{
    char reference[REFERENCE_SIZE];
    if (!reference_make(random_code(&placing->service->random, arena, REFERENCE_RANDOM), reference))
        return fault_set(fault, ERR_BUG, "order reference");
    placing->result.order_ref = str_dup(arena, str_of(reference));
    bool free_order = placing->reading.cart.total.v == 0;
    struct order_insert_row order;
    enum err err = q_order_insert(db, arena, (struct order_insert_in){
        .ref = placing->result.order_ref, .organisation_id = placing->caller->organisation_id,
        .person_id = placing->caller->person_id, .method = free_order ? S("free") : S("card"),
        .total_cents = placing->reading.cart.total.v, .lang = lang_code(caller_mail_lang(placing->caller)),
        .terms_version = placing->validation->terms_version, .request_key = placing->validation->request_key,
        .now = placing->reading.now, .staff_id = {placing->caller->staff_id != 0, placing->caller->staff_id}}, &order, NULL, fault);
    if (err == OK)
        *ret_id = order.id;
    return err;
}

static enum err make_order(struct placing *placing, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct cart_reading *reading = &placing->reading;
    /* Who was not there when it was ordered needs time to read the mail with the way to the payment (OPS-1). */
    int64_t minutes = placing->caller->staff_id != 0 ? reading->settings.payment_link_minutes
                                                     : reading->settings.payment_minutes;
    instant expires_at = reading->now + minutes * 60;
    int64_t order_id = 0;
    enum err err = insert_order(placing, db, arena, &order_id, fault);
    if (err == OK)
        err = insert_lines(placing, db, order_id, fault);
    if (err == OK)
        err = join_visits(placing, db, order_id, expires_at + NOTIFICATION_GRACE, fault);
    if (err == OK)
        err = audit_add(db, arena, (struct audit_row){.at = reading->now, .person_id = placing->caller->person_id,
            .staff_id = placing->caller->staff_id, .reason = placing->caller->why,
            .organisation_id = placing->caller->organisation_id,
            .act = S("order.place"),
            .subject = placing->result.order_ref}, fault);
    if (err != OK)
        return err;
    if (reading->cart.total.v == 0) {
        bool done = false;
        err = order_fulfil(placing->service, db, arena, order_id, reading->now, &done, fault);
        /* A slot closed between the look at the cart and now: look again. */
        return err == OK && !done ? fault_set(fault, ERR_BUSY, "free order not fulfilled") : err;
    }
    if (placing->validation->transfer)
        return transfer_open(db, arena, order_id, &placing->transfer, reading->now, placing->service, fault);
    placing->result.to_pay = true;
    struct attempt_insert_row attempt;
    return q_attempt_insert(db, arena, (struct attempt_insert_in){.order_id = order_id, .number = 1,
        .provider = str_of(placing->service->payer->name), .amount_cents = reading->cart.total.v, .now = reading->now,
        .expires_at = expires_at}, &attempt, NULL, fault);
}

static enum err keep_choices(struct placing *placing, struct db *db, struct fault *fault)
{
    for (size_t i = 0; i < placing->reading.cart.n; i++) {
        const struct cart_visit *visit = &placing->reading.cart.p[i];
        enum err err = q_visit_prepare(db, (struct visit_prepare_in){.id = visit->id,
            .organisation_id = placing->caller->organisation_id, .leader_id = maybe_id(visit->leader_id),
            .contact_id = maybe_id(visit->contact_id)}, NULL, fault);
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err place_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct placing *placing = argument;
    placing->result = (struct validation_result){0};
    placing->reading = (struct cart_reading){.service = placing->service, .caller = placing->caller,
                                             .only_visit = placing->validation->only_visit,
                                             .now = service_now(placing->service)};
    struct order_by_request_row before;
    bool found = false;
    enum err err = q_order_by_request(db, arena, (struct order_by_request_in){
        .organisation_id = placing->caller->organisation_id, .request_key = placing->validation->request_key},
        &before, &found, fault);
    if (err != OK)
        return err;
    if (found) {
        placing->result.order_ref = before.ref;
        placing->result.to_pay = str_eq(before.state, S("pending")) && !placing->validation->transfer;
        return OK;
    }
    err = cart_read_in(db, arena, &placing->reading, fault);
    if (err == OK)
        err = apply_choices(placing, db, arena, fault);
    if (err != OK)
        return err;
    check_cart(placing, arena);
    err = check_terms(placing, db, arena, fault);
    if (err != OK)
        return err;
    /* A refusal is committed, since what was chosen is kept with the cart. */
    return placing->result.refusal != REFUSED_NOT ? keep_choices(placing, db, fault)
                                                  : make_order(placing, db, arena, fault);
}

enum err order_place(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct validation *validation, struct validation_result *ret_result, struct fault *fault)
{
    enum err may = permit(caller, TASK_ORDER, fault);
    if (may != OK)
        return may;
    struct placing placing = {.service = service, .caller = caller, .validation = validation};
    enum err err = service_write(service, arena, place_command, 0, &placing, fault);
    if (err == ERR_CONFLICT) /* the same form twice at once: the second finds the first's order */
        err = service_write(service, arena, place_command, 0, &placing, fault);
    if (err == OK)
        *ret_result = placing.result;
    return err;
}

static enum err keep_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct placing *placing = argument;
    placing->result = (struct validation_result){0};
    placing->reading = (struct cart_reading){.service = placing->service, .caller = placing->caller,
                                             .now = service_now(placing->service)};
    enum err err = cart_read_in(db, arena, &placing->reading, fault);
    if (err == OK)
        err = apply_choices(placing, db, arena, fault);
    return err == OK ? keep_choices(placing, db, fault) : err;
}

enum err checkout_keep(struct service *service, struct arena *arena, const struct caller *caller,
                       const struct visit_choice *choices, size_t count, struct fault *fault)
{
    enum err may = permit(caller, TASK_ORDER, fault);
    if (may != OK)
        return may;
    struct validation validation = {.choices = choices, .choice_count = count};
    struct placing placing = {.service = service, .caller = caller, .validation = &validation};
    return service_write(service, arena, keep_command, 0, &placing, fault);
}
