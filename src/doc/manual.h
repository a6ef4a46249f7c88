/* The sales manual (CAT-2): how to book, the booking rules, and every monument of the catalogue. */
#ifndef GUICHET_DOC_MANUAL_H
#define GUICHET_DOC_MANUAL_H

#include "base/buf.h"
#include "base/err.h"
#include "doc/pdf.h"
#include "domain/document.h"

/* Appends one PDF (tagged, PDF/UA-1, with bookmarks and a linked table of contents); on failure `out` stays as it was.
 * ERR_INPUT for text that is not UTF-8; ERR_LIMIT past a maximum. The same sheet gives the same bytes. Takes some tens
 * of milliseconds: callers keep the result until the catalogue changes. */
enum err doc_manual_pdf(const struct doc_fonts *fonts, const struct manual_sheet *sheet, struct buf *out,
                        struct fault *fault);

#endif
