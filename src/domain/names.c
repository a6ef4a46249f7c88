/* Finding a stored word. */
#include "domain/names.h"

bool names_find(const char *const *names, size_t count, struct str name, int *ret_index)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, str_of(names[i]))) {
            *ret_index = (int)i;
            return true;
        }
    }
    return false;
}
