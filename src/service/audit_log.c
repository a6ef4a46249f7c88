/* Reading the audit; see audit_log.h. */
#include "service/audit_log.h"

#include "domain/checks.h"
#include "store/queries.h"

struct log_reading {
    struct str email;
    struct audit_search_in in;
    struct audit_search_list rows;
    bool unknown;
};

static enum err log_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct log_reading *r = argument;
    if (r->email.n > 0) {
        struct audit_person_row person;
        bool found = false;
        enum err err = q_audit_person(
            db, arena, (struct audit_person_in){.email = r->email, .email_key = email_key(arena, r->email)}, &person,
            &found, fault);
        if (err != OK)
            return err;
        r->unknown = !found;
        if (!found)
            return OK;
        r->in.person_id = person.id;
    }
    return q_audit_search(db, arena, r->in, &r->rows, fault);
}

static struct str full_name(struct arena *arena, struct maybe_str first, struct maybe_str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first.v), STR_ARG(last.v)));
}

enum err audit_log(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   const struct audit_question *question, struct audit_lines *ret_lines, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_AUDIT, 0, fault);
    struct log_reading r = {.email = str_trim(question->email),
                            .in = {.from_at = instant_of(&service->zone, question->from, 0),
                                   .to_at = instant_of(&service->zone, question->to + 1, 0),
                                   .before_id = question->before_id, .staff_id = question->staff_id}};
    if (err == OK)
        err = service_read(service, arena, log_read, &r, fault);
    if (err != OK)
        return err;
    struct audit_lines lines = {ARENA_ARRAY(arena, r.rows.n + 1, struct audit_line),
                                r.rows.n < AUDIT_PAGE ? r.rows.n : AUDIT_PAGE, r.rows.n > AUDIT_PAGE, r.unknown};
    for (size_t i = 0; i < lines.n; i++) {
        const struct audit_search_row *row = &r.rows.p[i];
        lines.p[i] = (struct audit_line){
            .id = row->id, .at = row->at, .act = row->act, .subject = row->subject, .detail = row->detail,
            .reason = row->reason, .was = row->was, .became = row->became, .organisation_id = row->organisation_id.v,
            .organisation = row->organisation.v, .person = full_name(arena, row->first_name, row->last_name),
            .staff = full_name(arena, row->staff_first_name, row->staff_last_name)};
    }
    *ret_lines = lines;
    return OK;
}
