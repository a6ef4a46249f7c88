/* Contacts of an organisation. */
#include "service/contact.h"

#include "base/limits.h"
#include "domain/names.h"
#include "service/account_parts.h"
#include "service/permit.h"
#include "store/queries.h"

static const char *const kind_names[CONTACT_KINDS] = {"customer", "colleague", "guide"};

const char *contact_kind_name(enum contact_kind kind)
{
    return kind_names[kind];
}

bool contact_kind_parse(struct str name, enum contact_kind *ret_kind)
{
    int index = 0;
    if (!names_find(kind_names, CONTACT_KINDS, name, &index))
        return false;
    *ret_kind = (enum contact_kind)index;
    return true;
}

static struct str kind_word(enum contact_kind kind)
{
    return str_of(contact_kind_name(kind));
}

/* ---- reading ---- */

/* The kind and language of a stored row; the schema knows no others than these. */
static void words_read(struct str kind, struct str lang, struct contact_fields *fields)
{
    fields->kind = CONTACT_CUSTOMER;
    (void)contact_kind_parse(kind, &fields->kind);
    fields->lang = lang_of(lang);
}

enum err contact_list_in(struct db *db, struct arena *arena, int64_t organisation_id, struct contacts *ret_contacts,
                         struct fault *fault)
{
    struct contact_list_list rows = {0};
    enum err err =
        q_contact_list(db, arena, (struct contact_list_in){.organisation_id = organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    struct account_sort_name *names = ARENA_ARRAY(arena, rows.n, struct account_sort_name);
    for (size_t i = 0; i < rows.n; i++)
        names[i] = (struct account_sort_name){.last_name = rows.p[i].last_name, .first_name = rows.p[i].first_name};
    const size_t *order = account_sorted(arena, names, rows.n);
    struct contacts contacts = {.p = ARENA_ARRAY(arena, rows.n, struct contact), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct contact_list_row *row = &rows.p[order[i]];
        contacts.p[i] = (struct contact){.id = row->id,
                                         .fields = {.last_name = row->last_name,
                                                    .first_name = row->first_name,
                                                    .email = row->email,
                                                    .phone = row->phone}};
        words_read(row->kind, row->lang, &contacts.p[i].fields);
    }
    *ret_contacts = contacts;
    return OK;
}

struct listing {
    int64_t organisation_id;
    struct contacts contacts;
};

static enum err listing_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    return contact_list_in(db, arena, l->organisation_id, &l->contacts, fault);
}

enum err contact_list(struct service *service, struct arena *arena, struct caller caller, struct contacts *ret_contacts,
                      struct fault *fault)
{
    struct listing l = {.organisation_id = caller.organisation_id};
    enum err err = permit(&caller, TASK_LEADERS_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, listing_read, &l, fault);
    if (err == OK)
        *ret_contacts = l.contacts;
    return err;
}

struct getting {
    int64_t id, organisation_id;
    struct contact contact;
};

static enum err getting_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct getting *g = argument;
    struct contact_get_row row;
    bool found = false;
    enum err err = q_contact_get(db, arena,
                                 (struct contact_get_in){.id = g->id, .organisation_id = g->organisation_id}, &row,
                                 &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no such contact in the organisation");
    g->contact = (struct contact){.id = row.id,
                                  .fields = {.last_name = row.last_name,
                                             .first_name = row.first_name,
                                             .email = row.email,
                                             .phone = row.phone}};
    words_read(row.kind, row.lang, &g->contact.fields);
    return OK;
}

enum err contact_get(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                     struct contact *ret_contact, struct fault *fault)
{
    struct getting g = {.id = id, .organisation_id = caller.organisation_id};
    enum err err = permit(&caller, TASK_LEADERS_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, getting_read, &g, fault);
    if (err == OK)
        *ret_contact = g.contact;
    return err;
}

/* ---- writing ---- */

struct edit {
    struct caller caller;
    int64_t id;
    const struct contact_fields *fields;
    instant now;
    struct contact_answer answer;
};

static enum account_refusal fields_check(struct arena *arena, struct contact_fields *fields)
{
    return account_reach_check(arena, (struct account_reach){.first_name = &fields->first_name,
                                                             .last_name = &fields->last_name,
                                                             .email = &fields->email,
                                                             .phone = &fields->phone});
}

/* The rows are counted and compared under the organisation's lock, so that two servers cannot both add the last. */
static enum err room_check(struct db *db, struct arena *arena, struct edit *e, bool *ret_same, struct fault *fault)
{
    int64_t organisation_id = e->caller.organisation_id;
    const struct contact_fields *f = e->fields;
    struct organisation_lock_row lock;
    struct contact_same_row same;
    struct contact_count_row count;
    enum err err = q_organisation_lock(db, arena, (struct organisation_lock_in){.id = organisation_id}, &lock, NULL,
                                       fault);
    if (err == OK)
        err = q_contact_same(db, arena,
                             (struct contact_same_in){.organisation_id = organisation_id,
                                                      .kind = kind_word(f->kind),
                                                      .last_name = f->last_name,
                                                      .first_name = f->first_name,
                                                      .email = f->email,
                                                      .phone = f->phone,
                                                      .lang = lang_code(f->lang)},
                             &same, ret_same, fault);
    if (err == OK && *ret_same)
        e->answer.id = same.id;
    if (err != OK || *ret_same)
        return err;
    err = q_contact_count(db, arena, (struct contact_count_in){.organisation_id = organisation_id}, &count, NULL,
                          fault);
    if (err == OK && count.n >= LIMIT_CONTACTS) {
        e->answer.refusal = ACCOUNT_LIST_FULL;
        return ERR_REFUSED;
    }
    return err;
}

static enum err create_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct edit *e = argument;
    const struct contact_fields *f = e->fields;
    bool same = false;
    e->answer = (struct contact_answer){0};
    enum err err = room_check(db, arena, e, &same, fault);
    if (err != OK || same)
        return err;
    struct contact_add_row row;
    err = q_contact_add(db, arena,
                        (struct contact_add_in){.organisation_id = e->caller.organisation_id,
                                                .kind = kind_word(f->kind),
                                                .last_name = f->last_name,
                                                .first_name = f->first_name,
                                                .email = f->email,
                                                .phone = f->phone,
                                                .lang = lang_code(f->lang),
                                                .created_at = e->now},
                        &row, NULL, fault);
    if (err != OK)
        return err;
    e->answer.id = row.id;
    return account_audit(db, arena, e->caller, e->now, S("contact.create"), "contact", row.id, fault);
}

