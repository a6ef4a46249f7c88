/* Booking with Paris Museum Passes: see pass_booking.h. */
#include "service/pass_booking.h"

#include "domain/free_number.h"
#include "service/rights_parts.h"
#include "service/staff_session.h"

struct passing {
    struct free_booking booking;
    const struct staff_caller *caller;
    struct str *normals;
    struct right_result result;
};

/* ---- the numbers ---- */

static enum number_fault written_badly(const struct passing *p, size_t index)
{
    if (!free_number_fits(p->normals[index], p->booking.settings.pass_masks))
        return NUMBER_SHAPE;
    if (number_seen(p->normals, index))
        return NUMBER_TWICE;
    return p->booking.needed > 0 && index >= (size_t)p->booking.needed ? NUMBER_TOO_MANY : NUMBER_GOOD;
}

/* One pass opens each monument once, on days that one pass can have. */
static enum err check_uses(struct db *db, struct arena *arena, const struct passing *p, size_t index,
                           enum number_fault *ret_fault, struct fault *fault)
{
    struct pass_uses_row uses;
    enum err err = q_pass_uses(
        db, arena, (struct pass_uses_in){.number = p->normals[index], .monument_id = p->booking.wish.monument_id},
        &uses, NULL, fault);
    if (err != OK)
        return err;
    int64_t day = p->booking.slot.day, span = p->booking.settings.pass_days - 1;
    if (uses.here > 0)
        *ret_fault = NUMBER_USED;
    else if (uses.first_day.is && (day - uses.first_day.v > span || uses.last_day.v - day > span))
        *ret_fault = NUMBER_DAYS;
    return OK;
}

static enum err check_numbers(struct db *db, struct arena *arena, struct passing *p, struct fault *fault)
{
    const struct right_wish *wish = &p->booking.wish;
    struct right_result *result = &p->result;
    result->numbers = ARENA_ARRAY(arena, wish->count + 1, struct number_answer);
    result->count = wish->count;
    p->normals = ARENA_ARRAY(arena, wish->count + 1, struct str);
    for (size_t i = 0; i < wish->count; i++) {
        p->normals[i] = free_number_normal(arena, wish->numbers[i]);
        enum number_fault number = written_badly(p, i);
        enum err err = number == NUMBER_GOOD ? check_uses(db, arena, p, i, &number, fault) : OK;
        if (err != OK)
            return err;
        result->numbers[i] = (struct number_answer){.typed = wish->numbers[i], .fault = number};
        result->faults += number != NUMBER_GOOD;
    }
    return OK;
}

static enum err record_numbers(struct db *db, const struct passing *p, struct fault *fault)
{
    const struct free_booking *booking = &p->booking;
    enum err err = OK;
    for (size_t i = 0; err == OK && i < booking->wish.count; i++) {
        err = q_pass_release_ended(
            db, (struct pass_release_ended_in){.number = p->normals[i], .monument_id = booking->wish.monument_id}, NULL,
            fault);
        if (err == OK)
            err = q_pass_add(db,
                             (struct pass_add_in){.visit_id = booking->visit_id,
                                                  .position = (int64_t)i + 1,
                                                  .number = p->normals[i],
                                                  .monument_id = booking->wish.monument_id,
                                                  .day = booking->slot.day},
                             NULL, fault);
    }
    return err;
}

/* ---- booking ---- */

static enum err find_person(struct db *db, struct arena *arena, struct passing *p, int64_t person_id,
                            struct fault *fault)
{
    struct right_person_row person;
    bool found = false;
    enum err err = q_right_person(
        db, arena, (struct right_person_in){.organisation_id = p->booking.organisation_id, .person_id = person_id},
        &person, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "nobody to book for");
    if (err == OK) {
        p->booking.person_id = person.id;
        p->booking.lang = lang_of(person.lang);
    }
    return err;
}

static enum err note(struct db *db, struct arena *arena, const struct passing *p, struct fault *fault)
{
    const struct free_booking *booking = &p->booking;
    return staff_audit(db, arena, p->caller, booking->now,
                       (struct staff_act){.act = S("pass.book"),
                                          .subject = booking->order_ref,
                                          .organisation_id = booking->organisation_id,
                                          .person_id = booking->person_id,
                                          .detail = str_format(arena, "%zu, %.*s", booking->wish.count,
                                                               STR_ARG(booking->slot.monument_name))},
                       fault);
}

struct passing_command {
    const struct passing *start;
    int64_t person_id;
    struct passing *end;
};

