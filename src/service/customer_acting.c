/* Customer service on the customer's own pages: whose they are, and how an order made so is paid (OPS-1). */
#include "service/customer.h"

#include "service/audit.h"
#include "service/outbox.h"
#include "store/queries.h"

bool staff_reason_good(struct str reason)
{
    struct str text = str_trim(reason);
    return text.n > 0 && utf8_valid(text) && utf8_length(text) <= STAFF_REASON_MOST;
}

enum err staff_form_once(struct db *db, int64_t staff_id, struct str request_key, instant now, bool *ret_first,
                         struct fault *fault)
{
    int64_t added = 1;
    enum err err = OK;
    if (request_key.n > 0)
        err = q_staff_form_note(
            db, (struct staff_form_note_in){.staff_id = staff_id, .request_key = request_key, .now = now}, &added,
            fault);
    if (err == OK)
        *ret_first = added > 0;
    return err;
}

/* ---- the customer ---- */

struct heading {
    int64_t organisation_id;
    struct customer_head head;
};

static enum err head_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct heading *h = argument;
    struct desk_organisation_row row;
    struct desk_people_list people;
    bool found = false;
    enum err err = q_desk_organisation(db, arena, (struct desk_organisation_in){.id = h->organisation_id}, &row, &found,
                                       fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation %lld", (long long)h->organisation_id);
    if (err == OK)
        err = q_desk_people(db, arena, (struct desk_people_in){.organisation_id = h->organisation_id}, &people, fault);
    if (err != OK)
        return err;
    h->head = (struct customer_head){
        .organisation = {.name = row.name, .kind = row.kind, .country = row.country, .registration = row.registration,
                         .vat_number = row.vat_number, .address = row.address, .postcode = row.postcode,
                         .city = row.city},
        .people = ARENA_ARRAY(arena, people.n + 1, struct customer_member)};
    for (size_t i = 0; i < people.n; i++) {
        const struct desk_people_row *person = &people.p[i];
        if (person->left_at.is)
            continue;
        struct customer_member *member = &h->head.people[h->head.people_count++];
        *member = (struct customer_member){.id = person->id, .first_name = person->first_name,
                                           .last_name = person->last_name, .email = person->email};
        if (!organisation_role_parse(person->role, &member->role))
            return fault_set(fault, ERR_BUG, "role of person %lld", (long long)person->id);
    }
    return OK;
}

enum err customer_head_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t organisation_id, struct customer_head *ret_head, struct fault *fault)
{
    struct heading h = {.organisation_id = organisation_id};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, head_read, &h, fault);
    if (err == OK)
        *ret_head = h.head;
    return err;
}

/* ---- whose pages ---- */

struct acting_read {
    const struct staff_head *head;
    struct customer_acting_in in;
    struct customer_acting_row row;
    bool found;
};

static enum err acting_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct acting_read *a = argument;
    return q_customer_acting(db, arena, a->in, &a->row, &a->found, fault);
}

enum err customer_acting_head(struct service *service, struct arena *arena, const struct staff_head *head,
                              struct session_head *ret_session, bool *ret_found, struct fault *fault)
{
    const struct staff_acting *acting = &head->acting;
    struct acting_read a = {.head = head, .in = {.person_id = acting->person_id,
                                                 .organisation_id = acting->organisation_id,
                                                 .now = service_now(service)}};
    enum err err = OK;
    if (acting->organisation_id != 0)
        err = service_read(service, arena, acting_read, &a, fault);
    if (err != OK)
        return err;
    *ret_found = a.found;
    if (a.found)
        *ret_session = (struct session_head){
            .caller = staff_acting_caller(head), .email = a.row.email, .first_name = a.row.first_name,
            .last_name = a.row.last_name, .organisation = a.row.organisation,
            .transfer_allowed = a.row.transfer_allowed != 0, .options = a.row.options, .cart = a.row.cart};
    return OK;
}

/* ---- the way to a payment ---- */

struct linking {
    const struct caller *caller;
    struct str ref, key;
    instant now;
    enum refusal refusal;
};

static enum err link_mail(struct db *db, struct arena *arena, const struct linking *l, const struct order_of_row *order,
                          struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = order->person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = S("payment-link"), .organisation_id = l->caller->organisation_id, .order_id = order->id,
        .recipient = person.email,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = lang_of(person.lang), .now = l->now}, fault);
}

static enum err link_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct linking *l = argument;
    struct order_of_row order;
    bool found = false, first = false;
    l->refusal = REFUSED_NOT;
    enum err err = q_order_of(
        db, arena, (struct order_of_in){.ref = l->ref, .organisation_id = l->caller->organisation_id}, &order, &found,
        fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (!str_eq(order.state, S("pending"))) {
        l->refusal = str_eq(order.state, S("confirmed")) ? REFUSED_PAID : REFUSED_ORDER_ENDED;
        return OK;
    }
    err = staff_form_once(db, l->caller->staff_id, l->key, l->now, &first, fault);
    if (err != OK || !first)
        return err;
    err = link_mail(db, arena, l, &order, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = l->now, .person_id = l->caller->person_id, .staff_id = l->caller->staff_id, .reason = l->caller->why,
        .organisation_id = l->caller->organisation_id, .act = S("order.payment-link"), .subject = l->ref}, fault);
}

enum err customer_payment_link(struct service *service, struct arena *arena, const struct caller *caller,
                               struct str order_ref, struct str request_key, enum refusal *ret_refusal,
                               struct fault *fault)
{
    struct linking l = {.caller = caller, .ref = order_ref, .key = request_key, .now = service_now(service)};
    enum err err = permit(caller, TASK_ORDER, fault);
    if (err == OK && caller->staff_id == 0)
        return fault_set(fault, ERR_REFUSED, "only who acts on behalf sends the way to a payment");
    if (err == OK)
        err = service_write(service, arena, link_write, 0, &l, fault);
    if (err == OK)
        *ret_refusal = l.refusal;
    return err;
}
