/* Making slots anew from the plan (OPS-2): the plan and what is there are laid side by side, and the difference is both
 * the preview and what is written. One pass over the range, bounded by SCHEDULE_SLOTS; neighbours that change alike are
 * written by one statement.
 *
 * All of it is one transaction: a process that dies in the middle has changed nothing. */
#include "base/buf.h"
#include "base/limits.h"
#include "service/closure.h"
#include "service/schedule_parts.h"

enum { CHUNK_DAYS = 30 };

struct change_row {
    struct schedule_change change;
    size_t place;      /* among the slots that are there: neighbours have neighbouring numbers */
    bool by_hand;      /* as it will be */
};

struct make {
    struct service *service;
    struct schedule_range range;
    struct schedule schedule;
    instant now;
    struct change_row *rows; /* those that do something, and conflicts */
    size_t n, room, looked, places;
    int count[SCHEDULE_WHATS];
    struct schedule_months months;
    unsigned char mark[CRYPTO_DIGEST];
};

/* ---- one slot ---- */

static struct schedule_values values_now(const struct schedule_slots_row *row)
{
    return (struct schedule_values){.minutes = (int)row->minutes, .capacity = (int)row->capacity,
                                    .for_groups = row->for_groups != 0, .on_sale_from = row->on_sale_from,
                                    .closed_fr = row->event_id.is ? row->closed_fr.v : (struct str){NULL, 0},
                                    .closed_en = row->event_id.is ? row->closed_en.v : (struct str){NULL, 0},
                                    .event_id = row->event_id.v};
}

static void set_event(struct schedule_values *values, const struct schedule_event *event)
{
    values->event_id = event == NULL ? 0 : event->id;
    values->closed_fr = event == NULL ? (struct str){NULL, 0} : event->reason_fr;
    values->closed_en = event == NULL ? (struct str){NULL, 0} : event->reason_en;
}

static bool values_same(const struct schedule_values *a, const struct schedule_values *b)
{
    return a->minutes == b->minutes && a->capacity == b->capacity && a->for_groups == b->for_groups &&
           a->on_sale_from == b->on_sale_from && a->event_id == b->event_id && str_eq(a->closed_fr, b->closed_fr) &&
           str_eq(a->closed_en, b->closed_en);
}

static struct schedule_values values_wanted(const struct schedule_slot *wanted)
{
    struct schedule_values values = {.minutes = wanted->minutes, .capacity = wanted->capacity,
                                     .for_groups = wanted->for_groups, .on_sale_from = wanted->on_sale_from};
    set_event(&values, wanted->event);
    return values;
}

/* What becomes of a slot that is there; `wanted` NULL: the plan has none. */
static struct change_row judge(const struct make *make, const struct schedule_slots_row *row,
                               const struct schedule_slot *wanted)
{
    struct schedule_values from = values_now(row);
    int minute = local_of(&make->service->zone, row->start_at).minute;
    bool desk_closed = row->closed_fr.is && !row->event_id.is;
    bool by_hand = row->by_hand != 0 && !make->range.also_by_hand;
    struct change_row made = {.by_hand = by_hand,
                              .change = {.what = SLOT_SAME, .start = row->start_at, .day = (day_number)row->day,
                                         .minute = minute, .taken = (int)row->taken, .from = from, .to = from,
                                         .wanted = wanted == NULL ? 0 : wanted->capacity}};
    struct schedule_change *change = &made.change;
    if (wanted == NULL && !by_hand) {
        change->what = desk_closed                                ? SLOT_SAME
                       : row->used == 0                           ? SLOT_REMOVED
                       : row->for_groups != 0 || row->by_hand != 0 ? SLOT_RETIRED
                                                                  : SLOT_SAME;
        change->conflict = change->what == SLOT_RETIRED && row->taken > 0;
        change->to.for_groups = change->what == SLOT_RETIRED ? false : from.for_groups;
        return made;
    }
    const struct schedule_event *event = schedule_event_at(&make->schedule, (day_number)row->day, minute);
    if (!by_hand)
        change->to = values_wanted(wanted);
    if (desk_closed)
        set_event(&change->to, NULL);
    else if (event != NULL && event->id != from.event_id && row->taken > 0)
        change->conflict = true; /* it stays open: somebody holds places */
    else
        set_event(&change->to, event);
    if (change->conflict)
        set_event(&change->to, NULL);
    if (change->to.capacity < row->taken) {
        change->to.capacity = (int)row->taken;
        change->conflict = true;
    }
    bool same = values_same(&change->from, &change->to) && (row->by_hand != 0) == by_hand;
    change->what = !same ? SLOT_CHANGED : by_hand ? SLOT_KEPT : SLOT_SAME;
    return made;
}

/* ---- collecting ---- */

