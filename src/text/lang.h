/* The languages of the product: French first, English complete (ALL-1). */
#ifndef GUICHET_TEXT_LANG_H
#define GUICHET_TEXT_LANG_H

#include <stdbool.h>

#include "base/str.h"

enum lang { LANG_FR, LANG_EN };
enum { LANG_COUNT = 2 };

/* «fr», «en»: in addresses, in the lang attribute and in the database. Static. */
struct str lang_code(enum lang lang);
bool lang_parse(struct str code, enum lang *ret_lang);

/* What a browser's Accept-Language asks for; French unless English is preferred to it. */
enum lang lang_accept(struct str accept_language);

#endif
