/* What customer service does for one customer, on each engine: acting with a reason, notes, options, mails sent again,
 * corrections (OPS-1, OPT-7). */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "base/log.h"
#include "service/audit_log.h"
#include "service/customer.h"
#include "service/desk.h"
#include "service/mails.h"
#include "service/member.h"

struct desk_stage {
    struct buyer *shop;
    struct caller own; /* the customer's */
    struct worker clerk;
    int64_t organisation_id;
    int keys;
};

static struct desk_stage desk_open(struct stage *stage)
{
    struct desk_stage d = {.shop = open_shop(stage)};
    d.own = d.shop->caller;
    d.organisation_id = d.own.organisation_id;
    d.clerk = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    return d;
}

static struct customer_act act_of(struct stage *stage, struct desk_stage *d)
{
    return (struct customer_act){.caller = &d->clerk.head.caller, .organisation_id = d->organisation_id,
                                 .reason = S(" asked by phone "),
                                 .request_key = str_format(stage->arena, "form-%d", ++d->keys)};
}

static int64_t mails_of(struct stage *stage, const char *kind)
{
    return stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM outbox WHERE kind = '%s'", kind).p);
}

static void begin_acting(struct stage *stage, struct desk_stage *d)
{
    stage_ok(staff_act_for(&stage->service, stage->arena, &d->clerk.head, d->organisation_id, 0, S("asked by phone"),
                           &fault));
    d->clerk.head = head_of(stage, d->clerk.token);
    d->shop->caller = staff_acting_caller(&d->clerk.head);
    d->shop->caller.lang = LANG_EN; /* who acts reads English; the customer does not */
}

/* ---- acting ---- */

STAGED(acting_needs_a_reason_and_every_act_carries_it)
{
    struct desk_stage d = desk_open(stage);
    ASSERT_ERR(staff_act_for(&stage->service, stage->arena, &d.clerk.head, d.organisation_id, 0, S(""), NULL), ERR_INPUT);
    struct session_head session = {.session_id = 7};
    bool found = true;
    stage_ok(customer_acting_head(&stage->service, stage->arena, &d.clerk.head, &session, &found, &fault));
    assert_false(found);
    begin_acting(stage, &d);
    assert_str(d.clerk.head.acting.reason, "asked by phone");
    stage_ok(customer_acting_head(&stage->service, stage->arena, &d.clerk.head, &session, &found, &fault));
    assert_true(found);
    assert_int_equal(session.session_id, 0);
    assert_int_equal(session.caller.role, ROLE_ACTING);
    assert_str(session.organisation, "Voyages Horizon");
    assert_str(session.email, "a@horizon.example");

    struct place_result option = hold_on(stage, d.shop, 1, 0, 10, true);
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &d.shop->caller, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 1);
    struct place_result undated = {0};
    stage_ok(place_undated(&stage->service, stage->arena, &d.shop->caller, 3, 5, LEADER_NONE, new_key(stage, d.shop),
                           &undated, &fault));
    struct validation_result placed = validate(stage, d.shop, new_key(stage, d.shop));
    assert_true(placed.to_pay);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE staff_id IS NOT NULL AND person_id IS NOT NULL"
                                         " AND reason = 'asked by phone' AND act IN ('support.act-for', 'option.place',"
                                         " 'option.to-cart', 'cart.hold', 'order.place')"), 5);
    /* In the customer's language, and told as made by customer service. */
    assert_str(stage_text(stage, "SELECT lang FROM outbox WHERE kind = 'option-placed'"), "fr");
    assert_str(stage_text(stage, "SELECT lang FROM orders"), "fr");
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE staff_id IS NOT NULL"), 2);
    assert_true(order_now(stage, d.shop, placed.order_ref).by_service);
    struct order_rows rows = {.n = 0};
    day_number today = service_day(&stage->service, stage->now);
    stage_ok(order_search(&stage->service, stage->arena, &d.own, today, today, &rows, &fault));
    assert_int_equal(rows.n, 1);
    assert_true(rows.p[0].by_service);
    struct option_views options = {.n = 0};
    stage_ok(place_options(&stage->service, stage->arena, &d.own, &options, &fault));
    assert_int_equal(options.n, 1);
    assert_true(options.p[0].by_service);
}

