/* Bookings by telephone; see phone_booking.h. */
#include "service/phone_booking.h"

#include "base/limits.h"
#include "domain/checks.h"
#include "service/place_parts.h"
#include "service/pricing.h"
#include "service/staff_session.h"

struct booking {
    struct service *service;
    const struct staff_caller *caller;
    int64_t monument_id, id;
    struct phone_fields fields;
    struct str request_key, reason;
    struct maybe_int customer; /* the organisation whose address was given */
    struct phone_answer answer;
};

static enum err refuse(struct booking *booking, enum refusal refusal)
{
    booking->answer.refusal = refusal;
    return ERR_REFUSED;
}

/* ---- what was typed ---- */

static bool text_good(struct str text, size_t least, size_t most)
{
    return utf8_valid(text) && utf8_length(text) >= least && utf8_length(text) <= most;
}

static enum phone_fault fields_check(struct arena *arena, struct phone_fields *fields)
{
    fields->organisation = str_trim(fields->organisation);
    fields->name = str_trim(fields->name);
    fields->email = str_trim(fields->email);
    fields->needs = str_trim(fields->needs);
    fields->phone = normal_phone(arena, fields->phone);
    if (!text_good(fields->organisation, 0, PHONE_TEXT))
        return PHONE_ORGANISATION;
    if (!text_good(fields->name, 1, PHONE_TEXT))
        return PHONE_NAME;
    if (!check_phone(fields->phone))
        return PHONE_NUMBER;
    if (fields->email.n > 0 && !check_email(fields->email))
        return PHONE_EMAIL;
    return text_good(fields->needs, 0, PHONE_NEEDS) ? PHONE_GOOD : PHONE_REMARKS;
}

/* A customer's address links the booking to them. It gives the organisation's name when none was typed, but only to who
 * sees customers anyway: a monument does not find out by guessing addresses whose they are (OPS-7). */
static enum err find_customer(struct booking *booking, struct db *db, struct arena *arena, struct fault *fault)
{
    booking->customer = (struct maybe_int){.is = false};
    if (booking->fields.email.n == 0)
        return OK;
    struct phone_customer_row row;
    bool found = false;
    enum err err = q_phone_customer(db, arena,
                                    (struct phone_customer_in){.email_key = email_key(arena, booking->fields.email)},
                                    &row, &found, fault);
    if (err != OK || !found)
        return err;
    booking->customer = (struct maybe_int){.is = true, .v = row.organisation_id};
    if (booking->fields.organisation.n == 0 && staff_may(booking->caller, TASK_CUSTOMER_VIEW, 0))
        booking->fields.organisation = row.organisation;
    return OK;
}

/* ---- places ---- */

/* What decides is the statement that takes the places (PLA-4); this is for the message. `own` are the booking's
 * already. */
static enum err check_places(struct booking *booking, struct db *db, struct arena *arena, int own, struct fault *fault)
{
    const struct phone_fields *fields = &booking->fields;
    struct slot_facts_row row;
    struct place_result result = {.refusal = REFUSED_NOT};
    bool found = false;
    if (fields->persons < 1 || fields->persons > LIMIT_VISIT_PERSONS)
        return refuse(booking, REFUSED_NUMBER);
    enum err err = q_slot_facts(
        db, arena, (struct slot_facts_in){.monument_id = booking->monument_id, .start_at = fields->start}, &row, &found,
        fault);
    if (err != OK)
        return err;
    if (!found)
        return refuse(booking, REFUSED_NO_SLOT);
    struct group_rule rule = place_rule_of(&row);
    booking->answer.maximum = rule.max_persons;
    if (row.max_persons.is && fields->persons > rule.max_persons)
        return refuse(booking, REFUSED_ABOVE_MAXIMUM);
    rule.sales_close_minutes = 0; /* the caller may stand at the door */
    row.on_sale_from = 0;
    struct place_part part = {.start_at = fields->start, .persons = fields->persons};
    enum refusal refusal = place_check_slot(&row, &rule, &part, own, service_now(booking->service), &result);
    booking->answer.left = result.left;
    return refusal == REFUSED_NOT ? OK : refuse(booking, refusal);
}

