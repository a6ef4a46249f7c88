/* Numbers that let in without money: Paris Museum Passes (PMP-1) and tickets from stock (STK-1). */
#ifndef GUICHET_DOMAIN_FREE_NUMBER_H
#define GUICHET_DOMAIN_FREE_NUMBER_H

#include <stdbool.h>

#include "base/str.h"

enum { FREE_NUMBER_LEAST = 4, FREE_NUMBER_MOST = 32 };

/* What two spellings of a number have in common: upper case, without blanks (of any width), hyphens, dots and
 * slashes. */
struct str free_number_normal(struct arena *arena, struct str typed);

/* FREE_NUMBER_LEAST to FREE_NUMBER_MOST letters (of ASCII) and digits. */
bool free_number_plausible(struct str normal);

/* Whether a normal number has one of the shapes of `masks`: with commas between them, in each 9 stands for a digit,
 * A for
 * a letter, X for either, anything else for itself. Without masks every plausible number has. */
bool free_number_fits(struct str normal, struct str masks);
/* Whether a setting is such a list: empty, or shapes of 4 to 32 letters and digits. */
bool free_number_masks_good(struct str masks);

/* Cuts the next number off a list that was pasted: one a line, or with commas, semicolons or tabs between them. Blanks
 * inside a line belong to the number («1234 5678»). false: the list is at its end. */
bool free_number_next(struct str *rest, struct str *ret_typed);

#endif
