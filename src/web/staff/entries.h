/* The lines of a timeline, for the pages that have one. */
#ifndef GUICHET_WEB_STAFF_ENTRIES_H
#define GUICHET_WEB_STAFF_ENTRIES_H

#include "web/page.h"
#include "web/staff/views.h"

struct desk_entry_lines desk_entry_lines(const struct page *page, const struct desk_entries *entries,
                                         int64_t organisation_id);

#endif
