/* From the planning of the service to what the templates show: squares, columns and rows with their words. */
#ifndef GUICHET_WEB_CATALOGUE_PLANNING_VIEWS_H
#define GUICHET_WEB_CATALOGUE_PLANNING_VIEWS_H

#include "web/catalogue/common.h"

/* Days that a view shows: the month, the week from Monday, or the day. */
void planning_span(enum planning_kind kind, day_number day, day_number *ret_from, day_number *ret_to);

/* The heading and the links to the span before and after it. */
void planning_head_fill(const struct page *page, const struct planning *planning, const struct planning_query *query,
                        struct planning_view *view);

/* Fills `weeks`, `days` or `one`, as `kind` asks. */
void planning_body_fill(const struct page *page, const struct planning *planning, const struct planning_query *query,
                        struct planning_view *view);

/* Links to the nearest slots that suit. */
struct named_links planning_next_links(const struct page *page, const struct planning *planning,
                                       const struct planning_query *query);

#endif
