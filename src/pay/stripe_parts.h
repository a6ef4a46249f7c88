/* Stripe's JSON into the port's structs: pure functions, so that tests and the fuzzer need no network. Bad JSON, missing
 * or wrongly typed members are ERR_UNCERTAIN in an answer to a call (it may have been carried out), ERR_IO in a query,
 * ERR_INPUT in a notification. */
#ifndef GUICHET_PAY_STRIPE_PARTS_H
#define GUICHET_PAY_STRIPE_PARTS_H

#include "service/payer.h"

struct stripe_error {
    struct str type, code, message; /* empty when the body is not an error object */
};

struct stripe_error stripe_error_read(struct arena *arena, struct str body);
enum err stripe_redirect_read(struct arena *arena, struct str body, struct pay_redirect *ret, struct fault *fault);
enum err stripe_state_read(struct arena *arena, struct str body, struct pay_state *ret, struct fault *fault);
enum err stripe_refund_read(struct arena *arena, struct str body, struct pay_refund *ret, struct fault *fault);

/* Checks size and signature first, then reads. */
enum err stripe_notification_read(struct arena *arena, struct str signature, struct str body,
                                  const struct str *secrets, size_t secret_count, instant now, struct pay_event *ret,
                                  struct fault *fault);

#endif
