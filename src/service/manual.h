/* The sales manual («manuel de vente») as a PDF, made from the catalogue of the day: never out of date (CAT-2). */
#ifndef GUICHET_SERVICE_MANUAL_H
#define GUICHET_SERVICE_MANUAL_H

#include "base/buf.h"
#include "domain/document.h"
#include "service/service.h"

/* All texts of the manual in that language, as the catalogue is today. Lives in `arena`. */
enum err manual_sheet_read(struct service *service, struct arena *arena, enum lang lang,
                           struct manual_sheet *ret_sheet, struct fault *fault);

/* A name for what the sheet says, for caches: another sheet has another name. 32 hexadecimal digits. */
struct str manual_sheet_tag(struct arena *arena, const struct manual_sheet *sheet);

/* Appends the PDF of a sheet; takes some tens of milliseconds. */
enum err manual_print(struct service *service, const struct manual_sheet *sheet, struct buf *out, struct fault *fault);

#endif