static void mark_more(struct make *make, const struct change_row *row)
{
    const struct schedule_change *c = &row->change;
    struct buf text = buf_new(4096);
    buf_put(&text, make->mark, sizeof make->mark);
    buf_format(&text, "%d %lld %d %d %d %d %lld %lld %d ", (int)c->what, (long long)c->start, c->to.minutes,
               c->to.capacity, c->to.for_groups, c->conflict, (long long)c->to.on_sale_from,
               (long long)c->to.event_id, row->by_hand);
    buf_str(&text, str_sub(c->to.closed_fr, 0, 1000));
    crypto_sha256(buf_view(&text), make->mark);
    buf_free(&text);
}

static void count_month(struct make *make, struct arena *arena, const struct schedule_change *change)
{
    struct date date = date_of(change->day);
    date.day = 1;
    day_number month = day_of(date);
    if (make->months.p == NULL)
        make->months.p = ARENA_ARRAY(arena, SCHEDULE_DAYS / 28 + 3, struct schedule_month);
    if (make->months.n == 0 || make->months.p[make->months.n - 1].month != month)
        make->months.p[make->months.n++] = (struct schedule_month){.month = month};
    make->months.p[make->months.n - 1].count[change->what]++;
}

static void take(struct make *make, struct arena *arena, const struct change_row *row)
{
    make->count[row->change.what]++;
    count_month(make, arena, &row->change);
    bool does = row->change.what != SLOT_SAME && row->change.what != SLOT_KEPT;
    if (!does && !row->change.conflict)
        return;
    if (make->n == make->room) {
        size_t room = make->room == 0 ? 256 : make->room * 2;
        struct change_row *rows = ARENA_ARRAY(arena, room, struct change_row);
        for (size_t i = 0; i < make->n; i++)
            rows[i] = make->rows[i];
        make->rows = rows;
        make->room = room;
    }
    make->rows[make->n++] = *row;
    mark_more(make, row);
}

/* One day: both lists are sorted by start. */
static void merge_day(struct make *make, struct arena *arena, day_number day, const struct schedule_slots_list *there,
                      size_t *at)
{
    struct schedule_slot wanted[SCHEDULE_DAY_SLOTS];
    size_t n = schedule_day(&make->schedule, &make->service->zone, day, wanted), i = 0;
    instant end = instant_of(&make->service->zone, day + 1, 0);
    make->looked += n;
    for (;;) {
        while (i < n && wanted[i].start <= make->now)
            i++;
        bool has_there = *at < there->n && there->p[*at].start_at < end;
        if (has_there && there->p[*at].start_at <= make->now) {
            (*at)++;
            make->places++;
        } else if (has_there && (i == n || there->p[*at].start_at <= wanted[i].start)) {
            bool both = i < n && there->p[*at].start_at == wanted[i].start;
            struct change_row row = judge(make, &there->p[*at], both ? &wanted[i] : NULL);
            row.place = make->places++;
            take(make, arena, &row);
            (*at)++;
            i += both;
        } else if (i < n) {
            struct change_row row = {.change = {.what = SLOT_ADDED, .start = wanted[i].start, .day = day,
                                                .minute = wanted[i].minute, .wanted = wanted[i].capacity,
                                                .to = values_wanted(&wanted[i])}};
            take(make, arena, &row);
            i++;
        } else {
            return;
        }
    }
}

static enum err compare(struct make *make, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = OK;
    for (day_number from = make->range.from; err == OK && from <= make->range.to; from += CHUNK_DAYS) {
        day_number to = from + CHUNK_DAYS - 1 < make->range.to ? from + CHUNK_DAYS - 1 : make->range.to;
        struct schedule_slots_list there = {.n = 0};
        size_t at = 0;
        err = q_schedule_slots(db, arena,
                               (struct schedule_slots_in){.monument_id = make->range.monument_id,
                                                          .from_at = instant_of(&make->service->zone, from, 0),
                                                          .until_at = instant_of(&make->service->zone, to + 1, 0)},
                               &there, fault);
        make->looked += there.n;
        for (day_number day = from; err == OK && day <= to && make->looked <= SCHEDULE_SLOTS; day++)
            merge_day(make, arena, day, &there, &at);
    }
    return err;
}

/* ---- writing ---- */

static enum err expect(int64_t changed, size_t count, struct fault *fault)
{
    return changed == (int64_t)count ? OK
                                     : fault_set(fault, ERR_BUSY, "%lld slots of %zu: they have changed meanwhile",
                                                 (long long)changed, count);
}

