/* The right «J’ai déjà un billet», and single numbers in stock: see stock.h. The import is in stock_import.c. */
#include "service/stock.h"

#include "domain/free_number.h"
#include "service/outbox.h"
#include "service/staff_session.h"
#include "store/queries.h"

static bool reason_good(struct str reason)
{
    return reason.n > 0 && reason.n <= STOCK_REASON_MOST;
}

/* ---- the right ---- */

static enum err rights_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct stock_rights *rights = argument;
    struct stock_rights_list rows;
    enum err err = q_stock_rights(db, arena, &rows, fault);
    if (err != OK)
        return err;
    *rights = (struct stock_rights){ARENA_ARRAY(arena, rows.n + 1, struct stock_right), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        rights->p[i] = (struct stock_right){.organisation_id = rows.p[i].organisation_id,
                                            .organisation = rows.p[i].organisation,
                                            .live = !rows.p[i].revoked_at.is,
                                            .granted_at = rows.p[i].granted_at,
                                            .revoked_at = rows.p[i].revoked_at.v,
                                            .granted_by = rows.p[i].granted_by,
                                            .reason = rows.p[i].reason,
                                            .revoked_why = rows.p[i].revoked_why};
    return OK;
}

enum err stock_right_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct stock_rights *ret_rights, struct fault *fault)
{
    struct stock_rights rights = {.n = 0};
    enum err err = permit_staff(caller, TASK_STOCK_GRANT, 0, fault);
    if (err == OK)
        err = service_read(service, arena, rights_read, &rights, fault);
    if (err == OK)
        *ret_rights = rights;
    return err;
}

static enum err right_in(struct db *db, struct arena *arena, int64_t organisation_id, struct stock_right *right,
                         struct fault *fault)
{
    struct right_organisation_row organisation;
    struct stock_right_live_row live;
    bool found = false;
    enum err err = q_right_organisation(db, arena, (struct right_organisation_in){.id = organisation_id}, &organisation,
                                        &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation");
    if (err == OK)
        err = q_stock_right_live(db, arena, (struct stock_right_live_in){.organisation_id = organisation_id}, &live,
                                 &found, fault);
    if (err != OK)
        return err;
    *right = (struct stock_right){.organisation_id = organisation_id, .organisation = organisation.name, .live = found};
    if (found) {
        right->granted_at = live.granted_at;
        right->reason = live.reason;
    }
    return OK;
}

static enum err right_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct stock_right *right = argument;
    return right_in(db, arena, right->organisation_id, right, fault);
}

enum err stock_right_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          int64_t organisation_id, struct stock_right *ret_right, struct fault *fault)
{
    struct stock_right right = {.organisation_id = organisation_id};
    enum err err = permit_staff(caller, TASK_STOCK_GRANT, 0, fault);
    if (err == OK)
        err = service_read(service, arena, right_read, &right, fault);
    if (err == OK)
        *ret_right = right;
    return err;
}

struct setting_right {
    struct service *service;
    const struct staff_caller *caller;
    int64_t organisation_id;
    bool grant, changed;
    struct str reason;
};

/* To the first manager: the rest of the organisation sees the button. */
static enum err right_mail(struct db *db, struct arena *arena, const struct setting_right *s, instant now,
                           struct fault *fault)
{
    struct right_person_row manager;
    struct person_for_mail_row person;
    bool found = false;
    enum err err = q_right_person(db, arena, (struct right_person_in){.organisation_id = s->organisation_id}, &manager,
                                  &found, fault);
    if (err != OK || !found)
        return err;
    err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = manager.id}, &person, NULL, fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena,
                      (struct outbox_row){.kind = s->grant ? S("stock-granted") : S("stock-revoked"),
                                          .organisation_id = s->organisation_id,
                                          .recipient = person.email,
                                          .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name),
                                                                       STR_ARG(person.last_name)),
                                          .lang = lang_of(person.lang),
                                          .detail = s->grant ? S("") : s->reason,
                                          .now = now},
                      fault);
}

