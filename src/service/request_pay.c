/* Paying an accepted request: the tickets into the cart, bound to the request, then an order of just these. The rest is
 * the way of any order: payment, invoice, tickets, mails. */
#include "service/request.h"

#include "base/limits.h"
#include "service/audit.h"
#include "service/checkout.h"
#include "service/request_parts.h"

struct paying {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    int64_t visit_id, leader_id;
    struct request_payment payment;
};

static enum err refuse(struct paying *paying, enum request_refusal refusal)
{
    paying->payment.refusal = refusal;
    return ERR_REFUSED;
}

/* The tickets that were put into a cart before; *ret_usable false: there are none, or they were taken out. */
static enum err tickets_of_before(struct paying *paying, struct db *db, struct arena *arena,
                                  const struct request_one_row *row, bool *ret_usable, struct fault *fault)
{
    struct visit_of_row visit;
    struct request_names_row names;
    bool found = false;
    *ret_usable = false;
    if (!row->visit_id.is)
        return OK;
    enum err err = q_visit_of(db, arena, (struct visit_of_in){.id = row->visit_id.v,
        .organisation_id = row->organisation_id}, &visit, &found, fault);
    if (err != OK || !found || !str_eq(visit.state, S("cart")))
        return err;
    if (visit.order_id.is) {
        err = q_request_names(db, arena, (struct request_names_in){.id = row->id}, &names, NULL, fault);
        paying->payment.order_ref = names.order_ref.v;
        return err != OK ? err : refuse(paying, REQUEST_REFUSED_PAYING);
    }
    int64_t changed = 0;
    err = q_request_visit_take(db, (struct request_visit_take_in){.id = row->visit_id.v,
        .organisation_id = row->organisation_id, .person_id = paying->caller->person_id}, &changed, fault);
    *ret_usable = changed == 1;
    return err;
}

static enum err new_tickets(struct paying *paying, struct db *db, struct arena *arena,
                            const struct request_one_row *row, instant now, struct fault *fault)
{
    struct cart_size_row size;
    enum err err = q_cart_size(db, arena, (struct cart_size_in){.person_id = paying->caller->person_id}, &size, NULL,
                               fault);
    if (err != OK)
        return err;
    if (size.n >= LIMIT_CART_VISITS) {
        paying->payment.order_refusal = REFUSED_CART_FULL;
        return ERR_REFUSED;
    }
    struct visit_insert_row visit;
    err = q_visit_insert(db, arena, (struct visit_insert_in){
        .organisation_id = row->organisation_id, .person_id = paying->caller->person_id,
        .monument_id = row->monument_id, .kind = S("undated"), .persons = row->persons, .audience = row->audience,
        .leader_kind = row->leader_kind, .state = S("cart"), .placed_at = now, .in_cart = 1,
        /* one after the other, never two at once */
        .request_key = str_format(arena, "request %lld after %lld", (long long)row->id, (long long)row->visit_id.v)},
        &visit, NULL, fault);
    if (err != OK)
        return err;
    int64_t changed = 0;
    err = q_request_visit_set(db, (struct request_visit_set_in){.id = row->id, .was_visit_id = row->visit_id,
        .visit_id = visit.id, .now = now}, &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUSY, "the request has changed meanwhile");
    paying->visit_id = visit.id;
    return err;
}

static enum err tickets_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct paying *paying = argument;
    struct request_one_row row;
    bool usable = false;
    instant now = service_now(paying->service);
    paying->payment = (struct request_payment){.refusal = REQUEST_REFUSED_NOT, .order_refusal = REFUSED_NOT};
    enum err err = request_find(db, arena, paying->ref, &row, fault);
    if (err == OK)
        err = request_own(&row, paying->caller->organisation_id, fault);
    if (err != OK)
        return err;
    paying->leader_id = row.leader_id.v;
    bool open = str_eq(row.state, S("accepted")) || str_eq(row.state, S("till"));
    if (!open)
        return refuse(paying, REQUEST_REFUSED_IMPOSSIBLE);
    if (!row.pay_until.is || row.pay_until.v <= now)
        return refuse(paying, REQUEST_REFUSED_ONLINE);
    err = tickets_of_before(paying, db, arena, &row, &usable, fault);
    if (err != OK)
        return err;
    paying->visit_id = row.visit_id.v;
    return usable ? OK : new_tickets(paying, db, arena, &row, now, fault);
}

enum err request_pay(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                     struct str terms_version, struct str request_key, struct request_payment *ret_payment,
                     struct fault *fault)
{
    enum err err = permit(caller, TASK_ORDER, fault);
    if (err != OK)
        return err;
    struct paying paying = {.service = service, .caller = caller, .ref = ref};
    err = service_write(service, arena, tickets_command, 0, &paying, fault);
    bool refused = paying.payment.refusal != REQUEST_REFUSED_NOT || paying.payment.order_refusal != REFUSED_NOT;
    if (err == ERR_REFUSED && refused) {
        *ret_payment = paying.payment;
        return OK;
    }
    if (err != OK)
        return err;
    struct visit_choice choice = {.visit_id = paying.visit_id, .leader_id = paying.leader_id};
    struct validation validation = {.choices = &choice, .choice_count = 1, .only_visit = paying.visit_id,
                                    .terms_version = terms_version, .request_key = request_key};
    struct validation_result result;
    err = order_place(service, arena, caller, &validation, &result, fault);
    if (err != OK)
        return err;
    *ret_payment = (struct request_payment){.order_refusal = result.refusal, .order_ref = result.order_ref,
                                            .to_pay = result.to_pay};
    return OK;
}

/* ---- it was paid ------------------------------------------------------------------------------------------------ */

enum err request_paid(struct db *db, struct arena *arena, int64_t visit_id, instant now, struct fault *fault)
{
    struct request_of_visit_row found_row;
    struct request_one_row row;
    bool found = false;
    enum err err = q_request_of_visit(db, arena, (struct request_of_visit_in){.visit_id = visit_id}, &found_row,
                                      &found, fault);
    if (err != OK || !found)
        return err;
    err = request_find(db, arena, found_row.ref, &row, fault);
    if (err != OK)
        return err;
    enum request_state state = REQUEST_LAPSED;
    struct request_change change = {.act = REQUEST_PAY, .now = now};
    bool open = request_state_parse(row.state, &state) && request_after(state, REQUEST_PAY, true, &change.became);
    if (!open) { /* withdrawn or cancelled while the money was on its way: a person looks */
        err = request_note(db, arena, row.id, "pay", &change, &change.event_id, fault);
        return err != OK ? err : request_mail_service(db, arena, &row, "request-paid-late", change.event_id, now, fault);
    }
    int64_t changed = 0;
    err = q_request_move(db, (struct request_move_in){
        .id = row.id, .was_state = row.state, .was_turn = row.turn, .state = S("paid"), .start_at = row.start_at,
        .pay_until = row.pay_until, .now = now}, &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUSY, "the request has changed meanwhile");
    if (err == OK)
        err = request_note(db, arena, row.id, "pay", &change, &change.event_id, fault);
    return err != OK ? err : request_mail_change(db, arena, &row, &change, fault);
}
