/* From the notes of the service to the rows of an order's page. */
#include "web/change/order_notes.h"

#include "web/sales/words.h"

static void fill_head(const struct order_view *order, const struct change_note *note, struct change_head *head)
{
    *head = (struct change_head){
        .is_change = true, .old_ref = note->other_ref, .carried = note->carried, .returned = note->returned,
        .due = cents(order->total.v - note->carried.v), .pending = note->pending, .done = note->done,
        .ended = !note->pending && !note->done};
}

static void fill_row(const struct change_notes *notes, int64_t visit_id, struct change_row *row)
{
    for (size_t i = 0; i < notes->n; i++)
        if (notes->p[i].visit_id == visit_id && notes->p[i].from_here) {
            row->replaced = notes->p[i].done;
            row->pending = notes->p[i].pending;
            row->other_ref = notes->p[i].other_ref;
        }
    for (size_t i = 0; i < notes->visit_count; i++)
        if (notes->visits[i].visit_id == visit_id) {
            row->changeable = notes->visits[i].changeable && !row->pending;
            row->leader_replaceable = notes->visits[i].leader_replaceable;
            row->card_missing = notes->visits[i].card_missing;
            row->card_expired = notes->visits[i].card_expired;
        }
}

bool order_notes_fill(struct page *page, const struct order_view *order, struct change_head *ret_head,
                      struct change_row **ret_rows)
{
    struct caller caller = page_caller(page);
    struct change_notes notes = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = order_change_notes(page_service(page), page->arena, &caller, order->id, &notes, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    *ret_head = (struct change_head){.due = order->total};
    for (size_t i = 0; i < notes.n; i++)
        if (!notes.p[i].from_here)
            fill_head(order, &notes.p[i], ret_head);
    struct change_row *rows = ARENA_ARRAY(page->arena, order->visits.n + 1, struct change_row);
    for (size_t i = 0; i < order->visits.n; i++) {
        const struct order_visit_view *visit = &order->visits.p[i];
        rows[i] = (struct change_row){.ref = order->ref, .visit_id = visit->id, .name = visit->monument_name,
                                      .when = visit_when(page, visit->kind, visit->start_at, 0)};
        fill_row(&notes, visit->id, &rows[i]);
    }
    *ret_rows = rows;
    return true;
}
