/* An order's visits given back, whole or in part, by customer service. */
#include "service/refund_desk.h"

#include "service/staff_session.h"
#include "service/transfer_parts.h"
#include "service/visit_void.h"

struct reading {
    struct str ref;
    struct refund_order order;
    struct refund_lines_list lines;
};

static enum err find_order(struct reading *r, struct db *db, struct arena *arena, struct fault *fault)
{
    struct order_id_by_ref_row id;
    struct order_by_id_row order;
    struct refund_money_list money;
    bool found = false;
    enum err err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = r->ref}, &id, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = id.id}, &order, NULL, fault);
    if (err == OK)
        err = q_refund_money(db, arena, (struct refund_money_in){.order_id = id.id}, &money, fault);
    if (err == OK)
        err = q_refund_lines(db, arena, (struct refund_lines_in){.order_id = id.id}, &r->lines, fault);
    if (err != OK)
        return err;
    r->order = (struct refund_order){
        .order_id = id.id, .organisation_id = order.organisation_id, .ref = r->ref,
        .organisation = order.organisation_name, .buyer = transfer_buyer(arena, order.first_name, order.last_name),
        .state = order.state, .method = order.method, .total = cents(order.total_cents)};
    for (size_t i = 0; i < money.n; i++)
        r->order.refundable = cents_add(r->order.refundable, cents(money.p[i].left_cents));
    return OK;
}

static struct refund_order_visit *visit_of(struct refund_order *order, const struct refund_lines_row *row, size_t lines,
                                           struct arena *arena)
{
    for (size_t i = 0; i < order->visit_count; i++)
        if (order->visits[i].visit_id == row->visit_id)
            return &order->visits[i];
    struct refund_order_visit *visit = &order->visits[order->visit_count++];
    *visit = (struct refund_order_visit){
        .visit_id = row->visit_id, .monument = row->monument_name, .has_start = row->start_at.is,
        .start_at = row->start_at.v, .live = str_eq(row->visit_state, S("confirmed")),
        .lines = ARENA_ARRAY(arena, lines, struct refund_order_line)};
    return visit;
}

static enum err read_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    enum err err = find_order(r, db, arena, fault);
    if (err != OK)
        return err;
    struct refund_order *order = &r->order;
    order->visits = ARENA_ARRAY(arena, r->lines.n + 1, struct refund_order_visit);
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct refund_lines_row *row = &r->lines.p[i];
        struct refund_order_visit *visit = visit_of(order, row, r->lines.n, arena);
        int64_t left = row->quantity - row->credited;
        visit->lines[visit->line_count++] = (struct refund_order_line){
            .position = row->position, .visit_id = row->visit_id, .tariff_code = row->tariff_code, .role = row->role,
            .quantity = row->quantity, .left = left, .unit = cents(row->unit_cents)};
        visit->left = cents_add(visit->left, cents(left * row->unit_cents));
    }
    return refund_list(db, arena, order->order_id, &order->refunds, fault);
}

enum err refund_order_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct str ref, struct refund_order *ret_order, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_REFUND, 0, fault);
    if (may != OK)
        return may;
    struct reading r = {.ref = ref};
    enum err err = service_read(service, arena, read_in, &r, fault);
    if (err == OK)
        *ret_order = r.order;
    return err;
}

/* ---- Giving back ------------------------------------------------------------------------------------------------ */

struct paying {
    struct service *service;
    const struct staff_caller *caller;
    const struct refund_order_request *request;
    struct str reason;
    struct reading reading;
    struct refund_line *lines;
    size_t line_count;
    int64_t total;
    struct refund_order_made made;
};

static int64_t chosen(const struct paying *p, int64_t position)
{
    for (size_t i = 0; i < p->request->choice_count; i++)
        if (p->request->choices[i].position == position)
            return p->request->choices[i].quantity;
    return 0;
}

static void collect_lines(struct paying *p, struct arena *arena)
{
    const struct refund_lines_list *rows = &p->reading.lines;
    p->lines = ARENA_ARRAY(arena, rows->n + 1, struct refund_line);
    p->line_count = 0;
    p->total = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct refund_lines_row *row = &rows->p[i];
        int64_t quantity = chosen(p, row->position);
        if (quantity < 0 || quantity > row->quantity - row->credited)
            p->made.refusal = REFUND_DESK_TOO_MUCH;
        if (quantity <= 0)
            continue;
        p->lines[p->line_count++] = (struct refund_line){
            .visit_id = row->visit_id, .tariff_code = row->tariff_code, .role = row->role, .quantity = quantity,
            .unit = cents(row->unit_cents), .vat_code = row->vat_code};
        p->total += quantity * row->unit_cents;
    }
    if (p->line_count == 0 && p->made.refusal == REFUND_DESK_NOT_REFUSED)
        p->made.refusal = REFUND_DESK_NOTHING;
}

