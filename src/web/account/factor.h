/* What pages about the second factor share, for customers and for the operator's people (ACC-6). */
#ifndef GUICHET_WEB_ACCOUNT_FACTOR_H
#define GUICHET_WEB_ACCOUNT_FACTOR_H

#include "service/second_factor.h"
#include "web/form.h"
#include "web/page.h"

/* Wrong codes that one network address may send in a quarter of an hour; the service also counts by person. */
enum { CODE_TRIES_A_PEER = 30, CODE_TRIES_SECONDS = 900 };

struct code_form {
    struct form head;
    struct text_field code;
};
extern const struct field_spec code_specs[1];
/* A code of the app only: while setting up there are no recovery codes yet. */
extern const struct field_spec app_code_specs[1];

/* Setting up: the secret as text and as a QR code. */
struct factor_view {
    struct str secret; /* in groups of four */
    struct html qr;
};

/* Draws the setup. */
enum err factor_show(const struct page *page, const struct factor_setup *setup, struct factor_view *ret_view,
                     struct fault *fault);

#endif
