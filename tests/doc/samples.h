/* Documents like those of the demonstration network, for the tests of the document room. */
#ifndef GUICHET_TESTS_DOC_SAMPLES_H
#define GUICHET_TESTS_DOC_SAMPLES_H

#include "base/arena.h"
#include "domain/document.h"

/* A French group of `count` at the Sainte-Chapelle; the first ticket is the guide's. */
struct ticket_sheet sample_group(struct arena *arena, size_t count);
/* An English sheet whose names are Chinese, Arabic, both, Greek, Hebrew, Thai, Devanagari, and long. */
struct ticket_sheet sample_scripts(struct arena *arena);
/* Undated tickets with few facts. */
struct ticket_sheet sample_undated(struct arena *arena, size_t count);
/* A day without a slot, twelve long conditions, a very long monument's name. */
struct ticket_sheet sample_crowded(struct arena *arena);
struct invoice_sheet sample_invoice(struct arena *arena, size_t line_count);
/* Neither number nor VAT column; bank details. */
struct invoice_sheet sample_pro_forma(struct arena *arena);
/* A group with a guide at an abbey that has no slots. */
struct confirmation_sheet sample_confirmation(struct arena *arena);
/* Everything longer than the page has room for. */
struct confirmation_sheet sample_confirmation_crowded(struct arena *arena);
struct manual_sheet sample_manual(struct arena *arena, size_t entry_count);

#endif
