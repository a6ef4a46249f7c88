/* The port to printed documents: the service fills a sheet with texts, `doc/` lays it out as PDF. */
#ifndef GUICHET_SERVICE_DOCUMENTS_H
#define GUICHET_SERVICE_DOCUMENTS_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/document.h"

struct documents {
    void *context;
    /* Each appends one complete PDF to `out`. Safe from several threads. */
    enum err (*tickets)(void *context, const struct ticket_sheet *sheet, struct buf *out, struct fault *fault);
    enum err (*invoice)(void *context, const struct invoice_sheet *sheet, struct buf *out, struct fault *fault);
    enum err (*manual)(void *context, const struct manual_sheet *sheet, struct buf *out, struct fault *fault);
    enum err (*confirmation)(void *context, const struct confirmation_sheet *sheet, struct buf *out,
                             struct fault *fault);
    /* Appends the QR code of a ticket as an <svg> element for a page; `label` is what a screen reader says. */
    enum err (*qr_svg)(void *context, struct str payload, struct str label, struct buf *out, struct fault *fault);
};

#endif