static enum err write_put(const struct make *make, struct db *db, const struct change_row *first,
                          const struct change_row *last, size_t count, struct fault *fault)
{
    const struct schedule_values *to = &first->change.to;
    bool closed = to->event_id != 0;
    int64_t changed = 0;
    enum err err = q_schedule_slots_put(
        db,
        (struct schedule_slots_put_in){
            .monument_id = make->range.monument_id, .from_at = first->change.start, .to_at = last->change.start,
            .minutes = to->minutes, .capacity = to->capacity, .for_groups = to->for_groups,
            .on_sale_from = to->on_sale_from, .by_hand = first->by_hand, .closed_fr = {closed, to->closed_fr},
            .closed_en = {closed, to->closed_en}, .event_id = {closed, to->event_id}},
        &changed, fault);
    return err == OK ? expect(changed, count, fault) : err;
}

static enum err write_run(const struct make *make, struct db *db, const struct change_row *first,
                          const struct change_row *last, size_t count, struct fault *fault)
{
    int64_t monument = make->range.monument_id, from = first->change.start, to = last->change.start, changed = 0;
    enum err err = OK;
    if (first->change.what == SLOT_CHANGED)
        return write_put(make, db, first, last, count, fault);
    if (first->change.what == SLOT_REMOVED)
        err = q_schedule_slots_drop(
            db, (struct schedule_slots_drop_in){.monument_id = monument, .from_at = from, .to_at = to}, &changed,
            fault);
    else
        err = q_schedule_slots_retire(
            db, (struct schedule_slots_retire_in){.monument_id = monument, .from_at = from, .to_at = to}, &changed,
            fault);
    return err == OK ? expect(changed, count, fault) : err;
}

static bool one_run(const struct change_row *a, const struct change_row *b)
{
    return a->change.what == b->change.what && b->place == a->place + 1 && a->by_hand == b->by_hand &&
           (a->change.what != SLOT_CHANGED || values_same(&a->change.to, &b->change.to));
}

static bool is_there(const struct change_row *row)
{
    return row->change.what == SLOT_CHANGED || row->change.what == SLOT_REMOVED || row->change.what == SLOT_RETIRED;
}

static enum err write_there(const struct make *make, struct db *db, struct fault *fault)
{
    enum err err = OK;
    const struct change_row *first = NULL, *last = NULL;
    size_t count = 0;
    for (size_t i = 0; err == OK && i < make->n; i++) {
        const struct change_row *row = &make->rows[i];
        if (!is_there(row))
            continue;
        if (count > 0 && one_run(last, row)) {
            last = row;
            count++;
            continue;
        }
        if (count > 0)
            err = write_run(make, db, first, last, count, fault);
        first = last = row;
        count = 1;
    }
    return err == OK && count > 0 ? write_run(make, db, first, last, count, fault) : err;
}

static enum err add_run(const struct make *make, struct db *db, const struct change_row *first, size_t count,
                        instant step, struct fault *fault)
{
    const struct schedule_values *to = &first->change.to;
    bool closed = to->event_id != 0;
    return q_schedule_slots_add(
        db,
        (struct schedule_slots_add_in){
            .monument_id = make->range.monument_id, .first_at = first->change.start, .step = step,
            .count = (int64_t)count, .day = first->change.day, .minutes = to->minutes,
            .whole_day = make->schedule.whole_day, .capacity = to->capacity, .for_groups = to->for_groups,
            .closed_fr = {closed, to->closed_fr}, .closed_en = {closed, to->closed_en},
            .event_id = {closed, to->event_id}, .on_sale_from = to->on_sale_from},
        NULL, fault);
}

/* After all else is written: a range that changes must not meet a slot that is new. */
static enum err write_added(const struct make *make, struct db *db, struct fault *fault)
{
    const struct change_row *first = NULL, *last = NULL;
    size_t count = 0;
    instant step = 1;
    enum err err = OK;
    for (size_t i = 0; err == OK && i < make->n; i++) {
        const struct change_row *row = &make->rows[i];
        if (row->change.what != SLOT_ADDED)
            continue;
        instant gap = last == NULL ? 0 : row->change.start - last->change.start;
        if (count > 0 && row->change.day == last->change.day && values_same(&row->change.to, &first->change.to) &&
            (count == 1 || gap == step)) {
            step = gap;
            last = row;
            count++;
            continue;
        }
        if (count > 0)
            err = add_run(make, db, first, count, step, fault);
        first = last = row;
        count = 1;
        step = 1;
    }
    return err == OK && count > 0 ? add_run(make, db, first, count, step, fault) : err;
}

/* ---- the answer ---- */

static enum err conflicts_read(const struct make *make, struct db *db, struct arena *arena,
                               struct schedule_preview *preview, struct fault *fault)
{
    preview->conflicts.p = ARENA_ARRAY(arena, SCHEDULE_CONFLICTS, struct schedule_conflict);
    enum err err = OK;
    for (size_t i = 0; err == OK && i < make->n; i++) {
        const struct schedule_change *change = &make->rows[i].change;
        if (!change->conflict)
            continue;
        if (preview->conflicts.n == SCHEDULE_CONFLICTS) {
            preview->more_conflicts = true;
            break;
        }
        struct schedule_conflict *conflict = &preview->conflicts.p[preview->conflicts.n++];
        conflict->change = change;
        err = groups_read(db, arena, make->range.monument_id, change->start, change->start + 1, &conflict->groups,
                          fault);
    }
    return err;
}