STAGED(customer_service_never_pays_and_mails_the_way)
{
    struct desk_stage d = desk_open(stage);
    begin_acting(stage, &d);
    hold_on(stage, d.shop, 2, 0, 10, false);
    struct str ref = validate(stage, d.shop, new_key(stage, d.shop)).order_ref;
    struct payment_page page;
    ASSERT_ERR(payment_open(&stage->service, stage->arena, &d.shop->caller, ref, &page, NULL), ERR_REFUSED);
    enum refusal refusal = REFUSED_FULL;
    ASSERT_ERR(customer_payment_link(&stage->service, stage->arena, &d.own, ref, S("key-key-1"), &refusal, NULL),
               ERR_REFUSED);
    for (int i = 0; i < 2; i++)
        stage_ok(customer_payment_link(&stage->service, stage->arena, &d.shop->caller, ref, S("key-key-1"), &refusal,
                                       &fault));
    assert_int_equal(refusal, REFUSED_NOT);
    assert_int_equal(mails_of(stage, "payment-link"), 1); /* the same form */
    struct mail_job job = {.id = 1, .kind = S("payment-link"), .recipient = S("a@horizon.example"), .lang = LANG_FR,
                           .order_id = stage_number(stage, "SELECT order_id FROM outbox WHERE kind = 'payment-link'"),
                           .created_at = stage->now};
    struct mail_message message = {.text = S("")};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_true(str_has(message.text, str_join2(stage->arena, S("/fr/commandes/"), ref)));
    assert_true(str_has(message.text, S("130,00")));

    /* Hours later the customer pays: the places were kept. */
    stage->now += 8 * HOUR;
    expire_all(stage);
    d.shop->caller = d.own;
    assert_true(order_now(stage, d.shop, ref).payable);
    stage_ok(payment_open(&stage->service, stage->arena, &d.own, ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_NOT);
    pays(d.shop, "pi_1");
    assert_int_equal(notify(stage, "evt-1"), SETTLED_CONFIRMED);
    begin_acting(stage, &d);
    stage_ok(customer_payment_link(&stage->service, stage->arena, &d.shop->caller, ref, S("key-key-2"), &refusal, &fault));
    assert_int_equal(refusal, REFUSED_PAID);
    ASSERT_ERR(mails_compose(&stage->service, stage->arena, &job, &message, NULL), ERR_NOT_FOUND);
    assert_healthy(stage);
}

/* ---- notes ---- */

STAGED(notes_are_added_once_and_by_name)
{
    struct desk_stage d = desk_open(stage);
    struct customer_act act = act_of(stage, &d);
    ASSERT_ERR(customer_note_add(&stage->service, stage->arena, &act, S("  "), NULL), ERR_INPUT);
    for (int i = 0; i < 2; i++)
        stage_ok(customer_note_add(&stage->service, stage->arena, &act, S("Calls back on Monday."), &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM customer_note"), 1);
    assert_int_equal(stage_number(stage, "SELECT staff_id FROM customer_note"), d.clerk.staff_id);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'customer.note'"), 1);
    act = act_of(stage, &d);
    act.organisation_id = 999;
    ASSERT_ERR(customer_note_add(&stage->service, stage->arena, &act, S("Nobody"), NULL), ERR_NOT_FOUND);
}

/* ---- options ---- */

static enum customer_refusal extend(struct stage *stage, struct desk_stage *d, struct customer_act act, int64_t visit_id,
                                    instant until, bool beyond)
{
    (void)d;
    enum customer_refusal refusal = CUSTOMER_MAIL_GONE;
    stage_ok(customer_option_extend(&stage->service, stage->arena, &act, visit_id, until, beyond, &refusal, &fault));
    return refusal;
}

STAGED(an_option_is_extended_within_its_bounds)
{
    struct desk_stage d = desk_open(stage);
    stage_script(stage, "UPDATE group_rule SET option_days = 5 WHERE monument_id = 1");
    struct place_result placed = hold_on(stage, d.shop, 1, 0, 10, true);
    struct customer_option option = {.persons = 0};
    stage_ok(customer_option_read(&stage->service, stage->arena, &d.clerk.head.caller, d.organisation_id,
                                  placed.visit_id, &option, &fault));
    assert_int_equal(option.ends_at, placed.ends_at);
    assert_true(option.confirm_by > option.ends_at && option.confirm_by < option.start_at);
    assert_int_equal(option.refusal, CUSTOMER_REFUSED_NOT);

    int64_t id = placed.visit_id;
    assert_int_equal(extend(stage, &d, act_of(stage, &d), id, option.ends_at, false), CUSTOMER_NOT_LATER);
    assert_int_equal(extend(stage, &d, act_of(stage, &d), id, option.confirm_by + 1, false), CUSTOMER_AFTER_CONFIRM);
    assert_int_equal(extend(stage, &d, act_of(stage, &d), id, option.start_at + 1, true), CUSTOMER_AFTER_START);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM staff_form"), 0); /* what was refused may come again */
    struct customer_act act = act_of(stage, &d);
    assert_int_equal(extend(stage, &d, act, id, option.confirm_by, false), CUSTOMER_REFUSED_NOT);
    assert_int_equal(extend(stage, &d, act, id, option.confirm_by, false), CUSTOMER_REFUSED_NOT); /* the same form */
    assert_int_equal(mails_of(stage, "option-extended"), 1);
    assert_int_equal(extend(stage, &d, act_of(stage, &d), id, option.start_at, true), CUSTOMER_REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'customer.option-extend' AND"
                                         " reason = 'asked by phone' AND was <> '' AND became <> '' AND was <> became"),
                     2);
    /* It lives on where it would have ended. */
    stage->now = option.ends_at + HOUR;
    expire_all(stage);
    assert_int_equal(taken(stage, d.shop, 1, 0), 10);
    struct mail_job job = {.id = 1, .kind = S("option-extended"), .recipient = S("a@horizon.example"), .lang = LANG_EN,
                           .visit_id = id, .created_at = stage->now};
    struct mail_message message = {.text = S("")};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_true(str_has(message.text, S("asked by phone")));
    stage->now = option.start_at;
    expire_all(stage);
    assert_int_equal(taken(stage, d.shop, 1, 0), 0);
    assert_int_equal(extend(stage, &d, act_of(stage, &d), id, option.start_at + DAY, true), CUSTOMER_OPTION_ENDED);
    assert_healthy(stage);
}

STAGED(an_option_is_cancelled_and_its_holder_told)
{
    struct desk_stage d = desk_open(stage);
    struct place_result placed = hold_on(stage, d.shop, 1, 0, 10, true);
    struct customer_act act = act_of(stage, &d), no_reason = act, elsewhere = act_of(stage, &d);
    enum customer_refusal refusal = CUSTOMER_MAIL_GONE;
    no_reason.reason = S(" ");
    elsewhere.organisation_id++;
    ASSERT_ERR(customer_option_cancel(&stage->service, stage->arena, &no_reason, placed.visit_id, &refusal, NULL),
               ERR_INPUT);
    ASSERT_ERR(customer_option_cancel(&stage->service, stage->arena, &elsewhere, placed.visit_id, &refusal, NULL),
               ERR_NOT_FOUND);
    assert_int_equal(taken(stage, d.shop, 1, 0), 10);
    for (int i = 0; i < 2; i++) {
        stage_ok(customer_option_cancel(&stage->service, stage->arena, &act, placed.visit_id, &refusal, &fault));
        assert_int_equal(refusal, CUSTOMER_REFUSED_NOT);
    }
    assert_int_equal(taken(stage, d.shop, 1, 0), 0);
    assert_int_equal(mails_of(stage, "option-cancelled"), 1);
    act = act_of(stage, &d);
    stage_ok(customer_option_cancel(&stage->service, stage->arena, &act, placed.visit_id, &refusal, &fault));
    assert_int_equal(refusal, CUSTOMER_OPTION_ENDED);
    /* One that is being paid is left alone. */
    hold_on(stage, d.shop, 1, 1, 10, true);
    int64_t id = stage_number(stage, "SELECT max(id) FROM visit");
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &d.own, &id, 1, &moved, &fault));
    order_to_pay(stage, d.shop);
    act = act_of(stage, &d);
    stage_ok(customer_option_cancel(&stage->service, stage->arena, &act, id, &refusal, &fault));
    assert_int_equal(refusal, CUSTOMER_OPTION_PAYING);
    assert_healthy(stage);
}

