/* Bookings that a monument takes by telephone, from the same places as all others (OPS-2). They are paid at the till:
 * no order, no ticket and no invoice, and no customer's page reads them. The day sheet and the gate list them.
 *
 * Who books by telephone is heard by the monument itself: neither the minimum nor the opening of sales applies, but the
 * maximum of a group, closed slots, slots that are not for groups and the places do. All of TASK_PHONE_BOOKING. */
#ifndef GUICHET_SERVICE_PHONE_BOOKING_H
#define GUICHET_SERVICE_PHONE_BOOKING_H

#include "domain/audience.h"
#include "domain/leader.h"
#include "domain/tariff.h"
#include "service/permit.h"
#include "service/refusal.h"

enum { PHONE_TEXT = 120, PHONE_NEEDS = 500 }; /* characters */

/* What is wrong with what was typed. */
enum phone_fault {
    PHONE_GOOD,
    PHONE_NAME,   /* missing or too long */
    PHONE_NUMBER, /* no telephone number: the monument could not call back */
    PHONE_EMAIL,
    PHONE_ORGANISATION,
    PHONE_REMARKS,
    PHONE_REASON  /* of a cancellation: missing or too long */
};

struct phone_fields {
    instant start;
    int persons;
    enum audience audience;
    enum leader_kind leader;                 /* GUIDE or ACCOMPANYING */
    struct str organisation, name, phone, email; /* organisation and e-mail may be empty */
    enum lang lang;
    struct str needs;
};

struct phone_answer {
    enum phone_fault fault;
    enum refusal refusal; /* of the places */
    int left, maximum;    /* for its message */
    int64_t id;
};

struct phone_booking {
    int64_t id;
    struct phone_fields fields;
    day_number day;
    int minute, minutes;
    bool whole_day, held; /* not held: cancelled */
    int64_t organisation_id; /* of the customer with that address; 0: none */
    instant placed_at;
    struct str taken_by, cancel_reason;
    bool has_price;
    struct price price; /* to be paid at the till, at the tariffs of today for that day */
};

struct phone_line {
    int64_t id;
    instant start;
    int persons;
    struct str organisation, name, phone;
};
struct phone_lines {
    struct phone_line *p;
    size_t n;
};

/* Takes the places; the same form twice finds what it made. The address of a customer links the booking to them. */
enum err phone_booking_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           int64_t monument_id, const struct phone_fields *fields, struct str request_key,
                           struct phone_answer *ret_answer, struct fault *fault);
/* ERR_NOT_FOUND: not a booking of this monument. */
enum err phone_booking_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, int64_t id, struct phone_booking *ret_booking, struct fault *fault);
/* Everything may change; new places are taken before the old ones are given back. REFUSED_ENDED: cancelled
 * meanwhile. */
enum err phone_booking_change(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t id, const struct phone_fields *fields,
                              struct phone_answer *ret_answer, struct fault *fault);
/* With a reason. REFUSED_ENDED when it is cancelled already. */
enum err phone_booking_cancel(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t id, struct str reason, struct phone_answer *ret_answer,
                              struct fault *fault);
/* Those that come, the next first. */
enum err phone_booking_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, struct phone_lines *ret_lines, struct fault *fault);

/* Cancels one inside a write, as a closure does; its places return. *ret_done false: it held none (any more). */
enum err phone_booking_void(struct db *db, struct arena *arena, int64_t monument_id, int64_t id, struct str why,
                            instant now, bool *ret_done, struct fault *fault);

#endif
