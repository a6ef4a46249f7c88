/* What the files of the desk share; nobody else includes it. */
#ifndef GUICHET_SERVICE_DESK_PARTS_H
#define GUICHET_SERVICE_DESK_PARTS_H

#include "service/desk.h"

/* For qsort of entries: the newest first; of the same second in the order of the enum, so that pages stay alike. */
int desk_newest_first(const void *a, const void *b);

#endif
