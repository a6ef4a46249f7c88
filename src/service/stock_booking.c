/* Booking against tickets in stock: see stock_booking.h. */
#include "service/stock_booking.h"

#include "domain/free_number.h"
#include "domain/reference.h"
#include "service/audit.h"
#include "service/rights_parts.h"

/* Where a number was found. */
struct old_ticket {
    struct str normal;
    int64_t stock_id, ticket_id; /* one of them */
};

struct exchanging {
    const struct caller *caller;
    struct free_booking booking;
    struct old_ticket *old;
    bool book; /* else only look */
    struct right_result result;
};

struct exchange_command {
    const struct exchanging *start;
    struct exchanging *end;
};

/* ---- the right ---- */

struct having {
    int64_t organisation_id;
    bool has;
};

static enum err having_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct having *having = argument;
    struct stock_right_live_row row;
    return q_stock_right_live(db, arena, (struct stock_right_live_in){.organisation_id = having->organisation_id}, &row,
                              &having->has, fault);
}

enum err stock_right_mine(struct service *service, struct arena *arena, const struct caller *caller, bool *ret_has,
                          struct fault *fault)
{
    struct having having = {.organisation_id = caller->organisation_id};
    enum err err = OK;
    if (caller_may(caller, TASK_STOCK_USE))
        err = service_read(service, arena, having_read, &having, fault);
    if (err == OK)
        *ret_has = having.has;
    return err;
}

/* ---- the numbers ---- */

static enum number_fault judge_stock(const struct exchanging *e, const struct stock_find_row *row)
{
    bool foreign = row->organisation_id.is && row->organisation_id.v != e->booking.organisation_id;
    if (foreign)
        return NUMBER_UNKNOWN;
    if (str_eq(row->state, S("used")))
        return NUMBER_USED;
    if (str_eq(row->state, S("withdrawn")))
        return NUMBER_ENDED;
    if (row->monument_id != e->booking.wish.monument_id)
        return NUMBER_MONUMENT;
    return row->expires_on < e->booking.slot.day ? NUMBER_EXPIRED : NUMBER_GOOD;
}

/* A ticket of this system: another organisation's is as unknown as one that does not exist. */
static enum number_fault judge_own(const struct exchanging *e, const struct own_ticket_row *row)
{
    const struct free_booking *booking = &e->booking;
    if (row->organisation_id != booking->organisation_id)
        return NUMBER_UNKNOWN;
    if (str_eq(row->state, S("used")) || str_eq(row->ended_why, S("exchanged")))
        return NUMBER_USED;
    if (!str_eq(row->state, S("valid")))
        return NUMBER_ENDED;
    if (!str_eq(row->kind, S("undated")))
        return NUMBER_DATED;
    if (row->monument_id != booking->wish.monument_id)
        return NUMBER_MONUMENT;
    if (row->price_cents == 0)
        return NUMBER_FREE;
    return service_day(booking->service, row->valid_until) < booking->slot.day ? NUMBER_EXPIRED : NUMBER_GOOD;
}

static enum err look_at_own(struct db *db, struct arena *arena, struct exchanging *e, size_t index,
                            struct number_answer *answer, struct fault *fault)
{
    char number[TICKET_NUMBER_SIZE];
    struct own_ticket_row row;
    bool found = false;
    answer->fault = NUMBER_UNKNOWN;
    if (!ticket_number_parse(e->old[index].normal, number))
        return OK;
    enum err err = q_own_ticket(db, arena, (struct own_ticket_in){.number = str_of(number)}, &row, &found, fault);
    if (err != OK || !found)
        return err;
    e->old[index].ticket_id = row.id;
    answer->fault = judge_own(e, &row);
    answer->detail = answer->fault == NUMBER_MONUMENT ? row.monument_name : answer->detail;
    return OK;
}

