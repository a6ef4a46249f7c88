/* Doctor: one function a check, one table of them. */
#include "service/doctor.h"

#include <stdarg.h>

#include "store/queries.h"

struct examination {
    struct service *service;
    FILE *out;
    int findings;
};

__attribute__((format(printf, 2, 3))) static void finding(struct examination *examination, const char *format, ...)
{
    examination->findings++;
    if (examination->out == NULL)
        return;
    va_list list;
    va_start(list, format);
    fputs("  ", examination->out);
    vfprintf(examination->out, format, list);
    fputc('\n', examination->out);
    va_end(list);
}

static enum err check_slot_sums(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_slot_sums_list list;
    enum err err = q_doctor_slot_sums(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_slot_sums_row *row = &list.p[i];
        finding(examination, "slot of monument %lld at %lld: taken %lld, held %lld",
                (long long)row->monument_id, (long long)row->start_at, (long long)row->taken, (long long)row->held);
    }
    return err;
}

static enum err check_confirmed_without_money(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_confirmed_without_money_list list;
    enum err err = q_doctor_confirmed_without_money(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_confirmed_without_money_row *row = &list.p[i];
        finding(examination, "order %.*s of %lld cents has %lld booked",
                STR_ARG(row->ref), (long long)row->total_cents, (long long)row->booked);
    }
    return err;
}

static enum err check_money_without_order(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_money_without_order_list list;
    enum err err = q_doctor_money_without_order(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_money_without_order_row *row = &list.p[i];
        finding(examination, "payment %.*s is booked on order %.*s, which is %.*s",
                STR_ARG(row->payment_ref), STR_ARG(row->ref), STR_ARG(row->state));
    }
    return err;
}

static enum err check_paid_attempts(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_paid_attempts_list list;
    enum err err = q_doctor_paid_attempts(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_paid_attempts_row *row = &list.p[i];
        finding(examination, "attempt %.*s.%lld: paid without a payment, or a payment without being paid",
                STR_ARG(row->ref), (long long)row->number);
    }
    return err;
}

static enum err check_tickets(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_tickets_list list;
    enum err err = q_doctor_tickets(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_tickets_row *row = &list.p[i];
        finding(examination, "visit %lld (%.*s) of %lld persons has %lld tickets",
                (long long)row->visit_id, STR_ARG(row->state), (long long)row->persons, (long long)row->tickets);
    }
    return err;
}

static enum err check_ticket_prices(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_ticket_prices_list list;
    enum err err = q_doctor_ticket_prices(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_ticket_prices_row *row = &list.p[i];
        finding(examination, "order %.*s of %lld cents has tickets of %lld",
                STR_ARG(row->ref), (long long)row->total_cents, (long long)row->tickets_cents);
    }
    return err;
}

static enum err check_order_lines(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_order_lines_list list;
    enum err err = q_doctor_order_lines(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_order_lines_row *row = &list.p[i];
        finding(examination, "order %.*s of %lld cents has lines of %lld",
                STR_ARG(row->ref), (long long)row->total_cents, (long long)row->lines_cents);
    }
    return err;
}

static enum err check_visit_orders(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_visit_orders_list list;
    enum err err = q_doctor_visit_orders(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_visit_orders_row *row = &list.p[i];
        finding(examination, "visit %lld (%.*s): its order is %.*s",
                (long long)row->visit_id, STR_ARG(row->state), STR_ARG(row->order_state.is ? row->order_state.v : S("missing")));
    }
    return err;
}

static enum err check_overdue(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_overdue_list list;
    enum err err = q_doctor_overdue(db, arena, (struct doctor_overdue_in){.now = service_now(examination->service)}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_overdue_row *row = &list.p[i];
        finding(examination, "visit %lld (%.*s) ended at %lld",
                (long long)row->visit_id, STR_ARG(row->state), (long long)row->ends_at);
    }
    return err;
}

static enum err check_invoice_gaps(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_invoice_gaps_list list;
    enum err err = q_doctor_invoice_gaps(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_invoice_gaps_row *row = &list.p[i];
        finding(examination, "series %.*s of %lld: next %lld, %lld issued, highest %lld",
                STR_ARG(row->series), (long long)row->year, (long long)row->next, (long long)row->issued, (long long)row->highest);
    }
    return err;
}

static enum err check_invoices(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_invoices_list list;
    enum err err = q_doctor_invoices(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_invoices_row *row = &list.p[i];
        finding(examination, "order %.*s (%.*s)",
                STR_ARG(row->ref), STR_ARG(row->state));
    }
    return err;
}

static enum err check_order_visits(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_order_visits_list list;
    enum err err = q_doctor_order_visits(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_order_visits_row *row = &list.p[i];
        finding(examination, "order %.*s (%.*s) and its visit %lld (%.*s)", STR_ARG(row->ref), STR_ARG(row->order_state),
                (long long)row->visit_id, STR_ARG(row->visit_state));
    }
    return err;
}

