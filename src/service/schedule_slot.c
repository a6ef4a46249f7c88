/* Days and single slots of a planning, private events; see schedule.h. */
#include "service/schedule_parts.h"

enum { DAYS_AT_ONCE = 62 };

/* ---- days ---- */

struct days {
    struct service *service;
    int64_t monument_id;
    day_number from, to;
    struct schedule_day_sums sums;
};

static enum err days_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct days *days = argument;
    struct schedule schedule;
    struct schedule_month_list rows = {.n = 0};
    enum err err = schedule_load(db, arena, days->monument_id, days->from, &schedule, fault);
    if (err == OK)
        err = q_schedule_month(
            db, arena,
            (struct schedule_month_in){.monument_id = days->monument_id,
                                       .from_at = instant_of(&days->service->zone, days->from, 0),
                                       .until_at = instant_of(&days->service->zone, days->to + 1, 0)},
            &rows, fault);
    if (err != OK)
        return err;
    size_t n = (size_t)(days->to - days->from + 1);
    days->sums = (struct schedule_day_sums){ARENA_ARRAY(arena, n, struct schedule_day_sum), n};
    for (size_t i = 0, at = 0; i < n; i++) {
        struct schedule_day_sum *sum = &days->sums.p[i];
        *sum = (struct schedule_day_sum){.day = days->from + (day_number)i};
        sum->why = schedule_closed(&schedule, sum->day);
        while (at < rows.n && rows.p[at].day < sum->day)
            at++;
        if (at == rows.n || rows.p[at].day != sum->day)
            continue;
        sum->slots = (int)rows.p[at].slots;
        sum->closed = (int)rows.p[at].closed;
        sum->by_hand = (int)rows.p[at].by_hand;
        sum->capacity = (int)rows.p[at].capacity;
        sum->taken = (int)rows.p[at].taken;
    }
    return OK;
}

enum err schedule_days(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, day_number from, day_number to, struct schedule_day_sums *ret_days,
                       struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PLANNING, monument_id, fault);
    if (err == OK && (to < from || to - from >= DAYS_AT_ONCE))
        err = fault_set(fault, ERR_INPUT, "days turned round, or more than %d", DAYS_AT_ONCE);
    struct days days = {.service = service, .monument_id = monument_id, .from = from, .to = to};
    if (err == OK)
        err = service_read(service, arena, days_read, &days, fault);
    if (err == OK)
        *ret_days = days.sums;
    return err;
}

/* ---- slots ---- */

struct looking {
    struct service *service;
    enum lang lang;
    int64_t monument_id;
    instant from, until;
    bool with_groups;
    struct schedule_ones ones;
};

static struct schedule_one one_of(const struct looking *looking, const struct schedule_slots_row *row)
{
    struct str closed = looking->lang == LANG_EN ? row->closed_en.v : row->closed_fr.v;
    return (struct schedule_one){
        .start = row->start_at, .day = (day_number)row->day,
        .minute = local_of(&looking->service->zone, row->start_at).minute, .minutes = (int)row->minutes,
        .capacity = (int)row->capacity, .taken = (int)row->taken, .whole_day = row->whole_day != 0,
        .for_groups = row->for_groups != 0, .by_hand = row->by_hand != 0,
        .past = row->start_at <= service_now(looking->service),
        .closed = row->closed_fr.is ? closed : (struct str){NULL, 0}, .by_event = row->event_id.is,
        .on_sale_from = row->on_sale_from};
}

static enum err slots_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *looking = argument;
    struct schedule_slots_list rows = {.n = 0};
    enum err err = q_schedule_slots(
        db, arena,
        (struct schedule_slots_in){.monument_id = looking->monument_id, .from_at = looking->from,
                                   .until_at = looking->until},
        &rows, fault);
    if (err != OK)
        return err;
    looking->ones = (struct schedule_ones){ARENA_ARRAY(arena, rows.n + 1, struct schedule_one), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        looking->ones.p[i] = one_of(looking, &rows.p[i]);
    if (!looking->with_groups || rows.n == 0)
        return OK;
    return groups_read(db, arena, looking->monument_id, looking->from, looking->until, &looking->ones.p[0].groups,
                       fault);
}

