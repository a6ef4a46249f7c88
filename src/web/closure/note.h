/* What a closure did to a visit, as the page of its order says it (ORD-4). */
#ifndef GUICHET_WEB_CLOSURE_NOTE_H
#define GUICHET_WEB_CLOSURE_NOTE_H

#include "web/page.h"

struct closure_note_view {
    int64_t visit_id;
    enum msg text; /* MSG_none: nothing */
    bool open;     /* there is something to choose */
    bool link;     /* to the page of the choice */
};

/* For so many visits of the order; the ids are set by the caller. false: the page has ended. */
bool closure_notes_fill(struct page *page, struct str ref, struct closure_note_view *notes, size_t count);

#endif