static enum err right_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct setting_right *s = argument;
    instant now = service_now(s->service);
    struct stock_right right = {0};
    s->changed = false;
    enum err err = right_in(db, arena, s->organisation_id, &right, fault);
    if (err != OK || right.live == s->grant)
        return err;
    int64_t changed = 1;
    err = s->grant ? q_stock_right_add(db,
                                       (struct stock_right_add_in){.organisation_id = s->organisation_id,
                                                                   .now = now,
                                                                   .staff_id = s->caller->staff_id,
                                                                   .reason = s->reason},
                                       NULL, fault)
                   : q_stock_right_revoke(db,
                                          (struct stock_right_revoke_in){.organisation_id = s->organisation_id,
                                                                         .now = now,
                                                                         .staff_id = s->caller->staff_id,
                                                                         .reason = s->reason},
                                          &changed, fault);
    if (err != OK || changed == 0)
        return err;
    err = right_mail(db, arena, s, now, fault);
    if (err == OK)
        err = staff_audit(
            db, arena, s->caller, now,
            (struct staff_act){.act = s->grant ? S("stock.grant") : S("stock.revoke"),
                               .organisation_id = s->organisation_id,
                               .subject = str_format(arena, "organisation %lld", (long long)s->organisation_id),
                               .reason = s->reason,
                               .was = s->grant ? S("without") : S("granted"),
                               .became = s->grant ? S("granted") : S("without")},
            fault);
    s->changed = err == OK;
    return err;
}

enum err stock_right_set(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         int64_t organisation_id, bool grant, struct str reason, bool *ret_changed, struct fault *fault)
{
    struct setting_right s = {.service = service,
                              .caller = caller,
                              .organisation_id = organisation_id,
                              .grant = grant,
                              .reason = str_trim(reason)};
    enum err err = permit_staff(caller, TASK_STOCK_GRANT, 0, fault);
    if (err == OK && !reason_good(s.reason))
        return fault_set(fault, ERR_INPUT, "a reason");
    if (err == OK)
        err = service_write(service, arena, right_command, 0, &s, fault);
    if (err == ERR_CONFLICT) /* granted at the same moment at another desk */
        err = service_write(service, arena, right_command, 0, &s, fault);
    if (err == OK)
        *ret_changed = s.changed;
    return err;
}

/* ---- single numbers ---- */

struct looking {
    struct service *service;
    const struct staff_caller *caller;
    struct str normal, reason;
    bool withdraw, done;
    int64_t id;
    struct stock_number number;
};

static enum err used_by(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    struct exchange_of_number_row row;
    bool found = false;
    enum err err = q_exchange_of_number(db, arena, (struct exchange_of_number_in){.number = l->normal}, &row, &found,
                                        fault);
    if (err == OK && found) {
        l->number.used_by = row.organisation;
        l->number.order_ref = row.order_ref;
        l->number.used_at = row.exchanged_at;
    }
    return err;
}

static enum err look_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct stock_find_row row;
    bool found = false;
    l->number = (struct stock_number){.number = l->normal};
    enum err err = q_stock_find(db, arena, (struct stock_find_in){.number = l->normal}, &row, &found, fault);
    if (err != OK || !found)
        return err;
    bool over = row.expires_on < service_day(l->service, service_now(l->service));
    l->id = row.id;
    l->number = (struct stock_number){.found = true,
                                      .number = l->normal,
                                      .monument = row.monument_name,
                                      .state = over && str_eq(row.state, S("available")) ? S("expired") : row.state,
                                      .expires_on = (day_number)row.expires_on};
    return str_eq(row.state, S("used")) ? used_by(db, arena, l, fault) : OK;
}

