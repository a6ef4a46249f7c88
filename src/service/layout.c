/* Layouts as their customer sends and sees them: see layout.h. */
#include "service/layout.h"

#include "domain/names.h"
#include "service/audit.h"
#include "service/layout_parts.h"
#include "service/outbox.h"
#include "service/settings.h"

static const char *const states[LAYOUT_STATES] = {"waiting", "approved", "refused", "withdrawn"};
static const char *const forms[TICKETS_AS] = {"pdf", "csv", "both"};

const char *layout_state_name(enum layout_state state)
{
    return states[state];
}

const char *tickets_as_name(enum tickets_as as)
{
    return forms[as];
}

bool tickets_as_parse(struct str name, enum tickets_as *ret_as)
{
    int index = 0;
    if (!names_find(forms, TICKETS_AS, name, &index))
        return false;
    *ret_as = (enum tickets_as)index;
    return true;
}

enum err layout_words_of(struct str kind, struct str state, struct layout *layout, struct fault *fault)
{
    int index = 0;
    if (!layout_kind_parse(kind, &layout->kind) || !names_find(states, LAYOUT_STATES, state, &index))
        return fault_set(fault, ERR_BUG, "a layout of an unknown kind or state");
    layout->state = (enum layout_state)index;
    return OK;
}

struct str layout_subject(struct arena *arena, int64_t id)
{
    return str_format(arena, "layout %lld", (long long)id);
}

/* ---- sending ---- */

struct sending {
    struct service *service;
    const struct caller *caller;
    const struct layout_upload *upload;
    enum layout_kind kind;
    struct str hash;
    enum layout_refusal refusal;
};

static enum err desk_mail(struct db *db, struct arena *arena, const struct sending *s, int64_t id, instant now,
                          struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena,
                      (struct outbox_row){.kind = S("layout-desk"),
                                          .organisation_id = s->caller->organisation_id,
                                          .recipient = settings.contact_groups,
                                          .lang = LANG_FR,
                                          .detail = str_format(arena, "%lld", (long long)id),
                                          .now = now},
                      fault);
}

static enum err send_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct sending *s = argument;
    const struct layout_upload *upload = s->upload;
    instant now = service_now(s->service);
    struct layout_by_request_row before;
    struct layout_counts_row counts;
    struct layout_add_row added;
    bool found = false;
    s->refusal = LAYOUT_REFUSED_NOT;
    enum err err = q_layout_by_request(db, arena,
                                       (struct layout_by_request_in){.organisation_id = s->caller->organisation_id,
                                                                     .request_key = upload->request_key},
                                       &before, &found, fault);
    if (err != OK || found)
        return err;
    err = q_layout_counts(db, arena, (struct layout_counts_in){.organisation_id = s->caller->organisation_id}, &counts,
                          NULL, fault);
    if (err == OK && (counts.waiting >= LAYOUT_WAITING || counts.kept >= LAYOUT_KEPT)) {
        s->refusal = LAYOUT_TOO_MANY;
        return ERR_REFUSED;
    }
    if (err == OK)
        err = q_layout_add(db, arena,
                           (struct layout_add_in){.organisation_id = s->caller->organisation_id,
                                                  .person_id = s->caller->person_id,
                                                  .name = upload->name,
                                                  .note = upload->note,
                                                  .kind = str_of(layout_kind_name(s->kind)),
                                                  .size = (int64_t)upload->bytes.n,
                                                  .hash = s->hash,
                                                  .bytes = upload->bytes,
                                                  .request_key = upload->request_key,
                                                  .now = now},
                           &added, NULL, fault);
    if (err == OK)
        err = desk_mail(db, arena, s, added.id, now, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena,
                     (struct audit_row){.at = now,
                                        .person_id = s->caller->person_id,
                                        .staff_id = s->caller->staff_id,
                                        .organisation_id = s->caller->organisation_id,
                                        .act = S("layout.send"),
                                        .subject = layout_subject(arena, added.id),
                                        .detail = upload->name},
                     fault);
}