static enum err update_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct edit *e = argument;
    const struct contact_fields *f = e->fields;
    int64_t changed = 0;
    e->answer = (struct contact_answer){.id = e->id};
    enum err err = q_contact_change(db,
                                    (struct contact_change_in){.id = e->id,
                                                               .organisation_id = e->caller.organisation_id,
                                                               .kind = kind_word(f->kind),
                                                               .last_name = f->last_name,
                                                               .first_name = f->first_name,
                                                               .email = f->email,
                                                               .phone = f->phone,
                                                               .lang = lang_code(f->lang)},
                                    &changed, fault);
    if (err != OK)
        return err;
    if (changed == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no such contact in the organisation");
    return account_audit(db, arena, e->caller, e->now, S("contact.update"), "contact", e->id, fault);
}

static enum err remove_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct edit *e = argument;
    int64_t changed = 0;
    e->answer = (struct contact_answer){0};
    enum err err = q_contact_remove(
        db, (struct contact_remove_in){.id = e->id, .organisation_id = e->caller.organisation_id, .now = e->now},
        &changed, fault);
    /* Not there (any more) is what was asked for. */
    if (err != OK || changed == 0)
        return err;
    e->answer.id = e->id;
    return account_audit(db, arena, e->caller, e->now, S("contact.remove"), "contact", e->id, fault);
}

static enum err edit_run(struct service *service, struct arena *arena, write_command command, struct edit *e,
                         struct contact_answer *ret_answer, struct fault *fault)
{
    e->now = service_now(service);
    enum err err = service_write(service, arena, command, 0, e, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_answer = e->answer;
    return OK;
}

enum err contact_create(struct service *service, struct arena *arena, struct caller caller,
                        struct contact_fields fields, struct contact_answer *ret_answer, struct fault *fault)
{
    enum err err = permit(&caller, TASK_LEADERS, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = fields_check(arena, &fields);
    if (refusal != ACCOUNT_REFUSED_NOT) {
        *ret_answer = (struct contact_answer){.refusal = refusal};
        return OK;
    }
    struct edit e = {.caller = caller, .fields = &fields};
    return edit_run(service, arena, create_write, &e, ret_answer, fault);
}

enum err contact_update(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                        struct contact_fields fields, struct contact_answer *ret_answer, struct fault *fault)
{
    enum err err = permit(&caller, TASK_LEADERS, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = fields_check(arena, &fields);
    if (refusal != ACCOUNT_REFUSED_NOT) {
        *ret_answer = (struct contact_answer){.refusal = refusal};
        return OK;
    }
    struct edit e = {.caller = caller, .id = id, .fields = &fields};
    return edit_run(service, arena, update_write, &e, ret_answer, fault);
}

enum err contact_remove(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                        struct contact_answer *ret_answer, struct fault *fault)
{
    struct edit e = {.caller = caller, .id = id};
    enum err err = permit(&caller, TASK_LEADERS, fault);
    return err != OK ? err : edit_run(service, arena, remove_write, &e, ret_answer, fault);
}