/* Nobody who paid is left: free tickets alone are no visit. */
static bool used_up(const struct paying *p, int64_t visit_id)
{
    int64_t left = 0, credited = 0;
    for (size_t i = 0; i < p->reading.lines.n; i++) {
        const struct refund_lines_row *row = &p->reading.lines.p[i];
        if (row->visit_id != visit_id)
            continue;
        credited += chosen(p, row->position);
        if (row->unit_cents > 0)
            left += row->quantity - row->credited - chosen(p, row->position);
    }
    return left == 0 && credited > 0;
}

/* Of a visit that its monument has closed there is so much less to choose; with all of it the choice is made. Before the
 * visit is looked at: a choice of another slot at the same moment is waited for, and then ends with the visit. */
static enum err lessen_choice(const struct paying *p, struct db *db, int64_t visit_id, bool whole, instant now,
                              struct fault *fault)
{
    int64_t back = 0;
    for (size_t i = 0; i < p->line_count; i++)
        back += p->lines[i].visit_id == visit_id ? p->lines[i].quantity * p->lines[i].unit.v : 0;
    return q_closure_choice_refunded(db, (struct closure_choice_refunded_in){
        .visit_id = visit_id, .cents = back, .whole = whole, .now = now}, NULL, fault);
}

static enum err void_visits(struct paying *p, struct db *db, struct arena *arena, instant now, struct fault *fault)
{
    int64_t last = 0;
    enum err err = OK;
    for (size_t i = 0; err == OK && i < p->reading.lines.n; i++) {
        int64_t visit_id = p->reading.lines.p[i].visit_id;
        bool voided = false;
        if (visit_id == last)
            continue;
        last = visit_id;
        bool whole = used_up(p, visit_id);
        err = lessen_choice(p, db, visit_id, whole, now, fault);
        if (err != OK || !whole)
            continue;
        err = visit_void(db, arena, visit_id, S("refunded"), now, &voided, fault);
        p->made.voided += err == OK && voided;
    }
    return err;
}

static enum err pay_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct paying *p = argument;
    instant now = service_now(p->service);
    p->made = (struct refund_order_made){.refusal = REFUND_DESK_NOT_REFUSED};
    p->reading = (struct reading){.ref = p->request->ref};
    struct refund_by_key_row before;
    bool found = false;
    enum err err = q_refund_by_key(db, arena, (struct refund_by_key_in){.request_key = p->request->request_key},
                                   &before, &found, fault);
    if (err == OK && found) { /* the form came again */
        p->made.made = (struct refund_made){.refund_id = before.id, .amount = cents(before.amount_cents),
                                            .by_provider = before.by_hand == 0,
                                            .credit_note = before.credit_note.is ? before.credit_note.v : S("")};
        return OK;
    }
    struct order_id_by_ref_row id;
    if (err == OK)
        err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = p->request->ref}, &id, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err == OK) /* before the lines are read: what somebody credits at the same moment counts */
        err = q_order_lock(db, (struct order_lock_in){.id = id.id}, NULL, fault);
    if (err == OK)
        err = find_order(&p->reading, db, arena, fault);
    if (err != OK)
        return err;
    collect_lines(p, arena);
    if (p->made.refusal != REFUND_DESK_NOT_REFUSED)
        return OK;
    struct refund_request request = {.order_id = p->reading.order.order_id,
                                     .amount = cents(p->total),
                                     .lines = p->lines,
                                     .line_count = p->line_count,
                                     .reason = S("desk"),
                                     .request_key = p->request->request_key,
                                     .staff_id = p->caller->staff_id};
    err = refund_add(p->service, db, arena, &request, now, &p->made.made, fault);
    if (err == OK && p->made.made.refusal != REFUND_NOT_REFUSED)
        p->made.refusal = REFUND_DESK_TOO_MUCH;
    if (err != OK || p->made.refusal != REFUND_DESK_NOT_REFUSED)
        return err;
    err = void_visits(p, db, arena, now, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, p->caller, now, (struct staff_act){
        .act = S("refund.order"), .subject = p->request->ref, .organisation_id = p->reading.order.organisation_id,
        .detail = str_format(arena, "%lld cents %.*s", (long long)p->total, STR_ARG(p->made.made.credit_note)),
        .reason = p->reason, .was = p->reading.order.state,
        .became = p->made.voided > 0 ? S("visits ended") : S("refunded in part")}, fault);
}

enum err refund_order_pay(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          const struct refund_order_request *request, struct refund_order_made *ret_made,
                          struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_REFUND, 0, fault);
    if (may != OK)
        return may;
    struct paying p = {.service = service, .caller = caller, .request = request, .reason = str_trim(request->reason)};
    if (str_empty(p.reason)) {
        *ret_made = (struct refund_order_made){.refusal = REFUND_DESK_REASON};
        return OK;
    }
    enum err err = service_write(service, arena, pay_command, 0, &p, fault);
    if (err == OK)
        *ret_made = p.made;
    return err;
}
