/* A slot for a group with Paris Museum Passes (PMP-1): customer service books it for the customer, from the same
 * places as
 * any other. No money; the numbers are recorded, stand on the tickets and on the day sheet, and the gate compares them.
 *
 * As many numbers as persons who would pay: the leader who is free needs none (COM-3). What a number looks like and
 * how far
 * the days of one pass may lie apart are settings (`pass.masks`, `pass.days`). A pass opens each monument once: while a
 * visit with it stands its number is refused there, which a unique key says too. */
#ifndef GUICHET_SERVICE_PASS_BOOKING_H
#define GUICHET_SERVICE_PASS_BOOKING_H

#include "service/contact.h"
#include "service/leader.h"
#include "service/right_booking.h"

/* Books (TASK_PASS_BOOK). `person_id` in whose name, who gets the confirmation; 0: the organisation's first manager.
 * ERR_NOT_FOUND: no such organisation or person in it. What happens when the process dies: before the commit nothing
 * was
 * made; after it all of it was, mails included, and the same form finds it. */
enum err pass_book(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   int64_t organisation_id, int64_t person_id, const struct right_wish *wish,
                   struct right_result *ret_result, struct fault *fault);

struct pass_person {
    int64_t id;
    struct str name, email;
};
/* What the form offers: in whose name, who leads, who gets the tickets. */
struct pass_choices {
    struct str organisation;
    struct pass_person *people;
    size_t people_count;
    struct leaders leaders;
    struct contacts contacts;
};
/* TASK_PASS_BOOK. ERR_NOT_FOUND: no such organisation. */
enum err pass_choices(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      int64_t organisation_id, struct pass_choices *ret_choices, struct fault *fault);

struct pass_numbers {
    struct str *p;
    size_t n;
};
/* Inside a transaction: the passes of a visit in the order of its tickets, for tickets, day sheet and gate. None for
 * a visit
 * that has none. */
enum err pass_numbers_read(struct db *db, struct arena *arena, int64_t visit_id, struct pass_numbers *ret_numbers,
                           struct fault *fault);

#endif
