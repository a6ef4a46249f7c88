/* Opening an account and its links through the services, on each engine: ACC-1, ACC-2, ACC-4. */
#include "contract/service_accounts.h"

#include <pthread.h>
#include <stdio.h>

#include "base/buf.h"
#include "service/public_email.h"

/* ---- opening an account ---- */

STAGED(from_sign_up_to_sign_in)
{
    struct sign_up_answer opened = sign_up(stage, "Zoe@Horizon.example");
    assert_int_equal(opened.refusal, ACCOUNT_REFUSED_NOT);
    assert_true(opened.person_id > 0);
    assert_false(opened.again);
    assert_str(stage_text(stage, "SELECT kind FROM outbox"), "verify-email");
    assert_str(stage_text(stage, "SELECT recipient FROM outbox"), "Zoe@Horizon.example");
    assert_str(stage_text(stage, "SELECT recipient_name FROM outbox"), "Zoé Étienne");

    /* Before the link: told apart from a wrong password, and the link comes again. */
    struct str token = last_token(stage);
    assert_int_equal(sign_in(stage, "zoe@horizon.example", S("wrong password!")).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(mails(stage), 1);
    assert_int_equal(sign_in(stage, "zoe@horizon.example", PASSWORD).refusal, ACCOUNT_UNVERIFIED);
    assert_int_equal(mails(stage), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), 0);

    struct link_answer link = verify(stage, token);
    assert_int_equal(link.refusal, ACCOUNT_REFUSED_NOT);
    assert_false(link.already);
    assert_str(link.email, "Zoe@Horizon.example");
    assert_true(verify(stage, token).already);
    assert_true(verify(stage, last_token(stage)).already);

    struct sign_in_answer in = sign_in(stage, " ZOE@horizon.example", PASSWORD);
    assert_int_equal(in.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(in.caller.person_id, opened.person_id);
    assert_int_equal(in.expires_at, stage->now + 12 * 3600);
    struct session_head head = {0};
    bool found = false;
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_true(found);
    assert_int_equal(head.caller.organisation_id, opened.organisation_id);
    assert_str(head.organisation, "Voyages Horizon");
    assert_str(head.first_name, "Zoé");
    assert_int_equal(head.options + head.cart, 0);
}

STAGED(nothing_secret_is_stored)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct str kept = stage_text(stage, "SELECT token_hash FROM session");
    assert_int_equal(kept.n, 64);
    assert_false(str_eq(kept, in.token));
    assert_false(str_eq(stage_text(stage, "SELECT token_hash FROM email_link"), last_token(stage)));
    struct str hash = stage_text(stage, "SELECT password_hash FROM person");
    assert_true(str_starts(hash, S("$argon2id$")));
    assert_false(str_has(hash, PASSWORD));
}