static enum layout_refusal refusal_of(const struct layout_upload *upload, enum layout_kind *ret_kind)
{
    if (upload->bytes.n == 0)
        return LAYOUT_MISSING;
    if (upload->bytes.n > LAYOUT_BYTES)
        return LAYOUT_TOO_LARGE;
    if (!layout_kind_of(upload->bytes, ret_kind))
        return LAYOUT_NOT_KNOWN;
    bool named = upload->name.n > 0 && upload->name.n <= LAYOUT_NAME && upload->note.n <= LAYOUT_NOTE;
    return named ? LAYOUT_REFUSED_NOT : LAYOUT_NO_NAME;
}

enum err layout_send(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct layout_upload *upload, enum layout_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit(caller, TASK_LAYOUTS, fault);
    if (err != OK)
        return err;
    struct sending s = {.service = service, .caller = caller, .upload = upload};
    s.refusal = refusal_of(upload, &s.kind);
    if (s.refusal == LAYOUT_REFUSED_NOT) {
        unsigned char digest[CRYPTO_DIGEST];
        crypto_sha256(upload->bytes, digest);
        s.hash = str_hex(arena, digest, sizeof digest);
        err = service_write(service, arena, send_command, 0, &s, fault);
        if (err == ERR_CONFLICT) /* the same form twice at once */
            err = service_write(service, arena, send_command, 0, &s, fault);
    }
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_refusal = s.refusal;
    return OK;
}

/* ---- seeing ---- */

struct seeing {
    const struct caller *caller;
    struct layout_page page;
};

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct seeing *s = argument;
    int64_t organisation = s->caller->organisation_id;
    struct right_organisation_row own;
    struct layouts_of_list rows;
    enum err err = q_right_organisation(db, arena, (struct right_organisation_in){.id = organisation}, &own, NULL,
                                        fault);
    if (err == OK)
        err = q_layouts_of(db, arena, (struct layouts_of_in){.organisation_id = organisation}, &rows, fault);
    if (err != OK)
        return err;
    if (!tickets_as_parse(own.tickets_as, &s->page.as))
        return fault_set(fault, ERR_BUG, "tickets_as");
    struct layout *layouts = ARENA_ARRAY(arena, rows.n + 1, struct layout);
    for (size_t i = 0; err == OK && i < rows.n; i++) {
        const struct layouts_of_row *row = &rows.p[i];
        layouts[i] = (struct layout){.id = row->id,
                                     .organisation_id = organisation,
                                     .organisation = own.name,
                                     .name = row->name,
                                     .note = row->note,
                                     .words = row->words,
                                     .size = row->size,
                                     .uploaded_at = row->uploaded_at,
                                     .decided_at = row->decided_at.v};
        err = layout_words_of(row->kind, row->state, &layouts[i], fault);
        s->page.approved = s->page.approved || layouts[i].state == LAYOUT_STATE_APPROVED;
    }
    s->page.layouts = (struct layouts){layouts, rows.n};
    return err;
}

enum err layout_list(struct service *service, struct arena *arena, const struct caller *caller,
                     struct layout_page *ret_page, struct fault *fault)
{
    struct seeing s = {.caller = caller};
    enum err err = permit(caller, TASK_LAYOUTS, fault);
    if (err == OK)
        err = service_read(service, arena, list_read, &s, fault);
    if (err == OK)
        *ret_page = s.page;
    return err;
}

struct filing {
    int64_t id, organisation_id;
    struct layout_file file;
};

enum err layout_file_in(struct db *db, struct arena *arena, int64_t id, int64_t organisation_id,
                        struct layout_file *ret_file, struct fault *fault)
{
    struct layout_file_row row;
    struct layout_file file;
    bool found = false;
    enum err err = q_layout_file(db, arena, (struct layout_file_in){.id = id, .organisation_id = organisation_id}, &row,
                                 &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "layout");
    if (err == OK && !layout_kind_parse(row.kind, &file.kind))
        return fault_set(fault, ERR_BUG, "a layout of an unknown kind");
    if (err != OK)
        return err;
    file.bytes = row.bytes;
    *ret_file = file;
    return OK;
}

