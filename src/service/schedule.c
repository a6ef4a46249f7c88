/* The plan: periods and their lines; see schedule.h. */
#include "service/schedule.h"

#include "service/schedule_parts.h"

/* ---- reading ---- */

static struct schedule_line line_of(const struct schedule_lines_row *row)
{
    return (struct schedule_line){.id = row->id, .weekdays = (unsigned)row->weekdays, .first = (int)row->first_minute,
                                  .last = (int)row->last_minute, .step = (int)row->step_minutes,
                                  .minutes = (int)row->minutes, .capacity = (int)row->capacity,
                                  .for_groups = row->for_groups != 0};
}

static void fill_periods(struct arena *arena, const struct schedule_periods_list *rows,
                         const struct schedule_lines_list *lines, struct schedule_periods *periods)
{
    *periods = (struct schedule_periods){ARENA_ARRAY(arena, rows->n + 1, struct schedule_period), rows->n};
    struct schedule_line *all = ARENA_ARRAY(arena, lines->n + 1, struct schedule_line);
    for (size_t i = 0; i < lines->n; i++)
        all[i] = line_of(&lines->p[i]);
    for (size_t i = 0; i < rows->n; i++) {
        const struct schedule_periods_row *row = &rows->p[i];
        struct schedule_period *period = &periods->p[i];
        *period = (struct schedule_period){
            .id = row->id, .exception = str_eq(row->kind, S("exception")), .name = row->name,
            .first = (day_number)row->first_day, .last = (day_number)row->last_day,
            .sales_months = (int)row->sales_months, .sales_day = (day_number)row->sales_day.v,
            .sales_minute = (int)row->sales_minute};
        (void)schedule_sales_parse(row->sales, &period->sales); /* the column's CHECK allows these words only */
        for (size_t k = 0; k < lines->n; k++)
            if (lines->p[k].period_id == row->id) {
                if (period->lines.n == 0)
                    period->lines.p = &all[k];
                period->lines.n++; /* the lines come by period: they lie together */
            }
    }
}

enum err schedule_load(struct db *db, struct arena *arena, int64_t monument_id, day_number from,
                       struct schedule *ret_schedule, struct fault *fault)
{
    struct schedule schedule = {.has_closings = false};
    struct monument monument;
    struct schedule_periods_list periods = {.n = 0};
    struct schedule_lines_list lines = {.n = 0};
    struct schedule_events_list events = {.n = 0};
    enum err err = monument_by_id(db, arena, monument_id, &monument, fault);
    if (err == OK)
        err = q_schedule_periods(db, arena, (struct schedule_periods_in){.monument_id = monument_id}, &periods, fault);
    if (err == OK)
        err = q_schedule_lines(db, arena, (struct schedule_lines_in){.monument_id = monument_id}, &lines, fault);
    if (err == OK)
        err = q_schedule_events(db, arena, (struct schedule_events_in){.monument_id = monument_id, .day = from},
                                &events, fault);
    if (err != OK)
        return err;
    fill_periods(arena, &periods, &lines, &schedule.periods);
    schedule.events = (struct schedule_events){ARENA_ARRAY(arena, events.n + 1, struct schedule_event), events.n};
    for (size_t i = 0; i < events.n; i++)
        schedule.events.p[i] = (struct schedule_event){
            .id = events.p[i].id, .day = (day_number)events.p[i].day, .from = (int)events.p[i].from_minute,
            .to = (int)events.p[i].to_minute, .reason_fr = events.p[i].reason_fr, .reason_en = events.p[i].reason_en};
    schedule.whole_day = monument.mode == SALE_DATED;
    /* Hours that cannot be read close nothing; the page that changes them takes none that cannot. */
    schedule.has_closings = opening_parse(monument.hours_summer, monument.hours_winter, monument.closing_days,
                                          &schedule.closings, NULL) == OK;
    *ret_schedule = schedule;
    return OK;
}

struct reading {
    struct service *service;
    struct schedule_plan plan;
};

static enum err plan_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *reading = argument;
    struct schedule_plan *plan = &reading->plan;
    struct schedule_span_row span = {.last_at = {.is = false}};
    instant from = instant_of(&reading->service->zone, plan->today, 0);
    enum err err = schedule_load(db, arena, plan->monument_id, plan->today, &plan->schedule, fault);
    if (err == OK)
        err = q_schedule_span(db, arena, (struct schedule_span_in){.monument_id = plan->monument_id, .from_at = from},
                              &span, NULL, fault);
    if (err == OK)
        plan->last = span.last_at.is ? service_day(reading->service, span.last_at.v) : plan->today - 1;
    return err;
}

