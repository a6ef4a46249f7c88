/* A monument's prices with their days; see monument_work.h. Of each kind (audience and code) at most one applies on any
 * day: the command that adds one makes room for it, and the doctor looks. */
#include "base/limits.h"
#include "service/monument_work.h"
#include "service/staff_session.h"
#include "store/queries.h"

enum { PERSONS_MOST = LIMIT_VISIT_PERSONS };

struct pricing {
    struct service *service;
    const struct staff_caller *caller;
    int64_t monument_id, price_id;
    struct tariff tariff;
    day_number last, today;
    enum price_fault wrong;
    struct monument_prices prices;
};

/* ---- reading ---- */

static struct tariff tariff_of(const struct tariff_history_row *row)
{
    struct tariff tariff = {.code = row->code, .min_persons = (int)row->min_persons,
                            .amount = cents(row->amount_cents), .vat_code = row->vat_code,
                            .valid_from = (day_number)row->valid_from,
                            .valid_to = row->valid_to.is ? (day_number)row->valid_to.v : TARIFF_NO_END};
    (void)audience_parse(row->audience, &tariff.audience); /* the column's CHECK allows these words only */
    return tariff;
}

static void fill_rows(struct pricing *pricing, struct arena *arena, const struct tariff_history_list *rows)
{
    struct monument_prices *prices = &pricing->prices;
    prices->rows = (struct rate_all){ARENA_ARRAY(arena, rows->n + 1, struct rate_kept), rows->n};
    prices->unsold = true;
    for (size_t i = 0; i < rows->n; i++) {
        struct rate_kept *row = &prices->rows.p[i];
        *row = (struct rate_kept){.id = rows->p[i].id, .tariff = tariff_of(&rows->p[i])};
        row->future = row->tariff.valid_from > prices->today;
        row->current = !row->future && row->tariff.valid_to >= prices->today;
        if (row->current && row->tariff.audience == AUDIENCE_ADULTS)
            prices->unsold = false;
        bool follows = i + 1 < rows->n && str_eq(rows->p[i].audience, rows->p[i + 1].audience) &&
                       str_eq(rows->p[i].code, rows->p[i + 1].code);
        row->gap_after = follows && row->tariff.valid_to != TARIFF_NO_END &&
                         rows->p[i + 1].valid_from > row->tariff.valid_to + 1;
        row->ends = !follows && row->tariff.valid_to != TARIFF_NO_END;
    }
}

static enum err prices_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct pricing *pricing = argument;
    struct tariff_history_list rows = {.n = 0};
    struct vat_regimes_list regimes = {.n = 0};
    enum err err = q_tariff_history(db, arena, (struct tariff_history_in){.monument_id = pricing->monument_id}, &rows,
                                    fault);
    if (err == OK)
        err = q_vat_regimes(db, arena, &regimes, fault);
    if (err != OK)
        return err;
    pricing->prices = (struct monument_prices){.today = pricing->today};
    fill_rows(pricing, arena, &rows);
    struct vat_choices *vat = &pricing->prices.vat;
    *vat = (struct vat_choices){ARENA_ARRAY(arena, regimes.n + 1, struct vat_choice), regimes.n};
    for (size_t i = 0; i < regimes.n; i++)
        vat->p[i] = (struct vat_choice){
            .code = regimes.p[i].code, .rate_bp = (int)regimes.p[i].rate_bp,
            .mention = pricing->caller->lang == LANG_EN ? regimes.p[i].mention_en : regimes.p[i].mention_fr};
    return OK;
}

enum err monument_prices_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t id, struct monument_prices *ret_prices, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_TARIFFS, id, fault);
    struct pricing pricing = {.service = service, .caller = caller, .monument_id = id,
                              .today = service_day(service, service_now(service))};
    if (err == OK)
        err = service_read(service, arena, prices_read, &pricing, fault);
    if (err == OK)
        *ret_prices = pricing.prices;
    return err;
}

/* ---- writing ---- */

static enum err refuse(struct pricing *pricing, enum price_fault wrong)
{
    pricing->wrong = wrong;
    return ERR_REFUSED;
}

static struct str tariff_text(struct arena *arena, const struct tariff *tariff)
{
    return str_format(arena, "%s %.*s from %d persons: %lld cents (%.*s), %.*s – %.*s", audience_name(tariff->audience),
                      STR_ARG(tariff->code), tariff->min_persons, (long long)tariff->amount.v,
                      STR_ARG(tariff->vat_code), STR_ARG(day_iso(arena, tariff->valid_from)),
                      STR_ARG(tariff->valid_to == TARIFF_NO_END ? S("") : day_iso(arena, tariff->valid_to)));
}

