/* The bank's statements (CRT-5, OPS-5) and the refunds desk (ORD-4): each entry once, never by amount alone; what is
 * given back is given back once, in whole or in part. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/bank_desk.h"
#include "service/refund_desk.h"

static struct worker desk;

/* ---- orders ---- */

static struct buyer *open_desk(struct stage *stage)
{
    struct buyer *buyer = open_shop(stage);
    desk = worker(stage, "ines@m.example", ROLE_CUSTOMER_SERVICE);
    enum transfer_refusal refusal;
    stage_ok(transfer_allow_account(&stage->service, stage->arena, &desk.head.caller, buyer->caller.organisation_id,
                                    true, S("agence connue"), &refusal, &fault));
    return buyer;
}

static struct str order_of(struct stage *stage, struct buyer *buyer, int slot_index, int persons)
{
    hold_on(stage, buyer, 1, slot_index, persons, false);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    struct visit_choice choice = {.visit_id = cart.p[0].id, .leader_id = buyer->guide};
    struct validation validation = {.choices = &choice, .choice_count = 1, .terms_version = S("v1"), .transfer = true,
                                    .request_key = new_key(stage, buyer)};
    struct validation_result result = {0};
    stage_ok(order_place(&stage->service, stage->arena, &buyer->caller, &validation, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    return result.order_ref;
}

static struct str rf_of(struct stage *stage, struct buyer *buyer, struct str ref)
{
    struct transfer_view view = {0};
    stage_ok(transfer_of_order(&stage->service, stage->arena, &buyer->caller, ref, &view, &fault));
    return view.rf;
}

/* ---- statements ---- */

struct line {
    int64_t amount;
    struct str text;
    const char *iban; /* NULL: the bank does not say */
};

static struct str statement(struct stage *stage, const char *iban, int number, const struct line *lines, size_t count)
{
    struct str entries = S("");
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t amount = lines[i].amount < 0 ? -lines[i].amount : lines[i].amount;
        sum += lines[i].amount;
        entries = str_format(
            stage->arena,
            "%.*s<Ntry><NtryRef>%d-%zu</NtryRef><Amt Ccy=\"EUR\">%lld.%02lld</Amt><CdtDbtInd>%s</CdtDbtInd>"
            "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><ValDt><Dt>2026-11-20</Dt></ValDt>"
            "<AcctSvcrRef>S%d-%zu</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd>"
            "</Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
            "<RltdPties><Dbtr><Pty><Nm>VOYAGES HORIZON</Nm></Pty></Dbtr>%s</RltdPties>"
            "<RmtInf><Ustrd>%.*s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
            STR_ARG(entries), number, i, (long long)(amount / 100), (long long)(amount % 100),
            lines[i].amount < 0 ? "DBIT" : "CRDT", number, i,
            lines[i].iban == NULL
                ? ""
                : str_format(stage->arena, "<DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct>", lines[i].iban).p,
            STR_ARG(lines[i].text));
    }
    return str_format(
        stage->arena,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"
        "<BkToCstmrStmt><GrpHdr><MsgId>M%d</MsgId><CreDtTm>2026-11-20T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>ST%d</Id>"
        "<ElctrncSeqNb>%d</ElctrncSeqNb><CreDtTm>2026-11-20T20:00:00Z</CreDtTm><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        "<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">10000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        "<Dt><Dt>2026-11-19</Dt></Dt></Bal>"
        "<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%lld.%02lld</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        "<Dt><Dt>2026-11-20</Dt></Dt></Bal>%.*s</Stmt></BkToCstmrStmt></Document>",
        number, number, number, iban, (long long)((1000000 + sum) / 100), (long long)((1000000 + sum) % 100),
        STR_ARG(entries));
}

static const char *const OURS = "FR7699999000010001234567809";

static struct bank_import import_bytes(struct stage *stage, struct str bytes)
{
    struct bank_import result = {0};
    stage_ok(bank_import(&stage->service, stage->arena, &desk.head.caller, S("releve.xml"), bytes, &result, &fault));
    return result;
}

static struct bank_lists lists_of(struct stage *stage)
{
    struct bank_lists lists = {0};
    stage_ok(bank_list(&stage->service, stage->arena, &desk.head.caller, &lists, &fault));
    return lists;
}

static struct bank_decided decide_entry(struct stage *stage, int64_t id, enum bank_choice choice, struct str ref)
{
    struct bank_decision decision = {.entry_id = id, .choice = choice, .ref = ref, .reason = S("vu avec le client")};
    struct bank_decided decided = {.refusal = BANK_FILE};
    stage_ok(bank_decide(&stage->service, stage->arena, &desk.head.caller, &decision, &decided, &fault));
    return decided;
}

static bool order_is(struct stage *stage, struct buyer *buyer, struct str ref, enum order_state state)
{
    return order_now(stage, buyer, ref).state == state;
}

/* ---- imports ---- */

STAGED(what_names_its_order_and_is_exact_settles_by_itself)
{
    struct buyer *buyer = open_desk(stage);
    struct str first = order_of(stage, buyer, 0, 20), second = order_of(stage, buyer, 1, 20);
    struct str third = order_of(stage, buyer, 2, 20);
    struct line lines[] = {
        {28000, str_format(stage->arena, "VIR %.*s MERCI", STR_ARG(rf_of(stage, buyer, first))), NULL},
        {10000, str_format(stage->arena, "%.*s", STR_ARG(rf_of(stage, buyer, second))), NULL},
        {28000, S("GROUPE DU 8 DECEMBRE"), NULL},  /* the right amount, and nothing else */
        {-5000, S("LOYER"), NULL},
        {28000, str_format(stage->arena, "COMMANDE %.*s", STR_ARG(first)), NULL}, /* a second time */
    };
    struct str bytes = statement(stage, OURS, 1, lines, 5);
    struct bank_import result = import_bytes(stage, bytes);
    assert_int_equal(result.refusal, BANK_NOT_REFUSED);
    assert_int_equal(result.entries, 5);
    assert_int_equal(result.fresh, 5);
    assert_int_equal(result.matched, 1);
    assert_int_equal(result.proposed, 2);
    assert_int_equal(result.unmatched, 1);
    assert_int_equal(result.aside, 1);
    assert_true(order_is(stage, buyer, first, ORDER_CONFIRMED));
    assert_true(order_is(stage, buyer, second, ORDER_PENDING));
    assert_true(order_is(stage, buyer, third, ORDER_PENDING));
    assert_healthy(stage);

    /* the same file, and the same entries in another file */
    result = import_bytes(stage, bytes);
    assert_true(result.known && result.fresh == 0 && result.matched == 0);
    result = import_bytes(stage, str_join2(stage->arena, bytes, S("\n")));
    assert_true(!result.known && result.fresh == 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM transfer_receipt"), 1);

    struct bank_lists lists = lists_of(stage);
    assert_int_equal(lists.proposed.n, 2);
    assert_int_equal(lists.unmatched.n, 1);
    assert_int_equal(lists.matched.n, 1);
    assert_int_equal(lists.file_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct bank_row *row = &lists.proposed.p[i];
        struct bank_decided decided = decide_entry(stage, row->id, BANK_ACCEPT, S(""));
        assert_int_equal(decided.refusal, BANK_NOT_REFUSED);
        if (str_eq(row->ref, second))
            assert_int_equal(decided.outcome.end, TRANSFER_PART);
        else
            assert_int_equal(decided.outcome.end, TRANSFER_RETURN);
        assert_int_equal(decide_entry(stage, row->id, BANK_ACCEPT, S("")).refusal, BANK_DECIDED);
    }
    int64_t loose = lists.unmatched.p[0].id;
    assert_int_equal(decide_entry(stage, loose, BANK_ASSIGN, S("XXXX-XXXX")).refusal, BANK_NO_ORDER);
    assert_int_equal(decide_entry(stage, loose, BANK_DISMISS, S("")).refusal, BANK_NOT_REFUSED);
    assert_int_equal(decide_entry(stage, loose, BANK_REOPEN, S("")).refusal, BANK_NOT_REFUSED);
    assert_int_equal(decide_entry(stage, loose, BANK_ASSIGN, third).outcome.end, TRANSFER_CONFIRMED);
    assert_true(order_is(stage, buyer, third, ORDER_CONFIRMED));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'bank.%' AND reason <> ''"), 5);
    assert_healthy(stage);
}

STAGED(what_a_person_recorded_is_not_counted_again)
{
    struct buyer *buyer = open_desk(stage);
    struct str ref = order_of(stage, buyer, 0, 20);
    struct transfer_record record = {.ref = ref,
                                     .amount = cents(28000),
                                     .request_key = S("form"),
                                     .day = service_day(&stage->service, stage->now),
                                     .reason = S("appel de la banque")};
    struct transfer_outcome outcome = {0};
    stage_ok(transfer_record(&stage->service, stage->arena, &desk.head.caller, &record, &outcome, &fault));
    assert_int_equal(outcome.end, TRANSFER_CONFIRMED);
    struct line line = {28000, rf_of(stage, buyer, ref), NULL};
    assert_int_equal(import_bytes(stage, statement(stage, OURS, 1, &line, 1)).proposed, 1);
    struct bank_lists lists = lists_of(stage);
    assert_true(lists.proposed.p[0].by_hand && lists.proposed.p[0].confirmed);
    assert_int_equal(decide_entry(stage, lists.proposed.p[0].id, BANK_COUNTED, S("")).refusal, BANK_NOT_REFUSED);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment"), 1);
    assert_healthy(stage);
}

STAGED(a_known_payer_is_proposed_and_never_settled_by_the_amount)
{
    struct buyer *buyer = open_desk(stage);
    struct str first = order_of(stage, buyer, 0, 20);
    struct line line = {28000, rf_of(stage, buyer, first), "FR7630006000011234567890189"};
    assert_int_equal(import_bytes(stage, statement(stage, OURS, 1, &line, 1)).matched, 1);
    struct str second = order_of(stage, buyer, 1, 20);
    line.text = S("FACTURE");
    assert_int_equal(import_bytes(stage, statement(stage, OURS, 2, &line, 1)).proposed, 1);
    assert_true(order_is(stage, buyer, second, ORDER_PENDING));
    assert_true(str_eq(lists_of(stage).proposed.p[0].ref, second));
    assert_healthy(stage);
}

STAGED(only_our_account_in_euros)
{
    open_desk(stage);
    struct line line = {28000, S("RF"), NULL};
    assert_int_equal(import_bytes(stage, statement(stage, "FR7630006000011234567890189", 1, &line, 1)).refusal,
                     BANK_NOT_OURS);
    struct bank_import broken = import_bytes(stage, S("<Document>"));
    assert_int_equal(broken.refusal, BANK_FILE);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM bank_entry"), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM bank_file"), 0);
}