STAGED(account_is_normalised_and_read)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct account account = {0};
    stage_ok(account_read(&stage->service, stage->arena, in.caller, &account, &fault));
    assert_str(account.organisation.name, "Voyages Horizon");
    assert_str(account.organisation.registration, "73282932000074");
    assert_str(account.organisation.country, "FR");
    assert_str(account.email, "a@horizon.example");
    assert_str(account.phone, "0612345678");
    assert_false(account.transfer_allowed);

    enum account_refusal refusal = ACCOUNT_LIST_FULL;
    account.organisation.country = S("CH");
    account.organisation.registration = S("CHE-123.456.789");
    account.organisation.city = S("Genève");
    stage_ok(organisation_update(&stage->service, stage->arena, in.caller, account.organisation, &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    stage_ok(person_update(
        &stage->service, stage->arena, in.caller,
        (struct person_fields){
            .first_name = S("Ada"), .last_name = S("L"), .phone = S("+41 22 1234567"), .lang = LANG_EN},
        &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    stage_ok(account_read(&stage->service, stage->arena, in.caller, &account, &fault));
    assert_str(account.organisation.city, "Genève");
    assert_str(account.organisation.registration, "CHE-123.456.789");
    assert_str(account.first_name, "Ada");
    assert_str(account.email, "a@horizon.example");
    assert_int_equal(account.lang, LANG_EN);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'organisation.update'"), 1);
}

STAGED(each_field_is_checked)
{
    struct sign_up bad[16];
    enum account_refusal expected[16];
    size_t n = 0;
#define BAD(change, why)                                                                                             \
    do {                                                                                                             \
        struct sign_up s = agency("a@horizon.example");                                                              \
        change;                                                                                                      \
        bad[n] = s;                                                                                                  \
        expected[n++] = (why);                                                                                       \
    } while (0)
    BAD(s.organisation.name = S("  "), ACCOUNT_ORGANISATION_NAME);
    BAD(s.organisation.name = S("Two\nlines"), ACCOUNT_ORGANISATION_NAME);
    BAD(s.organisation.kind = S("circus"), ACCOUNT_ORGANISATION_KIND);
    BAD(s.organisation.country = S("France"), ACCOUNT_COUNTRY);
    BAD(s.organisation.registration = S("732 829 320 00075"), ACCOUNT_REGISTRATION);
    BAD(s.organisation.vat_number = S("FR00732829320"), ACCOUNT_VAT_NUMBER);
    BAD(s.organisation.address = S(""), ACCOUNT_ADDRESS);
    BAD(s.organisation.postcode = S(""), ACCOUNT_POSTCODE);
    BAD(s.organisation.city = S("\xff"), ACCOUNT_CITY);
    BAD(s.first_name = S(""), ACCOUNT_FIRST_NAME);
    BAD(s.last_name = S("a\r\nBcc: x@y.example"), ACCOUNT_LAST_NAME);
    BAD(s.email = S("nobody"), ACCOUNT_EMAIL);
    BAD(s.phone = S("call me"), ACCOUNT_PHONE);
    BAD(s.password = S("short"), ACCOUNT_PASSWORD_SHORT);
    BAD(s.password = S("A@HORIZON.example"), ACCOUNT_PASSWORD_IS_EMAIL);
#undef BAD
    for (size_t i = 0; i < n; i++) {
        struct sign_up_answer answer = {0};
        stage_ok(account_sign_up(&stage->service, stage->arena, bad[i], &answer, &fault));
        if (answer.refusal != expected[i])
            fail_msg("form %zu: «%.*s» instead of «%.*s»", i, STR_ARG(account_refusal_word(answer.refusal)),
                     STR_ARG(account_refusal_word(expected[i])));
        assert_true(account_refusal_field(answer.refusal).n > 0);
    }
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 0);
    assert_int_equal(mails(stage), 0);
}

struct racer {
    struct service *service;
    pthread_t thread;
    struct str password;
    struct sign_up_answer answer;
    enum err err;
};

static void *race(void *argument)
{
    struct racer *racer = argument;
    struct arena *arena = arena_new();
    struct sign_up form = agency("race@horizon.example");
    form.password = racer->password;
    racer->err = account_sign_up(racer->service, arena, form, &racer->answer, NULL);
    arena_free(&arena);
    return NULL;
}

/* Sign-ups with one address at the same moment on two servers; gives how many were told that it is theirs. */
static int run_race(struct stage *stage, bool same_password)
{
    enum { RACERS = 8 };
    static const char *const passwords[RACERS] = {"password number 1", "password number 2", "password number 3",
                                                  "password number 4", "password number 5", "password number 6",
                                                  "password number 7", "password number 8"};
    struct racer racers[RACERS] = {0};
    struct service other = stage_second(stage);
    int won = 0, again = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.service = i % 2 ? &other : &stage->service,
                                   .password = str_of(passwords[same_password ? 0 : i])};
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        assert_int_equal(racers[i].err, OK);
        if (racers[i].answer.refusal == ACCOUNT_REFUSED_NOT) {
            won++;
            again += racers[i].answer.again;
        } else {
            assert_int_equal(racers[i].answer.refusal, ACCOUNT_EMAIL_TAKEN);
        }
    }
    writer_stop(&other.writer);
    assert_int_equal(won - again, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM person"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM leader"), 2);
    assert_int_equal(mails(stage), 1);
    return won;
}