static enum err take(struct booking *booking, struct db *db, struct arena *arena, int64_t persons, struct fault *fault)
{
    if (persons <= 0)
        return OK;
    struct slot_take_row taken;
    bool found = false;
    enum err err = q_slot_take(db, arena,
                               (struct slot_take_in){.monument_id = booking->monument_id,
                                                     .start_at = booking->fields.start, .persons = persons},
                               &taken, &found, fault);
    return err == OK && !found ? refuse(booking, REFUSED_SHORT) : err;
}

static enum err give(const struct booking *booking, struct db *db, instant start, int64_t persons, struct fault *fault)
{
    if (persons <= 0)
        return OK;
    return q_slot_give(
        db, (struct slot_give_in){.monument_id = booking->monument_id, .start_at = start, .persons = persons}, NULL,
        fault);
}

/* ---- the audit ---- */

static struct str place_text(const struct booking *booking, struct arena *arena, instant start, int64_t persons)
{
    struct local_time local = local_of(&booking->service->zone, start);
    return str_format(arena, "%.*s %02d:%02d, %lld persons", STR_ARG(day_iso(arena, local.day)), local.minute / 60,
                      local.minute % 60, (long long)persons);
}

static enum err audit(const struct booking *booking, struct db *db, struct arena *arena, struct staff_act act,
                      struct fault *fault)
{
    act.subject = str_format(arena, "phone booking %lld", (long long)booking->answer.id);
    return staff_audit(db, arena, booking->caller, service_now(booking->service), act, fault);
}

/* ---- commands ---- */

static enum err add(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct booking *booking = argument;
    const struct phone_fields *f = &booking->fields;
    struct phone_by_request_row before;
    bool found = false;
    booking->answer = (struct phone_answer){.fault = PHONE_GOOD};
    enum err err = q_phone_by_request(
        db, arena,
        (struct phone_by_request_in){.monument_id = booking->monument_id, .request_key = booking->request_key}, &before,
        &found, fault);
    if (err == OK && found)
        booking->answer.id = before.id;
    if (err != OK || found)
        return err;
    err = find_customer(booking, db, arena, fault);
    if (err == OK)
        err = check_places(booking, db, arena, 0, fault);
    if (err == OK)
        err = take(booking, db, arena, f->persons, fault);
    if (err != OK)
        return err;
    struct phone_add_row row;
    err = q_phone_add(db, arena,
                      (struct phone_add_in){.monument_id = booking->monument_id, .start_at = f->start,
                                            .persons = f->persons, .audience = str_of(audience_name(f->audience)),
                                            .leader_kind = str_of(leader_kind_name(f->leader)),
                                            .organisation = f->organisation, .organisation_id = booking->customer,
                                            .name = f->name, .phone = f->phone, .email = f->email,
                                            .lang = lang_code(f->lang), .needs = f->needs,
                                            .staff_id = booking->caller->staff_id,
                                            .now = service_now(booking->service),
                                            .request_key = booking->request_key},
                      &row, NULL, fault);
    if (err != OK)
        return err;
    booking->answer.id = row.id;
    return audit(booking, db, arena,
                 (struct staff_act){.act = S("phone.add"), .organisation_id = booking->customer.v,
                                    .became = place_text(booking, arena, f->start, f->persons)},
                 fault);
}

static enum err run(struct booking *booking, struct arena *arena, write_command command, instant order,
                    struct phone_answer *ret_answer, struct fault *fault)
{
    enum err err = service_write(booking->service, arena, command, order, booking, fault);
    if (err == ERR_CONFLICT) /* the same form twice at the same moment: the second finds what the first made */
        err = service_write(booking->service, arena, command, order, booking, fault);
    if (err != OK && (err != ERR_REFUSED || booking->answer.refusal == REFUSED_NOT))
        return err;
    *ret_answer = booking->answer;
    return OK;
}

enum err phone_booking_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           int64_t monument_id, const struct phone_fields *fields, struct str request_key,
                           struct phone_answer *ret_answer, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PHONE_BOOKING, monument_id, fault);
    if (err != OK)
        return err;
    struct booking booking = {.service = service, .caller = caller, .monument_id = monument_id, .fields = *fields,
                              .request_key = request_key};
    enum phone_fault wrong = fields_check(arena, &booking.fields);
    if (wrong != PHONE_GOOD || request_key.n == 0) {
        *ret_answer = (struct phone_answer){.fault = wrong,
                                            .refusal = wrong == PHONE_GOOD ? REFUSED_ENDED : REFUSED_NOT};
        return OK;
    }
    return run(&booking, arena, add, fields->start, ret_answer, fault);
}

/* ---- reading ---- */