static enum err make(struct db *db, struct arena *arena, struct passing *p, struct fault *fault)
{
    enum err err = free_booking_make(db, arena, &p->booking, fault);
    if (err == OK)
        err = record_numbers(db, p, fault);
    if (err == OK)
        err = note(db, arena, p, fault);
    p->result.refusal = p->booking.result.refusal;
    p->result.place = p->booking.result;
    p->result.order_ref = p->booking.order_ref;
    p->result.visit_id = p->booking.visit_id;
    p->result.done = err == OK;
    return err;
}

static enum err book_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct passing_command *command = argument;
    struct passing *p = command->end;
    *p = *command->start;
    p->booking.now = service_now(p->booking.service);
    bool found = false;
    enum err err = find_person(db, arena, p, command->person_id, fault);
    if (err == OK)
        err = free_booking_replayed(db, arena, &p->booking, &found, fault);
    if (err != OK || found) {
        p->result = (struct right_result){.done = found, .order_ref = p->booking.order_ref};
        return err;
    }
    err = free_booking_check(db, arena, &p->booking, fault);
    if (err == OK)
        err = check_numbers(db, arena, p, fault);
    if (err != OK)
        return err;
    p->result.refusal = p->booking.result.refusal;
    p->result.place = p->booking.result;
    p->result.needed = p->booking.needed;
    bool good = p->result.refusal == REFUSED_NOT && p->result.faults == 0 &&
                p->result.count == (size_t)p->booking.needed;
    return good ? make(db, arena, p, fault) : ERR_REFUSED;
}

enum err pass_book(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   int64_t organisation_id, int64_t person_id, const struct right_wish *wish,
                   struct right_result *ret_result, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_PASS_BOOK, 0, fault);
    if (err != OK)
        return err;
    if (wish->count > RIGHT_NUMBERS_MOST) {
        *ret_result = (struct right_result){.refusal = REFUSED_NUMBER};
        return OK;
    }
    const struct passing start = {
        .booking = {.service = service, .organisation_id = organisation_id, .wish = *wish, .settled_by = S("pass")},
        .caller = caller};
    struct passing end;
    struct passing_command command = {&start, person_id, &end};
    err = service_write(service, arena, book_command, wish->start_at, &command, fault);
    if (err ==
        ERR_CONFLICT) /* the same form, or the same pass, at the same moment: the second sees what the first did */
        err = service_write(service, arena, book_command, wish->start_at, &command, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_result = end.result;
    return OK;
}

/* ---- what the form offers ---- */

struct choosing {
    int64_t organisation_id;
    struct pass_choices choices;
};

static enum err choices_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct choosing *c = argument;
    struct right_organisation_row organisation;
    struct right_people_list people;
    bool found = false;
    enum err err = q_right_organisation(db, arena, (struct right_organisation_in){.id = c->organisation_id},
                                        &organisation, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation");
    if (err == OK)
        err = q_right_people(db, arena, (struct right_people_in){.organisation_id = c->organisation_id}, &people,
                             fault);
    if (err == OK)
        err = leader_list_in(db, arena, c->organisation_id, &c->choices.leaders, fault);
    if (err == OK)
        err = contact_list_in(db, arena, c->organisation_id, &c->choices.contacts, fault);
    if (err != OK)
        return err;
    c->choices.organisation = organisation.name;
    c->choices.people = ARENA_ARRAY(arena, people.n + 1, struct pass_person);
    c->choices.people_count = people.n;
    for (size_t i = 0; i < people.n; i++)
        c->choices.people[i] = (struct pass_person){
            .id = people.p[i].id,
            .email = people.p[i].email,
            .name = str_format(arena, "%.*s %.*s", STR_ARG(people.p[i].first_name), STR_ARG(people.p[i].last_name))};
    return OK;
}

enum err pass_choices(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      int64_t organisation_id, struct pass_choices *ret_choices, struct fault *fault)
{
    struct choosing choosing = {.organisation_id = organisation_id};
    enum err err = permit_staff(caller, TASK_PASS_BOOK, 0, fault);
    if (err == OK)
        err = service_read(service, arena, choices_read, &choosing, fault);
    if (err == OK)
        *ret_choices = choosing.choices;
    return err;
}

/* ---- for tickets, day sheet and gate ---- */

enum err pass_numbers_read(struct db *db, struct arena *arena, int64_t visit_id, struct pass_numbers *ret_numbers,
                           struct fault *fault)
{
    struct passes_of_visit_list rows;
    enum err err = q_passes_of_visit(db, arena, (struct passes_of_visit_in){.visit_id = visit_id}, &rows, fault);
    if (err != OK)
        return err;
    struct str *numbers = ARENA_ARRAY(arena, rows.n + 1, struct str);
    for (size_t i = 0; i < rows.n; i++)
        numbers[i] = rows.p[i].number;
    *ret_numbers = (struct pass_numbers){numbers, rows.n};
    return OK;
}
