/* May this caller do this? The one check of the services (OPS-7), over the table of domain/role.h.
 *
 * Whose row it is stays in the statements, as ever; here it is what the role is good for. A service's public function
 * asks before it reads or writes anything:
 *
 *     enum err err = permit(caller, TASK_HOLD, fault);
 *     if (err != OK)
 *         return err;
 *
 * ERR_REFUSED: the role does not do such things (a page answers 403). ERR_NOT_FOUND: nobody is signed in, or it is
 * about a monument that is not the caller's: nobody learns what exists (404). */
#ifndef GUICHET_SERVICE_PERMIT_H
#define GUICHET_SERVICE_PERMIT_H

#include "domain/role.h"
#include "service/service.h"

enum err permit(const struct caller *caller, enum task task, struct fault *fault);
/* The same as a question, for pages: whether to show a button or a menu entry. */
bool caller_may(const struct caller *caller, enum task task);

/* Who of the operator's people asks. Made by staff_session_find once the second factor was given. */
struct staff_caller {
    int64_t staff_id;
    enum role role;
    const int64_t *monuments; /* those that a monument manager or a gate agent has */
    size_t monument_count;
    enum lang lang;
    int64_t acting_organisation_id; /* on whose behalf customer service acts just now; 0: nobody's */
};

/* `monument_id` 0: the task is not about one monument; a role that is limited to its own is refused then. */
enum err permit_staff(const struct staff_caller *caller, enum task task, int64_t monument_id, struct fault *fault);
bool staff_may(const struct staff_caller *caller, enum task task, int64_t monument_id);

/* For lists over monuments: *ret_all true: all of them, false: only caller->monuments. ERR_REFUSED as above. */
enum err permit_staff_list(const struct staff_caller *caller, enum task task, bool *ret_all, struct fault *fault);

bool staff_has_monument(const struct staff_caller *caller, int64_t monument_id);

#endif