/* ---- the refunds desk ---- */

static int refunds_called;

static enum err refund_at_once(void *context, struct arena *arena, struct str payment_ref, struct cents amount,
                               struct str key, struct pay_refund *ret_refund, struct fault *fault)
{
    (void)context;
    (void)payment_ref;
    (void)amount;
    (void)fault;
    refunds_called++;
    *ret_refund = (struct pay_refund){.refund_ref = str_join2(arena, S("re_"), key), .outcome = PAY_REFUND_DONE};
    return OK;
}

static struct str card_order(struct stage *stage, struct buyer *buyer, int slot_index, const char *payment)
{
    buyer->fake.port.refund = refund_at_once;
    hold_on(stage, buyer, 1, slot_index, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, payment);
    assert_int_equal(notify(stage, payment), SETTLED_CONFIRMED);
    return ref;
}

static struct refund_order_made pay_back(struct stage *stage, struct str ref, int64_t quantity, const char *key)
{
    struct refund_order order = {0};
    stage_ok(refund_order_read(&stage->service, stage->arena, &desk.head.caller, ref, &order, &fault));
    struct refund_choice choice = {.position = order.visits[0].lines[0].position, .quantity = quantity};
    struct refund_order_request request = {.ref = ref, .choices = &choice, .choice_count = 1,
                                           .reason = S("le monument a annulé"), .request_key = str_of(key)};
    struct refund_order_made made = {.refusal = REFUND_DESK_DAY};
    stage_ok(refund_order_pay(&stage->service, stage->arena, &desk.head.caller, &request, &made, &fault));
    return made;
}

