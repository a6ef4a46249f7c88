/* The note of a closure on an order's page. */
#include "web/closure/note.h"

#include "service/closure_choice.h"
#include "web/app.h"

static void fill(struct closure_note_view *view, const struct closure_note *note)
{
    bool choice = str_eq(note->outcome, S("choice"));
    view->open = choice && str_eq(note->choice, S("open"));
    view->link = choice;
    view->text = view->open                              ? MSG_order_closure_open
                 : str_eq(note->choice, S("waived"))     ? MSG_order_closure_waived
                 : choice                                ? MSG_order_closure_refunded
                 : str_eq(note->outcome, S("refund"))    ? MSG_order_closure_transfer
                                                         : MSG_order_closure_call;
}

bool closure_notes_fill(struct page *page, struct str ref, struct closure_note_view *notes, size_t count)
{
    struct caller caller = page_caller(page);
    struct closure_notes found = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = closure_notes(page_service(page), page->arena, &caller, ref, &found, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    for (size_t i = found.n; i > 0; i--) /* the newest last, so that it stays */
        for (size_t n = 0; n < count; n++)
            if (notes[n].visit_id == found.p[i - 1].visit_id)
                fill(&notes[n], &found.p[i - 1]);
    return true;
}