static enum err audit(const struct pricing *pricing, struct db *db, struct arena *arena, struct str act, struct str was,
                      struct str became, struct fault *fault)
{
    struct monument monument;
    enum err err = monument_by_id(db, arena, pricing->monument_id, &monument, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, pricing->caller, service_now(pricing->service),
                       (struct staff_act){.act = act, .was = was, .became = became,
                                          .subject = str_format(arena, "monument %.*s", STR_ARG(monument.slug))},
                       fault);
}

/* Adults have «full» and «group», school and special groups «school». */
static bool kind_good(const struct tariff *tariff)
{
    bool school = str_eq(tariff->code, S("school"));
    bool adults = str_eq(tariff->code, S("full")) || str_eq(tariff->code, S("group"));
    return tariff->audience == AUDIENCE_ADULTS ? adults : school;
}

static enum err vat_good(struct db *db, struct arena *arena, struct str code, bool *ret_good, struct fault *fault)
{
    struct vat_regimes_list regimes = {.n = 0};
    enum err err = q_vat_regimes(db, arena, &regimes, fault);
    *ret_good = false;
    for (size_t i = 0; err == OK && i < regimes.n; i++)
        if (str_eq(regimes.p[i].code, code))
            *ret_good = true;
    return err;
}

/* Makes room among the prices of its kind: *ret_to is where the new one ends. */
static enum err make_room(struct pricing *pricing, struct db *db, struct arena *arena, struct maybe_int *ret_to,
                          struct fault *fault)
{
    const struct tariff *t = &pricing->tariff;
    struct tariff_kind_list rows = {.n = 0};
    enum err err = q_tariff_kind(db, arena,
                                 (struct tariff_kind_in){.monument_id = pricing->monument_id, .code = t->code,
                                                         .audience = str_of(audience_name(t->audience))},
                                 &rows, fault);
    if (err != OK)
        return err;
    if (t->valid_from < pricing->today || (t->valid_from == pricing->today && rows.n > 0))
        return refuse(pricing, PRICE_FROM);
    struct maybe_int to = {.is = false};
    for (size_t i = 0; err == OK && i < rows.n; i++) {
        const struct tariff_kind_row *row = &rows.p[i];
        if (row->valid_from == t->valid_from)
            return refuse(pricing, PRICE_SAME_DAY);
        if (row->valid_from > t->valid_from) {
            to = (struct maybe_int){.is = true, .v = row->valid_from - 1};
            break;
        }
        if (row->valid_to.is && row->valid_to.v < t->valid_from)
            continue;
        to = row->valid_to; /* an end of sale that was planned stays */
        err = q_tariff_end_put(db, (struct tariff_end_put_in){.id = row->id, .valid_to = {true, t->valid_from - 1}},
                               NULL, fault);
    }
    *ret_to = to;
    return err;
}

static enum err price_add(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct pricing *pricing = argument;
    struct tariff *t = &pricing->tariff;
    struct maybe_int to = {.is = false};
    bool vat = false;
    pricing->wrong = !kind_good(t)                                         ? PRICE_KIND
                     : t->amount.v < 0 || t->amount.v > PRICE_CENTS        ? PRICE_AMOUNT
                     : t->min_persons < 1 || t->min_persons > PERSONS_MOST ? PRICE_PERSONS
                                                                           : PRICE_GOOD;
    if (pricing->wrong != PRICE_GOOD)
        return ERR_REFUSED;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = pricing->monument_id}, NULL, fault);
    if (err == OK)
        err = vat_good(db, arena, t->vat_code, &vat, fault);
    if (err == OK && !vat)
        return refuse(pricing, PRICE_VAT);
    if (err == OK)
        err = make_room(pricing, db, arena, &to, fault);
    if (err != OK)
        return err;
    struct tariff_add_row row;
    err = q_tariff_add(db, arena,
                       (struct tariff_add_in){.monument_id = pricing->monument_id, .code = t->code,
                                              .audience = str_of(audience_name(t->audience)),
                                              .min_persons = t->min_persons, .amount_cents = t->amount.v,
                                              .vat_code = t->vat_code, .valid_from = t->valid_from, .valid_to = to},
                       &row, NULL, fault);
    if (err != OK)
        return err;
    struct tariff became = *t;
    became.valid_to = to.is ? (day_number)to.v : TARIFF_NO_END;
    return audit(pricing, db, arena, S("price.add"), S(""), tariff_text(arena, &became), fault);
}

