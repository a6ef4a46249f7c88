/* Countries where customers are at home, in the reader's language: for addresses and registration numbers (ACC-1). */
#ifndef GUICHET_WEB_ACCOUNT_COUNTRIES_H
#define GUICHET_WEB_ACCOUNT_COUNTRIES_H

#include "text/lang.h"
#include "web/form.h"

/* Every country by its ISO 3166 code, in alphabetical order of the language. In the arena. */
struct possibilities country_possibilities(struct arena *arena, enum lang lang);

/* «Allemagne» for DE; the code itself when it is not known. */
struct str country_name(struct str code, enum lang lang);

#endif