enum err schedule_slots(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t monument_id, day_number day, struct schedule_ones *ret_slots, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PLANNING, monument_id, fault);
    if (err != OK)
        return err;
    struct looking looking = {.service = service, .lang = caller->lang, .monument_id = monument_id,
                              .from = instant_of(&service->zone, day, 0),
                              .until = instant_of(&service->zone, day + 1, 0)};
    err = service_read(service, arena, slots_read, &looking, fault);
    if (err == OK)
        *ret_slots = looking.ones;
    return err;
}

enum err schedule_slot(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, instant start, struct schedule_one *ret_slot, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PLANNING, monument_id, fault);
    if (err != OK)
        return err;
    struct looking looking = {.service = service, .lang = caller->lang, .monument_id = monument_id, .from = start,
                              .until = start + 1, .with_groups = true};
    err = service_read(service, arena, slots_read, &looking, fault);
    if (err == OK && looking.ones.n == 0)
        err = fault_set(fault, ERR_NOT_FOUND, "no slot at %lld", (long long)start);
    if (err == OK)
        *ret_slot = looking.ones.p[0];
    return err;
}

/* ---- one slot by hand ---- */

struct changing {
    struct service *service;
    const struct staff_caller *caller;
    int64_t monument_id, event_id;
    struct schedule_slot_wish wish;
    struct schedule_event event;
    struct schedule_answer answer;
};

static enum err refuse(struct changing *changing, enum schedule_refusal refusal)
{
    changing->answer.refusal = refusal;
    return ERR_REFUSED;
}

static enum err refuse_taken(struct changing *changing, struct db *db, struct arena *arena, instant from, instant until,
                             struct fault *fault)
{
    enum err err = groups_read(db, arena, changing->monument_id, from, until, &changing->answer.groups, fault);
    return err == OK ? refuse(changing, SCHEDULE_TAKEN) : err;
}

static struct str slot_text(struct arena *arena, int64_t capacity, bool for_groups, instant on_sale_from)
{
    return str_format(arena, "%lld places%s, on sale from %lld", (long long)capacity,
                      for_groups ? "" : ", not for groups", (long long)on_sale_from);
}

static struct str start_text(const struct changing *changing, struct arena *arena, instant start)
{
    struct local_time local = local_of(&changing->service->zone, start);
    return str_format(arena, "%.*s %02d:%02d", STR_ARG(day_iso(arena, local.day)), local.minute / 60,
                      local.minute % 60);
}

static enum err slot_put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *changing = argument;
    const struct schedule_slot_wish *wish = &changing->wish;
    struct schedule_slots_list rows = {.n = 0};
    int64_t changed = 0;
    changing->answer = (struct schedule_answer){.refusal = SCHEDULE_DONE};
    if (wish->capacity < 0 || wish->capacity > SCHEDULE_CAPACITY_MOST)
        return refuse(changing, SCHEDULE_CAPACITY);
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = changing->monument_id}, NULL, fault);
    if (err == OK)
        err = q_schedule_slots(db, arena,
                               (struct schedule_slots_in){.monument_id = changing->monument_id, .from_at = wish->start,
                                                          .until_at = wish->start + 1},
                               &rows, fault);
    if (err == OK && rows.n == 0)
        err = fault_set(fault, ERR_NOT_FOUND, "no slot at %lld", (long long)wish->start);
    if (err != OK)
        return err;
    if (wish->start <= service_now(changing->service))
        return refuse(changing, SCHEDULE_PAST);
    err = q_schedule_slot_put(
        db,
        (struct schedule_slot_put_in){.monument_id = changing->monument_id, .start_at = wish->start,
                                      .capacity = wish->capacity, .for_groups = wish->for_groups,
                                      .on_sale_from = wish->on_sale_from},
        &changed, fault);
    if (err == OK && changed == 0)
        return refuse_taken(changing, db, arena, wish->start, wish->start + 1, fault);
    if (err != OK)
        return err;
    struct staff_act act = {
        .act = S("planning.slot"), .detail = start_text(changing, arena, wish->start),
        .was = slot_text(arena, rows.p[0].capacity, rows.p[0].for_groups != 0, rows.p[0].on_sale_from),
        .became = slot_text(arena, wish->capacity, wish->for_groups, wish->on_sale_from)};
    return schedule_audit(db, arena, changing->caller, service_now(changing->service), changing->monument_id, act,
                          fault);
}