enum err schedule_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, struct schedule_plan *ret_plan, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PLANNING, monument_id, fault);
    struct reading reading = {.service = service, .plan = {.monument_id = monument_id,
                                                           .today = service_day(service, service_now(service))}};
    if (err == OK)
        err = service_read(service, arena, plan_read, &reading, fault);
    if (err == OK)
        *ret_plan = reading.plan;
    return err;
}

/* ---- the audit ---- */

struct str schedule_days_text(struct arena *arena, day_number from, day_number to)
{
    return str_format(arena, "%.*s – %.*s", STR_ARG(day_iso(arena, from)), STR_ARG(day_iso(arena, to)));
}

enum err schedule_audit(struct db *db, struct arena *arena, const struct staff_caller *caller, instant now,
                        int64_t monument_id, struct staff_act act, struct fault *fault)
{
    struct monument monument;
    enum err err = monument_by_id(db, arena, monument_id, &monument, fault);
    if (err != OK)
        return err;
    act.subject = str_format(arena, "monument %.*s", STR_ARG(monument.slug));
    return staff_audit(db, arena, caller, now, act, fault);
}

static struct str period_text(struct arena *arena, const struct schedule_period *period)
{
    return str_format(arena, "%.*s, %.*s, sales %s %d %.*s", STR_ARG(period->name),
                      STR_ARG(schedule_days_text(arena, period->first, period->last)),
                      schedule_sales_name(period->sales), period->sales_months,
                      STR_ARG(period->sales == SALES_DAY ? day_iso(arena, period->sales_day) : S("")));
}

static struct str line_text(struct arena *arena, const struct schedule_line *line)
{
    char days[8] = "-------";
    for (unsigned i = 0; i < 7; i++)
        if (line->weekdays >> i & 1)
            days[i] = "MTWTFSS"[i];
    return str_format(arena, "%s %02d:%02d-%02d:%02d /%d, %d min, %d places%s", days, line->first / 60,
                      line->first % 60, line->last / 60, line->last % 60, line->step, line->minutes, line->capacity,
                      line->for_groups ? "" : ", not for groups");
}

/* ---- periods ---- */

struct saving {
    struct service *service;
    const struct staff_caller *caller;
    int64_t monument_id, period_id, id;
    struct schedule_period period;
    struct schedule_line line;
    struct schedule_answer answer;
};

static enum err refuse(struct saving *saving, enum schedule_refusal refusal)
{
    saving->answer.refusal = refusal;
    return ERR_REFUSED;
}

static enum schedule_refusal period_check(const struct schedule_period *period)
{
    size_t length = utf8_valid(period->name) ? utf8_length(period->name) : 0;
    if (length == 0 || length > SCHEDULE_NAME)
        return SCHEDULE_NO_NAME;
    if (period->last < period->first || period->last - period->first >= SCHEDULE_DAYS)
        return SCHEDULE_DATES;
    bool months = period->sales_months >= 0 && period->sales_months <= SCHEDULE_MONTHS_MOST;
    bool minute = period->sales_minute >= 0 && period->sales_minute < MINUTES_A_DAY;
    return months && minute && (int)period->sales >= 0 && (int)period->sales < SALES_KINDS ? SCHEDULE_DONE
                                                                                             : SCHEDULE_SALES;
}

static enum err period_one(struct db *db, struct arena *arena, int64_t monument_id, int64_t id,
                           struct schedule_period *ret_period, struct fault *fault)
{
    struct schedule_period_one_row row;
    bool found = false;
    enum err err = q_schedule_period_one(
        db, arena, (struct schedule_period_one_in){.id = id, .monument_id = monument_id}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no period %lld of monument %lld", (long long)id,
                         (long long)monument_id);
    *ret_period = (struct schedule_period){
        .id = id, .exception = str_eq(row.kind, S("exception")), .name = row.name, .first = (day_number)row.first_day,
        .last = (day_number)row.last_day, .sales_months = (int)row.sales_months,
        .sales_day = (day_number)row.sales_day.v, .sales_minute = (int)row.sales_minute};
    (void)schedule_sales_parse(row.sales, &ret_period->sales);
    return OK;
}

static enum err overlap_check(struct saving *saving, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct schedule_period *period = &saving->period;
    struct schedule_overlap_row other;
    struct schedule_period_count_row count = {.n = 0};
    bool found = false;
    enum err err = q_schedule_overlap(
        db, arena,
        (struct schedule_overlap_in){.monument_id = saving->monument_id,
                                     .kind = period->exception ? S("exception") : S("season"), .id = period->id,
                                     .first_day = period->first, .last_day = period->last},
        &other, &found, fault);
    if (err == OK && found) {
        saving->answer.other = other.name;
        return refuse(saving, SCHEDULE_OVERLAP);
    }
    if (err == OK && period->id == 0)
        err = q_schedule_period_count(
            db, arena, (struct schedule_period_count_in){.monument_id = saving->monument_id}, &count, NULL, fault);
    return err == OK && count.n >= SCHEDULE_PERIODS ? refuse(saving, SCHEDULE_TOO_MANY) : err;
}

