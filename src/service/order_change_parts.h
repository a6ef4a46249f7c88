/* What the files of changes share. */
#ifndef GUICHET_SERVICE_ORDER_CHANGE_PARTS_H
#define GUICHET_SERVICE_ORDER_CHANGE_PARTS_H

#include "domain/visit_change.h"
#include "service/order_change.h"
#include "service/settings.h"
#include "store/queries.h"

/* The visit and whether it may be changed at all, by whom asks, at `now`. ERR_NOT_FOUND: not the caller's. */
struct change_state {
    struct change_visit_row row;
    struct change_view view;
};
enum err order_change_state(struct service *service, struct db *db, struct arena *arena, const struct caller *caller,
                            struct str ref, int64_t visit_id, instant now, struct change_state *ret_state,
                            struct fault *fault);

/* What a visit of so many persons costs on a day, and the difference to what it cost. */
enum err order_change_price(struct db *db, struct arena *arena, const struct change_view *view, int persons,
                            day_number day, struct change_quote *ret_quote, struct fault *fault);

#endif
