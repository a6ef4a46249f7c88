/* What the files of the plannings share; nobody else includes it. */
#ifndef GUICHET_SERVICE_SCHEDULE_PARTS_H
#define GUICHET_SERVICE_SCHEDULE_PARTS_H

#include "service/catalogue.h"
#include "service/schedule.h"
#include "service/staff_session.h"
#include "store/queries.h"

/* The plan with its lines, events from `from` on, and the monument's closing days. */
enum err schedule_load(struct db *db, struct arena *arena, int64_t monument_id, day_number from,
                       struct schedule *ret_schedule, struct fault *fault);

/* An act on the planning, for the audit: `subject` is the monument's address. */
enum err schedule_audit(struct db *db, struct arena *arena, const struct staff_caller *caller, instant now,
                        int64_t monument_id, struct staff_act act, struct fault *fault);

/* Brings the slots of the range to the plan inside a write; `mark` NULL: whatever it is that changes. */
enum err schedule_make(struct service *service, struct db *db, struct arena *arena, struct schedule_range range,
                       bool write, const struct str *mark, struct schedule_preview *ret_preview, struct fault *fault);

/* A period as its words, for the audit and for lists: «2026-10-01 – 2027-03-31». */
struct str schedule_days_text(struct arena *arena, day_number from, day_number to);

#endif