STAGED(one_of_many_sign_ups_wins)
{
    assert_int_equal(run_race(stage, false), 1);
}

STAGED(the_same_form_at_once_opens_one_account)
{
    assert_int_equal(run_race(stage, true), 8);
}

STAGED(taken_address_is_refused)
{
    struct sign_up_answer first = sign_up(stage, "a@horizon.example");
    struct sign_up_answer again = sign_up(stage, "A@Horizon.example");
    assert_true(again.again);
    assert_int_equal(again.person_id, first.person_id);
    assert_int_equal(mails(stage), 1);

    struct sign_up other = agency("a@horizon.example");
    other.password = S("another password");
    struct sign_up_answer answer = {0};
    stage_ok(account_sign_up(&stage->service, stage->arena, other, &answer, &fault));
    assert_int_equal(answer.refusal, ACCOUNT_EMAIL_TAKEN);
    assert_str(account_refusal_field(answer.refusal), "email");

    /* An hour later, and once verified, it is nobody's double click any more. */
    stage->now += 3600;
    assert_int_equal(sign_up(stage, "a@horizon.example").refusal, ACCOUNT_EMAIL_TAKEN);
    stage->now -= 3600;
    verify(stage, last_token(stage));
    assert_int_equal(sign_up(stage, "a@horizon.example").refusal, ACCOUNT_EMAIL_TAKEN);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 1);
}

/* Whatever database operation fails, a sign-up is there whole or not at all, and none is reported that is not. */
static void each_operation_fails(struct stage *stage, bool done)
{
    struct fail_plan *plan = &stage->test->plan;
    int64_t reported = 0, failed = 0;
    bool spoilt = true;
    for (int64_t nth = 1; spoilt; nth++) {
        struct sign_up_answer answer = {0};
        struct str email = str_format(stage->arena, "nr%lld@horizon.example", (long long)nth);
        plan->seen = 0;
        plan->nth = nth;
        plan->times = 1;
        plan->err = ERR_IO;
        plan->done = done;
        plan->operation = FAIL_ANY;
        enum err err = account_sign_up(&stage->service, stage->arena, agency(email.p), &answer, NULL);
        plan->operation = FAIL_NOTHING;
        spoilt = plan->seen >= nth;
        if (err == OK)
            reported++;
        else
            failed++;
    }
    int64_t people = stage_number(stage, "SELECT count(*) FROM person");
    assert_true(failed > 0);
    assert_true(people >= reported);
    assert_true(done || people == reported);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), people);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM leader"), 2 * people);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM email_link"), people);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit"), people);
    assert_int_equal(mails(stage), people);
}

STAGED_FAULTY(failure_leaves_no_half_account)
{
    each_operation_fails(stage, false);
}

STAGED_FAULTY(lost_answer_leaves_no_half_account)
{
    each_operation_fails(stage, true);
}

static struct public_email_import import(struct stage *stage, const char *text)
{
    struct public_email_import counts = {0};
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(file);
    stage_ok(public_email_import(&stage->service, file, &counts, &fault));
    fclose(file);
    return counts;
}

