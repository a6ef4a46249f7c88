/* Voucher layouts and ticket numbers as CSV on each engine (TKT-2). */
#include "contract/service_rights.h"

#include "service/mails.h"

static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x00\0\0\x00\x40\x08\x02\0\0\0ABCD"
                          "\0\0\0\x04IDATabcdABCD\0\0\0\0IENDABCD";

static enum layout_refusal send_bytes(struct stage *stage, struct desk *desk, struct str bytes, const char *key)
{
    struct layout_upload upload = {
        .name = S("Bon été"), .note = S("merci"), .bytes = bytes, .request_key = str_of(key)};
    enum layout_refusal refusal = LAYOUT_REFUSED_NOT;
    stage_ok(layout_send(&stage->service, stage->arena, &desk->buyer->caller, &upload, &refusal, &fault));
    return refusal;
}

static struct layout newest(struct stage *stage, struct desk *desk)
{
    struct layout_page page;
    stage_ok(layout_list(&stage->service, stage->arena, &desk->buyer->caller, &page, &fault));
    assert_true(page.layouts.n > 0);
    return page.layouts.p[0];
}

static bool decide(struct stage *stage, struct desk *desk, enum layout_state was, enum layout_state became,
                   const char *words)
{
    bool done = false;
    stage_ok(layout_decide(&stage->service, stage->arena, &desk->service, newest(stage, desk).id, was, became,
                           str_of(words), &done, &fault));
    return done;
}

STAGED(a_layout_is_sent_and_decided)
{
    struct desk *desk = open_desk(stage);
    struct str good = {png, sizeof png - 1};
    assert_int_equal(send_bytes(stage, desk, S(""), "a"), LAYOUT_MISSING);
    assert_int_equal(send_bytes(stage, desk, S("<html>"), "a"), LAYOUT_NOT_KNOWN);
    assert_int_equal(count_of(stage, "layout"), 0);
    assert_int_equal(send_bytes(stage, desk, good, "a"), LAYOUT_REFUSED_NOT);
    assert_int_equal(send_bytes(stage, desk, good, "a"), LAYOUT_REFUSED_NOT); /* the same form */
    assert_int_equal(count_of(stage, "layout"), 1);
    assert_int_equal(count_of(stage, "outbox WHERE kind = 'layout-desk'"), 1);
    struct layout_file file;
    stage_ok(layout_file(&stage->service, stage->arena, &desk->buyer->caller, newest(stage, desk).id, &file, &fault));
    assert_true(str_eq(file.bytes, good));
    assert_int_equal(file.kind, LAYOUT_PNG);

    bool done = false;
    assert_int_equal(layout_decide(&stage->service, stage->arena, &desk->service, newest(stage, desk).id,
                                   LAYOUT_STATE_WAITING, LAYOUT_STATE_REFUSED, S(" "), &done, NULL),
                     ERR_INPUT);
    assert_int_equal(layout_decide(&stage->service, stage->arena, &desk->service, newest(stage, desk).id,
                                   LAYOUT_STATE_WAITING, LAYOUT_STATE_WITHDRAWN, S("why"), &done, NULL),
                     ERR_INPUT);
    assert_true(decide(stage, desk, LAYOUT_STATE_WAITING, LAYOUT_STATE_REFUSED, "too small"));
    assert_false(decide(stage, desk, LAYOUT_STATE_WAITING, LAYOUT_STATE_APPROVED, "")); /* another desk was quicker */
    assert_true(decide(stage, desk, LAYOUT_STATE_REFUSED, LAYOUT_STATE_APPROVED, ""));
    assert_int_equal(count_of(stage, "outbox WHERE kind IN ('layout-refused', 'layout-approved')"), 2);
    assert_int_equal(count_of(stage, "audit WHERE act = 'layout.refused' AND reason = 'too small' AND was = 'waiting'"),
                     1);
    stage_ok(
        layout_withdraw(&stage->service, stage->arena, &desk->buyer->caller, newest(stage, desk).id, &done, &fault));
    assert_true(done);
    stage_ok(
        layout_withdraw(&stage->service, stage->arena, &desk->buyer->caller, newest(stage, desk).id, &done, &fault));
    assert_false(done);
    for (int i = 0; i < LAYOUT_WAITING; i++)
        assert_int_equal(send_bytes(stage, desk, good, str_format(stage->arena, "more-%d", i).p), LAYOUT_REFUSED_NOT);
    assert_int_equal(send_bytes(stage, desk, good, "one too many"), LAYOUT_TOO_MANY);
}