static enum err row_read(const struct booking *booking, struct db *db, struct arena *arena, struct phone_one_row *row,
                         struct fault *fault)
{
    bool found = false;
    enum err err = q_phone_one(
        db, arena, (struct phone_one_in){.id = booking->id, .monument_id = booking->monument_id}, row, &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "no booking %lld at monument %lld", (long long)booking->id,
                        (long long)booking->monument_id);
    return err;
}

struct reading {
    struct booking booking;
    struct phone_booking found;
};

static enum err one_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *reading = argument;
    struct phone_one_row row;
    struct settings settings;
    enum err err = row_read(&reading->booking, db, arena, &row, fault);
    if (err == OK)
        err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    reading->found = (struct phone_booking){
        .id = reading->booking.id,
        .fields = {.start = row.start_at, .persons = (int)row.persons, .organisation = row.organisation,
                   .name = row.name, .phone = row.phone, .email = row.email, .lang = lang_of(row.lang),
                   .needs = row.needs},
        .day = (day_number)row.day, .minute = local_of(&reading->booking.service->zone, row.start_at).minute,
        .minutes = (int)row.minutes, .whole_day = row.whole_day != 0, .held = str_eq(row.state, S("held")),
        .organisation_id = row.organisation_id.v, .placed_at = row.placed_at, .taken_by = str_trim(row.taken_by),
        .cancel_reason = row.cancel_reason};
    (void)audience_parse(row.audience, &reading->found.fields.audience);
    (void)leader_kind_parse(row.leader_kind, &reading->found.fields.leader);
    return price_visit(db, arena, &settings,
                       (struct priced){.audience = row.audience, .leader_kind = row.leader_kind,
                                       .monument_id = reading->booking.monument_id, .persons = (int)row.persons,
                                       .day = (day_number)row.day},
                       &reading->found.price, &reading->found.has_price, fault);
}

enum err phone_booking_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, int64_t id, struct phone_booking *ret_booking, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PHONE_BOOKING, monument_id, fault);
    struct reading reading = {.booking = {.service = service, .monument_id = monument_id, .id = id}};
    if (err == OK)
        err = service_read(service, arena, one_read, &reading, fault);
    if (err == OK)
        *ret_booking = reading.found;
    return err;
}

struct listing {
    int64_t monument_id;
    instant from;
    struct phone_lines lines;
};

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *listing = argument;
    struct phone_coming_list rows = {.n = 0};
    enum err err = q_phone_coming(
        db, arena, (struct phone_coming_in){.monument_id = listing->monument_id, .from_at = listing->from}, &rows,
        fault);
    if (err != OK)
        return err;
    listing->lines = (struct phone_lines){ARENA_ARRAY(arena, rows.n + 1, struct phone_line), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        listing->lines.p[i] = (struct phone_line){.id = rows.p[i].id, .start = rows.p[i].start_at,
                                                  .persons = (int)rows.p[i].persons,
                                                  .organisation = rows.p[i].organisation, .name = rows.p[i].name,
                                                  .phone = rows.p[i].phone};
    return OK;
}

enum err phone_booking_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t monument_id, struct phone_lines *ret_lines, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PHONE_BOOKING, monument_id, fault);
    instant now = service_now(service);
    struct listing listing = {.monument_id = monument_id,
                              .from = instant_of(&service->zone, service_day(service, now), 0)};
    if (err == OK)
        err = service_read(service, arena, list_read, &listing, fault);
    if (err == OK)
        *ret_lines = listing.lines;
    return err;
}

/* ---- changing ---- */

static enum err put(struct booking *booking, struct db *db, const struct phone_one_row *was, struct fault *fault)
{
    const struct phone_fields *f = &booking->fields;
    int64_t changed = 0;
    enum err err = q_phone_put(
        db,
        (struct phone_put_in){.id = booking->id, .monument_id = booking->monument_id, .was_start_at = was->start_at,
                              .was_persons = was->persons, .start_at = f->start, .persons = f->persons,
                              .audience = str_of(audience_name(f->audience)),
                              .leader_kind = str_of(leader_kind_name(f->leader)), .organisation = f->organisation,
                              .organisation_id = booking->customer, .name = f->name, .phone = f->phone,
                              .email = f->email, .lang = lang_code(f->lang), .needs = f->needs,
                              .now = service_now(booking->service)},
        &changed, fault);
    /* Another server was quicker: look again. */
    return err == OK && changed == 0 ? fault_set(fault, ERR_BUSY, "booking %lld has changed", (long long)booking->id)
                                     : err;
}