static enum err run(struct changing *changing, struct arena *arena, write_command command, instant order,
                    struct schedule_answer *ret_answer, struct fault *fault)
{
    enum err err = permit_staff(changing->caller, TASK_PLANNING, changing->monument_id, fault);
    if (err != OK)
        return err;
    err = service_write(changing->service, arena, command, order, changing, fault);
    if (err != OK && (err != ERR_REFUSED || changing->answer.refusal == SCHEDULE_DONE))
        return err;
    if (ret_answer)
        *ret_answer = changing->answer;
    return OK;
}

enum err schedule_slot_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           int64_t monument_id, const struct schedule_slot_wish *wish,
                           struct schedule_answer *ret_answer, struct fault *fault)
{
    struct changing changing = {.service = service, .caller = caller, .monument_id = monument_id, .wish = *wish};
    return run(&changing, arena, slot_put, wish->start, ret_answer, fault);
}

static enum err slot_release(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *changing = argument;
    int64_t changed = 0;
    instant start = changing->wish.start;
    changing->answer = (struct schedule_answer){.refusal = SCHEDULE_DONE};
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = changing->monument_id}, NULL, fault);
    if (err == OK)
        err = q_schedule_slot_release(
            db, (struct schedule_slot_release_in){.monument_id = changing->monument_id, .start_at = start}, &changed,
            fault);
    if (err == OK && changed == 0)
        err = fault_set(fault, ERR_NOT_FOUND, "no slot at %lld", (long long)start);
    if (err != OK)
        return err;
    day_number day = service_day(changing->service, start);
    struct schedule_preview preview;
    err = schedule_make(changing->service, db, arena,
                        (struct schedule_range){.monument_id = changing->monument_id, .from = day, .to = day}, true,
                        NULL, &preview, fault);
    if (err != OK)
        return err;
    struct staff_act act = {.act = S("planning.slot-release"), .detail = start_text(changing, arena, start)};
    return schedule_audit(db, arena, changing->caller, service_now(changing->service), changing->monument_id, act,
                          fault);
}

enum err schedule_slot_release(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t monument_id, instant start, struct schedule_answer *ret_answer,
                               struct fault *fault)
{
    struct changing changing = {.service = service, .caller = caller, .monument_id = monument_id,
                                .wish = {.start = start}};
    return run(&changing, arena, slot_release, start, ret_answer, fault);
}

/* ---- private events ---- */

static bool reason_good(struct str reason)
{
    return utf8_valid(reason) && reason.n > 0 && utf8_length(reason) <= SCHEDULE_NAME;
}

static enum schedule_refusal event_check(const struct changing *changing)
{
    const struct schedule_event *event = &changing->event;
    if (!reason_good(event->reason_fr) || !reason_good(event->reason_en))
        return SCHEDULE_REASON;
    if (event->from < 0 || event->to <= event->from || event->to > MINUTES_A_DAY)
        return SCHEDULE_WINDOW;
    instant now = service_now(changing->service);
    return instant_of(&changing->service->zone, event->day, event->to) <= now ? SCHEDULE_PAST : SCHEDULE_DONE;
}

/* The starts that the event closes; a ticket for the day is closed by any part of it. */
static enum err event_window(const struct changing *changing, struct db *db, struct arena *arena, instant *ret_from,
                             instant *ret_until, struct fault *fault)
{
    struct monument monument;
    enum err err = monument_by_id(db, arena, changing->monument_id, &monument, fault);
    if (err != OK)
        return err;
    bool whole = monument.mode == SALE_DATED;
    const struct schedule_event *event = &changing->event;
    *ret_from = instant_of(&changing->service->zone, event->day, whole ? 0 : event->from);
    *ret_until = instant_of(&changing->service->zone, event->day, whole ? MINUTES_A_DAY : event->to);
    return OK;
}

static struct str event_text(struct arena *arena, const struct schedule_event *event)
{
    return str_format(arena, "%.*s %02d:%02d-%02d:%02d %.*s", STR_ARG(day_iso(arena, event->day)), event->from / 60,
                      event->from % 60, event->to / 60, event->to % 60, STR_ARG(event->reason_fr));
}

