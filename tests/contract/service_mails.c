/* The outbox: each mail at least once, no ticket before its money, the same bytes at every try (OPT-4, TKT-4, CRT-3). */
#include "contract/service_purchase.h"

#include "base/limits.h"
#include "base/log.h"
#include "service/documents.h"
#include "service/mails.h"

enum { KEPT = 40 };

struct post {
    struct mailer mailer;
    struct documents documents;
    struct arena *arena;
    enum mail_result result;
    const char *answer; /* of the host */
    struct stage *slow; /* the host answers so late that another sender has taken the mail */
    enum err err;
    int sent;
    struct mail_message kept[KEPT];
    int printed;
};

static enum err post_send(void *context, const struct mail_message *message, struct mail_outcome *ret_outcome,
                          struct fault *fault)
{
    struct post *post = context;
    if (post->err != OK)
        return fault_set(fault, post->err, "post");
    assert_in_range(post->sent, 0, KEPT - 1);
    struct mail_message *kept = &post->kept[post->sent++];
    *kept = *message;
    kept->to = str_dup(post->arena, message->to);
    kept->subject = str_dup(post->arena, message->subject);
    kept->text = str_dup(post->arena, message->text);
    kept->html = str_dup(post->arena, message->html);
    kept->message_id = str_dup(post->arena, message->message_id);
    *ret_outcome = (struct mail_outcome){.result = post->result};
    if (post->slow != NULL) {
        struct stage *stage = post->slow;
        int sent = 0;
        post->slow = NULL;
        stage->now += 200;
        assert_int_equal(mails_send_due(&stage->service, stage->arena, &sent, fault), OK);
        assert_int_equal(sent, 1);
        ret_outcome->result = MAIL_TEMPORARY;
    }
    if (post->answer != NULL)
        snprintf(ret_outcome->detail, sizeof ret_outcome->detail, "%s", post->answer);
    return OK;
}

static enum err print_tickets(void *context, const struct ticket_sheet *sheet, struct buf *out, struct fault *fault)
{
    (void)fault;
    ((struct post *)context)->printed++;
    buf_format(out, "%%PDF tickets %zu", sheet->ticket_count);
    return OK;
}

static enum err print_invoice(void *context, const struct invoice_sheet *sheet, struct buf *out, struct fault *fault)
{
    (void)fault;
    ((struct post *)context)->printed++;
    buf_format(out, "%%PDF invoice %.*s", STR_ARG(sheet->number));
    return OK;
}

static struct post *open_post(struct stage *stage)
{
    struct post *post = ARENA_NEW(stage->arena, struct post);
    post->arena = stage->arena;
    post->mailer = (struct mailer){.name = "post", .context = post, .send = post_send};
    post->documents = (struct documents){.context = post, .tickets = print_tickets, .invoice = print_invoice};
    stage->service.mailer = &post->mailer;
    stage->service.documents = &post->documents;
    return post;
}

static int send_due(struct stage *stage)
{
    int sent = 0;
    stage_ok(mails_send_due(&stage->service, stage->arena, &sent, &fault));
    return sent;
}

static const struct mail_message *about(const struct post *post, const char *kind)
{
    for (int i = post->sent - 1; i >= 0; i--)
        if (str_starts(post->kept[i].message_id, str_of(kind)))
            return &post->kept[i];
    return NULL;
}

static struct post *shop_with_post(struct stage *stage, struct buyer **ret_buyer)
{
    *ret_buyer = open_shop(stage);
    struct post *post = open_post(stage);
    send_due(stage);
    assert_int_equal(post->sent, 1);
    assert_true(str_has(post->kept[0].text, S("/fr/verification/")));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE detail <> ''"), 0); /* the token is gone */
    return post;
}

STAGED(tickets_are_mailed_when_the_money_is_there)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, false);
    struct str ref = order_to_pay(stage, buyer);
    assert_int_equal(send_due(stage), 0);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(send_due(stage), 2);
    assert_int_equal(send_due(stage), 0);

    const struct mail_message *confirmed = about(post, "order-confirmed");
    assert_non_null(confirmed);
    assert_true(str_has(confirmed->subject, ref));
    assert_true(str_has(confirmed->text, S("336,00")));
    assert_int_equal(confirmed->attachment_count, 1);
    const struct mail_message *tickets = about(post, "tickets");
    assert_non_null(tickets);
    assert_int_equal(tickets->attachment_count, 1);
    assert_str(tickets->to, "a@horizon.example");
    /* the link opens without a session, and only with its signature */
    struct order_view order = order_now(stage, buyer, ref);
    struct str signature = order_link_signature(&stage->service, stage->arena, ref, order.visits.p[0].id);
    assert_true(str_has(tickets->text, signature));
    struct ticket_sheet sheet = {0};
    stage_ok(order_linked_sheet(&stage->service, stage->arena, ref, order.visits.p[0].id, signature, LANG_EN, &sheet, &fault));
    assert_str(sheet.tickets[0].price, "free");
    ASSERT_ERR(order_linked_sheet(&stage->service, stage->arena, ref, order.visits.p[0].id + 1, signature, LANG_EN, &sheet,
                                  NULL), ERR_NOT_FOUND);
}

