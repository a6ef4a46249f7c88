/* The stand-in payment provider: a separate process (`guichet standin`) that speaks the part of Stripe's API that the
 * connector uses, shows the hosted page with test cards, and sends signed notifications. So the demonstration and the
 * tests pay for real in form, and the server knows no difference (CRT-3).
 *
 *   POST /v1/checkout/sessions   GET …/{id}   POST …/{id}/expire   GET /v1/checkout/sessions
 *   POST /v1/refunds   GET …/{id}   GET /v1/refunds   GET /v1/payment_intents/{id}   GET /v1/events   GET …/{id}
 *   GET and POST /c/pay/{id}     the hosted page
 *   GET /_book                   everything it knows, to compare with the server's own book
 *   GET or POST /_ctl?…          faults, each for the next time only (see below)
 *
 * /_ctl: dup=1 the next notification comes twice; drop=1 its first try is lost; delay=MS it comes later; badsig=1 its
 * first try has a wrong signature; reorder=1 the next two come in the other order; fail=N the next N calls of the API
 * answer 500 without doing anything; lose=1 the next call is carried out and answers 500. It answers with what is set.
 * With only `redeliver=EVENT` it sends that event again.
 *
 * It is a demonstration and test tool: it listens on this machine unless told otherwise and takes no real card. */
#ifndef GUICHET_PAY_STANDIN_H
#define GUICHET_PAY_STANDIN_H

#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"

/* All texts are copied; NULL or 0 takes the default. */
struct standin_config {
    const char *address;        /* "127.0.0.1" */
    uint16_t port;              /* 0 picks a free one */
    const char *public_url;     /* what hosted pages' addresses start with; "http://ADDRESS:PORT" */
    const char *return_origin;  /* the origin that the page may send the buyer back to; "http://localhost:8080" */
    const char *merchant;       /* name on the page; "Guichet" */
    const char *key;            /* "sk_test_standin" */
    const char *webhook_url;    /* where notifications go; NULL: nowhere */
    const char *webhook_secret; /* "whsec_standin" */
    const char *folder;         /* where standin.jsonl is kept; NULL: in memory only */
    long retry_base_ms;         /* pause after the first failed delivery, then doubled; 200 */
    int retry_max;              /* tries of one delivery; 8 */
    struct clock clock;         /* required: expiry and signatures follow it */
    struct random random;       /* required */
};

struct standin;

/* Replays the journal, listens, starts the delivery thread. Deliveries that were not done before a restart go on. */
enum err standin_start(const struct standin_config *config, struct standin **ret_standin, struct fault *fault);
uint16_t standin_port(const struct standin *standin);
void standin_stop(struct standin **standin);

/* The sub-command: `guichet standin [--listen ADDRESS] [--port N] [--data FOLDER] [--webhook URL] [--public-url URL]
 * [--return-origin ORIGIN] [--merchant NAME] [--clock FILE] [--retry-base-ms N]`. Key and webhook secret come from the
 * environment (GUICHET_PAY_KEY, GUICHET_PAY_WEBHOOK_SECRET), where other users of the machine cannot read them. Prints
 * «stand-in provider: http://…» once it listens, runs until SIGINT or SIGTERM. Returns the exit code. */
int standin_main(int argc, char **argv);

#endif
