/* QR codes: level M (a seventh of the symbol may be damaged), byte for byte what the payload says. */
#ifndef GUICHET_DOC_QR_H
#define GUICHET_DOC_QR_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    QR_PAYLOAD_MAX = 600, /* bytes; more makes modules too small for a gate's reader at ticket size */
    QR_SIDE_MAX = 177,
    QR_QUIET_ZONE = 4     /* modules that stay white around it */
};

struct qr {
    int side; /* modules */
    uint8_t modules[QR_SIDE_MAX * QR_SIDE_MAX]; /* side × side, 1 is dark */
};

/* ERR_INPUT for an empty payload or one with a NUL, ERR_LIMIT for a longer one. */
enum err qr_encode(struct str payload, struct qr *ret_qr, struct fault *fault);

/* Appends an <svg> element with the quiet zone, black on white in any colour scheme; `label` is what a screen reader
 * says. Its size is set by the page's style. On failure `out` stays as it was. */
enum err qr_svg(struct buf *out, struct str payload, struct str label, struct fault *fault);

#endif