STAGED(attributed_tickets_go_to_their_person_in_their_language)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    struct place_result visit = hold_on(stage, buyer, 1, 0, 10, false);
    stage_script(stage, str_format(stage->arena,
        "INSERT INTO contact (organisation_id, kind, last_name, first_name, email, phone, lang, created_at) VALUES"
        " (%lld, 'customer', 'Smith', 'Ann', 'ann@client.example', '', 'en', 0)", (long long)buyer->caller.organisation_id).p);
    struct visit_choice choice = {.visit_id = visit.visit_id, .leader_id = buyer->guide,
                                  .contact_id = stage_number(stage, "SELECT max(id) FROM contact")};
    struct validation validation = {.choices = &choice, .choice_count = 1, .terms_version = S("v1"), .request_key = S("k")};
    struct validation_result result = {0};
    stage_ok(order_place(&stage->service, stage->arena, &buyer->caller, &validation, &result, &fault));
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(send_due(stage), 2);
    const struct mail_message *tickets = about(post, "tickets");
    assert_str(tickets->to, "ann@client.example");
    assert_true(str_has(tickets->text, S("Hello Ann Smith")));
    assert_str(about(post, "order-confirmed")->to, "a@horizon.example");
    stage_ok(order_resend(&stage->service, stage->arena, &buyer->caller, result.order_ref, visit.visit_id, &fault));
    assert_int_equal(send_due(stage), 1);
    assert_true(str_has(about(post, "tickets")->text, S("Hello Ann Smith"))); /* whoever asked for it */
}

STAGED(refused_for_now_is_tried_again_with_the_same_bytes)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    post->result = MAIL_TEMPORARY;
    assert_int_equal(send_due(stage), 0);
    struct mail_message first = post->kept[post->sent - 1];
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(post->sent, 2); /* not at once */
    stage->now += 61;
    post->result = MAIL_SENT;
    assert_int_equal(send_due(stage), 1);
    struct mail_message second = post->kept[post->sent - 1];
    assert_true(str_eq(first.message_id, second.message_id));
    assert_true(str_eq(first.text, second.text));
    assert_true(str_eq(first.html, second.html));
    assert_int_equal(first.date, second.date);
}

STAGED(refused_for_good_stays_visible)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    post->result = MAIL_PERMANENT;
    assert_int_equal(send_due(stage), 0);
    stage->now += 10 * DAY;
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE state = 'failed'"), 1);
}

STAGED(sender_that_died_is_replaced)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    /* claimed by a process that ended before it noted anything */
    stage_script(stage, str_format(stage->arena, "UPDATE outbox SET state = 'sending', next_at = %lld, tries = 1 WHERE state = 'waiting'",
                                   (long long)stage->now + 180).p);
    assert_int_equal(send_due(stage), 0);
    stage->now += 181;
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(post->sent, 2);
}

STAGED(an_answer_that_is_no_text_is_noted)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    post->answer = "250 re\xe7u"; /* Latin-1: no database takes it, and the mail would go out again for ever */
    assert_int_equal(send_due(stage), 1);
    stage->now += DAY;
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
}

STAGED(a_slow_sender_does_not_undo_its_successor)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    post->slow = stage;
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
}

STAGED(a_mail_whose_senders_die_is_given_up)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    stage_script(stage, "UPDATE outbox SET state = 'sending', tries = 99 WHERE state = 'waiting'");
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(post->sent, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE state = 'failed'"), 1);
}

STAGED_FAULTY(one_row_that_resists_does_not_keep_the_others)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    hold_on(stage, buyer, 1, 0, 25, true);
    hold_on(stage, buyer, 1, 1, 25, true);
    struct fail_plan *plan = &stage->test->plan;
    plan->nth = 1;
    plan->err = ERR_DB;
    plan->seen = 0;
    plan->operation = FAIL_COMMIT;
    int sent = 0;
    struct fault fault = {.err = OK};
    ASSERT_ERR(mails_send_due(&stage->service, stage->arena, &sent, &fault), ERR_DB);
    plan->operation = FAIL_NOTHING;
    assert_int_equal(post->sent, 2);
    assert_int_equal(send_due(stage), 1);
}

STAGED(a_large_order_is_confirmed_whole)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    for (int i = 0; i < LIMIT_CART_VISITS; i++) {
        struct place_result result = {0};
        stage_ok(place_undated(&stage->service, stage->arena, &buyer->caller, 3, 11 + i, LEADER_NONE, new_key(stage, buyer),
                               &result, &fault));
    }
    order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    stage_script(stage, "DELETE FROM outbox WHERE kind = 'tickets'");
    assert_int_equal(send_due(stage), 1);
    struct str rest = about(post, "order-confirmed")->text;
    for (int i = 0; i < LIMIT_CART_VISITS; i++) {
        char number[8];
        snprintf(number, sizeof number, " %d ", 11 + i);
        if (!str_has(rest, str_of(number)))
            fail_msg("the visit of %d persons is not named", 11 + i);
    }
}

STAGED(ended_option_is_told)
{
    struct buyer *buyer = NULL;
    struct post *post = shop_with_post(stage, &buyer);
    struct place_result option = hold_on(stage, buyer, 1, 0, 25, true);
    assert_int_equal(send_due(stage), 1);
    stage->now = option.ends_at;
    expire_all(stage);
    assert_int_equal(send_due(stage), 1);
    const struct mail_message *ended = about(post, "option-ended");
    assert_non_null(ended);
    assert_true(str_has(ended->text, S("Chapelle")));
    assert_true(str_has(ended->text, S("/fr/monuments/chapel/planning")));
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(tickets_are_mailed_when_the_money_is_there),
        staged_test(attributed_tickets_go_to_their_person_in_their_language),
        staged_test(refused_for_now_is_tried_again_with_the_same_bytes),
        staged_test(refused_for_good_stays_visible),
        staged_test(sender_that_died_is_replaced),
        staged_test(an_answer_that_is_no_text_is_noted),
        staged_test(a_slow_sender_does_not_undo_its_successor),
        staged_test(a_mail_whose_senders_die_is_given_up),
        staged_test(one_row_that_resists_does_not_keep_the_others),
        staged_test(a_large_order_is_confirmed_whole),
        staged_test(ended_option_is_told),
    };
    return ENGINES_MAIN(argc, argv, "service_mails", tests);
}
