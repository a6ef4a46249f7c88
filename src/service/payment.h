/* Payment by card through a provider's hosted page (CRT-3).
 *
 * The buyer is sent to the provider with an attempt. What became of it is told by a signed notification, asked when the
 * buyer comes back, and asked again by a job when nobody told: all three end in the same idempotent settlement, one
 * transaction that notes the event, the money, the order, its tickets, its invoice and its mails. So a repeated, late or
 * lost message changes nothing, and the process may die between any two steps:
 *   before the attempt is stored      nothing was charged, the form is sent again
 *   after, before the provider knows  the job closes the attempt when its time is over
 *   after, answer lost                the same idempotency key finds the same session again
 *   paid, notification lost           the job asks
 *   settlement rolled back            the notification is answered with 500 and comes again; else the job asks */
#ifndef GUICHET_SERVICE_PAYMENT_H
#define GUICHET_SERVICE_PAYMENT_H

#include "service/refusal.h"
#include "service/service.h"

enum settlement {
    SETTLED_NOTHING,     /* still open, or an event that changes nothing */
    SETTLED_BEFORE,      /* this event or this money was noted already */
    SETTLED_CONFIRMED,   /* the order is confirmed, its tickets are on their way */
    SETTLED_REFUND_DUE,  /* money arrived that could not be booked: it waits visibly for its refund */
    SETTLED_CLOSED,      /* the attempt ended without payment */
    SETTLED_UNKNOWN      /* no attempt of ours */
};

/* Where to send the buyer to pay a pending order of the caller's organisation. Sends the attempt to the provider when
 * that has not been done, with the same idempotency key each time. */
struct payment_page {
    enum refusal refusal; /* PAID, ORDER_ENDED, PROVIDER */
    struct str url;       /* of the provider's page */
};
enum err payment_open(struct service *service, struct arena *arena, const struct caller *caller, struct str order_ref,
                      struct payment_page *ret_page, struct fault *fault);

/* A notification as it came. ERR_INPUT: forged or malformed, answer 400. Any other error: answer 500, it comes again. */
enum err payment_notified(struct service *service, struct arena *arena, struct str signature, struct str body,
                          enum settlement *ret_settlement, struct fault *fault);

/* The buyer came back: asks the provider and settles. Never trusts the address the buyer came with. */
enum err payment_returned(struct service *service, struct arena *arena, const struct caller *caller,
                          struct str order_ref, enum settlement *ret_settlement, struct fault *fault);

/* The buyer gives up: the page is closed at the provider first, so that it cannot be paid any more; then the order ends
 * and its visits are options and holds again. If it was paid meanwhile it is settled as paid. */
enum err payment_abandon(struct service *service, struct arena *arena, const struct caller *caller, struct str order_ref,
                         enum settlement *ret_settlement, struct fault *fault);

/* Job: ends orders that nobody can pay any more without asking anybody: so an option that is being paid ends in time
 * although the provider does not answer (OPT-4). Its money, should it come after all, is settled as any late money. */
enum err payment_end_orders(struct service *service, struct arena *arena, int *ret_ended, struct fault *fault);

/* Job: asks about attempts past their end or past that of an option they pay, then ends orders that nobody can pay any more; also in between when the provider
 * does not answer, since each try may take a minute. Numbers of each in ret_. */
enum err payment_reconcile(struct service *service, struct arena *arena, int *ret_asked, int *ret_ended,
                           struct fault *fault);

#endif
