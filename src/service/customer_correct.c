/* Notes about a customer, and corrections of a customer's data (OPS-1). */
#include "base/buf.h"
#include "service/account_parts.h"
#include "service/customer.h"
#include "store/queries.h"

/* ---- notes ---- */

struct noting {
    struct customer_act act;
    struct str body;
    instant now;
};

static enum err note_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct noting *n = argument;
    struct customer_exists_row organisation;
    struct customer_note_add_row row;
    bool found = false, first = false;
    enum err err = q_customer_exists(db, arena, (struct customer_exists_in){.id = n->act.organisation_id},
                                     &organisation, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation %lld", (long long)n->act.organisation_id);
    if (err == OK)
        err = staff_form_once(db, n->act.caller->staff_id, n->act.request_key, n->now, &first, fault);
    if (err != OK || !first)
        return err;
    err = q_customer_note_add(db, arena,
                              (struct customer_note_add_in){.organisation_id = n->act.organisation_id,
                                                            .staff_id = n->act.caller->staff_id, .at = n->now,
                                                            .body = n->body},
                              &row, NULL, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, n->act.caller, n->now, (struct staff_act){
        .act = S("customer.note"), .subject = str_format(arena, "note %lld", (long long)row.id),
        .organisation_id = n->act.organisation_id}, fault);
}

enum err customer_note_add(struct service *service, struct arena *arena, const struct customer_act *act,
                           struct str body, struct fault *fault)
{
    struct noting n = {.act = *act, .body = str_trim(body), .now = service_now(service)};
    enum err err = permit_staff(act->caller, TASK_CUSTOMER_NOTE, 0, fault);
    if (err != OK)
        return err;
    if (n.body.n == 0 || !utf8_valid(n.body) || utf8_length(n.body) > CUSTOMER_NOTE_MOST)
        return fault_set(fault, ERR_INPUT, "a note of 1 to %d characters", CUSTOMER_NOTE_MOST);
    return service_write(service, arena, note_write, 0, &n, fault);
}

/* ---- what changed ---- */

enum { CHANGES_MOST = 8192 };

/* Before and after, one line a field that changed: «phone: +33…». The page says the words in its reader's language. */
struct changes {
    struct buf was, became;
    bool any;
};

static struct changes changes_new(void)
{
    return (struct changes){.was = buf_new(CHANGES_MOST), .became = buf_new(CHANGES_MOST)};
}

static void changes_add(struct changes *changes, const char *word, struct str was, struct str became)
{
    if (str_eq(was, became))
        return;
    if (changes->any) {
        buf_char(&changes->was, '\n');
        buf_char(&changes->became, '\n');
    }
    changes->any = true;
    buf_format(&changes->was, "%s: %.*s", word, STR_ARG(was));
    buf_format(&changes->became, "%s: %.*s", word, STR_ARG(became));
}

static void changes_free(struct changes *changes)
{
    buf_free(&changes->was);
    buf_free(&changes->became);
}

struct correcting {
    struct customer_act act;
    int64_t person_id;
    struct organisation_fields organisation;
    struct person_fields person;
    instant now;
};

static enum err correct_note(struct db *db, struct arena *arena, const struct correcting *c, struct str act,
                             struct str subject, const struct changes *changes, struct fault *fault)
{
    return staff_audit(db, arena, c->act.caller, c->now, (struct staff_act){
        .act = act, .subject = subject, .organisation_id = c->act.organisation_id, .reason = c->act.reason,
        .was = str_dup(arena, buf_view(&changes->was)), .became = str_dup(arena, buf_view(&changes->became))}, fault);
}

/* ---- the organisation ---- */

static struct changes organisation_changes(const struct desk_organisation_row *was,
                                           const struct organisation_fields *now)
{
    struct changes changes = changes_new();
    changes_add(&changes, "name", was->name, now->name);
    changes_add(&changes, "kind", was->kind, now->kind);
    changes_add(&changes, "country", was->country, now->country);
    changes_add(&changes, "registration", was->registration, now->registration);
    changes_add(&changes, "vat-number", was->vat_number, now->vat_number);
    changes_add(&changes, "address", was->address, now->address);
    changes_add(&changes, "postcode", was->postcode, now->postcode);
    changes_add(&changes, "city", was->city, now->city);
    return changes;
}

static enum err organisation_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct correcting *c = argument;
    const struct organisation_fields *f = &c->organisation;
    struct organisation_lock_row lock;
    struct desk_organisation_row was;
    bool found = false;
    enum err err = q_organisation_lock(db, arena, (struct organisation_lock_in){.id = c->act.organisation_id}, &lock,
                                       &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation %lld", (long long)c->act.organisation_id);
    if (err == OK)
        err = q_desk_organisation(db, arena, (struct desk_organisation_in){.id = c->act.organisation_id}, &was, NULL,
                                  fault);
    if (err != OK)
        return err;
    struct changes changes = organisation_changes(&was, f);
    if (changes.any)
        err = q_organisation_change(
            db, (struct organisation_change_in){.id = c->act.organisation_id, .name = f->name, .kind = f->kind,
                                                .registration = f->registration, .vat_number = f->vat_number,
                                                .address = f->address, .postcode = f->postcode, .city = f->city,
                                                .country = f->country},
            NULL, fault);
    if (err == OK && changes.any)
        err = correct_note(db, arena, c, S("customer.correct-organisation"),
                           str_format(arena, "organisation %lld", (long long)c->act.organisation_id), &changes, fault);
    changes_free(&changes);
    return err;
}