static enum err event_write(struct changing *changing, struct db *db, struct arena *arena, instant from, instant until,
                            struct fault *fault)
{
    const struct schedule_event *event = &changing->event;
    struct schedule_event_add_row row;
    enum err err = q_schedule_event_add(
        db, arena,
        (struct schedule_event_add_in){.monument_id = changing->monument_id, .day = event->day,
                                       .from_minute = event->from, .to_minute = event->to,
                                       .reason_fr = event->reason_fr, .reason_en = event->reason_en,
                                       .created_at = service_now(changing->service)},
        &row, NULL, fault);
    if (err == OK)
        err = q_schedule_event_close(
            db,
            (struct schedule_event_close_in){.monument_id = changing->monument_id, .from_at = from, .until_at = until,
                                             .event_id = row.id, .reason_fr = event->reason_fr,
                                             .reason_en = event->reason_en},
            NULL, fault);
    if (err == OK)
        changing->answer.id = row.id;
    return err;
}

static enum err event_add(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *changing = argument;
    instant from = 0, until = 0;
    struct schedule_taken_row taken;
    changing->answer = (struct schedule_answer){.refusal = event_check(changing)};
    if (changing->answer.refusal != SCHEDULE_DONE)
        return ERR_REFUSED;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = changing->monument_id}, NULL, fault);
    if (err == OK)
        err = event_window(changing, db, arena, &from, &until, fault);
    /* Closed first and counted afterwards: on several servers somebody may take places between the two, and then the
     * count sees them, since the closing has locked what it closed. */
    if (err == OK)
        err = event_write(changing, db, arena, from, until, fault);
    if (err == OK)
        err = q_schedule_taken(
            db, arena,
            (struct schedule_taken_in){.monument_id = changing->monument_id, .from_at = from, .until_at = until},
            &taken, NULL, fault);
    if (err == OK && taken.slots > 0)
        return refuse_taken(changing, db, arena, from, until, fault);
    if (err != OK)
        return err;
    struct staff_act act = {.act = S("planning.event-add"), .became = event_text(arena, &changing->event)};
    return schedule_audit(db, arena, changing->caller, service_now(changing->service), changing->monument_id, act,
                          fault);
}

enum err schedule_event_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, const struct schedule_event *event,
                            struct schedule_answer *ret_answer, struct fault *fault)
{
    struct changing changing = {.service = service, .caller = caller, .monument_id = monument_id, .event = *event};
    changing.event.reason_fr = str_trim(event->reason_fr);
    changing.event.reason_en = str_trim(event->reason_en);
    return run(&changing, arena, event_add, 0, ret_answer, fault);
}

static enum err event_remove(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *changing = argument;
    struct schedule_event_one_row row;
    bool found = false;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = changing->monument_id}, NULL, fault);
    if (err == OK)
        err = q_schedule_event_one(
            db, arena,
            (struct schedule_event_one_in){.id = changing->event_id, .monument_id = changing->monument_id}, &row,
            &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "no event %lld", (long long)changing->event_id);
    if (err != OK)
        return err;
    changing->event = (struct schedule_event){.day = (day_number)row.day, .from = (int)row.from_minute,
                                              .to = (int)row.to_minute, .reason_fr = row.reason_fr,
                                              .reason_en = row.reason_en};
    const struct zone *zone = &changing->service->zone;
    err = q_schedule_event_open(
        db,
        (struct schedule_event_open_in){.monument_id = changing->monument_id, .event_id = changing->event_id,
                                        .from_at = instant_of(zone, changing->event.day, 0),
                                        .until_at = instant_of(zone, changing->event.day + 1, 0)},
        NULL, fault);
    if (err == OK)
        err = q_schedule_event_drop(
            db, (struct schedule_event_drop_in){.id = changing->event_id, .monument_id = changing->monument_id}, NULL,
            fault);
    if (err != OK)
        return err;
    struct staff_act act = {.act = S("planning.event-remove"), .was = event_text(arena, &changing->event)};
    return schedule_audit(db, arena, changing->caller, service_now(changing->service), changing->monument_id, act,
                          fault);
}

enum err schedule_event_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t monument_id, int64_t id, struct fault *fault)
{
    struct changing changing = {.service = service, .caller = caller, .monument_id = monument_id, .event_id = id};
    return run(&changing, arena, event_remove, 0, NULL, fault);
}