static enum err check_order_persons(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_order_persons_list list;
    enum err err = q_doctor_order_persons(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_order_persons_row *row = &list.p[i];
        finding(examination, "order %.*s: visit %lld of %lld persons has lines for %lld", STR_ARG(row->ref),
                (long long)row->visit_id, (long long)row->persons, (long long)row->quantity);
    }
    return err;
}

static enum err check_ticket_lines(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_ticket_lines_list list;
    enum err err = q_doctor_ticket_lines(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "ticket %lld of visit %lld", (long long)list.p[i].id, (long long)list.p[i].visit_id);
    return err;
}

static enum err check_endless(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_endless_list list;
    enum err err = q_doctor_endless(db, arena, (struct doctor_endless_in){.now = service_now(examination->service)}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "visit %lld (%.*s)", (long long)list.p[i].visit_id, STR_ARG(list.p[i].state));
    return err;
}

static enum err check_pending_overdue(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_pending_overdue_list list;
    enum err err = q_doctor_pending_overdue(db, arena,
        (struct doctor_pending_overdue_in){.now = service_now(examination->service)}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "order %.*s", STR_ARG(list.p[i].ref));
    return err;
}

static enum err check_unsettled(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_unsettled_list list;
    enum err err = q_doctor_unsettled(db, arena, (struct doctor_unsettled_in){.now = service_now(examination->service)},
                                      &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "attempt %.*s.%lld", STR_ARG(list.p[i].ref), (long long)list.p[i].number);
    return err;
}

static enum err check_mails(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_mails_list list;
    enum err err = q_doctor_mails(db, arena, (struct doctor_mails_in){.now = service_now(examination->service)}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "order %.*s", STR_ARG(list.p[i].ref));
    return err;
}

static enum err check_refund_mails(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_refund_mails_list list;
    enum err err = q_doctor_refund_mails(db, arena,
        (struct doctor_refund_mails_in){.now = service_now(examination->service)}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "order %.*s", STR_ARG(list.p[i].ref));
    return err;
}

static enum err check_series(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_series_list list;
    enum err err = q_doctor_series(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "invoice %.*s", STR_ARG(list.p[i].number));
    return err;
}

static enum err check_plans(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_plans_list list;
    enum err err = q_doctor_plans(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "monument %lld: %.*s %lld and %lld overlap", (long long)list.p[i].monument_id,
                STR_ARG(list.p[i].what), (long long)list.p[i].id, (long long)list.p[i].other_id);
    return err;
}

static enum err check_strangers(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_strangers_list list;
    enum err err = q_doctor_strangers(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "visit %lld", (long long)list.p[i].visit_id);
    return err;
}

static enum err check_managers(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_managers_list list;
    enum err err = q_doctor_managers(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "organisation %lld has no manager", (long long)list.p[i].organisation_id);
    return err;
}

static enum err check_leavers(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_leavers_list list;
    enum err err = q_doctor_leavers(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "person %lld", (long long)list.p[i].person_id);
    return err;
}

static enum err check_staff_sessions(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_staff_sessions_list list;
    enum err err = q_doctor_staff_sessions(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "staff %lld is signed in", (long long)list.p[i].staff_id);
    return err;
}

static enum err check_staff_monuments(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_staff_monuments_list list;
    enum err err = q_doctor_staff_monuments(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "staff %lld, «%.*s»", (long long)list.p[i].staff_id, STR_ARG(list.p[i].role));
    return err;
}

static enum err check_requests(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    enum { LATE = 3600 };
    instant now = service_now(examination->service);
    struct doctor_requests_list list;
    enum err err = q_doctor_requests(db, arena, (struct doctor_requests_in){
        .late = now - LATE, .late_day = service_day(examination->service, now - LATE)}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_requests_row *row = &list.p[i];
        finding(examination, "request %.*s of %lld persons is %.*s, its tickets %.*s", STR_ARG(row->ref),
                (long long)row->persons, STR_ARG(row->state),
                STR_ARG(row->visit_state.is ? row->visit_state.v : S("none")));
    }
    return err;
}

static enum err check_changes(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_changes_list list;
    enum err err = q_doctor_changes(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "%.*s %lld: %.*s", STR_ARG(str_eq(list.p[i].what, S("lent")) ? S("visit") : S("change")),
                (long long)list.p[i].id, STR_ARG(list.p[i].what));
    return err;
}

static enum err check_gate_used(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_gate_used_list list;
    enum err err = q_doctor_gate_used(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "ticket %lld is %.*s", (long long)list.p[i].id, STR_ARG(list.p[i].state));
    return err;
}

static enum err check_gate_counts(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_gate_counts_list list;
    enum err err = q_doctor_gate_counts(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct doctor_gate_counts_row *row = &list.p[i];
        finding(examination, "visit %lld of %lld persons: %lld are in, its scans let in %lld", (long long)row->visit_id,
                (long long)row->persons, (long long)row->arrived, (long long)row->counted);
    }
    return err;
}

static enum err check_closed_visits(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_closed_visits_list list;
    enum err err = q_doctor_closed_visits(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "closure %lld: visit %lld (%.*s)", (long long)list.p[i].closure_id,
                (long long)list.p[i].visit_id, STR_ARG(list.p[i].state));
    return err;
}

