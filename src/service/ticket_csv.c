/* Ticket numbers as CSV: see ticket_csv.h. */
#include "service/ticket_csv.h"

#include "base/limits.h"
#include "domain/csv.h"
#include "domain/reference.h"
#include "service/audit.h"
#include "service/sheets.h"
#include "store/queries.h"

enum { COLUMNS = 14 };

static const char *const columns[COLUMNS] = {"ticket_number", "qr_code",     "monument", "city",    "visit_date",
                                             "visit_time",    "valid_until", "tariff",   "price",   "holder",
                                             "holder_name",   "proof",       "order",    "position"};

/* ---- one line ---- */

struct writing {
    struct service *service;
    struct arena *arena;
    const struct ticket_sheet *sheet;
    struct order_visits_row visit;
};

static struct str iso_day(struct arena *arena, day_number day)
{
    struct date date = date_of(day);
    return str_format(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static struct str local_day(const struct writing *w, instant at)
{
    return iso_day(w->arena, service_day(w->service, at));
}

static struct str local_minute(const struct writing *w, instant at)
{
    int minute = local_of(&w->service->zone, at).minute;
    return str_format(w->arena, "%02d:%02d", minute / 60, minute % 60);
}

/* What the sheet says of this ticket: its payload is the sheet's business alone. */
static const struct sheet_ticket *on_sheet(const struct writing *w, struct str number)
{
    char stored[TICKET_NUMBER_SIZE];
    for (size_t i = 0; i < w->sheet->ticket_count; i++)
        if (ticket_number_parse(w->sheet->tickets[i].number, stored) && str_eq(str_of(stored), number))
            return &w->sheet->tickets[i];
    return NULL;
}

static void write_ticket(const struct writing *w, const struct tickets_of_visit_row *row,
                         const struct sheet_ticket *ticket, struct buf *out)
{
    bool dated = w->visit.start_at.is, timed = dated && !w->visit.whole_day.v;
    const struct str fields[COLUMNS] = {
        row->number,
        ticket->qr,
        w->sheet->monument,
        w->sheet->city,
        dated ? local_day(w, w->visit.start_at.v) : S(""),
        timed ? local_minute(w, w->visit.start_at.v) : S(""),
        local_day(w, row->valid_until),
        ticket->tariff,
        str_format(w->arena, "%lld.%02lld", (long long)(row->price_cents / 100), (long long)(row->price_cents % 100)),
        row->role,
        ticket->holder,
        ticket->proof,
        w->sheet->order,
        str_format(w->arena, "%lld", (long long)row->position)};
    csv_write_line(out, fields, COLUMNS);
}

static enum err find_visit(struct writing *w, struct db *db, int64_t order_id, int64_t visit_id, struct fault *fault)
{
    struct order_visits_list visits;
    enum err err = q_order_visits(db, w->arena, (struct order_visits_in){.order_id = order_id}, &visits, fault);
    for (size_t i = 0; err == OK && i < visits.n; i++)
        if (visits.p[i].id == visit_id) {
            w->visit = visits.p[i];
            return OK;
        }
    return err == OK ? fault_set(fault, ERR_NOT_FOUND, "visit") : err;
}

enum err ticket_csv_write(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                          int64_t visit_id, enum lang lang, struct buf *out, struct fault *fault)
{
    struct ticket_sheet sheet;
    struct tickets_of_visit_list rows;
    struct writing w = {.service = service, .arena = arena, .sheet = &sheet};
    enum err err = ticket_sheet_read(service, db, arena, order_id, visit_id, lang, &sheet, fault);
    if (err == OK)
        err = find_visit(&w, db, order_id, visit_id, fault);
    if (err == OK)
        err = q_tickets_of_visit(db, arena, (struct tickets_of_visit_in){.visit_id = visit_id, .order_id = order_id},
                                 &rows, fault);
    if (err != OK)
        return err;
    struct str head[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        head[i] = str_of(columns[i]);
    buf_c(out, CSV_MARK);
    csv_write_line(out, head, COLUMNS);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sheet_ticket *ticket = on_sheet(&w, rows.p[i].number);
        if (ticket != NULL)
            write_ticket(&w, &rows.p[i], ticket, out);
    }
    return out->overflowed ? fault_set(fault, ERR_LIMIT, "a list of more than %zu bytes", out->max) : OK;
}

enum err tickets_as_of(struct db *db, struct arena *arena, int64_t order_id, enum tickets_as *ret_as,
                       struct fault *fault)
{
    struct tickets_as_of_order_row row;
    enum tickets_as as = TICKETS_AS_PDF;
    enum err err = q_tickets_as_of_order(db, arena, (struct tickets_as_of_order_in){.order_id = order_id}, &row, NULL,
                                         fault);
    if (err == OK && row.approved > 0 && !tickets_as_parse(row.own.is ? row.own.v : row.organisations, &as))
        return fault_set(fault, ERR_BUG, "tickets_as");
    if (err == OK)
        *ret_as = as;
    return err;
}

/* ---- for the order's page ---- */

struct choosing {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    int64_t order_id, visit_id;
    struct tickets_as_of_order_row row;
    enum tickets_as as;
    struct buf *out;
};

static enum err find_order(struct db *db, struct arena *arena, struct choosing *c, struct fault *fault)
{
    struct order_of_row order;
    bool found = false;
    enum err err = q_order_of(db, arena,
                              (struct order_of_in){.ref = c->ref, .organisation_id = c->caller->organisation_id},
                              &order, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err != OK)
        return err;
    c->order_id = order.id;
    return q_tickets_as_of_order(db, arena, (struct tickets_as_of_order_in){.order_id = order.id}, &c->row, NULL,
                                 fault);
}

static enum err csv_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct choosing *c = argument;
    enum err err = find_order(db, arena, c, fault);
    if (err == OK && c->row.approved == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no approved layout");
    return err != OK
               ? err
               : ticket_csv_write(c->service, db, arena, c->order_id, c->visit_id, c->caller->lang, c->out, fault);
}

enum err order_tickets_csv(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           int64_t visit_id, struct buf *out, struct fault *fault)
{
    struct choosing c = {.service = service, .caller = caller, .ref = ref, .visit_id = visit_id, .out = out};
    enum err err = permit(caller, TASK_TICKETS, fault);
    return err != OK ? err : service_read(service, arena, csv_read, &c, fault);
}

static enum err form_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    return find_order(db, arena, argument, fault);
}

enum err order_tickets_form(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                            struct tickets_choice *ret_form, struct fault *fault)
{
    struct choosing c = {.service = service, .caller = caller, .ref = ref};
    struct tickets_choice form = {.approved = false};
    if (!caller_may(caller, TASK_TICKETS)) {
        *ret_form = form;
        return OK;
    }
    enum err err = service_read(service, arena, form_read, &c, fault);
    if (err != OK)
        return err;
    form = (struct tickets_choice){.approved = c.row.approved > 0, .own = c.row.own.is};
    if (!tickets_as_parse(form.own ? c.row.own.v : c.row.organisations, &form.as))
        return fault_set(fault, ERR_BUG, "tickets_as");
    *ret_form = form;
    return OK;
}

static enum err choose_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct choosing *c = argument;
    struct str as = str_of(tickets_as_name(c->as));
    enum err err = find_order(db, arena, c, fault);
    if (err != OK || (c->row.own.is && str_eq(c->row.own.v, as)))
        return err;
    err = q_order_tickets_as(db,
                             (struct order_tickets_as_in){.id = c->order_id,
                                                          .organisation_id = c->caller->organisation_id,
                                                          .tickets_as = {.is = true, .v = as}},
                             NULL, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena,
                     (struct audit_row){.at = service_now(c->service),
                                        .person_id = c->caller->person_id,
                                        .staff_id = c->caller->staff_id,
                                        .organisation_id = c->caller->organisation_id,
                                        .act = S("layout.choose"),
                                        .subject = c->ref,
                                        .was = c->row.own.is ? c->row.own.v : c->row.organisations,
                                        .became = as},
                     fault);
}

enum err order_tickets_choose(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                              enum tickets_as as, struct fault *fault)
{
    struct choosing c = {.service = service, .caller = caller, .ref = ref, .as = as};
    enum err err = permit(caller, TASK_TICKETS, fault);
    return err != OK ? err : service_write(service, arena, choose_command, 0, &c, fault);
}
