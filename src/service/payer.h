/* The port to a card payment provider with a hosted page (CRT-3). The service knows only this; `pay/` implements it.
 *
 * Every function may be called from several threads at once and may block for as long as the provider's time-outs
 * allow, so never inside a write command. What comes back is allocated in the caller's arena.
 *
 * What an error means for money:
 *   ERR_UNCERTAIN  the call was sent and its end is not known (network lost, 5xx): repeat it with the same idempotency
 *                  key and the same arguments, or ask with `query`; never assume either end
 *   ERR_IO         certainly not done, may be repeated (no connection, too many requests, key refused)
 *   ERR_REFUSED    certainly not done, repeating does not help (the provider examined it and said no)
 *   ERR_NOT_FOUND  the provider does not know that reference
 *   ERR_CONFLICT   the idempotency key was used before with other arguments
 *   ERR_INPUT      our arguments, or a notification that is forged, too old or malformed: answer it with 400
 *
 * An order of 0 euro never comes here: providers have a minimum amount. */
#ifndef GUICHET_SERVICE_PAYER_H
#define GUICHET_SERVICE_PAYER_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

enum pay_outcome {
    PAY_OPEN,    /* the buyer may still pay */
    PAY_PAID,
    PAY_FAILED,  /* a deferred means of payment failed after the page was completed */
    PAY_EXPIRED  /* closed without payment; it can no longer be paid */
};

struct pay_line {
    struct str label;
    int64_t quantity;  /* 1 or more */
    struct cents unit; /* tax included, 0 or more */
};

/* One try to pay one order. The same key must always come with the same values, so keep them with the attempt. */
struct pay_attempt {
    struct str reference;       /* ours; comes back in every answer and notification */
    struct str idempotency_key; /* at most 255 bytes */
    struct str title;           /* one line for the whole, used when there are more lines than the provider takes */
    const struct pay_line *lines;
    size_t line_count;
    struct cents total;         /* must be the sum of the lines */
    struct str email;           /* of the buyer, fills the page's field; may be empty */
    struct str locale;          /* "fr" or "en" */
    struct str success_url;     /* absolute; «{CHECKOUT_SESSION_ID}» in it is replaced by the provider's reference */
    struct str cancel_url;      /* absolute */
    instant expires_at;         /* 30 minutes to 24 hours ahead */
};

struct pay_redirect {
    struct str url;          /* send the buyer there with 303 */
    struct str provider_ref;
    instant expires_at;
};

/* What the provider says about one attempt. */
struct pay_state {
    enum pay_outcome outcome;
    struct str provider_ref;
    struct str attempt_ref;  /* pay_attempt.reference */
    struct str payment_ref;  /* the handle for refunds; empty until paid */
    struct cents amount;
    struct str currency;     /* "eur"; compare it and the amount before settling */
    instant expires_at;
};

enum pay_refund_outcome { PAY_REFUND_DONE, PAY_REFUND_PENDING, PAY_REFUND_FAILED };

struct pay_refund {
    struct str refund_ref;
    enum pay_refund_outcome outcome;
};

enum pay_event_kind {
    PAY_EVENT_ATTEMPT, /* an attempt was paid, failed or expired: `outcome`, `amount` */
    PAY_EVENT_REFUND,  /* a refund changed: `refund_ref`, `refund`, `amount` */
    PAY_EVENT_DISPUTE, /* the buyer's bank takes the money back or gives up: a person must look */
    PAY_EVENT_OTHER    /* genuine, nothing to do: answer 200 */
};

/* One genuine notification. Notifications come twice, late and in any order: keep `event_id` under a unique key, and
 * ask with `query` before acting where order matters. */
struct pay_event {
    struct str event_id;
    struct str type;         /* the provider's word, for the log */
    enum pay_event_kind kind;
    struct str provider_ref; /* empty unless PAY_EVENT_ATTEMPT */
    struct str attempt_ref;
    struct str payment_ref;
    enum pay_outcome outcome;
    struct str refund_ref;   /* PAY_EVENT_REFUND */
    enum pay_refund_outcome refund;
    struct cents amount;
    struct str currency;
};

struct payer {
    const char *name;        /* "stripe" */
    const char *page_origin; /* origin of the hosted page for the pages' security policy; lives as long as the payer */
    void *context;

    enum err (*create)(void *context, struct arena *arena, const struct pay_attempt *attempt,
                       struct pay_redirect *ret_redirect, struct fault *fault);
    enum err (*query)(void *context, struct arena *arena, struct str provider_ref, struct pay_state *ret_state,
                      struct fault *fault);
    /* Closes the page so that it cannot be paid any more. ERR_REFUSED when it is not open: then `query`. */
    enum err (*expire)(void *context, struct arena *arena, struct str provider_ref, struct fault *fault);
    enum err (*refund)(void *context, struct arena *arena, struct str payment_ref, struct cents amount,
                       struct str idempotency_key, struct pay_refund *ret_refund, struct fault *fault);
    /* `signature` is the value of the header that `signature_header` names (lower case), `body` the raw bytes. */
    const char *signature_header;
    enum err (*read_notification)(void *context, struct arena *arena, struct str signature, struct str body,
                                  instant now, struct pay_event *ret_event, struct fault *fault);
};

#endif
