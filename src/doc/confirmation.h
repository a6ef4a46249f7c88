/* The confirmation of a reservation at a monument without slots (MON-2): one page that the group shows on the day. */
#ifndef GUICHET_DOC_CONFIRMATION_H
#define GUICHET_DOC_CONFIRMATION_H

#include "base/buf.h"
#include "base/err.h"
#include "doc/pdf.h"
#include "domain/document.h"

/* Appends one PDF (tagged, PDF/UA-1) of one page; on failure `out` stays as it was. ERR_INPUT for text that is not
 * UTF-8. The same sheet gives the same bytes. May run in several threads with the same fonts. */
enum err doc_confirmation_pdf(const struct doc_fonts *fonts, const struct confirmation_sheet *sheet, struct buf *out,
                              struct fault *fault);

#endif
