/* The demonstration's groups of today, so that the gate has somebody to let in (OPS-3): sold and paid by transfer some days
 * ago to other customers, for the slots nearest to now. */
#include "domain/reference.h"
#include "domain/rf_reference.h"
#include "service/demo_parts.h"
#include "service/pricing.h"
#include "service/transfer.h"
#include "store/queries.h"

enum { SOLD_DAYS_AGO = 6, PAID_DAYS_AGO = 4, PERSONS_MOST = 26 };

/* Of the demonstration's gate agent; names of the groups' leaders are nobody's. */
static const char *const monuments[] = {"conciergerie", "sainte-chapelle"};
static const struct {
    const char *first_name, *last_name, *email, *phone;
    int persons;
    bool guide;
} groups[] = {
    {"Odile", "Marchetti", "odile.marchetti@guides.example", "+33199002451", 26, true},
    {"Julien", "Aubry", "julien.aubry@clients.example", "+33199002452", 14, false},
    {"Noriko", "Hayashi", "noriko.hayashi@clients.example", "+81300000002", 22, false},
};
enum { GROUPS = sizeof groups / sizeof *groups };

struct sale {
    struct demo *demo;
    const struct demo_customer *customer;
    const struct monument *monument;
    size_t group;
    instant start, sold, paid;
    int64_t visit_id, leader_id, order_id;
};

static enum err hold(struct sale *s, struct db *db, struct arena *arena, struct fault *fault)
{
    struct slot_take_row taken;
    struct visit_insert_row visit;
    struct leader_add_row leader;
    const char *kind = leader_kind_name(groups[s->group].guide ? LEADER_GUIDE : LEADER_ACCOMPANYING);
    int persons = groups[s->group].persons;
    enum err err = q_slot_take(
        db, arena, (struct slot_take_in){.monument_id = s->monument->id, .start_at = s->start, .persons = persons}, &taken,
        NULL, fault);
    if (err == OK)
        err = q_leader_add(db, arena,
                           (struct leader_add_in){.organisation_id = s->customer->organisation_id, .kind = str_of(kind),
                                                  .last_name = str_of(groups[s->group].last_name),
                                                  .first_name = str_of(groups[s->group].first_name),
                                                  .email = str_of(groups[s->group].email),
                                                  .phone = str_of(groups[s->group].phone), .created_at = s->sold},
                           &leader, NULL, fault);
    if (err == OK)
        err = q_visit_insert(
            db, arena,
            (struct visit_insert_in){
                .organisation_id = s->customer->organisation_id, .person_id = s->customer->person_id,
                .monument_id = s->monument->id, .kind = S("slot"), .start_at = {.is = true, .v = s->start},
                .persons = persons, .audience = str_of(audience_name(AUDIENCE_ADULTS)), .leader_kind = str_of(kind),
                .state = S("cart"), .placed_at = s->sold, .ends_at = {.is = true, .v = s->demo->now + SECONDS_A_DAY},
                .in_cart = 1,
                .request_key = str_format(arena, "demo-gate-%lld-%zu", (long long)s->monument->id, s->group)},
            &visit, NULL, fault);
    if (err == OK) {
        s->visit_id = visit.id;
        s->leader_id = leader.id;
    }
    return err;
}