static enum err check_closed_slots(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_closed_slots_list list;
    enum err err = q_doctor_closed_slots(db, arena, (struct doctor_closed_slots_in){.now = service_now(examination->service)},
                                         &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "closure %lld: slot at %lld", (long long)list.p[i].closure_id, (long long)list.p[i].start_at);
    return err;
}

static enum err check_closure_told(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_closure_told_list list;
    enum err err = q_doctor_closure_told(db, arena, (struct doctor_closure_told_in){.now = service_now(examination->service)},
                                         &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "closure %lld: visit %lld", (long long)list.p[i].closure_id, (long long)list.p[i].visit_id);
    return err;
}

static enum err check_closure_money(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_closure_money_list list;
    enum err err = q_doctor_closure_money(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "closure %lld: visit %lld has %lld refunds", (long long)list.p[i].closure_id,
                (long long)list.p[i].visit_id, (long long)list.p[i].refunds);
    return err;
}

static enum err check_numbers(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_numbers_list list;
    enum err err = q_doctor_numbers(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "order %.*s, visit %lld: %lld tickets, %lld numbers", STR_ARG(list.p[i].ref),
                (long long)list.p[i].visit_id, (long long)list.p[i].tickets, (long long)list.p[i].numbers);
    return err;
}

static enum err check_exchanges(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_exchanges_list list;
    enum err err = q_doctor_exchanges(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "number %.*s (%.*s)", STR_ARG(list.p[i].number), STR_ARG(list.p[i].what));
    return err;
}

static enum err check_refunds(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_refunds_list list;
    enum err err = q_doctor_refunds(db, arena, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "%.*s %.*s", STR_ARG(list.p[i].what), STR_ARG(list.p[i].subject));
    return err;
}

static enum err check_transfers(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault)
{
    struct doctor_transfers_list list;
    enum err err = q_doctor_transfers(db, arena, (struct doctor_transfers_in){.now = service_now(examination->service)},
                                      &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        finding(examination, "%.*s %.*s", STR_ARG(list.p[i].what), STR_ARG(list.p[i].subject));
    return err;
}

static const struct {
    const char *says;
    enum err (*run)(struct examination *examination, struct db *db, struct arena *arena, struct fault *fault);
} checks[] = {
    {"taken places are those of the visits that hold them", check_slot_sums},
    {"a confirmed order has its payment", check_confirmed_without_money},
    {"booked money stands on a confirmed order", check_money_without_order},
    {"a paid attempt has its payment", check_paid_attempts},
    {"a confirmed visit has one ticket a person", check_tickets},
    {"tickets cost together what their order costs", check_ticket_prices},
    {"an order costs what its lines cost", check_order_lines},
    {"visits and orders agree on their states", check_visit_orders},
    {"a pass or a ticket in stock stands for each ticket that it paid", check_numbers},
    {"a number is used while its exchange stands", check_exchanges},
    {"no option or hold outlives its end", check_overdue},
    {"invoice numbers have no gap", check_invoice_gaps},
    {"every confirmed order has its invoice", check_invoices},
    {"every invoice has its series", check_series},
    {"orders and what they sell agree", check_order_visits},
    {"the lines of a visit count its persons", check_order_persons},
    {"tickets are what their order says", check_ticket_lines},
    {"every hold has an end", check_endless},
    {"no order stays pending that nobody can pay", check_pending_overdue},
    {"every payment page that closed is settled", check_unsettled},
    {"who bought was told", check_mails},
    {"who waits for a refund was told", check_refund_mails},
    {"refunds and credit notes stay within what came", check_refunds},
    {"transfers count once, and end", check_transfers},
    {"no visit has another organisation's people", check_strangers},
    {"seasons and prices do not overlap", check_plans},
    {"every organisation has a manager", check_managers},
    {"nothing lets in who has left", check_leavers},
    {"the operator's people have a second factor", check_staff_sessions},
    {"roles of monuments have monuments", check_staff_monuments},
    {"no visit is left in a slot that was closed", check_closed_visits},
    {"what is closed is not on sale", check_closed_slots},
    {"who lost a visit to a closure was told", check_closure_told},
    {"what was chosen after a closure goes back once", check_closure_money},
    {"a used ticket has its scan", check_gate_used},
    {"the heads of a group are those that were let in", check_gate_counts},
    {"changed visits and their successors agree", check_changes},
    {"requests and their tickets agree", check_requests},
};

static enum err examine(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct examination *examination = argument;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        int before = examination->findings;
        enum err err = checks[i].run(examination, db, arena, fault);
        if (err != OK)
            return err;
        if (examination->out != NULL)
            fprintf(examination->out, "%s: %s\n", examination->findings == before ? "ok" : "BROKEN", checks[i].says);
    }
    return OK;
}

enum err doctor_check(struct service *service, struct arena *arena, FILE *out, int *ret_findings, struct fault *fault)
{
    struct examination examination = {.service = service, .out = out};
    enum err err = service_read(service, arena, examine, &examination, fault);
    if (err == OK)
        *ret_findings = examination.findings;
    return err;
}