/* ---- mails ---- */

static enum customer_refusal again(struct stage *stage, struct desk_stage *d, const char *kind)
{
    struct customer_act act = act_of(stage, d);
    enum customer_refusal refusal = CUSTOMER_NOT_LATER;
    int64_t id = stage_number(stage, str_format(stage->arena, "SELECT max(id) FROM outbox WHERE kind = '%s'", kind).p);
    for (int i = 0; i < 2; i++) /* a double click */
        stage_ok(customer_mail_resend(&stage->service, stage->arena, &act, id, &refusal, &fault));
    return refusal;
}

static void sent(struct stage *stage)
{
    stage_script(stage, "UPDATE outbox SET state = 'sent', detail = ''");
}

STAGED(mails_are_sent_again_and_links_made_anew)
{
    struct desk_stage d = desk_open(stage);
    hold_on(stage, d.shop, 1, 0, 10, true);
    assert_int_equal(again(stage, &d, "option-placed"), CUSTOMER_MAIL_WAITING);
    sent(stage);
    assert_int_equal(again(stage, &d, "option-placed"), CUSTOMER_REFUSED_NOT);
    assert_int_equal(mails_of(stage, "option-placed"), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-placed' AND visit_id IS NOT"
                                         " NULL AND state = 'waiting' AND recipient = 'a@horizon.example'"), 1);
    /* The address is verified: nobody waits for that link. */
    assert_int_equal(again(stage, &d, "verify-email"), CUSTOMER_MAIL_GONE);
    assert_int_equal(mails_of(stage, "verify-email"), 1);

    enum account_refusal refused = ACCOUNT_PLACEHOLDER;
    stage_ok(member_invite(&stage->service, stage->arena, d.own,
                           (struct member_invite){.email = S("p@horizon.example"), .role = ROLE_BOOKER}, &refused,
                           &fault));
    struct str old = last_token(stage);
    sent(stage);
    assert_int_equal(again(stage, &d, "invite-member"), CUSTOMER_REFUSED_NOT);
    struct str fresh = last_token(stage);
    assert_false(str_eq(old, fresh));
    struct invitation_view view = {.refusal = ACCOUNT_REFUSED_NOT};
    stage_ok(invitation_check(&stage->service, stage->arena, old, &view, &fault));
    assert_int_not_equal(view.refusal, ACCOUNT_REFUSED_NOT);
    stage_ok(invitation_check(&stage->service, stage->arena, fresh, &view, &fault));
    assert_int_equal(view.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(view.role, ROLE_BOOKER);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'customer.resend' AND reason <> ''"), 2);

    struct customer_mail mail = {.link = false};
    int64_t id = stage_number(stage, "SELECT max(id) FROM outbox");
    stage_ok(customer_mail_read(&stage->service, stage->arena, &d.clerk.head.caller, d.organisation_id, id, &mail, &fault));
    assert_true(mail.link && mail.waiting);
    ASSERT_ERR(customer_mail_read(&stage->service, stage->arena, &d.clerk.head.caller, d.organisation_id + 1, id, &mail,
                                  NULL), ERR_NOT_FOUND);
}

