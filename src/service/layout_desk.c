/* Layouts as customer service sees and decides them: see layout.h. */
#include "service/layout_parts.h"
#include "service/outbox.h"
#include "service/staff_session.h"

/* ---- seeing ---- */

struct desk {
    struct layouts layouts;
};

static enum err add_state(struct db *db, struct arena *arena, struct desk *desk, enum layout_state state,
                          struct fault *fault)
{
    struct layouts_by_state_list rows;
    enum err err = q_layouts_by_state(
        db, arena, (struct layouts_by_state_in){.state = str_of(layout_state_name(state))}, &rows, fault);
    if (err != OK)
        return err;
    struct layout *all = ARENA_ARRAY(arena, desk->layouts.n + rows.n + 1, struct layout);
    for (size_t i = 0; i < desk->layouts.n; i++)
        all[i] = desk->layouts.p[i];
    for (size_t i = 0; err == OK && i < rows.n; i++) {
        const struct layouts_by_state_row *row = &rows.p[i];
        struct layout *layout = &all[desk->layouts.n + i];
        *layout = (struct layout){.id = row->id,
                                  .organisation_id = row->organisation_id,
                                  .organisation = row->organisation,
                                  .name = row->name,
                                  .note = row->note,
                                  .words = row->words,
                                  .size = row->size,
                                  .uploaded_at = row->uploaded_at,
                                  .decided_at = row->decided_at.v};
        err = layout_words_of(row->kind, row->state, layout, fault);
    }
    desk->layouts = (struct layouts){all, desk->layouts.n + rows.n};
    return err;
}

static enum err desk_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    enum err err = OK;
    for (int state = 0; err == OK && state < LAYOUT_STATES; state++)
        err = add_state(db, arena, argument, (enum layout_state)state, fault);
    return err;
}

enum err layout_desk(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     struct layouts *ret_layouts, struct fault *fault)
{
    struct desk desk = {.layouts = {.n = 0}};
    enum err err = permit_staff(caller, TASK_LAYOUT_APPROVE, 0, fault);
    if (err == OK)
        err = service_read(service, arena, desk_read, &desk, fault);
    if (err == OK)
        *ret_layouts = desk.layouts;
    return err;
}

struct looking {
    int64_t id;
    int64_t person_id;
    struct layout layout;
    struct layout_file file;
};

static enum err one_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct layout_one_row row;
    bool found = false;
    enum err err = q_layout_one(db, arena, (struct layout_one_in){.id = l->id}, &row, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "layout");
    if (err != OK)
        return err;
    l->person_id = row.person_id;
    l->layout = (struct layout){.id = row.id,
                                .organisation_id = row.organisation_id,
                                .organisation = row.organisation,
                                .name = row.name,
                                .note = row.note,
                                .words = row.words,
                                .size = row.size,
                                .uploaded_at = row.uploaded_at,
                                .decided_at = row.decided_at.v};
    return layout_words_of(row.kind, row.state, &l->layout, fault);
}

enum err layout_read(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                     struct layout *ret_layout, struct fault *fault)
{
    struct looking l = {.id = id};
    enum err err = permit_staff(caller, TASK_LAYOUT_APPROVE, 0, fault);
    if (err == OK)
        err = service_read(service, arena, one_read, &l, fault);
    if (err == OK)
        *ret_layout = l.layout;
    return err;
}

static enum err file_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    return layout_file_in(db, arena, l->id, 0, &l->file, fault);
}

enum err layout_desk_file(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                          struct layout_file *ret_file, struct fault *fault)
{
    struct looking l = {.id = id};
    enum err err = permit_staff(caller, TASK_LAYOUT_APPROVE, 0, fault);
    if (err == OK)
        err = service_read(service, arena, file_read, &l, fault);
    if (err == OK)
        *ret_file = l.file;
    return err;
}

/* ---- deciding ---- */

struct deciding {
    struct service *service;
    const struct staff_caller *caller;
    struct looking look;
    enum layout_state was, became;
    struct str words;
    bool done;
};

static bool may_become(enum layout_state was, enum layout_state became)
{
    switch (was) {
    case LAYOUT_STATE_WAITING: return became == LAYOUT_STATE_APPROVED || became == LAYOUT_STATE_REFUSED;
    case LAYOUT_STATE_APPROVED: return became == LAYOUT_STATE_WITHDRAWN;
    case LAYOUT_STATE_REFUSED: return became == LAYOUT_STATE_APPROVED;
    case LAYOUT_STATE_WITHDRAWN: return false;
    }
    return false;
}

static enum err decided_mail(struct db *db, struct arena *arena, const struct deciding *d, instant now,
                             struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = d->look.person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena,
                      (struct outbox_row){.kind = str_format(arena, "layout-%s", layout_state_name(d->became)),
                                          .organisation_id = d->look.layout.organisation_id,
                                          .recipient = person.email,
                                          .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name),
                                                                       STR_ARG(person.last_name)),
                                          .lang = lang_of(person.lang),
                                          .detail = str_format(arena, "%lld", (long long)d->look.id),
                                          .now = now},
                      fault);
}

static enum err decide_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct deciding *d = argument;
    struct str was = str_of(layout_state_name(d->was)), became = str_of(layout_state_name(d->became));
    instant now = service_now(d->service);
    int64_t changed = 0;
    d->done = false;
    enum err err = one_read(db, arena, &d->look, fault);
    if (err == OK)
        err = q_layout_decide(db,
                              (struct layout_decide_in){.id = d->look.id,
                                                        .was = was,
                                                        .became = became,
                                                        .staff_id = {.is = true, .v = d->caller->staff_id},
                                                        .words = d->words,
                                                        .now = now},
                              &changed, fault);
    if (err != OK || changed == 0)
        return err;
    err = decided_mail(db, arena, d, now, fault);
    if (err == OK)
        err = staff_audit(db, arena, d->caller, now,
                          (struct staff_act){.act = str_format(arena, "layout.%s", layout_state_name(d->became)),
                                             .subject = layout_subject(arena, d->look.id),
                                             .organisation_id = d->look.layout.organisation_id,
                                             .detail = d->look.layout.name,
                                             .reason = d->words,
                                             .was = was,
                                             .became = became},
                          fault);
    d->done = err == OK;
    return err;
}

enum err layout_decide(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                       enum layout_state was, enum layout_state became, struct str words, bool *ret_done,
                       struct fault *fault)
{
    struct deciding d = {.service = service,
                         .caller = caller,
                         .look = {.id = id},
                         .was = was,
                         .became = became,
                         .words = str_trim(words)};
    enum err err = permit_staff(caller, TASK_LAYOUT_APPROVE, 0, fault);
    if (err != OK)
        return err;
    if (!may_become(was, became) || d.words.n > LAYOUT_WORDS || (became != LAYOUT_STATE_APPROVED && d.words.n == 0))
        return fault_set(fault, ERR_INPUT, "a decision with its words");
    err = service_write(service, arena, decide_command, 0, &d, fault);
    if (err == OK)
        *ret_done = d.done;
    return err;
}
