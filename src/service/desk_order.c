/* One order as the desk sees it: what the customer sees, and its tickets, mails and acts besides; see desk.h. */
#include <stdlib.h>

#include "domain/reference.h"
#include "service/desk_parts.h"
#include "store/queries.h"

struct order_reading {
    struct str ref;
    struct desk_order_owner_row owner;
    struct desk_order_view view;
};

static struct str full_name(struct arena *arena, struct maybe_str first, struct maybe_str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first.v), STR_ARG(last.v)));
}

static struct str number_shown(struct arena *arena, struct str number)
{
    char shown[TICKET_NUMBER_DISPLAY];
    return ticket_number_display(number, shown) ? str_dup(arena, str_of(shown)) : number;
}

static struct desk_tickets tickets_of(struct arena *arena, const struct desk_order_tickets_list *rows, int64_t visit_id)
{
    struct desk_tickets tickets = {ARENA_ARRAY(arena, rows->n + 1, struct desk_ticket), 0};
    for (size_t i = 0; i < rows->n; i++) {
        const struct desk_order_tickets_row *row = &rows->p[i];
        if (row->visit_id == visit_id)
            tickets.p[tickets.n++] = (struct desk_ticket){
                .number = number_shown(arena, row->number), .role = row->role, .state = row->state,
                .price = {row->price_cents}, .ended_at = row->ended_at.v, .ended_why = row->ended_why};
    }
    return tickets;
}

static enum err read_visits(struct db *db, struct arena *arena, struct order_reading *r, struct fault *fault)
{
    struct desk_order_visits_list visits;
    struct desk_order_tickets_list tickets;
    enum err err = q_desk_order_visits(db, arena, (struct desk_order_visits_in){.order_id = r->owner.id}, &visits,
                                       fault);
    if (err == OK)
        err = q_desk_order_tickets(db, arena, (struct desk_order_tickets_in){.order_id = r->owner.id}, &tickets, fault);
    if (err != OK)
        return err;
    struct desk_visit *p = ARENA_ARRAY(arena, visits.n + 1, struct desk_visit);
    for (size_t i = 0; i < visits.n; i++)
        p[i] = (struct desk_visit){.id = visits.p[i].id, .state = visits.p[i].state,
                                   .in_slot = visits.p[i].in_slot != 0, .capacity = (int)visits.p[i].capacity.v,
                                   .taken = (int)visits.p[i].taken.v,
                                   .tickets = tickets_of(arena, &tickets, visits.p[i].id)};
    r->view.visits = (struct desk_visits){p, visits.n};
    return OK;
}

static enum err read_entries(struct db *db, struct arena *arena, struct order_reading *r, struct fault *fault)
{
    struct desk_order_mails_list mails;
    struct desk_order_acts_list acts;
    enum err err = q_desk_order_mails(db, arena, (struct desk_order_mails_in){.order_id = r->owner.id}, &mails, fault);
    if (err == OK)
        err = q_desk_order_acts(
            db, arena, (struct desk_order_acts_in){.organisation_id = r->owner.organisation_id, .ref = r->ref}, &acts,
            fault);
    if (err != OK)
        return err;
    struct desk_entries *entries = &r->view.entries;
    *entries = (struct desk_entries){ARENA_ARRAY(arena, mails.n + acts.n + 1, struct desk_entry), 0};
    for (size_t i = 0; i < mails.n; i++) {
        const struct desk_order_mails_row *row = &mails.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->created_at, .event = DESK_EVENT_MAIL, .id = row->id, .word = row->kind, .label = row->recipient,
            .failed = str_eq(row->state, S("failed")),
            .waiting = str_eq(row->state, S("waiting")) || str_eq(row->state, S("sending"))};
    }
    for (size_t i = 0; i < acts.n; i++) {
        const struct desk_order_acts_row *row = &acts.p[i];
        entries->p[entries->n++] = (struct desk_entry){
            .at = row->at, .event = DESK_EVENT_ACT, .word = row->act, .detail = row->detail, .reason = row->reason,
            .was = row->was, .became = row->became, .who = full_name(arena, row->first_name, row->last_name),
            .staff = full_name(arena, row->staff_first_name, row->staff_last_name)};
    }
    qsort(entries->p, entries->n, sizeof *entries->p, desk_newest_first);
    return OK;
}

static enum err desk_order_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct order_reading *r = argument;
    bool found = false;
    enum err err = q_desk_order_owner(db, arena, (struct desk_order_owner_in){.ref = r->ref}, &r->owner, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err != OK)
        return err;
    r->view.organisation_id = r->owner.organisation_id;
    r->view.staff = full_name(arena, r->owner.staff_first_name, r->owner.staff_last_name);
    err = read_visits(db, arena, r, fault);
    if (err == OK)
        err = refund_list(db, arena, r->owner.id, &r->view.refunds, fault);
    return err != OK ? err : read_entries(db, arena, r, fault);
}

enum err desk_order_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         struct str ref, struct desk_order_view *ret_order, struct fault *fault)
{
    struct order_reading r = {.ref = ref};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, desk_order_in, &r, fault);
    if (err != OK)
        return err;
    /* The customer's own view of it; who looks has been permitted above. */
    struct caller as_customer = {.person_id = r.owner.person_id, .organisation_id = r.owner.organisation_id,
                                 .lang = caller->lang, .role = ROLE_READ_ONLY};
    err = order_read(service, arena, &as_customer, ref, &r.view.order, fault);
    if (err == OK)
        *ret_order = r.view;
    return err;
}