enum err stock_look(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str typed,
                    struct stock_number *ret_number, struct fault *fault)
{
    struct looking l = {.service = service, .normal = free_number_normal(arena, typed)};
    enum err err = permit_staff(caller, TASK_STOCK_MANAGE, 0, fault);
    l.number = (struct stock_number){.number = l.normal};
    if (err == OK && free_number_plausible(l.normal))
        err = service_read(service, arena, look_read, &l, fault);
    if (err == OK)
        *ret_number = l.number;
    return err;
}

static enum err withdraw_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct str was = l->withdraw ? S("available") : S("withdrawn"),
               became = l->withdraw ? S("withdrawn") : S("available");
    instant now = service_now(l->service);
    int64_t changed = 0;
    l->done = false;
    enum err err = look_read(db, arena, l, fault);
    if (err != OK || !l->number.found)
        return err;
    err = q_stock_set_withdrawn(
        db, (struct stock_set_withdrawn_in){.id = l->id, .was = was, .became = became, .now = now}, &changed, fault);
    if (err != OK || changed == 0)
        return err;
    l->done = true;
    return staff_audit(db, arena, l->caller, now,
                       (struct staff_act){.act = l->withdraw ? S("stock.withdraw") : S("stock.restore"),
                                          .subject = l->normal,
                                          .reason = l->reason,
                                          .was = was,
                                          .became = became},
                       fault);
}

enum err stock_withdraw(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        struct str typed, bool withdraw, struct str reason, bool *ret_done, struct fault *fault)
{
    struct looking l = {.service = service,
                        .caller = caller,
                        .normal = free_number_normal(arena, typed),
                        .withdraw = withdraw,
                        .reason = str_trim(reason)};
    enum err err = permit_staff(caller, TASK_STOCK_MANAGE, 0, fault);
    if (err == OK && !reason_good(l.reason))
        return fault_set(fault, ERR_INPUT, "a reason");
    if (err == OK && free_number_plausible(l.normal))
        err = service_write(service, arena, withdraw_command, 0, &l, fault);
    if (err == OK)
        *ret_done = l.done;
    return err;
}

/* ---- the overview ---- */

struct overlooking {
    day_number today;
    struct stock_overview overview;
};

static enum err overview_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct overlooking *o = argument;
    struct stock_sums_list sums;
    struct stock_imports_list files;
    enum err err = q_stock_sums(db, arena, (struct stock_sums_in){.today = o->today}, &sums, fault);
    if (err == OK)
        err = q_stock_imports(db, arena, &files, fault);
    if (err != OK)
        return err;
    struct stock_overview *overview = &o->overview;
    overview->sums = ARENA_ARRAY(arena, sums.n + 1, struct stock_sum);
    overview->sum_count = sums.n;
    for (size_t i = 0; i < sums.n; i++)
        overview->sums[i] = (struct stock_sum){.monument = sums.p[i].monument_name,
                                               .available = (int)sums.p[i].available,
                                               .used = (int)sums.p[i].used,
                                               .expired = (int)sums.p[i].expired,
                                               .withdrawn = (int)sums.p[i].withdrawn};
    overview->files = ARENA_ARRAY(arena, files.n + 1, struct stock_file);
    overview->file_count = files.n;
    for (size_t i = 0; i < files.n; i++)
        overview->files[i] = (struct stock_file){.name = files.p[i].file_name,
                                                 .staff = files.p[i].staff,
                                                 .added = (int)files.p[i].added,
                                                 .known = (int)files.p[i].known,
                                                 .at = files.p[i].imported_at};
    return OK;
}

enum err stock_overview(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        struct stock_overview *ret_overview, struct fault *fault)
{
    struct overlooking o = {.today = service_day(service, service_now(service))};
    enum err err = permit_staff(caller, TASK_STOCK_MANAGE, 0, fault);
    if (err == OK)
        err = service_read(service, arena, overview_read, &o, fault);
    if (err == OK)
        *ret_overview = o.overview;
    return err;
}