static enum err period_write(struct saving *saving, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct schedule_period *p = &saving->period;
    struct str sales = str_of(schedule_sales_name(p->sales));
    struct maybe_int day = {.is = p->sales == SALES_DAY, .v = p->sales_day};
    if (p->id != 0) {
        saving->answer.id = p->id;
        return q_schedule_period_put(
            db,
            (struct schedule_period_put_in){.id = p->id, .monument_id = saving->monument_id, .name = p->name,
                                            .first_day = p->first, .last_day = p->last, .sales = sales,
                                            .sales_months = p->sales_months, .sales_day = day,
                                            .sales_minute = p->sales_minute},
            NULL, fault);
    }
    struct schedule_period_add_row row;
    enum err err = q_schedule_period_add(
        db, arena,
        (struct schedule_period_add_in){.monument_id = saving->monument_id,
                                        .kind = p->exception ? S("exception") : S("season"), .name = p->name,
                                        .first_day = p->first, .last_day = p->last, .sales = sales,
                                        .sales_months = p->sales_months, .sales_day = day,
                                        .sales_minute = p->sales_minute},
        &row, NULL, fault);
    if (err == OK)
        saving->answer.id = row.id;
    return err;
}

static enum err period_save(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct saving *saving = argument;
    struct schedule_period was = {.id = 0};
    saving->answer = (struct schedule_answer){.refusal = SCHEDULE_DONE};
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = saving->monument_id}, NULL, fault);
    if (err == OK && saving->period.id != 0)
        err = period_one(db, arena, saving->monument_id, saving->period.id, &was, fault);
    if (err != OK)
        return err;
    if (was.id != 0)
        saving->period.exception = was.exception;
    enum schedule_refusal refusal = period_check(&saving->period);
    if (refusal != SCHEDULE_DONE)
        return refuse(saving, refusal);
    err = overlap_check(saving, db, arena, fault);
    if (err == OK)
        err = period_write(saving, db, arena, fault);
    if (err != OK)
        return err;
    struct staff_act act = {.act = was.id == 0 ? S("planning.period-add") : S("planning.period-change"),
                            .was = was.id == 0 ? S("") : period_text(arena, &was),
                            .became = period_text(arena, &saving->period)};
    return schedule_audit(db, arena, saving->caller, service_now(saving->service), saving->monument_id, act, fault);
}

/* Runs a command of the plan; a refusal of the domain is in the answer. */
static enum err run(struct saving *saving, struct arena *arena, write_command command,
                    struct schedule_answer *ret_answer, struct fault *fault)
{
    enum err err = permit_staff(saving->caller, TASK_PLANNING, saving->monument_id, fault);
    if (err != OK)
        return err;
    err = service_write(saving->service, arena, command, 0, saving, fault);
    if (err != OK && (err != ERR_REFUSED || saving->answer.refusal == SCHEDULE_DONE))
        return err;
    if (ret_answer)
        *ret_answer = saving->answer;
    return OK;
}

enum err schedule_period_save(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, const struct schedule_period *period,
                              struct schedule_answer *ret_answer, struct fault *fault)
{
    struct saving saving = {.service = service, .caller = caller, .monument_id = monument_id, .period = *period};
    saving.period.name = str_trim(period->name);
    return run(&saving, arena, period_save, ret_answer, fault);
}

static enum err period_remove(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct saving *saving = argument;
    struct schedule_period was;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = saving->monument_id}, NULL, fault);
    if (err == OK)
        err = period_one(db, arena, saving->monument_id, saving->id, &was, fault);
    if (err == OK)
        err = q_schedule_lines_drop(db, (struct schedule_lines_drop_in){.period_id = saving->id}, NULL, fault);
    if (err == OK)
        err = q_schedule_period_drop(
            db, (struct schedule_period_drop_in){.id = saving->id, .monument_id = saving->monument_id}, NULL, fault);
    if (err != OK)
        return err;
    struct staff_act act = {.act = S("planning.period-remove"), .was = period_text(arena, &was)};
    return schedule_audit(db, arena, saving->caller, service_now(saving->service), saving->monument_id, act, fault);
}

enum err schedule_period_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                                int64_t monument_id, int64_t id, struct fault *fault)
{
    struct saving saving = {.service = service, .caller = caller, .monument_id = monument_id, .id = id};
    return run(&saving, arena, period_remove, NULL, fault);
}

/* ---- lines ---- */

static struct schedule_line line_of_period(const struct schedule_period_lines_row *row)
{
    return (struct schedule_line){.id = row->id, .weekdays = (unsigned)row->weekdays, .first = (int)row->first_minute,
                                  .last = (int)row->last_minute, .step = (int)row->step_minutes,
                                  .minutes = (int)row->minutes, .capacity = (int)row->capacity,
                                  .for_groups = row->for_groups != 0};
}