static void fill(const struct make *make, struct arena *arena, struct schedule_preview *preview)
{
    for (int i = 0; i < SCHEDULE_WHATS; i++)
        preview->count[i] = make->count[i];
    preview->months = make->months;
    preview->changes.p = ARENA_ARRAY(arena, SCHEDULE_SHOWN, struct schedule_change);
    for (size_t i = 0; i < make->n && preview->changes.n < SCHEDULE_SHOWN; i++)
        preview->changes.p[preview->changes.n++] = make->rows[i].change;
    preview->mark = str_hex(arena, make->mark, sizeof make->mark);
}

enum err schedule_make(struct service *service, struct db *db, struct arena *arena, struct schedule_range range,
                       bool write, const struct str *mark, struct schedule_preview *ret_preview, struct fault *fault)
{
    struct make make = {.service = service, .now = service_now(service), .range = range};
    day_number today = service_day(service, make.now);
    make.range.from = range.from < today ? today : range.from;
    struct schedule_preview preview = {.refusal = SCHEDULE_DONE, .range = make.range};
    if (range.to < make.range.from || range.to - make.range.from >= SCHEDULE_DAYS) {
        preview.refusal = SCHEDULE_DATES;
        *ret_preview = preview;
        return OK;
    }
    make.mark[0] = range.also_by_hand; /* the mark is of this question too */
    enum err err = schedule_load(db, arena, range.monument_id, make.range.from, &make.schedule, fault);
    if (err == OK)
        err = compare(&make, db, arena, fault);
    if (err != OK)
        return err;
    fill(&make, arena, &preview);
    err = conflicts_read(&make, db, arena, &preview, fault);
    if (make.looked > SCHEDULE_SLOTS)
        preview.refusal = SCHEDULE_TOO_MANY;
    else if (mark != NULL && !str_eq(*mark, preview.mark))
        preview.refusal = SCHEDULE_STALE;
    if (err == OK && write && preview.refusal == SCHEDULE_DONE)
        err = write_there(&make, db, fault);
    if (err == OK && write && preview.refusal == SCHEDULE_DONE)
        err = write_added(&make, db, fault);
    if (err == OK && write && preview.refusal == SCHEDULE_DONE) /* nothing is sold in a closed time, not for a moment */
        err = closure_cover(db, arena, range.monument_id, instant_of(&service->zone, make.range.from, 0),
                            instant_of(&service->zone, make.range.to + 1, 0), make.now, fault);
    if (err == OK)
        *ret_preview = preview;
    return err;
}

/* ---- the two commands ---- */

struct making {
    struct service *service;
    const struct staff_caller *caller;
    struct schedule_range range;
    struct str mark;
    struct schedule_preview preview;
};

static enum err preview_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct making *making = argument;
    return schedule_make(making->service, db, arena, making->range, false, NULL, &making->preview, fault);
}

enum err schedule_preview(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct schedule_range range, struct schedule_preview *ret_preview, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PLANNING, range.monument_id, fault);
    struct making making = {.service = service, .range = range};
    if (err == OK)
        err = service_read(service, arena, preview_read, &making, fault);
    if (err == OK)
        *ret_preview = making.preview;
    return err;
}

static enum err apply(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct making *making = argument;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = making->range.monument_id}, NULL, fault);
    if (err == OK)
        err = schedule_make(making->service, db, arena, making->range, true, &making->mark, &making->preview, fault);
    if (err != OK || making->preview.refusal != SCHEDULE_DONE)
        return err;
    const int *n = making->preview.count;
    struct staff_act act = {
        .act = S("planning.make"),
        .detail = schedule_days_text(arena, making->preview.range.from, making->preview.range.to),
        .became = str_format(arena, "%d added, %d changed, %d removed, %d retired, %d kept by hand", n[SLOT_ADDED],
                             n[SLOT_CHANGED], n[SLOT_REMOVED], n[SLOT_RETIRED], n[SLOT_KEPT])};
    return schedule_audit(db, arena, making->caller, service_now(making->service), making->range.monument_id, act,
                          fault);
}

enum err schedule_apply(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        struct schedule_range range, struct str mark, struct schedule_preview *ret_preview,
                        struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PLANNING, range.monument_id, fault);
    struct making making = {.service = service, .caller = caller, .range = range, .mark = mark};
    if (err == OK)
        err = service_write(service, arena, apply, 0, &making, fault);
    if (err == OK)
        *ret_preview = making.preview;
    return err;
}