STAGED(public_address_is_refused)
{
    struct public_email_import counts = import(stage, "\xef\xbb\xbf"
                                                      "email;name\r\n"
                                                      "\"Known@Shop.example\";\"Jean\"\r\n"
                                                      "\n"
                                                      "other@shop.example,x\n"
                                                      "not an address\n"
                                                      "known@shop.example\n"
                                                      "last@shop.example");
    assert_int_equal(counts.added, 3);
    assert_int_equal(counts.known, 1);
    assert_int_equal(counts.bad, 1);
    assert_int_equal(counts.first_bad, 5);
    assert_int_equal(import(stage, "known@shop.example\n").known, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM public_email WHERE hash LIKE '%@%'"), 0);

    assert_int_equal(sign_up(stage, "KNOWN@shop.example").refusal, ACCOUNT_EMAIL_PUBLIC);
    assert_int_equal(sign_up(stage, "last@shop.example").refusal, ACCOUNT_EMAIL_PUBLIC);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 0);
    assert_int_equal(sign_up(stage, "unknown@shop.example").refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(import_runs_in_batches)
{
    struct buf text = buf_new(1 << 20);
    for (int i = 0; i < 1203; i++)
        buf_format(&text, "person%d@shop.example\n", i);
    buf_char(&text, '\0');
    assert_int_equal(import(stage, buf_view(&text).p).added, 1203);
    buf_free(&text);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM public_email"), 1203);
    assert_int_equal(sign_up(stage, "person1202@shop.example").refusal, ACCOUNT_EMAIL_PUBLIC);
}

/* ---- links ---- */

STAGED(verification_link_ends)
{
    instant start = stage->now;
    sign_up(stage, "a@horizon.example");
    struct str token = last_token(stage);
    stage->now = start + 48 * 3600;
    assert_int_equal(verify(stage, token).refusal, ACCOUNT_LINK_EXPIRED);
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_UNVERIFIED);
    struct str newer = last_token(stage);
    stage->now = start + 48 * 3600 - 1;
    assert_int_equal(verify(stage, token).refusal, ACCOUNT_REFUSED_NOT);
    assert_true(verify(stage, newer).already);
    assert_int_equal(verify(stage, S("guess")).refusal, ACCOUNT_LINK_UNKNOWN);
    assert_int_equal(verify(stage, S("")).refusal, ACCOUNT_LINK_UNKNOWN);
}

STAGED(asking_for_links_tells_nothing_and_is_bounded)
{
    sign_up(stage, "a@horizon.example");
    stage_ok(account_resend_verification(&stage->service, stage->arena, S("nobody@horizon.example"), &fault));
    stage_ok(account_password_forgotten(&stage->service, stage->arena, S("nobody@horizon.example"), &fault));
    stage_ok(account_password_forgotten(&stage->service, stage->arena, S("no address"), &fault));
    assert_int_equal(mails(stage), 1);
    for (int i = 0; i < 8; i++)
        stage_ok(account_resend_verification(&stage->service, stage->arena, S("A@horizon.example "), &fault));
    assert_int_equal(mails(stage), 5);
    stage->now += 3600;
    stage_ok(account_resend_verification(&stage->service, stage->arena, S("a@horizon.example"), &fault));
    assert_int_equal(mails(stage), 6);

    assert_int_equal(verify(stage, last_token(stage)).refusal, ACCOUNT_REFUSED_NOT);
    stage_ok(account_resend_verification(&stage->service, stage->arena, S("a@horizon.example"), &fault));
    assert_int_equal(mails(stage), 6);
}

STAGED(forgotten_password)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    stage_ok(account_password_forgotten(&stage->service, stage->arena, S("a@horizon.example"), &fault));
    struct str first = last_token(stage);
    assert_str(stage_text(stage, "SELECT kind FROM outbox ORDER BY id DESC LIMIT 1"), "reset-password");
    stage_ok(account_password_forgotten(&stage->service, stage->arena, S("a@horizon.example"), &fault));
    struct str second = last_token(stage);

    struct link_answer check = {0};
    stage_ok(account_reset_check(&stage->service, stage->arena, first, &check, &fault));
    assert_int_equal(check.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(verify(stage, first).refusal, ACCOUNT_LINK_UNKNOWN);

    /* A refused password leaves the link usable. */
    assert_int_equal(reset(stage, first, S("short")).refusal, ACCOUNT_PASSWORD_SHORT);
    assert_true(alive(stage, in.token));
    assert_int_equal(reset(stage, first, S("a brand new password")).refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(reset(stage, first, S("yet another password")).refusal, ACCOUNT_LINK_USED);
    assert_int_equal(reset(stage, second, S("yet another password")).refusal, ACCOUNT_LINK_USED);
    stage_ok(account_reset_check(&stage->service, stage->arena, first, &check, &fault));
    assert_int_equal(check.refusal, ACCOUNT_LINK_USED);
    assert_false(alive(stage, in.token));
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "a@horizon.example", S("a brand new password")).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(reset_link_ends_and_proves_the_address)
{
    sign_up(stage, "a@horizon.example");
    stage_ok(account_password_forgotten(&stage->service, stage->arena, S("a@horizon.example"), &fault));
    struct str token = last_token(stage);
    instant ends = stage_number(stage, "SELECT expires_at FROM email_link WHERE kind = 'reset'");
    assert_true(ends > stage->now && ends <= stage->now + 24 * 3600);
    instant start = stage->now;
    stage->now = ends;
    assert_int_equal(reset(stage, token, S("a brand new password")).refusal, ACCOUNT_LINK_EXPIRED);
    stage->now = start;
    assert_int_equal(reset(stage, token, S("a brand new password")).refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(sign_in(stage, "a@horizon.example", S("a brand new password")).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(new_password)
{
    struct sign_in_answer here = member(stage, "a@horizon.example");
    struct sign_in_answer there = sign_in(stage, "a@horizon.example", PASSWORD);
    struct sign_in_answer other = member(stage, "b@other.example");
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    stage_ok(account_password_change(&stage->service, stage->arena, here.caller, here.session_id, S("wrong one here"),
                                     S("a brand new password"), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_PASSWORD_WRONG);
    assert_true(alive(stage, there.token));
    stage_ok(account_password_change(&stage->service, stage->arena, here.caller, here.session_id, PASSWORD,
                                     S("a brand new password"), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    assert_true(alive(stage, here.token));
    assert_false(alive(stage, there.token));
    assert_true(alive(stage, other.token));
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
}

struct changer {
    struct service *service;
    struct sign_in_answer in;
    struct str password;
    pthread_t thread;
    enum account_refusal refusal;
    enum err err;
};

static void *change(void *argument)
{
    struct changer *c = argument;
    struct arena *arena = arena_new();
    c->err = account_password_change(c->service, arena, c->in.caller, c->in.session_id, PASSWORD, c->password,
                                     &c->refusal, NULL);
    arena_free(&arena);
    return NULL;
}

/* Two windows take two new passwords at once: one is told that it is in force, and it is. */
STAGED(one_of_two_new_passwords_counts)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct changer changers[2];
    for (int i = 0; i < 2; i++) {
        changers[i] = (struct changer){.service = &stage->service,
                                       .in = in,
                                       .password = i ? S("new password one") : S("new password two")};
        assert_int_equal(pthread_create(&changers[i].thread, NULL, change, &changers[i]), 0);
    }
    int changed = 0;
    for (int i = 0; i < 2; i++) {
        pthread_join(changers[i].thread, NULL);
        assert_int_equal(changers[i].err, OK);
        changed += changers[i].refusal == ACCOUNT_REFUSED_NOT;
    }
    assert_int_equal(changed, 1);
    for (int i = 0; i < 2; i++)
        assert_int_equal(sign_in(stage, "a@horizon.example", changers[i].password).refusal,
                         changers[i].refusal == ACCOUNT_REFUSED_NOT ? ACCOUNT_REFUSED_NOT : ACCOUNT_SIGN_IN_WRONG);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(from_sign_up_to_sign_in),
        staged_test(nothing_secret_is_stored),
        staged_test(account_is_normalised_and_read),
        staged_test(each_field_is_checked),
        staged_test(one_of_many_sign_ups_wins),
        staged_test(the_same_form_at_once_opens_one_account),
        staged_test(taken_address_is_refused),
        staged_test(failure_leaves_no_half_account),
        staged_test(lost_answer_leaves_no_half_account),
        staged_test(public_address_is_refused),
        staged_test(import_runs_in_batches),
        staged_test(verification_link_ends),
        staged_test(asking_for_links_tells_nothing_and_is_bounded),
        staged_test(forgotten_password),
        staged_test(reset_link_ends_and_proves_the_address),
        staged_test(new_password),
        staged_test(one_of_two_new_passwords_counts),
    };
    return ENGINES_MAIN(argc, argv, "accounts", tests);
}