static enum err correct(struct service *service, struct arena *arena, struct correcting *c, write_command write,
                        struct fault *fault)
{
    c->act.reason = str_trim(c->act.reason);
    c->now = service_now(service);
    return service_write(service, arena, write, 0, c, fault);
}

static enum err correct_permit(const struct customer_act *act, struct fault *fault)
{
    enum err err = permit_staff(act->caller, TASK_CUSTOMER_CORRECT, 0, fault);
    if (err == OK && !staff_reason_good(act->reason))
        return fault_set(fault, ERR_INPUT, "a reason is needed");
    return err;
}

enum err customer_correct_organisation(struct service *service, struct arena *arena, const struct customer_act *act,
                                       struct organisation_fields fields, enum account_refusal *ret_refusal,
                                       struct fault *fault)
{
    enum err err = correct_permit(act, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = account_organisation_check(arena, &fields);
    struct correcting c = {.act = *act, .organisation = fields};
    if (refusal == ACCOUNT_REFUSED_NOT)
        err = correct(service, arena, &c, organisation_write, fault);
    if (err == OK)
        *ret_refusal = refusal;
    return err;
}

/* ---- a person ---- */

static enum err person_look(struct db *db, struct arena *arena, int64_t organisation_id, int64_t person_id,
                            struct customer_person_row *ret_row, struct fault *fault)
{
    bool found = false;
    enum err err = q_customer_person(
        db, arena, (struct customer_person_in){.id = person_id, .organisation_id = organisation_id}, ret_row, &found,
        fault);
    return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "person of the organisation") : err;
}

struct person_looking {
    int64_t organisation_id, person_id;
    struct customer_person_row row;
};

static enum err person_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct person_looking *l = argument;
    return person_look(db, arena, l->organisation_id, l->person_id, &l->row, fault);
}

enum err customer_person_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t organisation_id, int64_t person_id, struct customer_person *ret_person,
                              struct fault *fault)
{
    struct person_looking l = {.organisation_id = organisation_id, .person_id = person_id};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, person_read, &l, fault);
    if (err != OK)
        return err;
    struct customer_person person = {.fields = {.first_name = l.row.first_name, .last_name = l.row.last_name,
                                                .phone = l.row.phone, .lang = lang_of(l.row.lang)},
                                     .email = l.row.email, .factor = l.row.factor > 0};
    if (!organisation_role_parse(l.row.role, &person.role))
        return fault_set(fault, ERR_BUG, "role of person %lld", (long long)person_id);
    *ret_person = person;
    return OK;
}

static enum err person_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct correcting *c = argument;
    const struct person_fields *f = &c->person;
    struct customer_person_row was;
    enum err err = person_look(db, arena, c->act.organisation_id, c->person_id, &was, fault);
    if (err != OK)
        return err;
    struct changes changes = changes_new();
    changes_add(&changes, "first-name", was.first_name, f->first_name);
    changes_add(&changes, "last-name", was.last_name, f->last_name);
    changes_add(&changes, "phone", was.phone, f->phone);
    changes_add(&changes, "lang", was.lang, lang_code(f->lang));
    if (changes.any)
        err = q_person_change(db,
                              (struct person_change_in){.id = c->person_id, .organisation_id = c->act.organisation_id,
                                                        .first_name = f->first_name, .last_name = f->last_name,
                                                        .phone = f->phone, .lang = lang_code(f->lang)},
                              NULL, fault);
    if (err == OK && changes.any)
        err = correct_note(db, arena, c, S("customer.correct-person"),
                           str_format(arena, "person %lld", (long long)c->person_id), &changes, fault);
    changes_free(&changes);
    return err;
}

enum err customer_correct_person(struct service *service, struct arena *arena, const struct customer_act *act,
                                 int64_t person_id, struct person_fields fields, enum account_refusal *ret_refusal,
                                 struct fault *fault)
{
    enum err err = correct_permit(act, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = account_reach_check(arena, (struct account_reach){.first_name = &fields.first_name,
                                                                                     .last_name = &fields.last_name,
                                                                                     .phone = &fields.phone,
                                                                                     .phone_needed = true});
    struct correcting c = {.act = *act, .person_id = person_id, .person = fields};
    if (refusal == ACCOUNT_REFUSED_NOT)
        err = correct(service, arena, &c, person_write, fault);
    if (err == OK)
        *ret_refusal = refusal;
    return err;
}