static struct refund_lists refund_lists_of(struct stage *stage)
{
    struct refund_lists lists = {0};
    stage_ok(refund_desk_list(&stage->service, stage->arena, &desk.head.caller, &lists, &fault));
    return lists;
}

static void send_refunds(struct stage *stage)
{
    int sent = 0;
    stage_ok(refund_send_due(&stage->service, stage->arena, &sent, &fault));
}

STAGED(a_visit_goes_back_in_part_and_then_whole)
{
    struct buyer *buyer = open_desk(stage);
    struct str ref = card_order(stage, buyer, 0, "pi_1");
    struct refund_order_made part = pay_back(stage, ref, 5, "part");
    assert_int_equal(part.refusal, REFUND_DESK_NOT_REFUSED);
    assert_int_equal(part.made.amount.v, 7000);
    assert_int_equal(part.voided, 0);
    assert_int_equal(taken(stage, buyer, 1, 0), 20); /* the group still comes */
    assert_int_equal(pay_back(stage, ref, 16, "too many").refusal, REFUND_DESK_TOO_MUCH);
    struct refund_order_made rest = pay_back(stage, ref, 15, "rest");
    assert_int_equal(rest.voided, 1);
    assert_int_equal(pay_back(stage, ref, 15, "rest").made.refund_id, rest.made.refund_id);
    assert_int_equal(pay_back(stage, ref, 1, "more").refusal, REFUND_DESK_TOO_MUCH);
    assert_int_equal(pay_back(stage, ref, 0, "none").refusal, REFUND_DESK_NOTHING);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    refunds_called = 0;
    send_refunds(stage);
    assert_int_equal(refunds_called, 2);
    assert_int_equal(refund_lists_of(stage).under_way.n, 0);
    assert_int_equal(refund_lists_of(stage).latest.n, 2);
    assert_healthy(stage);
}