static enum err file_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct filing *filing = argument;
    return layout_file_in(db, arena, filing->id, filing->organisation_id, &filing->file, fault);
}

enum err layout_file(struct service *service, struct arena *arena, const struct caller *caller, int64_t id,
                     struct layout_file *ret_file, struct fault *fault)
{
    enum err err = permit(caller, TASK_LAYOUTS, fault);
    struct filing filing = {.id = id, .organisation_id = err == OK ? caller->organisation_id : 0};
    if (err == OK)
        err = service_read(service, arena, file_read, &filing, fault);
    if (err == OK)
        *ret_file = filing.file;
    return err;
}

/* ---- taking back, choosing ---- */

struct changing {
    struct service *service;
    const struct caller *caller;
    int64_t id;
    enum tickets_as as;
    bool done;
};

static enum err withdraw_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *c = argument;
    struct layout_of_row row;
    bool found = false;
    int64_t changed = 0;
    instant now = service_now(c->service);
    c->done = false;
    enum err err = q_layout_of(db, arena,
                               (struct layout_of_in){.id = c->id, .organisation_id = c->caller->organisation_id}, &row,
                               &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "layout");
    if (err != OK || !(str_eq(row.state, S("waiting")) || str_eq(row.state, S("approved"))))
        return err;
    err = q_layout_decide(
        db,
        (struct layout_decide_in){.id = c->id, .was = row.state, .became = S("withdrawn"), .words = S(""), .now = now},
        &changed, fault);
    if (err != OK || changed == 0)
        return err;
    c->done = true;
    return audit_add(db, arena,
                     (struct audit_row){.at = now,
                                        .person_id = c->caller->person_id,
                                        .staff_id = c->caller->staff_id,
                                        .organisation_id = c->caller->organisation_id,
                                        .act = S("layout.withdraw"),
                                        .subject = layout_subject(arena, c->id),
                                        .was = row.state,
                                        .became = S("withdrawn")},
                     fault);
}

enum err layout_withdraw(struct service *service, struct arena *arena, const struct caller *caller, int64_t id,
                         bool *ret_done, struct fault *fault)
{
    struct changing c = {.service = service, .caller = caller, .id = id};
    enum err err = permit(caller, TASK_LAYOUTS, fault);
    if (err == OK)
        err = service_write(service, arena, withdraw_command, 0, &c, fault);
    if (err == OK)
        *ret_done = c.done;
    return err;
}

static enum err choose_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct changing *c = argument;
    struct right_organisation_row own;
    struct str as = str_of(tickets_as_name(c->as));
    enum err err = q_right_organisation(db, arena, (struct right_organisation_in){.id = c->caller->organisation_id},
                                        &own, NULL, fault);
    if (err != OK || str_eq(own.tickets_as, as))
        return err;
    err = q_organisation_tickets_as(
        db, (struct organisation_tickets_as_in){.id = c->caller->organisation_id, .tickets_as = as}, NULL, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena,
                     (struct audit_row){.at = service_now(c->service),
                                        .person_id = c->caller->person_id,
                                        .staff_id = c->caller->staff_id,
                                        .organisation_id = c->caller->organisation_id,
                                        .act = S("layout.choose"),
                                        .subject = S("organisation"),
                                        .was = own.tickets_as,
                                        .became = as},
                     fault);
}

enum err layout_choose(struct service *service, struct arena *arena, const struct caller *caller, enum tickets_as as,
                       struct fault *fault)
{
    struct changing c = {.service = service, .caller = caller, .as = as};
    enum err err = permit(caller, TASK_LAYOUTS, fault);
    return err != OK ? err : service_write(service, arena, choose_command, 0, &c, fault);
}
