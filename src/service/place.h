/* Places: options and holds in the cart, taken and given back (OPT-1 to OPT-6, CRT-1, PLA-4, PLA-5).
 *
 * `persons` is everywhere the whole group with its leader. Each form brings its own request key: the same key with the
 * same question again finds what it made the first time, so a double click or a replayed form takes nothing twice;
 * REFUSED_ENDED when that has ended since. */
#ifndef GUICHET_SERVICE_PLACE_H
#define GUICHET_SERVICE_PLACE_H

#include "domain/audience.h"
#include "domain/leader.h"
#include "service/refusal.h"
#include "service/service.h"

struct place_request {
    int64_t monument_id;
    instant start_at;
    int persons;
    enum audience audience;
    enum leader_kind leader; /* GUIDE or ACCOMPANYING */
    bool option;             /* an option, else a hold in the cart */
    struct str request_key;
};

/* One refusal with the numbers its message needs. */
struct place_result {
    enum refusal refusal;
    int64_t visit_id;
    instant ends_at;  /* of the option or the hold */
    int left;         /* places left in the slot */
    int minimum, maximum; /* of persons; for REFUSED_OPTION_CAP of live options */
    bool guide_helps; /* below the minimum: a guide would open this size (PLA-3) */
    struct str monument_slug, monument_name;
    instant start_at; /* which slot was refused */
};

/* «Poser une option», or a hold in the cart for payment (OPT-1, CRT-1). */
enum err place_hold(struct service *service, struct arena *arena, const struct caller *caller,
                    const struct place_request *request, struct place_result *ret_result, struct fault *fault);

struct place_part {
    instant start_at;
    int persons;
};

/* The sub-groups of one large group: all held or none (PLA-5). `request.start_at` and `.persons` are not used. */
enum err place_split(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct place_request *request, const struct place_part *parts, size_t count,
                     struct place_result *ret_result, struct fault *fault);

/* Undated tickets into the cart (CAT-3, MON-1): no place is held. `leader` NONE, GUIDE or ACCOMPANYING. */
enum err place_undated(struct service *service, struct arena *arena, const struct caller *caller, int64_t monument_id,
                       int persons, enum leader_kind leader, struct str request_key, struct place_result *ret_result,
                       struct fault *fault);

/* Ends an option or takes a line out of the cart; its places return at once (OPT-2). An option in the cart only
 * leaves the cart when `keep_option`. REFUSED_PAYING while a payment for it is under way; REFUSED_ENDED when it is no
 * longer live: both leave everything as it is. ERR_NOT_FOUND: not a visit of this organisation. */
enum err place_cancel(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                      bool keep_option, enum refusal *ret_refusal, struct fault *fault);

/* «Ajouter au panier pour paiement»: options into the caller's cart; they stay options (OPT-3). *ret_moved counts those
 * that were moved: not those that ended meanwhile, nor those that the cart has no room for. */
enum err place_options_to_cart(struct service *service, struct arena *arena, const struct caller *caller,
                               const int64_t *visit_ids, size_t count, int *ret_moved, struct fault *fault);

/* An ended hold of the cart takes its places again, if they are there. */
enum err place_again(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                     struct place_result *ret_result, struct fault *fault);

struct option_change {
    int64_t visit_id;
    instant start_at; /* of the slot, the same or another of the same monument */
    int persons;
    struct str request_key;
};

/* Changes a live option in place: persons, slot, date (OPT-6). The new places are taken before the old ones are freed,
 * in one transaction; in its own slot only the difference moves. Its life still counts from its placing and never
 * grows: it ends at the last moment to confirm the new visit, or earlier with the option's life (an extension that
 * customer service gave stays). An option in a cart stays there. Refusals as of place_hold, REFUSED_PAYING and
 * REFUSED_ENDED; all leave everything as it was. Without a difference nothing happens. ERR_NOT_FOUND: not a visit of
 * this organisation. */
enum err place_change(struct service *service, struct arena *arena, const struct caller *caller,
                      const struct option_change *change, struct place_result *ret_result, struct fault *fault);

struct option_view {
    int64_t id;
    struct str monument_slug, monument_name;
    instant start_at, placed_at, ends_at;
    int minutes, persons;
    struct str audience, leader_kind;
    bool in_cart, paying;
    struct str order_ref; /* of the order being paid */
    struct str split_key; /* empty: not a sub-group */
    bool by_service;      /* placed by customer service on the customer's behalf (OPS-1) */
};
struct option_views {
    struct option_view *p;
    size_t n;
};

/* The live options of the organisation, first to end first (OPT-2). */
enum err place_options(struct service *service, struct arena *arena, const struct caller *caller,
                       struct option_views *ret_options, struct fault *fault);

/* Job: ends options and holds whose time has come, gives their places back and tells the holders of options (OPT-4).
 * *ret_ended counts; bounded, so call again while it is not 0. One that cannot be ended does not stop the others: its
 * error is returned by the call that ends nothing else. */
enum err place_expire(struct service *service, struct arena *arena, int *ret_ended, struct fault *fault);

#endif