static enum err sell(struct sale *s, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct demo *demo = s->demo;
    char reference[REFERENCE_SIZE];
    struct price price;
    struct order_insert_row order;
    bool given = false;
    enum err err = price_visit(
        db, arena, &demo->settings,
        (struct priced){.audience = str_of(audience_name(AUDIENCE_ADULTS)), .monument_id = s->monument->id,
                        .leader_kind = str_of(leader_kind_name(groups[s->group].guide ? LEADER_GUIDE : LEADER_ACCOMPANYING)),
                        .persons = groups[s->group].persons, .day = demo->today},
        &price, &given, fault);
    if (err == OK && (!given || !reference_make(random_code(&demo->service->random, arena, REFERENCE_RANDOM), reference)))
        return fault_set(fault, ERR_BUG, "a group of the demonstration");
    int64_t total = 0;
    for (size_t i = 0; err == OK && i < price.count; i++)
        total += price.lines[i].total.v;
    if (err == OK)
        err = q_order_insert(db, arena,
                             (struct order_insert_in){
                                 .ref = str_of(reference), .organisation_id = s->customer->organisation_id,
                                 .person_id = s->customer->person_id, .method = S("card"), .total_cents = total,
                                 .lang = S("fr"), .terms_version = S("2026-11"), .now = s->sold,
                                 .request_key = str_format(arena, "demo-gate-%lld-%zu", (long long)s->monument->id, s->group)},
                             &order, NULL, fault);
    for (size_t i = 0; err == OK && i < price.count; i++)
        err = q_order_line_insert(db,
                                  (struct order_line_insert_in){
                                      .order_id = order.id, .visit_id = s->visit_id, .position = (int64_t)i + 1,
                                      .tariff_code = price.lines[i].tariff_code,
                                      .role = str_of(ticket_role_name(price.lines[i].role)),
                                      .quantity = price.lines[i].quantity, .unit_cents = price.lines[i].unit.v,
                                      .vat_code = price.lines[i].vat_code, .why = str_of(price.lines[i].why),
                                      .why_number = price.lines[i].why_number},
                                  NULL, fault);
    if (err == OK)
        err = q_visit_to_order(db,
                               (struct visit_to_order_in){.id = s->visit_id, .organisation_id = s->customer->organisation_id,
                                                          .order_id = order.id, .pay_until = demo->now + SECONDS_A_DAY,
                                                          .leader_id = {.is = true, .v = s->leader_id}, .now = s->sold},
                               NULL, fault);
    if (err == OK)
        s->order_id = order.id;
    return err;
}

/* The transfer was allowed and came: the rest follows from it as for any other. */
static enum err pay(struct sale *s, struct db *db, struct arena *arena, struct fault *fault)
{
    struct service *service = s->demo->service;
    struct transfer_outcome outcome = {.refusal = TRANSFER_NOT_REFUSED};
    struct order_by_id_row order;
    char rf[RF_SIZE];
    if (!rf_of_order(date_of(service_day(service, s->sold)).year, s->order_id, rf))
        return fault_set(fault, ERR_BUG, "reference of a transfer");
    enum err err = q_transfer_method(db, (struct transfer_method_in){.order_id = s->order_id}, NULL, fault);
    if (err == OK) /* without the pro forma by mail: nobody waits for it any more */
        err = q_transfer_insert(db,
                                (struct transfer_insert_in){.order_id = s->order_id, .rf = str_of(rf), .now = s->sold,
                                                            .allowed_at = {.is = true, .v = s->sold},
                                                            .allowed_why = S("account"), .due_at = s->demo->now},
                                NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = s->order_id}, &order, NULL, fault);
    if (err != OK)
        return err;
    struct transfer_money money = {.order_id = s->order_id, .amount = {order.total_cents},
                                   .day = service_day(service, s->paid), .bank_ref = S("DEMO"), .reason = S("démonstration"),
                                   .request_key = str_format(arena, "demo-gate-%.*s", STR_ARG(order.ref))};
    err = transfer_receive(service, db, arena, &money, s->paid, &outcome, fault);
    if (err == OK && outcome.end != TRANSFER_CONFIRMED)
        return fault_set(fault, ERR_BUG, "a group of the demonstration is not paid");
    return err;
}

static enum err monument_sell(struct demo *demo, struct db *db, struct arena *arena, const struct monument *monument,
                              size_t shift, struct fault *fault)
{
    struct demo_gate_slots_list slots;
    enum err err = q_demo_gate_slots(db, arena,
                                     (struct demo_gate_slots_in){.monument_id = monument->id, .day = demo->today,
                                                                 .now = demo->now, .persons = PERSONS_MOST},
                                     &slots, fault);
    for (size_t i = 0; err == OK && i < slots.n && i < GROUPS; i++) {
        struct sale sale = {.demo = demo, .customer = &demo->customers[(i + shift) % DEMO_CUSTOMERS], .monument = monument,
                            .group = (i + shift) % GROUPS, .start = slots.p[i].start_at,
                            .sold = demo->now - SOLD_DAYS_AGO * SECONDS_A_DAY,
                            .paid = demo->now - PAID_DAYS_AGO * SECONDS_A_DAY};
        err = hold(&sale, db, arena, fault);
        if (err == OK)
            err = sell(&sale, db, arena, fault);
        if (err == OK)
            err = pay(&sale, db, arena, fault);
    }
    return err;
}

enum err demo_add_gate(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && !demo->options.quiet && i < demo->monument_count; i++)
        for (size_t k = 0; err == OK && k < sizeof monuments / sizeof *monuments; k++)
            if (str_eq(demo->monuments[i].slug, str_of(monuments[k])))
                err = monument_sell(demo, db, arena, &demo->monuments[i], k, fault);
    return err;
}