STAGED(a_transfer_goes_back_by_transfer)
{
    struct buyer *buyer = open_desk(stage);
    struct str ref = order_of(stage, buyer, 0, 20);
    struct line line = {28500, rf_of(stage, buyer, ref), "FR7630006000011234567890189"};
    import_bytes(stage, statement(stage, OURS, 1, &line, 1));
    decide_entry(stage, lists_of(stage).proposed.p[0].id, BANK_ACCEPT, S(""));
    assert_true(order_is(stage, buyer, ref, ORDER_CONFIRMED));
    struct refund_lists lists = refund_lists_of(stage);
    assert_int_equal(lists.due.n, 1);
    assert_int_equal(lists.due.p[0].amount.v, 500);
    struct refund_due_pay pay = {
        .payment_id = lists.due.p[0].payment_id, .reason = S("trop-perçu"), .request_key = S("due")};
    enum refund_desk_refusal refusal = REFUND_DESK_DAY;
    for (int i = 0; i < 2; i++) {
        stage_ok(refund_desk_pay(&stage->service, stage->arena, &desk.head.caller, &pay, &refusal, &fault));
        assert_int_equal(refusal, REFUND_DESK_NOT_REFUSED);
    }
    pay.request_key = S("another form");
    stage_ok(refund_desk_pay(&stage->service, stage->arena, &desk.head.caller, &pay, &refusal, &fault));
    assert_int_equal(refusal, REFUND_DESK_DECIDED);
    assert_int_equal(pay_back(stage, ref, 20, "all").voided, 1);
    lists = refund_lists_of(stage);
    assert_int_equal(lists.due.n, 0);
    assert_int_equal(lists.to_transfer.n, 2);
    assert_true(str_eq(lists.to_transfer.p[0].payer_iban, S("FR7630006000011234567890189")));
    for (size_t i = 0; i < 2; i++) {
        struct refund_transferred done = {.part_id = lists.to_transfer.p[i].part_id, .bank_ref = S("VIR 12"),
                                          .day = service_day(&stage->service, stage->now)};
        stage_ok(refund_desk_transferred(&stage->service, stage->arena, &desk.head.caller, &done, &refusal, &fault));
        assert_int_equal(refusal, REFUND_DESK_NOT_REFUSED);
        stage_ok(refund_desk_transferred(&stage->service, stage->arena, &desk.head.caller, &done, &refusal, &fault));
        assert_int_equal(refusal, REFUND_DESK_DECIDED);
    }
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'refund-sent'"), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment WHERE state = 'refunded'"), 1);
    assert_healthy(stage);
}