STAGED(another_organisations_layout_is_not_there)
{
    struct desk *desk = open_desk(stage);
    send_bytes(stage, desk, (struct str){png, sizeof png - 1}, "a");
    int64_t id = newest(stage, desk).id;
    struct caller other = buyer_new(stage, "b@horizon.example")->caller;
    struct layout_file file;
    bool done = false;
    assert_int_equal(layout_file(&stage->service, stage->arena, &other, id, &file, NULL), ERR_NOT_FOUND);
    assert_int_equal(layout_withdraw(&stage->service, stage->arena, &other, id, &done, NULL), ERR_NOT_FOUND);
    struct layout_page page;
    stage_ok(layout_list(&stage->service, stage->arena, &other, &page, &fault));
    assert_int_equal(page.layouts.n, 0);
}

/* An order of two tickets' kinds whose leader has a name that a spreadsheet would run. */
static struct str paid_order(struct stage *stage, struct desk *desk)
{
    hold_on(stage, desk->buyer, 1, 0, 21, false);
    stage_script(stage, "UPDATE leader SET first_name = '=HYPERLINK(\"x\",1)', last_name = 'Martin, \"Jo\"'");
    struct str ref = order_to_pay(stage, desk->buyer);
    pays(desk->buyer, "pi_csv");
    notify(stage, "evt_csv");
    return ref;
}

STAGED(numbers_as_csv_while_a_layout_is_approved)
{
    struct desk *desk = open_desk(stage);
    struct str ref = paid_order(stage, desk);
    int64_t visit = stage_number(stage, "SELECT id FROM visit WHERE state = 'confirmed'");
    struct buf out = buf_new(1 << 20);
    assert_int_equal(order_tickets_csv(&stage->service, stage->arena, &desk->buyer->caller, ref, visit, &out, NULL),
                     ERR_NOT_FOUND);
    send_bytes(stage, desk, (struct str){png, sizeof png - 1}, "a");
    assert_int_equal(order_tickets_csv(&stage->service, stage->arena, &desk->buyer->caller, ref, visit, &out, NULL),
                     ERR_NOT_FOUND);
    assert_true(decide(stage, desk, LAYOUT_STATE_WAITING, LAYOUT_STATE_APPROVED, ""));
    stage_ok(order_tickets_csv(&stage->service, stage->arena, &desk->buyer->caller, ref, visit, &out, &fault));
    struct str text = buf_view(&out);
    assert_true(str_starts(text, S("\xEF\xBB\xBFticket_number,qr_code,")));
    int lines = 0;
    for (size_t i = 0; i + 1 < text.n; i++)
        lines += text.p[i] == '\r' && text.p[i + 1] == '\n';
    assert_int_equal(lines, 22);
    assert_true(str_has(text, S(",\"'=HYPERLINK(\"\"x\"\",1) Martin, \"\"Jo\"\"\",")));
    assert_true(str_has(text, S(",14.00,visitor,")));
    struct caller other = buyer_new(stage, "b@horizon.example")->caller;
    assert_int_equal(order_tickets_csv(&stage->service, stage->arena, &other, ref, visit, &out, NULL), ERR_NOT_FOUND);
    assert_int_equal(order_tickets_choose(&stage->service, stage->arena, &other, ref, TICKETS_AS_CSV, NULL),
                     ERR_NOT_FOUND);
    assert_true(decide(stage, desk, LAYOUT_STATE_APPROVED, LAYOUT_STATE_WITHDRAWN, "changed"));
    assert_int_equal(order_tickets_csv(&stage->service, stage->arena, &desk->buyer->caller, ref, visit, &out, NULL),
                     ERR_NOT_FOUND);
    buf_free(&out);
}

