/* Bookings of passes and from stock, afterwards: see right_booking.h. */
#include "service/right_booking.h"

#include "service/outbox.h"
#include "service/rights_parts.h"
#include "service/staff_session.h"
#include "service/visit_void.h"

static const struct {
    const char *settled_by;
    enum task task;
} kinds[] = {[RIGHT_PASS] = {"pass", TASK_PASS_BOOK}, [RIGHT_STOCK] = {"stock", TASK_STOCK_GRANT}};

/* ---- the list ---- */

struct listing {
    enum right_kind kind;
    struct right_bookings_list rows;
};

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *listing = argument;
    return q_right_bookings(db, arena,
                            (struct right_bookings_in){.settled_by = str_of(kinds[listing->kind].settled_by)},
                            &listing->rows, fault);
}

enum err right_booking_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            enum right_kind kind, struct right_rows *ret_rows, struct fault *fault)
{
    struct listing listing = {.kind = kind};
    enum err err = permit_staff(caller, kinds[kind].task, 0, fault);
    if (err == OK)
        err = service_read(service, arena, list_read, &listing, fault);
    if (err != OK)
        return err;
    struct right_row *rows = ARENA_ARRAY(arena, listing.rows.n + 1, struct right_row);
    for (size_t i = 0; i < listing.rows.n; i++) {
        const struct right_bookings_row *row = &listing.rows.p[i];
        rows[i] = (struct right_row){.visit_id = row->visit_id,
                                     .organisation_id = row->organisation_id,
                                     .order_ref = row->order_ref,
                                     .organisation = row->organisation,
                                     .monument = row->monument_name,
                                     .state = row->state,
                                     .has_start = row->start_at.is,
                                     .start_at = row->start_at.v,
                                     .created_at = row->created_at,
                                     .persons = (int)row->persons};
    }
    *ret_rows = (struct right_rows){rows, listing.rows.n};
    return OK;
}

/* ---- one ---- */

struct reading {
    enum right_kind kind;
    int64_t visit_id;
    struct right_booking_row row;
    struct right_booking booking;
};

static enum err row_read(struct db *db, struct arena *arena, struct reading *reading, struct fault *fault)
{
    bool found = false;
    enum err err = q_right_booking(db, arena, (struct right_booking_in){.visit_id = reading->visit_id}, &reading->row,
                                   &found, fault);
    if (err == OK && (!found || !str_eq(reading->row.settled_by, str_of(kinds[reading->kind].settled_by))))
        return fault_set(fault, ERR_NOT_FOUND, "booking");
    return err;
}

static enum err passes_read(struct db *db, struct arena *arena, struct reading *reading, struct fault *fault)
{
    struct passes_of_visit_list rows;
    enum err err = q_passes_of_visit(db, arena, (struct passes_of_visit_in){.visit_id = reading->visit_id}, &rows,
                                     fault);
    if (err != OK)
        return err;
    reading->booking.numbers = ARENA_ARRAY(arena, rows.n + 1, struct right_number);
    reading->booking.count = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        reading->booking.numbers[i] = (struct right_number){rows.p[i].number, rows.p[i].live == 0};
    return OK;
}

static enum err exchanges_read(struct db *db, struct arena *arena, struct reading *reading, struct fault *fault)
{
    struct exchanges_of_visit_list rows;
    enum err err = q_exchanges_of_visit(db, arena, (struct exchanges_of_visit_in){.visit_id = reading->visit_id}, &rows,
                                        fault);
    if (err != OK)
        return err;
    reading->booking.numbers = ARENA_ARRAY(arena, rows.n + 1, struct right_number);
    reading->booking.count = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        reading->booking.numbers[i] = (struct right_number){rows.p[i].number, rows.p[i].returned_at.is};
    return OK;
}

static enum err booking_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *reading = argument;
    enum err err = row_read(db, arena, reading, fault);
    if (err != OK)
        return err;
    const struct right_booking_row *row = &reading->row;
    reading->booking = (struct right_booking){
        .row = {.visit_id = reading->visit_id,
                .organisation_id = row->organisation_id,
                .order_ref = row->order_ref,
                .organisation = row->organisation,
                .monument = row->monument_name,
                .state = row->state,
                .has_start = row->start_at.is,
                .start_at = row->start_at.v,
                .created_at = row->created_at,
                .persons = (int)row->persons},
        .kind = reading->kind,
        .live = str_eq(row->state, S("confirmed")),
        .leader = str_trim(str_format(arena, "%.*s %.*s", STR_ARG(row->leader_first.v), STR_ARG(row->leader_last.v)))};
    return reading->kind == RIGHT_PASS ? passes_read(db, arena, reading, fault)
                                       : exchanges_read(db, arena, reading, fault);
}

