/* Enumerations as stored words: the databases and addresses hold names, never numbers, so that no release can shift
 * the meaning of kept data. */
#ifndef GUICHET_DOMAIN_NAMES_H
#define GUICHET_DOMAIN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* The index of `name` among `names`, exactly as spelt; false when it is none of them. */
bool names_find(const char *const *names, size_t count, struct str name, int *ret_index);

#endif