static enum err run(struct pricing *pricing, struct arena *arena, write_command command, enum price_fault *ret_wrong,
                    struct fault *fault)
{
    enum err err = permit_staff(pricing->caller, TASK_TARIFFS, pricing->monument_id, fault);
    if (err != OK)
        return err;
    pricing->today = service_day(pricing->service, service_now(pricing->service));
    err = service_write(pricing->service, arena, command, 0, pricing, fault);
    if (err != OK && (err != ERR_REFUSED || pricing->wrong == PRICE_GOOD))
        return err;
    *ret_wrong = pricing->wrong;
    return OK;
}

enum err monument_price_add(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                            const struct tariff *tariff, enum price_fault *ret_wrong, struct fault *fault)
{
    struct pricing pricing = {.service = service, .caller = caller, .monument_id = id, .tariff = *tariff};
    return run(&pricing, arena, price_add, ret_wrong, fault);
}

static enum err price_one(struct pricing *pricing, struct db *db, struct arena *arena, struct fault *fault)
{
    struct tariff_one_row row;
    bool found = false;
    pricing->wrong = PRICE_GOOD;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = pricing->monument_id}, NULL, fault);
    if (err == OK)
        err = q_tariff_one(db, arena,
                           (struct tariff_one_in){.id = pricing->price_id, .monument_id = pricing->monument_id}, &row,
                           &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "no price %lld of monument %lld", (long long)pricing->price_id,
                        (long long)pricing->monument_id);
    if (err != OK)
        return err;
    pricing->tariff = tariff_of(&(struct tariff_history_row){
        .code = row.code, .audience = row.audience, .min_persons = row.min_persons, .amount_cents = row.amount_cents,
        .vat_code = row.vat_code, .valid_from = row.valid_from, .valid_to = row.valid_to});
    return OK;
}

static struct maybe_int end_of(const struct tariff *tariff)
{
    return (struct maybe_int){.is = tariff->valid_to != TARIFF_NO_END, .v = tariff->valid_to};
}

static enum err price_remove(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct pricing *pricing = argument;
    struct tariff_kind_list rows = {.n = 0};
    enum err err = price_one(pricing, db, arena, fault);
    if (err != OK)
        return err;
    const struct tariff *t = &pricing->tariff;
    if (t->valid_from <= pricing->today)
        return refuse(pricing, PRICE_RUNNING);
    err = q_tariff_drop(db,
                        (struct tariff_drop_in){.id = pricing->price_id, .monument_id = pricing->monument_id,
                                                .today = pricing->today},
                        NULL, fault);
    if (err == OK)
        err = q_tariff_kind(db, arena,
                            (struct tariff_kind_in){.monument_id = pricing->monument_id, .code = t->code,
                                                    .audience = str_of(audience_name(t->audience))},
                            &rows, fault);
    for (size_t i = 0; err == OK && i < rows.n; i++)
        if (rows.p[i].valid_to.is && rows.p[i].valid_to.v == t->valid_from - 1)
            err = q_tariff_end_put(db, (struct tariff_end_put_in){.id = rows.p[i].id, .valid_to = end_of(t)}, NULL,
                                   fault);
    return err == OK ? audit(pricing, db, arena, S("price.remove"), tariff_text(arena, t), S(""), fault) : err;
}

enum err monument_price_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t id, int64_t price_id, enum price_fault *ret_wrong, struct fault *fault)
{
    struct pricing pricing = {.service = service, .caller = caller, .monument_id = id, .price_id = price_id};
    return run(&pricing, arena, price_remove, ret_wrong, fault);
}

static enum err price_end(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct pricing *pricing = argument;
    enum err err = price_one(pricing, db, arena, fault);
    if (err != OK)
        return err;
    struct tariff became = pricing->tariff;
    if (pricing->last < pricing->today || pricing->last < became.valid_from || pricing->last > became.valid_to)
        return refuse(pricing, PRICE_TO);
    became.valid_to = pricing->last;
    err = q_tariff_end_put(db, (struct tariff_end_put_in){.id = pricing->price_id, .valid_to = end_of(&became)}, NULL,
                           fault);
    return err == OK ? audit(pricing, db, arena, S("price.end"), tariff_text(arena, &pricing->tariff),
                             tariff_text(arena, &became), fault)
                     : err;
}

enum err monument_price_end(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                            int64_t price_id, day_number last, enum price_fault *ret_wrong, struct fault *fault)
{
    struct pricing pricing = {.service = service, .caller = caller, .monument_id = id, .price_id = price_id,
                              .last = last};
    return run(&pricing, arena, price_end, ret_wrong, fault);
}
