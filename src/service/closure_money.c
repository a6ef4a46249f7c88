/* Money that goes back for a closed visit: which lines are credited, and what became of the decision. */
#include "service/closure_parts.h"

/* The order's line that a ticket was sold in. A leader among those who pay has a ticket of another role than the line. */
static size_t line_of(const struct refund_lines_list *sold, int64_t visit_id, const struct closure_tickets_row *ticket)
{
    size_t found = sold->n;
    for (size_t i = 0; i < sold->n; i++) {
        const struct refund_lines_row *row = &sold->p[i];
        if (row->visit_id != visit_id || !str_eq(row->tariff_code, ticket->tariff_code) ||
            row->unit_cents != ticket->price_cents)
            continue;
        if (str_eq(row->role, ticket->role))
            return i;
        found = found == sold->n ? i : found;
    }
    return found;
}

/* What was credited before, by the refunds desk, is not credited again. */
enum err closure_lines(struct db *db, struct arena *arena, int64_t visit_id, int64_t order_id, size_t kept,
                       struct closure_money_back *back, struct fault *fault)
{
    struct closure_tickets_list tickets;
    struct refund_lines_list sold;
    enum err err = q_closure_tickets(db, arena, (struct closure_tickets_in){.visit_id = visit_id, .order_id = order_id},
                                     &tickets, fault);
    if (err == OK)
        err = q_refund_lines(db, arena, (struct refund_lines_in){.order_id = order_id}, &sold, fault);
    if (err != OK)
        return err;
    struct refund_line *lines = ARENA_ARRAY(arena, sold.n + 1, struct refund_line);
    int64_t *gone = ARENA_ARRAY(arena, sold.n + 1, int64_t), *stay = ARENA_ARRAY(arena, sold.n + 1, int64_t);
    for (size_t i = 0; i < tickets.n; i++)
        (i < kept ? stay : gone)[line_of(&sold, visit_id, &tickets.p[i])]++;
    size_t count = 0;
    struct cents amount = {0};
    for (size_t i = 0; i < sold.n; i++) {
        const struct refund_lines_row *row = &sold.p[i];
        int64_t left = row->quantity - row->credited - stay[i], quantity = gone[i] < left ? gone[i] : left;
        if (quantity <= 0)
            continue;
        lines[count++] = (struct refund_line){
            .visit_id = visit_id, .tariff_code = row->tariff_code, .role = row->role, .quantity = quantity,
            .unit = cents(row->unit_cents), .vat_code = row->vat_code};
        amount = cents_add(amount, cents(quantity * row->unit_cents));
    }
    back->lines = lines;
    back->line_count = count;
    back->amount = amount;
    return OK;
}

static const char *problem_of(enum refund_refusal refusal)
{
    switch (refusal) {
    case REFUND_NOT_REFUSED: return "";
    case REFUND_TOO_MUCH: return "too-much";
    case REFUND_NOTHING: return "nothing";
    case REFUND_NO_INVOICE: return "no-invoice";
    }
    return "unknown";
}

static enum err note_problem(struct db *db, const struct closure_money_back *back, const char *problem,
                             struct fault *fault)
{
    return q_closure_problem(db, (struct closure_problem_in){.closure_id = back->closure_id, .visit_id = back->visit_id,
        .problem = str_of(problem)}, NULL, fault);
}

enum err closure_send_back(struct service *service, struct db *db, struct arena *arena,
                           const struct closure_money_back *back, instant now, bool *ret_done, struct fault *fault)
{
    struct refund_request request = {
        .order_id = back->order_id, .amount = back->amount, .lines = back->lines, .line_count = back->line_count,
        .reason = S("closure"), .staff_id = back->staff_id,
        .request_key = str_format(arena, "closure-%lld-%lld", (long long)back->closure_id, (long long)back->visit_id)};
    struct refund_made made = {0};
    enum err err = refund_add(service, db, arena, &request, now, &made, fault);
    if (err != OK)
        return err;
    *ret_done = made.refusal == REFUND_NOT_REFUSED;
    if (*ret_done)
        err = q_closure_refund_note(db, (struct closure_refund_note_in){.refund_id = made.refund_id,
            .closure_id = back->closure_id, .visit_id = back->visit_id}, NULL, fault);
    return err == OK ? note_problem(db, back, problem_of(made.refusal), fault) : err;
}
