/* Steps that the tests of changes of paid visits share. */
#ifndef GUICHET_TESTS_SERVICE_ORDER_CHANGE_H
#define GUICHET_TESTS_SERVICE_ORDER_CHANGE_H

#include "contract/service_purchase.h"

#include "service/documents.h"
#include "service/mails.h"
#include "service/order_change.h"
#include "service/settings.h"

static inline int64_t count(struct stage *stage, const char *what)
{
    return stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM %s", what).p);
}

static inline int64_t newest_visit(struct stage *stage)
{
    return stage_number(stage, "SELECT max(id) FROM visit");
}

static inline int64_t newest_visit_of(struct stage *stage, struct str ref)
{
    return stage_number(stage, str_format(stage->arena,
        "SELECT max(v.id) FROM visit v JOIN orders o ON o.id = v.order_id WHERE o.ref = '%.*s'", STR_ARG(ref)).p);
}

static inline struct str newest_ref(struct stage *stage)
{
    return stage_text(stage, "SELECT ref FROM orders ORDER BY id DESC LIMIT 1");
}

/* A paid visit of monument 1 in a slot; `tag` names its payment. */
static inline struct str bought(struct stage *stage, struct buyer *buyer, int slot_index, int persons, const char *tag)
{
    assert_int_equal(hold_on(stage, buyer, 1, slot_index, persons, false).refusal, REFUSED_NOT);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, str_format(stage->arena, "pi_%s", tag).p);
    assert_int_equal(notify(stage, str_format(stage->arena, "evt_%s", tag).p), SETTLED_CONFIRMED);
    return ref;
}

static inline struct visit_change_result change_as(struct stage *stage, const struct caller *caller,
                                                   struct buyer *buyer, struct str ref, int64_t visit_id,
                                                   int slot_index, int persons, int64_t difference, const char *reason)
{
    struct visit_change change = {.order_ref = ref, .visit_id = visit_id, .persons = persons, .difference = difference,
                                  .start_at = buyer->slots + slot_index * HOUR, .reason = str_of(reason),
                                  .request_key = new_key(stage, buyer)};
    struct visit_change_result result = {0};
    stage_ok(order_change(&stage->service, stage->arena, caller, &change, &result, &fault));
    return result;
}

static inline struct visit_change_result change_visit(struct stage *stage, struct buyer *buyer, struct str ref,
                                                      int64_t visit_id, int slot_index, int persons,
                                                      int64_t difference)
{
    return change_as(stage, &buyer->caller, buyer, ref, visit_id, slot_index, persons, difference, "");
}

/* Of the order's only visit. */
static inline struct visit_change_result change_to(struct stage *stage, struct buyer *buyer, struct str ref,
                                                   int slot_index, int persons, int64_t difference)
{
    return change_visit(stage, buyer, ref, newest_visit_of(stage, ref), slot_index, persons, difference);
}

static inline enum err change_err(struct stage *stage, const struct caller *caller, struct buyer *buyer,
                                  struct str ref, int64_t visit_id)
{
    struct visit_change change = {.order_ref = ref, .visit_id = visit_id, .persons = 20,
                                  .start_at = buyer->slots + HOUR, .request_key = S("strange")};
    struct visit_change_result result = {0};
    return order_change(&stage->service, stage->arena, caller, &change, &result, NULL);
}

static inline void open_payment(struct stage *stage, struct buyer *buyer, struct str ref)
{
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_NOT);
    assert_true(page.url.n > 0);
}

/* Customer service on behalf of the buyer. */
static inline struct caller acting_for(struct stage *stage, struct buyer *buyer)
{
    stage_script(stage, "INSERT INTO staff (id, email, email_key, first_name, last_name, lang, role, created_at) VALUES"
                        " (71, 's@network.example', 's@network.example', 'S', 'C', 'fr', 'customer-service', 0)");
    struct caller acting = buyer->caller;
    acting.role = ROLE_ACTING;
    acting.staff_id = 71;
    return acting;
}

static inline struct str undated_order(struct stage *stage, struct buyer *buyer)
{
    struct place_result held = {0};
    stage_ok(place_undated(&stage->service, stage->arena, &buyer->caller, 3, 4, LEADER_NONE, new_key(stage, buyer),
                           &held, &fault));
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_undated");
    assert_int_equal(notify(stage, "evt_undated"), SETTLED_CONFIRMED);
    return ref;
}

/* ---- mails ---- */

static inline enum err no_tickets(void *context, const struct ticket_sheet *sheet, struct buf *out, struct fault *fault)
{
    (void)context;
    (void)fault;
    buf_format(out, "%d tickets", (int)sheet->ticket_count);
    return OK;
}

static inline enum err no_invoice(void *context, const struct invoice_sheet *sheet, struct buf *out,
                                  struct fault *fault)
{
    (void)context;
    (void)fault;
    buf_str(out, sheet->number);
    return OK;
}

static const struct documents no_documents = {.tickets = no_tickets, .invoice = no_invoice};

/* The newest mail of a kind in the outbox, as it would be sent. */
static inline struct mail_message mail_of_kind(struct stage *stage, const char *kind)
{
    const char *where = str_format(stage->arena, "FROM outbox WHERE kind = '%s' ORDER BY id DESC LIMIT 1", kind).p;
    struct mail_job job = {
        .kind = str_of(kind), .lang = LANG_FR, .created_at = stage->now,
        .id = stage_number(stage, str_format(stage->arena, "SELECT id %s", where).p),
        .order_id = stage_number(stage, str_format(stage->arena, "SELECT COALESCE(order_id, 0) %s", where).p),
        .visit_id = stage_number(stage, str_format(stage->arena, "SELECT COALESCE(visit_id, 0) %s", where).p),
        .recipient = stage_text(stage, str_format(stage->arena, "SELECT recipient %s", where).p)};
    struct mail_message message = {.date = 0};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    return message;
}

#endif
