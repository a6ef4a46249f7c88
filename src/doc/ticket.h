/* Tickets on paper (TKT-1): one A4 page a person, to be folded to A5 or A6 with the code on the outside. */
#ifndef GUICHET_DOC_TICKET_H
#define GUICHET_DOC_TICKET_H

#include "base/buf.h"
#include "base/err.h"
#include "doc/pdf.h"
#include "domain/document.h"

/* Appends one PDF (tagged, PDF/UA-1) with a page for each ticket of the sheet; on failure `out` stays as it was.
 * ERR_INPUT for text that is not UTF-8, no ticket or no payload; ERR_LIMIT past a maximum. The same sheet gives the
 * same bytes. May run in several threads with the same fonts. */
enum err doc_ticket_pdf(const struct doc_fonts *fonts, const struct ticket_sheet *sheet, struct buf *out,
                        struct fault *fault);

#endif
