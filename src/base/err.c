/* Errors: filling a fault and naming an error. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

enum err fault_set(struct fault *fault, enum err err, const char *format, ...)
{
    if (fault != NULL) {
        va_list list;
        va_start(list, format);
        fault->err = err;
        (void)vsnprintf(fault->text, sizeof fault->text, format, list);
        va_end(list);
    }
    return err;
}

const char *err_name(enum err err)
{
    switch (err) {
    case OK: return "ok";
    case ERR_REFUSED: return "refused";
    case ERR_NOT_FOUND: return "not-found";
    case ERR_CONFLICT: return "conflict";
    case ERR_BUSY: return "busy";
    case ERR_UNCERTAIN: return "uncertain";
    case ERR_INPUT: return "input";
    case ERR_LIMIT: return "limit";
    case ERR_IO: return "io";
    case ERR_DB: return "db";
    case ERR_BUG: return "bug";
    }
    return "unknown";
}
