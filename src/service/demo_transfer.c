/* The demonstration's transfers (CRT-4, OPS-5): one that is asked for, one that waits, one that came in part. */
#include "domain/reference.h"
#include "domain/rf_reference.h"
#include "service/demo_parts.h"
#include "service/pricing.h"
#include "service/transfer_parts.h"

enum { AHEAD_DAYS = 16, PART_CENTS = 10000 };

static const struct {
    size_t customer;
    int hours_ago;
    bool allowed, part;
} transfers[] = {{2, 3, false, false}, {3, 50, true, false}, {4, 74, true, true}};

struct sale {
    struct demo *demo;
    size_t index;
    const struct demo_customer *customer;
    struct demo_transfer_visit_row visit;
    instant sold, due_at;
    int64_t order_id, total;
};

static enum err order_add(struct sale *s, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct demo *demo = s->demo;
    char reference[REFERENCE_SIZE];
    struct price price;
    struct order_insert_row order;
    bool given = false;
    enum err err = price_visit(db, arena, &demo->settings,
                               (struct priced){.audience = S("adults"), .leader_kind = s->visit.leader_kind,
                                               .monument_id = s->visit.monument_id, .persons = (int)s->visit.persons,
                                               .day = (day_number)s->visit.day}, &price, &given, fault);
    if (err == OK &&
        (!given || !reference_make(random_code(&demo->service->random, arena, REFERENCE_RANDOM), reference)))
        return fault_set(fault, ERR_BUG, "a transfer of the demonstration");
    if (err != OK)
        return err;
    s->total = price.total.v;
    err = q_order_insert(db, arena, (struct order_insert_in){
        .ref = str_of(reference), .organisation_id = s->customer->organisation_id, .person_id = s->customer->person_id,
        .method = S("transfer"), .total_cents = price.total.v, .lang = S("fr"), .terms_version = S("2026-11"),
        .request_key = str_format(arena, "demo-transfer-%zu", s->index), .now = s->sold}, &order, NULL, fault);
    for (size_t i = 0; err == OK && i < price.count; i++)
        err = q_order_line_insert(db, (struct order_line_insert_in){
            .order_id = order.id, .visit_id = s->visit.id, .position = (int64_t)i + 1,
            .tariff_code = price.lines[i].tariff_code, .role = str_of(ticket_role_name(price.lines[i].role)),
            .quantity = price.lines[i].quantity, .unit_cents = price.lines[i].unit.v,
            .vat_code = price.lines[i].vat_code, .why = str_of(price.lines[i].why),
            .why_number = price.lines[i].why_number}, NULL, fault);
    if (err == OK)
        s->order_id = order.id;
    return err;
}

/* Without the mails of the days before: nobody waits for them any more. */
static enum err transfer_add(const struct sale *s, struct db *db, struct fault *fault)
{
    const struct service *service = s->demo->service;
    bool allowed = transfers[s->index].allowed;
    char rf[RF_SIZE];
    if (!rf_of_order(date_of(service_day(service, s->sold)).year, s->order_id, rf))
        return fault_set(fault, ERR_BUG, "reference of a transfer");
    enum err err = q_demo_transfer_join(db, (struct demo_transfer_join_in){.id = s->visit.id, .order_id = s->order_id,
                                                                           .pay_until = s->due_at}, NULL, fault);
    if (err == OK)
        err = q_transfer_insert(db, (struct transfer_insert_in){
            .order_id = s->order_id, .rf = str_of(rf), .now = s->sold, .allowed_at = {.is = allowed, .v = s->sold},
            .allowed_why = allowed ? S("order") : (struct str){"", 0}, .due_at = s->due_at}, NULL, fault);
    if (err == OK && allowed)
        err = q_transfer_hold_firm(db, (struct transfer_hold_firm_in){.order_id = s->order_id, .due_at = s->due_at,
                                                                      .now = s->sold}, NULL, fault);
    return err;
}

static enum err part_receive(const struct sale *s, struct db *db, struct arena *arena, struct fault *fault)
{
    struct transfer_outcome outcome;
    struct transfer_money money = {
        .order_id = s->order_id, .amount = cents(s->total > 2 * PART_CENTS ? PART_CENTS : s->total / 2),
        .day = s->demo->today - 1, .bank_ref = S("VIR SEPA ACOMPTE GROUPE"), .reason = S("relevé de la veille"),
        .request_key = str_format(arena, "demo-transfer-part-%zu", s->index)};
    return transfer_receive(s->demo->service, db, arena, &money, s->demo->now, &outcome, fault);
}

static enum err one_add(struct demo *demo, struct db *db, struct arena *arena, size_t index, struct fault *fault)
{
    struct sale s = {.demo = demo, .index = index, .customer = &demo->customers[transfers[index].customer],
                     .sold = demo->now - transfers[index].hours_ago * 3600};
    struct transfer_rule rule = transfer_rule_of(&demo->settings);
    if (!transfers[index].allowed)
        rule.days = (int)demo->settings.transfer_answer_days;
    if (!transfer_deadline(&demo->service->zone, s.sold, rule, 0, &s.due_at) || s.due_at <= demo->now)
        return OK;
    bool found = false;
    enum err err = q_demo_transfer_visit(db, arena, (struct demo_transfer_visit_in){
        .organisation_id = s.customer->organisation_id, .after = demo->now + (int64_t)AHEAD_DAYS * SECONDS_A_DAY},
        &s.visit, &found, fault);
    if (err != OK || !found) /* this customer has no such option: the demonstration is none the worse for it */
        return err;
    err = order_add(&s, db, arena, fault);
    if (err == OK)
        err = transfer_add(&s, db, fault);
    return err == OK && transfers[index].part ? part_receive(&s, db, arena, fault) : err;
}

enum err demo_add_transfers(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && !demo->options.quiet && i < sizeof transfers / sizeof *transfers; i++)
        err = one_add(demo, db, arena, i, fault);
    return err;
}
