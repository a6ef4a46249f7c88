/* Mail through an SMTP host, with libcurl. Signing (DKIM) and reputation are the host's business.
 *
 * A connection is kept between messages. One message at a time travels on it; other callers wait. */
#ifndef GUICHET_MAIL_SMTP_H
#define GUICHET_MAIL_SMTP_H

#include "service/mailer.h"

enum smtp_tls {
    SMTP_TLS_REQUIRED, /* STARTTLS with a verified certificate, or nothing is sent */
    SMTP_TLS_IMPLICIT, /* TLS from the first byte (port 465) */
    SMTP_TLS_NONE      /* only to a host on this machine */
};

/* All texts are copied; NULL or 0 takes the default. */
struct smtp_settings {
    const char *host;     /* required */
    uint16_t port;        /* 587, 465 when implicit, 25 without TLS */
    enum smtp_tls tls;
    const char *user, *password; /* NULL: no sign-in */
    const char *hello;    /* name we greet with; the machine's own */
    const char *ca_file;  /* the machine's authorities */
    long connect_timeout_ms; /* 10 000 */
    long timeout_ms;         /* 60 000 for one message */
};

struct smtp;

/* ERR_INPUT when a setting is malformed, or SMTP_TLS_NONE is asked for a host that is not this machine. */
enum err smtp_new(const struct smtp_settings *settings, struct smtp **ret_smtp, struct fault *fault);
void smtp_free(struct smtp **smtp);

/* The port; valid until smtp_free. 4xx and a lost connection are MAIL_TEMPORARY, 5xx MAIL_PERMANENT, except for a
 * refused sign-in, which is not the message's fault; no answer after the last byte is MAIL_UNCERTAIN. */
struct mailer smtp_mailer(struct smtp *smtp);

#endif