/* The new places are taken before the old ones are given back, all in one transaction: whatever fails, the group has
 * what it had. In its own slot only the difference moves. */
static enum err change(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct booking *booking = argument;
    const struct phone_fields *f = &booking->fields;
    struct phone_one_row was;
    booking->answer = (struct phone_answer){.fault = PHONE_GOOD, .id = booking->id};
    enum err err = row_read(booking, db, arena, &was, fault);
    if (err != OK)
        return err;
    if (!str_eq(was.state, S("held")))
        return refuse(booking, REFUSED_ENDED);
    bool same_slot = was.start_at == f->start, same_place = same_slot && was.persons == f->persons;
    err = find_customer(booking, db, arena, fault);
    /* A name may be put right when the slot has begun or was closed. */
    if (err == OK && !same_place)
        err = check_places(booking, db, arena, same_slot ? (int)was.persons : 0, fault);
    if (err == OK)
        err = take(booking, db, arena, f->persons - (same_slot ? was.persons : 0), fault);
    if (err == OK)
        err = put(booking, db, &was, fault);
    if (err == OK)
        err = give(booking, db, was.start_at, was.persons - (same_slot ? f->persons : 0), fault);
    if (err != OK)
        return err;
    return audit(booking, db, arena,
                 (struct staff_act){.act = S("phone.change"), .organisation_id = booking->customer.v,
                                    .was = place_text(booking, arena, was.start_at, was.persons),
                                    .became = place_text(booking, arena, f->start, f->persons)},
                 fault);
}

enum err phone_booking_change(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t id, const struct phone_fields *fields,
                              struct phone_answer *ret_answer, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PHONE_BOOKING, monument_id, fault);
    if (err != OK)
        return err;
    struct booking booking = {.service = service, .caller = caller, .monument_id = monument_id, .id = id,
                              .fields = *fields};
    enum phone_fault wrong = fields_check(arena, &booking.fields);
    if (wrong != PHONE_GOOD) {
        *ret_answer = (struct phone_answer){.fault = wrong, .id = id};
        return OK;
    }
    return run(&booking, arena, change, fields->start, ret_answer, fault);
}

/* ---- cancelling ---- */

enum err phone_booking_void(struct db *db, struct arena *arena, int64_t monument_id, int64_t id, struct str why,
                            instant now, bool *ret_done, struct fault *fault)
{
    struct phone_cancel_row row;
    bool found = false;
    enum err err = q_phone_cancel(
        db, arena, (struct phone_cancel_in){.id = id, .monument_id = monument_id, .now = now, .reason = why}, &row,
        &found, fault);
    if (err == OK && found)
        err = q_slot_give(
            db, (struct slot_give_in){.monument_id = monument_id, .start_at = row.start_at, .persons = row.persons},
            NULL, fault);
    if (err == OK)
        *ret_done = found;
    return err;
}

static enum err cancel(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct booking *booking = argument;
    struct phone_one_row was;
    bool done = false;
    booking->answer = (struct phone_answer){.fault = PHONE_GOOD, .id = booking->id};
    enum err err = row_read(booking, db, arena, &was, fault);
    if (err == OK)
        err = phone_booking_void(db, arena, booking->monument_id, booking->id, booking->reason,
                                 service_now(booking->service), &done, fault);
    if (err != OK)
        return err;
    if (!done)
        return refuse(booking, REFUSED_ENDED);
    return audit(booking, db, arena,
                 (struct staff_act){.act = S("phone.cancel"), .organisation_id = was.organisation_id.v,
                                    .reason = booking->reason,
                                    .was = place_text(booking, arena, was.start_at, was.persons)},
                 fault);
}

enum err phone_booking_cancel(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t id, struct str reason, struct phone_answer *ret_answer,
                              struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PHONE_BOOKING, monument_id, fault);
    if (err != OK)
        return err;
    struct booking booking = {.service = service, .caller = caller, .monument_id = monument_id, .id = id,
                              .reason = str_trim(reason)};
    if (!text_good(booking.reason, 1, PHONE_NEEDS)) {
        *ret_answer = (struct phone_answer){.fault = PHONE_REASON, .id = id};
        return OK;
    }
    return run(&booking, arena, cancel, 0, ret_answer, fault);
}