STAGED(what_is_stuck_is_remedied_once)
{
    struct buyer *buyer = open_desk(stage);
    struct str ref = card_order(stage, buyer, 0, "pi_1");
    pay_back(stage, ref, 20, "all");
    stage_script(stage, "UPDATE refund_part SET state = 'failed', settled_at = 1");
    struct refund_lists lists = refund_lists_of(stage);
    assert_int_equal(lists.stuck.n, 1);
    int64_t part = lists.stuck.p[0].part_id;
    enum refund_desk_refusal refusal = REFUND_DESK_DAY;
    stage_ok(refund_desk_remedy(&stage->service, stage->arena, &desk.head.caller, part, REFUND_TRANSFER_INSTEAD,
                                S("carte expirée"), &refusal, &fault));
    assert_int_equal(refusal, REFUND_DESK_NOT_REFUSED);
    stage_ok(refund_desk_remedy(&stage->service, stage->arena, &desk.head.caller, part, REFUND_SEND_AGAIN, S("encore"),
                                &refusal, &fault));
    assert_int_equal(refusal, REFUND_DESK_DECIDED);
    lists = refund_lists_of(stage);
    assert_int_equal(lists.stuck.n, 0);
    assert_int_equal(lists.to_transfer.n, 1);
    refunds_called = 0;
    send_refunds(stage);
    assert_int_equal(refunds_called, 0);
    assert_healthy(stage);
}

/* ---- faults ---- */

STAGED_FAULTY(importing_survives_any_fault)
{
    struct buyer *buyer = open_desk(stage);
    int64_t spoilt = 0;
    for (int nth = 1; nth < 600; nth += 7) {
        stage_script(stage, "UPDATE slot SET capacity = capacity + 20 WHERE monument_id = 1");
        struct str ref = order_of(stage, buyer, nth % 4, 20);
        struct line lines[] = {{28000, rf_of(stage, buyer, ref), NULL}, {100, S("?"), NULL}};
        struct str bytes = statement(stage, OURS, nth, lines, 2);
        struct bank_import result;
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        (void)bank_import(&stage->service, stage->arena, &desk.head.caller, S("f"), bytes, &result, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        import_bytes(stage, bytes);
        assert_true(order_is(stage, buyer, ref, ORDER_CONFIRMED));
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, 3, 1000);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment"),
                     stage_number(stage, "SELECT count(*) FROM orders"));
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(what_names_its_order_and_is_exact_settles_by_itself),
        staged_test(what_a_person_recorded_is_not_counted_again),
        staged_test(a_known_payer_is_proposed_and_never_settled_by_the_amount),
        staged_test(only_our_account_in_euros),
        staged_test(a_visit_goes_back_in_part_and_then_whole),
        staged_test(a_transfer_goes_back_by_transfer),
        staged_test(what_is_stuck_is_remedied_once),
        staged_test(importing_survives_any_fault),
    };
    return ENGINES_MAIN(argc, argv, "statements and refunds", tests);
}