/* Looks at the other lines of the period; *ret_was is the line as it was, with id 0 when it is new. */
static enum err lines_check(struct saving *saving, struct db *db, struct arena *arena, struct schedule_line *ret_was,
                            struct fault *fault)
{
    struct schedule_period_lines_list rows = {.n = 0};
    enum err err = q_schedule_period_lines(
        db, arena, (struct schedule_period_lines_in){.period_id = saving->period_id}, &rows, fault);
    if (err != OK)
        return err;
    if (saving->line.id == 0 && rows.n >= SCHEDULE_LINES)
        return refuse(saving, SCHEDULE_TOO_MANY);
    for (size_t i = 0; i < rows.n; i++) {
        struct schedule_line other = line_of_period(&rows.p[i]);
        if (other.id == saving->line.id)
            *ret_was = other;
        else if (schedule_lines_clash(&saving->line, &other, &saving->answer.minute))
            return refuse(saving, SCHEDULE_CLASH);
    }
    if (saving->line.id != 0 && ret_was->id == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no line %lld of the period", (long long)saving->line.id);
    return OK;
}

static enum err line_write(struct saving *saving, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct schedule_line *l = &saving->line;
    saving->answer.id = l->id;
    if (l->id != 0)
        return q_schedule_line_put(
            db,
            (struct schedule_line_put_in){.id = l->id, .period_id = saving->period_id, .weekdays = l->weekdays,
                                          .first_minute = l->first, .last_minute = l->last, .step_minutes = l->step,
                                          .minutes = l->minutes, .capacity = l->capacity, .for_groups = l->for_groups},
            NULL, fault);
    struct schedule_line_add_row row;
    enum err err = q_schedule_line_add(
        db, arena,
        (struct schedule_line_add_in){.period_id = saving->period_id, .weekdays = l->weekdays,
                                      .first_minute = l->first, .last_minute = l->last, .step_minutes = l->step,
                                      .minutes = l->minutes, .capacity = l->capacity, .for_groups = l->for_groups},
        &row, NULL, fault);
    if (err == OK)
        saving->answer.id = row.id;
    return err;
}

static enum err line_save(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct saving *saving = argument;
    struct schedule_period period;
    struct schedule_line was = {.id = 0};
    saving->answer = (struct schedule_answer){.refusal = SCHEDULE_DONE};
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = saving->monument_id}, NULL, fault);
    if (err == OK)
        err = period_one(db, arena, saving->monument_id, saving->period_id, &period, fault);
    if (err != OK)
        return err;
    saving->answer.line = schedule_line_check(&saving->line);
    if (saving->answer.line != LINE_GOOD)
        return refuse(saving, SCHEDULE_LINE);
    err = lines_check(saving, db, arena, &was, fault);
    if (err == OK)
        err = line_write(saving, db, arena, fault);
    if (err != OK)
        return err;
    struct staff_act act = {.act = S("planning.line-save"), .detail = period.name,
                            .was = was.id == 0 ? S("") : line_text(arena, &was),
                            .became = line_text(arena, &saving->line)};
    return schedule_audit(db, arena, saving->caller, service_now(saving->service), saving->monument_id, act, fault);
}

enum err schedule_line_save(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, int64_t period_id, const struct schedule_line *line,
                            struct schedule_answer *ret_answer, struct fault *fault)
{
    struct saving saving = {.service = service, .caller = caller, .monument_id = monument_id, .period_id = period_id,
                            .line = *line};
    return run(&saving, arena, line_save, ret_answer, fault);
}

static enum err line_remove(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct saving *saving = argument;
    struct schedule_period period;
    int64_t changed = 0;
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = saving->monument_id}, NULL, fault);
    if (err == OK)
        err = period_one(db, arena, saving->monument_id, saving->period_id, &period, fault);
    if (err == OK)
        err = q_schedule_line_drop(
            db, (struct schedule_line_drop_in){.id = saving->id, .period_id = saving->period_id}, &changed, fault);
    if (err == OK && changed == 0)
        err = fault_set(fault, ERR_NOT_FOUND, "no line %lld of the period", (long long)saving->id);
    if (err != OK)
        return err;
    struct staff_act act = {.act = S("planning.line-remove"), .detail = period.name,
                            .was = str_format(arena, "line %lld", (long long)saving->id)};
    return schedule_audit(db, arena, saving->caller, service_now(saving->service), saving->monument_id, act, fault);
}

enum err schedule_line_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t period_id, int64_t id, struct fault *fault)
{
    struct saving saving = {.service = service, .caller = caller, .monument_id = monument_id, .period_id = period_id,
                            .id = id};
    return run(&saving, arena, line_remove, NULL, fault);
}
