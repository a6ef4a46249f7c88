/* What the pages of the operator's side share. */
#ifndef GUICHET_WEB_STAFF_COMMON_H
#define GUICHET_WEB_STAFF_COMMON_H

#include "web/app.h"
#include "web/staff/views.h"

/* After the right password: the page that asks for a code, or the one that sets the second factor up. */
void staff_next_step(struct page *page, const struct staff_step *step, struct str back);

#endif