static enum tickets_as mailed_as(struct stage *stage)
{
    struct db *db = stage->test->db;
    enum tickets_as as = TICKETS_AS_PDF;
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(tickets_as_of(db, stage->arena, 1, &as, &fault));
    db_rollback(db);
    return as;
}

STAGED(the_mail_carries_what_was_chosen)
{
    struct desk *desk = open_desk(stage);
    struct str ref = paid_order(stage, desk);
    stage_ok(layout_choose(&stage->service, stage->arena, &desk->buyer->caller, TICKETS_AS_BOTH, &fault));
    assert_int_equal(mailed_as(stage), TICKETS_AS_PDF); /* nothing is approved */
    send_bytes(stage, desk, (struct str){png, sizeof png - 1}, "a");
    decide(stage, desk, LAYOUT_STATE_WAITING, LAYOUT_STATE_APPROVED, "");
    assert_int_equal(mailed_as(stage), TICKETS_AS_BOTH);
    stage_ok(order_tickets_choose(&stage->service, stage->arena, &desk->buyer->caller, ref, TICKETS_AS_CSV, &fault));
    assert_int_equal(mailed_as(stage), TICKETS_AS_CSV);
    struct tickets_choice choice;
    stage_ok(order_tickets_form(&stage->service, stage->arena, &desk->buyer->caller, ref, &choice, &fault));
    assert_true(choice.approved);
    assert_true(choice.own);
    assert_int_equal(choice.as, TICKETS_AS_CSV);
    decide(stage, desk, LAYOUT_STATE_APPROVED, LAYOUT_STATE_WITHDRAWN, "changed");
    assert_int_equal(mailed_as(stage), TICKETS_AS_PDF);
}

/* Every mail of the area can be written in both languages. */
STAGED(every_mail_says_something)
{
    struct desk *desk = open_desk(stage);
    struct right_wish wish = wish_for(stage, desk, 2, 0, 10, numbers_from(stage, "P", 1, 10), 10);
    struct right_result booked = book_passes(stage, desk, &wish);
    send_bytes(stage, desk, (struct str){png, sizeof png - 1}, "a");
    decide(stage, desk, LAYOUT_STATE_WAITING, LAYOUT_STATE_APPROVED, "well done");
    static const char *const kinds[] = {"right-cancelled", "stock-granted",    "stock-revoked", "layout-approved",
                                        "layout-refused",  "layout-withdrawn", "layout-desk"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            bool layout = str_starts(str_of(kinds[i]), S("layout-"));
            struct mail_job job = {.id = 1,
                                   .kind = str_of(kinds[i]),
                                   .recipient = S("a@b.example"),
                                   .lang = (enum lang)lang,
                                   .order_id = stage_number(stage, "SELECT min(id) FROM orders"),
                                   .visit_id = booked.visit_id,
                                   .detail = layout
                                                 ? str_format(stage->arena, "%lld", (long long)newest(stage, desk).id)
                                                 : S("because it rains")};
            struct mail_message message;
            stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
            assert_true(message.subject.n > 0);
            if (i == 0 || i == 2)
                assert_true(str_has(message.text, S("because it rains")));
            if (i >= 3 && i <= 5)
                assert_true(str_has(message.text, S("well done")));
        }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(a_layout_is_sent_and_decided), staged_test(another_organisations_layout_is_not_there),
        staged_test(numbers_as_csv_while_a_layout_is_approved), staged_test(the_mail_carries_what_was_chosen),
        staged_test(every_mail_says_something)};
    return ENGINES_MAIN(argc, argv, "service_layouts", tests);
}