static enum err look_at(struct db *db, struct arena *arena, struct exchanging *e, size_t index,
                        struct number_answer *answer, struct fault *fault)
{
    struct stock_find_row row;
    bool found = false;
    enum err err = q_stock_find(db, arena, (struct stock_find_in){.number = e->old[index].normal}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return look_at_own(db, arena, e, index, answer, fault);
    e->old[index].stock_id = row.id;
    answer->fault = judge_stock(e, &row);
    answer->detail = answer->fault == NUMBER_MONUMENT ? row.monument_name : answer->detail;
    return OK;
}

static enum err check_numbers(struct db *db, struct arena *arena, struct exchanging *e, struct fault *fault)
{
    const struct right_wish *wish = &e->booking.wish;
    struct right_result *result = &e->result;
    struct str *normals = ARENA_ARRAY(arena, wish->count + 1, struct str);
    result->numbers = ARENA_ARRAY(arena, wish->count + 1, struct number_answer);
    result->count = wish->count;
    e->old = ARENA_ARRAY(arena, wish->count + 1, struct old_ticket);
    for (size_t i = 0; i < wish->count; i++) {
        struct number_answer *answer = &result->numbers[i];
        normals[i] = free_number_normal(arena, wish->numbers[i]);
        e->old[i] = (struct old_ticket){.normal = normals[i]};
        *answer = (struct number_answer){.typed = wish->numbers[i]};
        enum err err = OK;
        if (!free_number_plausible(normals[i]))
            answer->fault = NUMBER_SHAPE;
        else if (number_seen(normals, i))
            answer->fault = NUMBER_TWICE;
        else
            err = look_at(db, arena, e, i, answer, fault);
        if (err != OK)
            return err;
        if (answer->fault == NUMBER_GOOD && e->booking.needed > 0 && i >= (size_t)e->booking.needed)
            answer->fault = NUMBER_TOO_MANY;
        result->faults += answer->fault != NUMBER_GOOD;
    }
    return OK;
}

/* ---- the exchange ---- */

/* Zero rows: the gate or another desk was quicker between our look and now; look again. */
static enum err take_number(struct db *db, const struct exchanging *e, size_t index, struct fault *fault)
{
    const struct old_ticket *old = &e->old[index];
    instant now = e->booking.now;
    int64_t changed = 0;
    enum err err = old->stock_id != 0
                       ? q_stock_take(db, (struct stock_take_in){.id = old->stock_id, .now = now}, &changed, fault)
                       : q_own_ticket_exchange(db, (struct own_ticket_exchange_in){.id = old->ticket_id, .now = now},
                                               &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUSY, "a number was taken meanwhile");
    if (err != OK)
        return err;
    return q_exchange_add(db,
                          (struct exchange_add_in){.number = old->normal,
                                                   .visit_id = e->booking.visit_id,
                                                   .position = (int64_t)index + 1,
                                                   .stock_ticket_id = {.is = old->stock_id != 0, .v = old->stock_id},
                                                   .ticket_id = {.is = old->stock_id == 0, .v = old->ticket_id},
                                                   .now = now},
                          NULL, fault);
}

static enum err exchange(struct db *db, struct arena *arena, struct exchanging *e, struct fault *fault)
{
    const struct free_booking *booking = &e->booking;
    enum err err = free_booking_make(db, arena, &e->booking, fault);
    for (size_t i = 0; err == OK && i < booking->wish.count; i++)
        err = take_number(db, e, i, fault);
    if (err == OK)
        err = audit_add(db, arena,
                        (struct audit_row){.at = booking->now,
                                           .person_id = booking->person_id,
                                           .staff_id = e->caller->staff_id,
                                           .organisation_id = booking->organisation_id,
                                           .act = S("stock.book"),
                                           .subject = booking->order_ref,
                                           .detail = str_format(arena, "%zu, %.*s", booking->wish.count,
                                                                STR_ARG(booking->slot.monument_name))},
                        fault);
    e->result.refusal = booking->result.refusal;
    e->result.place = booking->result;
    e->result.order_ref = booking->order_ref;
    e->result.visit_id = booking->visit_id;
    e->result.done = err == OK;
    return err;
}

static enum err check_terms(struct db *db, struct arena *arena, struct exchanging *e, struct fault *fault)
{
    struct terms_current_row terms;
    bool found = false;
    enum err err = q_terms_current(
        db, arena,
        (struct terms_current_in){.kind = S("terms"), .lang = lang_code(e->booking.lang), .now = e->booking.now},
        &terms, &found, fault);
    if (err == OK)
        e->result.terms_missing = !found || !str_eq(terms.version, e->booking.terms_version);
    return err;
}

/* Everything that is looked at before anything is written. */
static enum err look(struct db *db, struct arena *arena, struct exchanging *e, struct fault *fault)
{
    enum err err = free_booking_check(db, arena, &e->booking, fault);
    e->result = (struct right_result){
        .refusal = e->booking.result.refusal, .place = e->booking.result, .needed = e->booking.needed};
    if (err == OK)
        err = check_numbers(db, arena, e, fault);
    if (err == OK && e->book)
        err = check_terms(db, arena, e, fault);
    return err;
}

static enum err look_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct exchange_command *command = argument;
    struct exchanging *e = command->end;
    struct having having = {.organisation_id = command->start->booking.organisation_id};
    *e = *command->start;
    e->booking.now = service_now(e->booking.service);
    enum err err = having_read(db, arena, &having, fault);
    if (err == OK)
        err = look(db, arena, e, fault);
    e->result.no_right = !having.has;
    return err;
}

