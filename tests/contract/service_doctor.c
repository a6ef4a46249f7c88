/* The doctor: whatever breaks an invariant of the data is noticed. */
#include "contract/service_purchase.h"

#include "base/buf.h"
#include "base/log.h"

/* What a mistake of the program or of a hand in the database would leave. {o} is an order that was confirmed, {v} its
 * first visit, {p} a pending order, {w} its visit, {h} an option. Each kind is noticed. */
static const char *const corruptions[] = {
    "UPDATE slot SET taken = taken + 1 WHERE monument_id = 1 AND taken > 0",
    "UPDATE slot SET taken = taken - 1 WHERE monument_id = 2 AND taken > 0",
    "UPDATE visit SET persons = persons + 1 WHERE id = {h}",
    "UPDATE visit SET state = 'cancelled' WHERE id = {v}",
    "UPDATE visit SET order_id = NULL, state = 'cart', ends_at = 1 WHERE id = {v}",
    "UPDATE visit SET order_id = {p} WHERE id = {v}",
    "UPDATE payment SET amount_cents = amount_cents - 1 WHERE order_id = {o}",
    "UPDATE payment SET state = 'refund-due' WHERE order_id = {o}",
    "UPDATE payment SET order_id = {p} WHERE order_id = {o}",
    "DELETE FROM payment WHERE order_id = {o}",
    "UPDATE orders SET state = 'expired', confirmed_at = NULL WHERE id = {o}",
    "UPDATE orders SET state = 'confirmed', confirmed_at = 1 WHERE id = {p}",
    "UPDATE orders SET total_cents = total_cents + 1 WHERE id = {o}",
    "UPDATE payment_attempt SET state = 'expired' WHERE order_id = {o}",
    "UPDATE payment_attempt SET state = 'paid' WHERE order_id = {p}",
    "UPDATE payment_attempt SET expires_at = 1 WHERE order_id = {p}",
    "DELETE FROM ticket WHERE visit_id = {v} AND position = 1",
    "UPDATE ticket SET price_cents = price_cents + 100 WHERE visit_id = {v} AND position = 1",
    "UPDATE ticket SET price_cents = price_cents + CASE WHEN position = 2 THEN 100 ELSE -100 END"
    " WHERE visit_id = {v} AND position IN (2, 3)",
    "UPDATE ticket SET order_id = {p} WHERE visit_id = {v} AND position = 1",
    "UPDATE ticket SET valid_from = valid_from + 86400, valid_until = valid_until + 86400 WHERE visit_id = {v}",
    "UPDATE ticket SET state = 'cancelled' WHERE visit_id = {v} AND position = 1",
    "UPDATE order_line SET unit_cents = unit_cents + 1 WHERE order_id = {o} AND position = 1",
    "UPDATE order_line SET quantity = quantity + 1 WHERE order_id = {p} AND unit_cents = 0",
    "DELETE FROM order_line WHERE order_id = {p}",
    "DELETE FROM invoice WHERE order_id = {o}",
    "UPDATE invoice SET total_cents = total_cents - 1 WHERE order_id = {o}",
    "UPDATE invoice SET sequence = sequence + 1000 WHERE order_id = {o}",
    "UPDATE number_series SET next = next + 1",
    "DELETE FROM number_series",
    "UPDATE visit SET order_id = NULL, pay_until = NULL WHERE id = {w}",
    "UPDATE visit SET pay_until = pay_until + 864000 WHERE id = {w}",
    "UPDATE visit SET pay_until = NULL WHERE id = {w}",
    "UPDATE visit SET ends_at = 1 WHERE id = {h}",
    "UPDATE visit SET ends_at = start_at + 1 WHERE id = {h}",
    "UPDATE visit SET leader_id = (SELECT max(id) FROM leader) WHERE id = {v}",
    "DELETE FROM outbox WHERE order_id = {o} AND kind = 'tickets'",
    "DELETE FROM outbox WHERE order_id = {o} AND kind = 'order-confirmed'",
};

static struct str filled(struct stage *stage, const char *text, const char *names, const int64_t *ids)
{
    struct buf out = buf_new(1000);
    for (const char *p = text; *p != '\0'; p++) {
        const char *name = *p == '{' ? strchr(names, p[1]) : NULL;
        if (name == NULL) {
            buf_char(&out, *p);
            continue;
        }
        buf_int(&out, ids[name - names]);
        p += 2;
    }
    buf_char(&out, '\0');
    struct str all = str_dup(stage->arena, buf_view(&out));
    buf_free(&out);
    return all;
}

static int findings(struct stage *stage)
{
    int count = 0;
    stage_ok(doctor_check(&stage->service, stage->arena, NULL, &count, &fault));
    return count;
}

STAGED(the_doctor_notices)
{
    struct buyer *buyer = open_shop(stage);
    (void)buyer_new(stage, "b@horizon.example"); /* somebody else's people */
    stage->service.payer = &buyer->fake.port;
    for (size_t i = 0; i < sizeof corruptions / sizeof *corruptions; i++) {
        int64_t ids[5];
        stage_script(stage, "DELETE FROM ticket; DELETE FROM invoice; DELETE FROM number_series; DELETE FROM payment;"
                            "DELETE FROM payment_attempt; DELETE FROM outbox; DELETE FROM order_line; DELETE FROM visit;"
                            "DELETE FROM orders; UPDATE slot SET taken = 0, capacity = 100");
        hold_on(stage, buyer, 1, 0, 22, false);
        order_to_pay(stage, buyer);
        ids[0] = stage_number(stage, "SELECT max(id) FROM orders");
        ids[1] = stage_number(stage, "SELECT max(id) FROM visit");
        struct str payment = str_format(stage->arena, "pi_%zu", i);
        pays(buyer, payment.p);
        assert_int_equal(notify(stage, payment.p), SETTLED_CONFIRMED);
        hold_on(stage, buyer, 1, 1, 21, false);
        order_to_pay(stage, buyer);
        ids[2] = stage_number(stage, "SELECT max(id) FROM orders");
        ids[3] = stage_number(stage, "SELECT max(id) FROM visit");
        ids[4] = hold_on(stage, buyer, 1, 2, 10, true).visit_id;
        hold_on(stage, buyer, 2, 2, 10, false);
        assert_healthy(stage);
        stage_script(stage, filled(stage, corruptions[i], "ovpwh", ids).p);
        if (findings(stage) == 0)
            fail_msg("not noticed: %s", corruptions[i]);
    }
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(the_doctor_notices),
    };
    return ENGINES_MAIN(argc, argv, "service_doctor", tests);
}
