/* What a file is, seen in its bytes: a name and a stated type prove nothing (TKT-2). */
#ifndef GUICHET_DOMAIN_LAYOUT_KIND_H
#define GUICHET_DOMAIN_LAYOUT_KIND_H

#include <stdbool.h>

#include "base/str.h"

enum layout_kind { LAYOUT_PDF, LAYOUT_PNG, LAYOUT_JPEG };
enum { LAYOUT_KINDS = LAYOUT_JPEG + 1 };

/* `pdf`, `png`, `jpeg`. */
const char *layout_kind_name(enum layout_kind kind);
bool layout_kind_parse(struct str name, enum layout_kind *ret_kind);
/* «application/pdf», «image/png», «image/jpeg». */
const char *layout_kind_type(enum layout_kind kind);

/* A PDF from its header to its end mark, a PNG whose first chunk is its head and whose last its end, a JPEG whose
 * segments
 * lead to a frame and that ends: each of a size that a program can show (pictures: 16 to 20 000 pixels a side). False:
 * none of these, cut off, or with something before or after. */
bool layout_kind_of(struct str bytes, enum layout_kind *ret_kind);

#endif
