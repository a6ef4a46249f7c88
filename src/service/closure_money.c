/* Money that goes back for a closed visit: which lines are credited, and what became of the decision. */
#include "service/closure_parts.h"

static bool same_line(const struct refund_line *line, const struct closure_tickets_row *ticket)
{
    return str_eq(line->tariff_code, ticket->tariff_code) && str_eq(line->role, ticket->role)
           && line->unit.v == ticket->price_cents;
}

enum err closure_lines(struct db *db, struct arena *arena, int64_t visit_id, int64_t order_id, size_t kept,
                       struct closure_money_back *back, struct fault *fault)
{
    struct closure_tickets_list tickets;
    enum err err = q_closure_tickets(db, arena, (struct closure_tickets_in){.visit_id = visit_id, .order_id = order_id},
                                     &tickets, fault);
    if (err != OK)
        return err;
    struct refund_line *lines = ARENA_ARRAY(arena, tickets.n + 1, struct refund_line);
    size_t count = 0;
    struct cents amount = {0};
    for (size_t i = kept; i < tickets.n; i++) {
        const struct closure_tickets_row *ticket = &tickets.p[i];
        size_t at = 0;
        while (at < count && !same_line(&lines[at], ticket))
            at++;
        if (at == count)
            lines[count++] = (struct refund_line){
                .visit_id = visit_id, .tariff_code = ticket->tariff_code, .role = ticket->role,
                .unit = cents(ticket->price_cents), .vat_code = ticket->vat_code};
        lines[at].quantity++;
        amount = cents_add(amount, cents(ticket->price_cents));
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