enum err right_booking_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            enum right_kind kind, int64_t visit_id, struct right_booking *ret_booking,
                            struct fault *fault)
{
    struct reading reading = {.kind = kind, .visit_id = visit_id};
    enum err err = permit_staff(caller, kinds[kind].task, 0, fault);
    if (err == OK)
        err = service_read(service, arena, booking_read, &reading, fault);
    if (err == OK)
        *ret_booking = reading.booking;
    return err;
}

/* ---- its end ---- */

enum err right_numbers_return(struct db *db, struct arena *arena, int64_t visit_id, instant now, struct fault *fault)
{
    struct exchanges_of_visit_list rows;
    enum err err = q_passes_end(db, (struct passes_end_in){.visit_id = visit_id}, NULL, fault);
    if (err == OK)
        err = q_exchanges_of_visit(db, arena, (struct exchanges_of_visit_in){.visit_id = visit_id}, &rows, fault);
    for (size_t i = 0; err == OK && i < rows.n; i++) {
        if (rows.p[i].returned_at.is)
            continue;
        err = rows.p[i].ticket_id.is
                  ? q_own_ticket_return(db, (struct own_ticket_return_in){.id = rows.p[i].ticket_id.v}, NULL, fault)
                  : q_stock_return(db, (struct stock_return_in){.id = rows.p[i].stock_ticket_id.v, .now = now}, NULL,
                                   fault);
    }
    return err != OK ? err
                     : q_exchanges_end(db, (struct exchanges_end_in){.visit_id = visit_id, .now = now}, NULL, fault);
}

struct cancelling {
    struct service *service;
    const struct staff_caller *caller;
    struct reading reading;
    struct str reason;
    bool done;
};

static enum err cancel_mail(struct db *db, struct arena *arena, const struct cancelling *c, instant now,
                            struct fault *fault)
{
    const struct right_booking_row *row = &c->reading.row;
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = row->person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena,
                      (struct outbox_row){.kind = S("right-cancelled"),
                                          .organisation_id = row->organisation_id,
                                          .order_id = row->order_id,
                                          .visit_id = c->reading.visit_id,
                                          .recipient = person.email,
                                          .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name),
                                                                       STR_ARG(person.last_name)),
                                          .lang = lang_of(person.lang),
                                          .detail = c->reason,
                                          .now = now},
                      fault);
}

/* A process that dies anywhere in here leaves the booking as it was. */
static enum err cancel_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct cancelling *c = argument;
    instant now = service_now(c->service);
    bool voided = false;
    c->done = false;
    enum err err = row_read(db, arena, &c->reading, fault);
    if (err == OK)
        err = visit_void(db, arena, c->reading.visit_id, S("cancelled"), now, &voided, fault);
    if (err != OK || !voided)
        return err;
    err = right_numbers_return(db, arena, c->reading.visit_id, now, fault);
    if (err == OK)
        err = cancel_mail(db, arena, c, now, fault);
    if (err == OK)
        err = staff_audit(
            db, arena, c->caller, now,
            (struct staff_act){.act = c->reading.kind == RIGHT_PASS ? S("pass.cancel") : S("stock.cancel"),
                               .subject = c->reading.row.order_ref,
                               .organisation_id = c->reading.row.organisation_id,
                               .reason = c->reason,
                               .was = S("confirmed"),
                               .became = S("cancelled")},
            fault);
    c->done = err == OK;
    return err;
}

enum err right_booking_cancel(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              enum right_kind kind, int64_t visit_id, struct str reason, bool *ret_done,
                              struct fault *fault)
{
    struct cancelling c = {.service = service,
                           .caller = caller,
                           .reading = {.kind = kind, .visit_id = visit_id},
                           .reason = str_trim(reason)};
    enum err err = permit_staff(caller, kinds[kind].task, 0, fault);
    if (err == OK && (c.reason.n == 0 || c.reason.n > RIGHT_REASON_MOST))
        return fault_set(fault, ERR_INPUT, "a reason");
    if (err == OK)
        err = service_write(service, arena, cancel_command, 0, &c, fault);
    if (err == OK)
        *ret_done = c.done;
    return err;
}
