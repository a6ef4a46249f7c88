/* What the files of the gate share; nobody else includes it. */
#ifndef GUICHET_SERVICE_GATE_PARTS_H
#define GUICHET_SERVICE_GATE_PARTS_H

#include "service/gate.h"
#include "service/settings.h"
#include "store/queries.h"

struct gate_tolerance gate_tolerance_of(const struct settings *settings);

/* The answer to an act, put together from what is stored: the same for a new one, one that came again, and the page. */
enum err gate_answer_in(struct db *db, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                        int64_t scan_id, struct gate_answer *ret_answer, struct fault *fault);

#endif
