/* Invoices, credit notes and pro formas on paper («justificatif», ORD-1). The figures come finished; what is here is
 * their look. The Factur-X file of INV-1 is to be this document with its XML attached (see pdf.h). */
#ifndef GUICHET_DOC_INVOICE_H
#define GUICHET_DOC_INVOICE_H

#include "base/buf.h"
#include "base/err.h"
#include "doc/pdf.h"
#include "domain/document.h"

/* Appends one PDF (tagged, PDF/UA-1), of as many A4 pages as the lines need; on failure `out` stays as it was.
 * ERR_INPUT for text that is not UTF-8 or no line; ERR_LIMIT past a maximum. The same sheet gives the same bytes. */
enum err doc_invoice_pdf(const struct doc_fonts *fonts, const struct invoice_sheet *sheet, struct buf *out,
                         struct fault *fault);

#endif
