/* Card payment through Stripe Checkout, the payer port's first connector (CRT-3).
 *
 * The same code talks to the real provider and to the stand-in (`guichet standin`): base URL, key and webhook secrets
 * are settings. A call is repeated at most twice with the same idempotency key on a lost network, 409 and 5xx. */
#ifndef GUICHET_PAY_STRIPE_H
#define GUICHET_PAY_STRIPE_H

#include "service/payer.h"

#define STRIPE_BASE_URL "https://api.stripe.com"
#define STRIPE_PAGE_ORIGIN "https://checkout.stripe.com"
#define STRIPE_VERSION "2026-10-28.endive"

enum {
    STRIPE_LINES_MAX = 60,       /* beyond, one line with the attempt's title and total is sent */
    STRIPE_NOTIFICATION_MAX = 256 * 1024
};

/* All texts are copied. NULL or 0 takes the default. */
struct stripe_settings {
    const char *base_url;    /* STRIPE_BASE_URL */
    const char *page_origin; /* STRIPE_PAGE_ORIGIN; for the stand-in its own origin, as base_url */
    const char *key;         /* "sk_…", required */
    const char *webhook_secret;          /* "whsec_…", required */
    const char *webhook_secret_previous; /* the one being replaced */
    const char *version;     /* STRIPE_VERSION */
    const char *ca_file;     /* the machine's authorities */
    long connect_timeout_ms; /* 5 000 */
    long timeout_ms;         /* 20 000 for one try */
    long retry_pause_ms;     /* 400; doubled for the second repetition */
};

struct stripe;

/* ERR_INPUT when a required setting is missing or the base URL is neither https nor on this machine. */
enum err stripe_new(const struct stripe_settings *settings, struct stripe **ret_stripe, struct fault *fault);
void stripe_free(struct stripe **stripe);

/* The port; valid until stripe_free. */
struct payer stripe_payer(struct stripe *stripe);

#endif