static enum err book_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct exchange_command *command = argument;
    struct exchanging *e = command->end;
    *e = *command->start;
    e->booking.now = service_now(e->booking.service);
    bool found = false;
    int64_t held = 0;
    enum err err = free_booking_replayed(db, arena, &e->booking, &found, fault);
    if (err != OK || found) {
        e->result = (struct right_result){.done = found, .order_ref = e->booking.order_ref};
        return err;
    }
    err = q_stock_right_hold(db, (struct stock_right_hold_in){.organisation_id = e->booking.organisation_id}, &held,
                             fault);
    if (err == OK)
        err = look(db, arena, e, fault);
    if (err != OK)
        return err;
    e->result.no_right = held == 0;
    bool good = held > 0 && e->result.refusal == REFUSED_NOT && e->result.faults == 0 && !e->result.terms_missing &&
                e->result.count == (size_t)e->booking.needed;
    return good ? exchange(db, arena, e, fault) : ERR_REFUSED;
}

static struct exchanging begin(struct service *service, const struct caller *caller, const struct right_wish *wish,
                               bool book)
{
    return (struct exchanging){.caller = caller,
                               .book = book,
                               .booking = {.service = service,
                                           .organisation_id = caller->organisation_id,
                                           .person_id = caller->person_id,
                                           .lang = caller->lang,
                                           .wish = *wish,
                                           .settled_by = S("stock")}};
}

enum err stock_check(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct right_wish *wish, struct right_result *ret_result, struct fault *fault)
{
    enum err err = permit(caller, TASK_STOCK_USE, fault);
    if (err != OK)
        return err;
    if (wish->count > RIGHT_NUMBERS_MOST) {
        *ret_result = (struct right_result){.refusal = REFUSED_NUMBER};
        return OK;
    }
    const struct exchanging start = begin(service, caller, wish, false);
    struct exchanging end;
    struct exchange_command command = {&start, &end};
    err = service_read(service, arena, look_read, &command, fault);
    if (err == OK)
        *ret_result = end.result;
    return err;
}

enum err stock_book(struct service *service, struct arena *arena, const struct caller *caller,
                    const struct right_wish *wish, struct str terms_version, struct right_result *ret_result,
                    struct fault *fault)
{
    enum err err = permit(caller, TASK_STOCK_USE, fault);
    if (err != OK)
        return err;
    if (wish->count > RIGHT_NUMBERS_MOST) {
        *ret_result = (struct right_result){.refusal = REFUSED_NUMBER};
        return OK;
    }
    struct exchanging start = begin(service, caller, wish, true), end;
    start.booking.terms_version = terms_version;
    struct exchange_command command = {&start, &end};
    err = service_write(service, arena, book_command, wish->start_at, &command, fault);
    if (err ==
        ERR_CONFLICT) /* the same form, or the same number, at the same moment: the second sees the first's end */
        err = service_write(service, arena, book_command, wish->start_at, &command, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_result = end.result;
    return OK;
}
