/* What the files of closures share. */
#ifndef GUICHET_SERVICE_CLOSURE_PARTS_H
#define GUICHET_SERVICE_CLOSURE_PARTS_H

#include "service/closure.h"
#include "service/refund.h"
#include "store/queries.h"

/* Where slots of a range begin: from `from`, before `until`. */
struct closure_span {
    instant from, until;
};
/* CLOSURE_DATES, CLOSURE_TOO_LONG, or what the range means. */
enum closure_refusal closure_span_of(const struct service *service, const struct closure_range *range, instant now,
                                     struct closure_span *ret_span);

/* «2026-12-12 10:30, 26 persons», for the audit. */
struct str closure_visit_words(struct service *service, struct arena *arena, instant start, int64_t persons);

/* What goes back for one visit. */
struct closure_money_back {
    int64_t closure_id, visit_id, order_id;
    struct cents amount;
    const struct refund_line *lines; /* on the visit's own order */
    size_t line_count;
    int64_t staff_id;
};
/* Inside a write command; each row of a list once. *ret_done false: it cannot be made; nothing was written but the reason,
 * in the row. */
enum err closure_send_back(struct service *service, struct db *db, struct arena *arena,
                           const struct closure_money_back *back, instant now, bool *ret_done, struct fault *fault);

/* The tickets that the closure has ended as credited lines; all of them, or without the first `kept`. Their sum in
 * *ret_amount. */
enum err closure_lines(struct db *db, struct arena *arena, int64_t visit_id, int64_t order_id, size_t kept,
                       struct closure_money_back *back, struct fault *fault);

#endif
