/* One customer and all that happened to them, in one line of time; see desk.h. */
#include <stdlib.h>

#include "service/desk_parts.h"
#include "store/queries.h"

struct looking {
    int64_t organisation_id;
    struct desk_customer customer;
    struct desk_orders_list orders;
    struct desk_visits_list visits;
    struct desk_payments_list payments;
    struct desk_mails_list mails;
    struct desk_acts_list acts;
    struct desk_notes_list notes;
    struct desk_refunds_list refunds;
};

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static enum err read_people(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    struct desk_people_list rows;
    enum err err =
        q_desk_people(db, arena, (struct desk_people_in){.organisation_id = l->organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    struct desk_people *people = &l->customer.people;
    *people = (struct desk_people){ARENA_ARRAY(arena, rows.n + 1, struct desk_person), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct desk_people_row *row = &rows.p[i];
        people->p[i] = (struct desk_person){.id = row->id, .first_name = row->first_name, .last_name = row->last_name,
                                            .email = row->email, .phone = row->phone, .gone = row->left_at.is,
                                            .verified = row->verified_at.is, .factor = row->factor > 0};
        if (!organisation_role_parse(row->role, &people->p[i].role))
            return fault_set(fault, ERR_BUG, "role of person %lld", (long long)row->id);
    }
    return OK;
}

static enum err read_rows(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    int64_t id = l->organisation_id;
    enum err err = q_desk_orders(db, arena, (struct desk_orders_in){.organisation_id = id}, &l->orders, fault);
    if (err == OK)
        err = q_desk_visits(db, arena, (struct desk_visits_in){.organisation_id = id}, &l->visits, fault);
    if (err == OK)
        err = q_desk_payments(db, arena, (struct desk_payments_in){.organisation_id = id}, &l->payments, fault);
    if (err == OK)
        err = q_desk_mails(db, arena, (struct desk_mails_in){.organisation_id = id}, &l->mails, fault);
    if (err == OK)
        err = q_desk_acts(db, arena, (struct desk_acts_in){.organisation_id = id}, &l->acts, fault);
    if (err == OK)
        err = q_desk_notes(db, arena, (struct desk_notes_in){.organisation_id = id}, &l->notes, fault);
    if (err == OK)
        err = q_desk_refunds(db, arena, (struct desk_refunds_in){.organisation_id = id}, &l->refunds, fault);
    return err;
}

static void add_money(struct arena *arena, const struct looking *l, struct desk_entries *entries)
{
    for (size_t i = 0; i < l->orders.n; i++) {
        const struct desk_orders_row *row = &l->orders.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->created_at, .event = DESK_EVENT_ORDER, .word = row->state, .ref = row->ref,
            .amount = {row->total_cents}, .who = full_name(arena, row->first_name, row->last_name),
            .staff = full_name(arena, row->staff_first_name.v, row->staff_last_name.v)};
    }
    for (size_t i = 0; i < l->payments.n; i++) {
        const struct desk_payments_row *row = &l->payments.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->received_at, .event = DESK_EVENT_PAYMENT, .word = row->state, .ref = row->ref,
            .label = row->provider, .detail = row->reason, .amount = {row->amount_cents}};
    }
    for (size_t i = 0; i < l->refunds.n; i++) {
        const struct desk_refunds_row *row = &l->refunds.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->made_at, .event = DESK_EVENT_REFUND, .word = row->reason, .ref = row->ref,
            .label = row->credit_note.v, .amount = {row->amount_cents},
            .staff = full_name(arena, row->staff_first_name.v, row->staff_last_name.v)};
    }
}

static void add_visits_and_mails(struct arena *arena, const struct looking *l, struct desk_entries *entries)
{
    for (size_t i = 0; i < l->visits.n; i++) {
        const struct desk_visits_row *row = &l->visits.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->placed_at, .event = DESK_EVENT_VISIT, .id = row->id, .word = row->state, .label = row->monument,
            .ref = row->ref.v, .persons = (int)row->persons, .has_start = row->start_at.is,
            .start_at = row->start_at.v, .who = full_name(arena, row->first_name, row->last_name),
            .staff = full_name(arena, row->staff_first_name.v, row->staff_last_name.v)};
    }
    for (size_t i = 0; i < l->mails.n; i++) {
        const struct desk_mails_row *row = &l->mails.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->created_at, .event = DESK_EVENT_MAIL, .id = row->id, .word = row->kind, .label = row->recipient,
            .ref = row->ref.v, .failed = str_eq(row->state, S("failed")),
            .waiting = str_eq(row->state, S("waiting")) || str_eq(row->state, S("sending"))};
    }
}

static void add_acts(struct arena *arena, const struct looking *l, struct desk_entries *entries)
{
    for (size_t i = 0; i < l->notes.n; i++) {
        const struct desk_notes_row *row = &l->notes.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->at, .event = DESK_EVENT_NOTE, .label = row->body,
            .staff = full_name(arena, row->first_name, row->last_name)};
    }
    for (size_t i = 0; i < l->acts.n; i++) {
        const struct desk_acts_row *row = &l->acts.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->at, .event = DESK_EVENT_ACT, .word = row->act, .label = row->subject, .detail = row->detail,
            .reason = row->reason, .was = row->was, .became = row->became,
            .who = full_name(arena, row->first_name.v, row->last_name.v),
            .staff = full_name(arena, row->staff_first_name.v, row->staff_last_name.v)};
    }
}

int desk_newest_first(const void *a, const void *b)
{
    const struct desk_entry *x = a, *y = b;
    if (x->at != y->at)
        return x->at > y->at ? -1 : 1;
    return (int)x->event - (int)y->event;
}

static enum err customer_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct desk_organisation_row row;
    bool found = false;
    enum err err = q_desk_organisation(db, arena, (struct desk_organisation_in){.id = l->organisation_id}, &row, &found,
                                       fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation %lld", (long long)l->organisation_id);
    l->customer.organisation = (struct organisation_fields){
        .name = row.name, .kind = row.kind, .country = row.country, .registration = row.registration,
        .vat_number = row.vat_number, .address = row.address, .postcode = row.postcode, .city = row.city};
    l->customer.transfer_allowed = row.transfer_allowed != 0;
    l->customer.created_at = row.created_at;
    err = read_people(db, arena, l, fault);
    return err != OK ? err : read_rows(db, arena, l, fault);
}

enum err desk_customer(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t organisation_id, struct desk_customer *ret_customer, struct fault *fault)
{
    struct looking l = {.organisation_id = organisation_id};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, customer_read, &l, fault);
    if (err != OK)
        return err;
    size_t most = l.orders.n + l.visits.n + l.payments.n + l.mails.n + l.acts.n + l.notes.n + l.refunds.n;
    struct desk_entries *entries = &l.customer.entries;
    entries->p = ARENA_ARRAY(arena, most + 1, struct desk_entry);
    add_money(arena, &l, entries);
    add_visits_and_mails(arena, &l, entries);
    add_acts(arena, &l, entries);
    qsort(entries->p, entries->n, sizeof *entries->p, desk_newest_first);
    *ret_customer = l.customer;
    return OK;
}
