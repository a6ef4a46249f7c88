/* Asking the table of roles. */
#include "service/permit.h"

static enum err refuse(enum role role, enum task task, struct fault *fault)
{
    return fault_set(fault, ERR_REFUSED, "the role «%s» may not do «%s»", role_name(role), task_name(task));
}

enum err permit(const struct caller *caller, enum task task, struct fault *fault)
{
    if (caller == NULL || caller->person_id == 0 || caller->organisation_id == 0)
        return fault_set(fault, ERR_NOT_FOUND, "nobody is signed in for «%s»", task_name(task));
    /* The two sides' callers are of different types; a role of the wrong side can only be a bug, and may nothing. */
    if (role_is_staff(caller->role) || role_may(caller->role, task) != MAY)
        return refuse(caller->role, task, fault);
    return OK;
}

bool caller_may(const struct caller *caller, enum task task)
{
    return permit(caller, task, NULL) == OK;
}

bool staff_has_monument(const struct staff_caller *caller, int64_t monument_id)
{
    for (size_t i = 0; i < caller->monument_count; i++)
        if (caller->monuments[i] == monument_id)
            return true;
    return false;
}

enum err permit_staff(const struct staff_caller *caller, enum task task, int64_t monument_id, struct fault *fault)
{
    if (caller == NULL || caller->staff_id == 0)
        return fault_set(fault, ERR_NOT_FOUND, "none of the operator's people is signed in for «%s»", task_name(task));
    enum may may = role_is_staff(caller->role) ? role_may(caller->role, task) : MAY_NOT;
    if (may == MAY_NOT || (may == MAY_OWN && monument_id == 0))
        return refuse(caller->role, task, fault);
    if (may == MAY_OWN && !staff_has_monument(caller, monument_id))
        return fault_set(fault, ERR_NOT_FOUND, "monument %lld is not the caller's", (long long)monument_id);
    return OK;
}

bool staff_may(const struct staff_caller *caller, enum task task, int64_t monument_id)
{
    return permit_staff(caller, task, monument_id, NULL) == OK;
}

enum err permit_staff_list(const struct staff_caller *caller, enum task task, bool *ret_all, struct fault *fault)
{
    if (caller != NULL && caller->staff_id != 0 && role_is_staff(caller->role) &&
        role_may(caller->role, task) == MAY_OWN) {
        *ret_all = false;
        return OK;
    }
    enum err err = permit_staff(caller, task, 0, fault);
    if (err == OK)
        *ret_all = true;
    return err;
}
