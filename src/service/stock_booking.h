/* «J’ai déjà un billet» (STK-1), the customer's side: a slot against ticket numbers that are in stock, or that this
 * system
 * sold to the same organisation undated. Each number once, at however many desks at once; the old ticket is marked
 * exchanged and a dated one issued, all in one transaction or nothing of it.
 *
 * As many numbers as persons who would pay: the leader who is free needs none (COM-3). A number is good when it is
 * genuine,
 * unused, for this monument, not somebody else's, and valid on the day of the visit. */
#ifndef GUICHET_SERVICE_STOCK_BOOKING_H
#define GUICHET_SERVICE_STOCK_BOOKING_H

#include "service/right_booking.h"

/* Whether the caller's organisation has the right now; false for a role that may not use it and for nobody. */
enum err stock_right_mine(struct service *service, struct arena *arena, const struct caller *caller, bool *ret_has,
                          struct fault *fault);

/* Looks at everything as stock_book would, and books nothing. TASK_STOCK_USE. */
enum err stock_check(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct right_wish *wish, struct right_result *ret_result, struct fault *fault);

/* Books (TASK_STOCK_USE). `terms_version`: the terms that the customer accepted, refused when they are not those in
 * force.
 * A refusal changes nothing and answers for each number. The same request key again gives the same order. What happens
 * when the process dies: before the commit nothing was done; after it all of it was, mails included. */
enum err stock_book(struct service *service, struct arena *arena, const struct caller *caller,
                    const struct right_wish *wish, struct str terms_version, struct right_result *ret_result,
                    struct fault *fault);

#endif