STAGED(what_went_to_a_leaver_goes_to_a_manager)
{
    struct desk_stage d = desk_open(stage);
    hold_on(stage, d.shop, 1, 0, 10, true);
    sent(stage);
    stage_script(stage, "UPDATE outbox SET recipient = 'gone@horizon.example' WHERE kind = 'option-placed'");
    assert_int_equal(again(stage, &d, "option-placed"), CUSTOMER_REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE recipient = 'gone@horizon.example'"), 2);
    sent(stage);
    stage_script(stage, str_format(stage->arena,
        "INSERT INTO person (organisation_id, email, email_key, first_name, last_name, phone, password_hash, lang, "
        "created_at, left_at) VALUES (%lld, 'gone@horizon.example', 'left 9', 'G', 'One', '', '', 'fr', 0, 1)",
        (long long)d.organisation_id).p);
    assert_int_equal(again(stage, &d, "option-placed"), CUSTOMER_REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE recipient = 'a@horizon.example' AND"
                                         " kind = 'option-placed' AND state = 'waiting'"), 1);
}

/* ---- corrections ---- */

STAGED(a_correction_says_what_it_was)
{
    struct desk_stage d = desk_open(stage);
    struct customer_head head = {.people_count = 0};
    struct customer_person person = {.factor = true};
    const struct staff_caller *caller = &d.clerk.head.caller;
    stage_ok(customer_head_read(&stage->service, stage->arena, caller, d.organisation_id, &head, &fault));
    assert_int_equal(head.people_count, 1);
    stage_ok(customer_person_read(&stage->service, stage->arena, caller, d.organisation_id, d.own.person_id, &person,
                                  &fault));
    assert_false(person.factor);
    struct customer_act act = act_of(stage, &d);
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct organisation_fields fields = head.organisation;
    stage_ok(customer_correct_organisation(&stage->service, stage->arena, &act, fields, &refusal, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'customer.correct%'"), 0);
    fields.name = S("Voyages Horizon & fils");
    fields.city = S("");
    stage_ok(customer_correct_organisation(&stage->service, stage->arena, &act, fields, &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_CITY);
    fields.city = S("Lyon");
    stage_ok(customer_correct_organisation(&stage->service, stage->arena, &act, fields, &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    assert_true(str_has(stage_text(stage, "SELECT became FROM audit WHERE act = 'customer.correct-organisation'"),
                        S("name: Voyages Horizon & fils\ncity: Lyon")));

    person.fields.phone = S("01 99 00 12 34");
    stage_ok(customer_correct_person(&stage->service, stage->arena, &act, d.own.person_id, person.fields, &refusal,
                                     &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    assert_str(stage_text(stage, "SELECT became FROM audit WHERE act = 'customer.correct-person'"),
               "phone: 0199001234");
    assert_str(stage_text(stage, "SELECT reason FROM audit WHERE act = 'customer.correct-person'"), "asked by phone");
    act.organisation_id++;
    ASSERT_ERR(customer_correct_person(&stage->service, stage->arena, &act, d.own.person_id, person.fields, &refusal,
                                       NULL), ERR_NOT_FOUND);
    ASSERT_ERR(customer_correct_organisation(&stage->service, stage->arena, &act, fields, &refusal, NULL),
               ERR_NOT_FOUND);
}

/* ---- reading ---- */

STAGED(a_day_of_a_monument_is_found_and_read)
{
    struct desk_stage d = desk_open(stage);
    hold_on(stage, d.shop, 1, 1, 10, true);
    struct local_time when = local_of(&stage->service.zone, d.shop->slots);
    struct str text = str_format(stage->arena, "chapelle %.*s", STR_ARG(day_iso(stage->arena, when.day)));
    struct desk_hits hits = {.n = 0};
    const struct staff_caller *caller = &d.clerk.head.caller;
    stage_ok(desk_search(&stage->service, stage->arena, caller, text, &hits, &fault));
    assert_int_equal(hits.n, 1);
    assert_int_equal(hits.p[0].found, DESK_SLOT);
    assert_int_equal(hits.p[0].persons, 10);
    struct desk_slots slots = {.n = 0};
    stage_ok(desk_slots(&stage->service, stage->arena, caller, hits.p[0].detail, hits.p[0].day, &slots, &fault));
    assert_true(slots.leaders);
    size_t groups = 0;
    for (size_t i = 0; i < slots.n; i++)
        groups += slots.p[i].group_count;
    assert_int_equal(groups, 1);
    struct staff_caller accountant = {.staff_id = d.clerk.staff_id, .role = ROLE_STAFF_ACCOUNTANT};
    stage_ok(desk_slots(&stage->service, stage->arena, &accountant, hits.p[0].detail, hits.p[0].day, &slots, &fault));
    assert_false(slots.leaders); /* other people's names and numbers */
    stage_ok(desk_search(&stage->service, stage->arena, caller, S("abbaye 2026-12-12"), &hits, &fault));
    assert_int_equal(hits.n, 0); /* no slots there */
}

STAGED(an_order_is_read_with_all_that_belongs_to_it)
{
    struct desk_stage d = desk_open(stage);
    begin_acting(stage, &d);
    hold_on(stage, d.shop, 2, 0, 10, false);
    struct str ref = validate(stage, d.shop, new_key(stage, d.shop)).order_ref;
    d.shop->caller = d.own;
    struct payment_page page;
    stage_ok(payment_open(&stage->service, stage->arena, &d.own, ref, &page, &fault));
    pays(d.shop, "pi_1");
    notify(stage, "evt-1");
    struct desk_order_view view = {.organisation_id = 0};
    stage_ok(desk_order_read(&stage->service, stage->arena, &d.clerk.head.caller, ref, &view, &fault));
    assert_int_equal(view.organisation_id, d.organisation_id);
    assert_str(view.staff, "Inès Valmont");
    assert_int_equal(view.visits.n, 1);
    assert_int_equal(view.visits.p[0].tickets.n, 10);
    assert_str(view.visits.p[0].tickets.p[0].state, "valid");
    assert_int_equal(view.visits.p[0].taken, 10);
    assert_int_equal(view.order.payments.n, 1);
    bool act = false, mail = false;
    for (size_t i = 0; i < view.entries.n; i++) {
        act = act || (view.entries.p[i].event == DESK_EVENT_ACT && str_eq(view.entries.p[i].word, S("order.place")));
        mail = mail || (view.entries.p[i].event == DESK_EVENT_MAIL && view.entries.p[i].id > 0);
    }
    assert_true(act && mail);

    struct desk_customer customer = {.transfer_allowed = true};
    struct customer_act add_note = act_of(stage, &d);
    stage_ok(customer_note_add(&stage->service, stage->arena, &add_note, S("Calls back on Monday."), &fault));
    stage_ok(desk_customer(&stage->service, stage->arena, &d.clerk.head.caller, d.organisation_id, &customer, &fault));
    int notes = 0, marked = 0;
    for (size_t i = 0; i < customer.entries.n; i++) {
        const struct desk_entry *entry = &customer.entries.p[i];
        notes += entry->event == DESK_EVENT_NOTE && str_eq(entry->label, S("Calls back on Monday."));
        marked += (entry->event == DESK_EVENT_ORDER || entry->event == DESK_EVENT_VISIT) && entry->staff.n > 0;
    }
    assert_int_equal(notes, 1);
    assert_int_equal(marked, 2);
}

STAGED(the_log_is_read_by_period_and_person)
{
    struct desk_stage d = desk_open(stage);
    begin_acting(stage, &d);
    hold_on(stage, d.shop, 1, 0, 10, true);
    struct worker boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    day_number today = service_day(&stage->service, stage->now);
    struct audit_question question = {.from = today, .to = today, .staff_id = d.clerk.staff_id};
    struct audit_lines lines = {.n = 0};
    stage_ok(audit_log(&stage->service, stage->arena, &boss.head.caller, &question, &lines, &fault));
    bool found = false;
    for (size_t i = 0; i < lines.n; i++) {
        assert_str(lines.p[i].staff, "Inès Valmont");
        found = found || (str_eq(lines.p[i].act, S("option.place")) && str_eq(lines.p[i].reason, S("asked by phone")) &&
                          str_eq(lines.p[i].organisation, S("Voyages Horizon")) && lines.p[i].person.n > 0);
    }
    assert_true(found);
    question.before_id = lines.p[lines.n - 1].id;
    stage_ok(audit_log(&stage->service, stage->arena, &boss.head.caller, &question, &lines, &fault));
    assert_int_equal(lines.n, 0);
    question = (struct audit_question){.from = today, .to = today, .email = S("A@horizon.example")};
    stage_ok(audit_log(&stage->service, stage->arena, &boss.head.caller, &question, &lines, &fault));
    assert_true(lines.n > 0 && !lines.unknown);
    question.email = S("nobody@horizon.example");
    stage_ok(audit_log(&stage->service, stage->arena, &boss.head.caller, &question, &lines, &fault));
    assert_true(lines.n == 0 && lines.unknown);
    question = (struct audit_question){.from = today + 1, .to = today + 9};
    stage_ok(audit_log(&stage->service, stage->arena, &boss.head.caller, &question, &lines, &fault));
    assert_int_equal(lines.n, 0);
}

STAGED(ones_own_sessions_are_seen_and_ended)
{
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct staff_step step = enter(stage, "w@network.example", PASSWORD);
    struct staff_entry second = give_code(stage, step.step, w.codes.p[0], false);
    struct staff_own own = {.codes_left = 0};
    stage_ok(staff_own_read(&stage->service, stage->arena, &w.head, &own, &fault));
    assert_int_equal(own.sessions.n, 2);
    assert_int_equal(own.codes_left, FACTOR_CODES - 1);
    struct worker stranger = worker(stage, "s@network.example", ROLE_STAFF_ACCOUNTANT);
    int64_t ended = 7;
    stage_ok(staff_session_end(&stage->service, stage->arena, &stranger.head, second.session_id, &ended, &fault));
    assert_int_equal(ended, 0);
    stage_ok(staff_session_end(&stage->service, stage->arena, &w.head, 0, &ended, &fault));
    assert_int_equal(ended, 1);
    struct staff_head head;
    assert_false(find(stage, second.token, &head));
    assert_true(find(stage, w.token, &head));
    assert_true(find(stage, stranger.token, &head));
    struct staff_head nobody = {.session_id = 0};
    ASSERT_ERR(staff_own_read(&stage->service, stage->arena, &nobody, &own, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(staff_session_end(&stage->service, stage->arena, &nobody, 0, &ended, NULL), ERR_NOT_FOUND);
}

/* Whatever fails, and whenever: the form sent again ends the option once, gives its places back once and tells the
 * holder once. */
static void cancel_with_faults(struct stage *stage, bool done)
{
    struct desk_stage d = desk_open(stage);
    int64_t round = 0;
    for (int64_t nth = 1;; nth++, round++) {
        int64_t visit_id = hold_on(stage, d.shop, 1, 0, 10, true).visit_id;
        struct customer_act act = act_of(stage, &d);
        enum customer_refusal refusal = CUSTOMER_MAIL_GONE;
        stage->test->plan = (struct fail_plan){.operation = done ? FAIL_COMMIT : FAIL_ANY, .nth = nth, .err = ERR_DB,
                                               .done = done};
        (void)customer_option_cancel(&stage->service, stage->arena, &act, visit_id, &refusal, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        stage_ok(customer_option_cancel(&stage->service, stage->arena, &act, visit_id, &refusal, &fault));
        assert_int_equal(refusal, CUSTOMER_REFUSED_NOT);
        assert_int_equal(taken(stage, d.shop, 1, 0), 0);
        assert_int_equal(mails_of(stage, "option-cancelled"), nth);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM staff_form"), nth);
        if (!reached)
            break;
    }
    assert_in_range(round, done ? 1 : 8, 1000);
    assert_healthy(stage);
}

STAGED_FAULTY(cancelling_survives_any_fault)
{
    cancel_with_faults(stage, false);
}

STAGED_FAULTY(cancelling_survives_lost_answers)
{
    cancel_with_faults(stage, true);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(acting_needs_a_reason_and_every_act_carries_it),
        staged_test(customer_service_never_pays_and_mails_the_way),
        staged_test(notes_are_added_once_and_by_name),
        staged_test(an_option_is_extended_within_its_bounds),
        staged_test(an_option_is_cancelled_and_its_holder_told),
        staged_test(mails_are_sent_again_and_links_made_anew),
        staged_test(what_went_to_a_leaver_goes_to_a_manager),
        staged_test(a_correction_says_what_it_was),
        staged_test(a_day_of_a_monument_is_found_and_read),
        staged_test(an_order_is_read_with_all_that_belongs_to_it),
        staged_test(the_log_is_read_by_period_and_person),
        staged_test(ones_own_sessions_are_seen_and_ended),
        staged_test(cancelling_survives_any_fault),
        staged_test(cancelling_survives_lost_answers),
    };
    return ENGINES_MAIN(argc, argv, "service_customer", tests);
}
