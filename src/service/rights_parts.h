/* What bookings against passes and against stock share (PMP-1, STK-1): one visit from the same places as any other, and
 * an order without money that is confirmed at once. For the files of these services only. */
#ifndef GUICHET_SERVICE_RIGHTS_PARTS_H
#define GUICHET_SERVICE_RIGHTS_PARTS_H

#include "service/pricing.h"
#include "service/right_booking.h"
#include "store/queries.h"

struct free_booking {
    struct service *service;
    int64_t organisation_id, person_id; /* whose, and in whose name */
    enum lang lang;                     /* of the order's mails */
    struct right_wish wish;
    struct str settled_by;    /* `pass`, `stock`: also the tariff code of the lines that a number pays */
    struct str terms_version; /* what the customer accepted; empty: customer service books */
    instant now;
    /* what the steps find */
    struct settings settings;
    struct slot_facts_row slot;
    struct price price;
    struct place_result result;
    int needed; /* persons who would pay: as many numbers (COM-3) */
    int64_t order_id, visit_id;
    struct str order_ref;
};

/* The same form again: *ret_found, and the order that it made. */
enum err free_booking_replayed(struct db *db, struct arena *arena, struct free_booking *booking, bool *ret_found,
                               struct fault *fault);

/* All that decides but the numbers: the slot and its places, the group, the leader and the recipient (PLA-1, PLA-3,
 * COM-2, CRT-2). Sets `result.refusal` and, where the group can be priced, `needed`. Writes nothing. */
enum err free_booking_check(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault);

/* After a check without refusal: takes the places, makes visit, order and lines of 0 €, confirms: tickets, invoice and
 * mails (order_fulfil). ERR_REFUSED with `result.refusal` when the places went meanwhile. */
enum err free_booking_make(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault);

/* Whether a normal number stands twice in the first `count` before `index`. */
bool number_seen(const struct str *normals, size_t index);

#endif
