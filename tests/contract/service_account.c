/* Accounts and people through the services, on each engine: ACC-1 to ACC-4, COM-1, contacts of CRT-2. */
#include "service_stage.h"

#include <pthread.h>

#include "base/buf.h"
#include "base/limits.h"
#include "service/account.h"
#include "service/contact.h"
#include "service/leader.h"
#include "service/public_email.h"
#include "service/session.h"

#define PASSWORD S("correct horse battery")

static struct sign_up agency(const char *email)
{
    return (struct sign_up){
        .organisation = {.name = S(" Voyages Horizon "),
                         .kind = S("agency"),
                         .country = S("fr"),
                         .registration = S("732 829 320 00074"),
                         .vat_number = S(""),
                         .address = S("1 rue de la Paix"),
                         .postcode = S("75002"),
                         .city = S("Paris")},
        .first_name = S("Zoé"),
        .last_name = S("Étienne"),
        .email = str_of(email),
        .phone = S("06 12 34 56 78"),
        .password = PASSWORD,
        .lang = LANG_FR,
    };
}

static struct sign_up_answer sign_up(struct stage *stage, const char *email)
{
    struct sign_up_answer answer = {0};
    stage_ok(account_sign_up(&stage->service, stage->arena, agency(email), &answer, &fault));
    return answer;
}

static struct str last_token(struct stage *stage)
{
    return stage_text(stage, "SELECT detail FROM outbox ORDER BY id DESC LIMIT 1");
}

static int64_t mails(struct stage *stage)
{
    return stage_number(stage, "SELECT count(*) FROM outbox");
}

static struct link_answer verify(struct stage *stage, struct str token)
{
    struct link_answer answer = {0};
    stage_ok(account_verify(&stage->service, stage->arena, token, &answer, &fault));
    return answer;
}

static struct link_answer reset(struct stage *stage, struct str token, struct str password)
{
    struct link_answer answer = {0};
    stage_ok(account_password_reset(&stage->service, stage->arena, token, password, &answer, &fault));
    return answer;
}

static struct sign_in_answer sign_in(struct stage *stage, const char *email, struct str password)
{
    struct sign_in_answer answer = {0};
    struct sign_in in = {
        .email = str_of(email), .password = password, .agent = S("Browser/1"), .address = S("192.0.2.1")};
    stage_ok(account_sign_in(&stage->service, stage->arena, in, &answer, &fault));
    return answer;
}

/* A verified account that is signed in. */
static struct sign_in_answer member(struct stage *stage, const char *email)
{
    assert_int_equal(sign_up(stage, email).refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(verify(stage, last_token(stage)).refusal, ACCOUNT_REFUSED_NOT);
    struct sign_in_answer answer = sign_in(stage, email, PASSWORD);
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    return answer;
}

static bool alive(struct stage *stage, struct str token)
{
    struct session_head head;
    bool found = false;
    stage_ok(session_find(&stage->service, stage->arena, token, &head, &found, &fault));
    return found;
}

/* ---- opening an account ---- */

static void from_sign_up_to_sign_in(void **state)
{
    struct stage *stage = *state;
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

static void nothing_secret_is_stored(void **state)
{
    struct stage *stage = *state;
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct str kept = stage_text(stage, "SELECT token_hash FROM session");
    assert_int_equal(kept.n, 64);
    assert_false(str_eq(kept, in.token));
    assert_false(str_eq(stage_text(stage, "SELECT token_hash FROM email_link"), last_token(stage)));
    struct str hash = stage_text(stage, "SELECT password_hash FROM person");
    assert_true(str_starts(hash, S("$argon2id$")));
    assert_false(str_has(hash, PASSWORD));
}

static void account_is_normalised_and_read(void **state)
{
    struct stage *stage = *state;
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
        (struct person_fields){.first_name = S("Ada"), .last_name = S("L"), .phone = S("+41 22 1234567"), .lang = LANG_EN},
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

static void each_field_is_checked(void **state)
{
    struct stage *stage = *state;
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
    struct stage *stage;
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
    racer->err = account_sign_up(&racer->stage->service, arena, form, &racer->answer, NULL);
    arena_free(&arena);
    return NULL;
}

/* `n` sign-ups with one address at the same moment; gives how many were told that it is theirs. */
static int run_race(struct stage *stage, bool same_password)
{
    enum { RACERS = 8 };
    static const char *const passwords[RACERS] = {"password number 1", "password number 2", "password number 3",
                                                  "password number 4", "password number 5", "password number 6",
                                                  "password number 7", "password number 8"};
    struct racer racers[RACERS] = {0};
    int won = 0, again = 0;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.stage = stage, .password = str_of(passwords[same_password ? 0 : i])};
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
    assert_int_equal(won - again, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM person"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM leader"), 2);
    assert_int_equal(mails(stage), 1);
    return won;
}

static void one_of_many_sign_ups_wins(void **state)
{
    assert_int_equal(run_race(*state, false), 1);
}

static void the_same_form_at_once_opens_one_account(void **state)
{
    assert_int_equal(run_race(*state, true), 8);
}

static void taken_address_is_refused(void **state)
{
    struct stage *stage = *state;
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

    /* Once verified it is nobody's double click any more. */
    verify(stage, last_token(stage));
    assert_int_equal(sign_up(stage, "a@horizon.example").refusal, ACCOUNT_EMAIL_TAKEN);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 1);
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

static void public_address_is_refused(void **state)
{
    struct stage *stage = *state;
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

static void import_runs_in_batches(void **state)
{
    struct stage *stage = *state;
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

static void verification_link_ends(void **state)
{
    struct stage *stage = *state;
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

static void asking_for_links_tells_nothing_and_is_bounded(void **state)
{
    struct stage *stage = *state;
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

static void forgotten_password(void **state)
{
    struct stage *stage = *state;
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
    assert_false(alive(stage, in.token));
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "a@horizon.example", S("a brand new password")).refusal, ACCOUNT_REFUSED_NOT);
}

static void reset_link_ends_and_proves_the_address(void **state)
{
    struct stage *stage = *state;
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

static void new_password(void **state)
{
    struct stage *stage = *state;
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

/* ---- sessions ---- */

static void sign_in_is_refused(void **state)
{
    struct stage *stage = *state;
    member(stage, "a@horizon.example");
    int64_t open = stage_number(stage, "SELECT count(*) FROM session");
    assert_int_equal(sign_in(stage, "a@horizon.example", S("wrong password!")).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "nobody@horizon.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "nobody@horizon.example", S("")).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "no address", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "a@horizon.example", S("")).refusal, ACCOUNT_SIGN_IN_WRONG);
    char *longest = calloc(1, 4096);
    assert_non_null(longest);
    memset(longest, 'x', 4095);
    assert_int_equal(sign_in(stage, "a@horizon.example", str_of(longest)).refusal, ACCOUNT_SIGN_IN_WRONG);
    free(longest);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), open);
}

static void session_lives_while_it_is_used(void **state)
{
    struct stage *stage = *state;
    struct sign_in_answer in = member(stage, "a@horizon.example");
    instant start = stage->now, expires = 0;
    struct session_head head = {0};
    bool found = false;
    stage->now = start + 59;
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_false(head.touch_due);
    stage->now = start + 11 * 3600;
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_true(head.touch_due);
    stage_ok(session_touch(&stage->service, stage->arena, &head, &expires, &fault));
    assert_int_equal(expires, start + 23 * 3600);
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_false(head.touch_due);
    stage->now = start + 23 * 3600 - 1;
    assert_true(alive(stage, in.token));
    stage->now = start + 23 * 3600;
    assert_false(alive(stage, in.token));
    /* Touching does not bring it back. */
    stage_ok(session_touch(&stage->service, stage->arena, &head, &expires, &fault));
    assert_false(alive(stage, in.token));
    stage_ok(account_sweep(&stage->service, stage->arena, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), 0);
}

static void sessions_are_ones_own(void **state)
{
    struct stage *stage = *state;
    struct sign_in_answer a = member(stage, "a@horizon.example");
    struct sign_in_answer a2 = sign_in(stage, "a@horizon.example", PASSWORD);
    struct sign_in_answer a3 = sign_in(stage, "a@horizon.example", PASSWORD);
    struct sign_in_answer b = member(stage, "b@other.example");
    struct sessions list = {0};
    stage_ok(session_list(&stage->service, stage->arena, b.caller, b.session_id, &list, &fault));
    assert_int_equal(list.n, 1);
    assert_true(list.p[0].current);
    assert_str(list.p[0].agent, "Browser/1");
    stage_ok(session_list(&stage->service, stage->arena, a.caller, a2.session_id, &list, &fault));
    assert_int_equal(list.n, 3);

    bool ended = true;
    int64_t count = 0;
    stage_ok(session_end(&stage->service, stage->arena, b.caller, a.session_id, &ended, &fault));
    assert_false(ended);
    stage_ok(session_end_others(&stage->service, stage->arena, b.caller, b.session_id, &count, &fault));
    assert_int_equal(count, 0);
    assert_true(alive(stage, a.token));

    stage_ok(session_end(&stage->service, stage->arena, a2.caller, a.session_id, &ended, &fault));
    assert_true(ended);
    assert_false(alive(stage, a.token));
    stage_ok(session_end_others(&stage->service, stage->arena, a2.caller, a2.session_id, &count, &fault));
    assert_int_equal(count, 1);
    assert_false(alive(stage, a3.token));
    assert_true(alive(stage, a2.token));
    stage_ok(session_sign_out(&stage->service, stage->arena, a2.token, &fault));
    stage_ok(session_sign_out(&stage->service, stage->arena, a2.token, &fault));
    assert_false(alive(stage, a2.token));
    assert_true(alive(stage, b.token));
}

static void a_person_has_so_many_sessions(void **state)
{
    struct stage *stage = *state;
    struct sign_in_answer first = member(stage, "a@horizon.example");
    stage_script(stage, "INSERT INTO session (token_hash, person_id, created_at, seen_at, expires_at, agent, address) "
                        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60) "
                        "SELECT 'filler' || n, (SELECT id FROM person), 1795000000, 1795000001, 1800000000, '', '' "
                        "FROM c;");
    stage->now += 10;
    struct sign_in_answer last = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), SESSIONS_A_PERSON);
    assert_false(alive(stage, first.token));
    assert_true(alive(stage, last.token));
}

/* What the head of every page counts: live options of the organisation, the person's own cart. */
static void head_counts_options_and_cart(void **state)
{
    struct stage *stage = *state;
    struct sign_in_answer a = member(stage, "a@horizon.example");
    struct sign_in_answer b = member(stage, "b@other.example");
    stage_script(
        stage,
        "INSERT INTO monument (id, slug, name, city, department, region, kind, description_fr, description_en, "
        "latitude_e4, longitude_e4, hours_summer, hours_winter, closing_days, sale_mode, contact_email, "
        "contact_phone, search_text) "
        "VALUES (1, 'm', 'M', '', '', '', '', '', '', 0, 0, '', '', '', 'group-slots', '', '', '');"
        "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from) "
        "VALUES (1, 1796000000, 20787, 30, 100, 0);"
        "INSERT INTO visit (organisation_id, person_id, monument_id, kind, start_at, persons, audience, leader_kind, "
        "state, placed_at, ends_at, in_cart, request_key) "
        "SELECT p.organisation_id, p.id, 1, 'slot', 1796000000, 10, 'adults', 'guide', v.state, 1795000000, v.ends, "
        "v.in_cart, v.request FROM person p, (SELECT 'option' AS state, 1795000100 AS ends, 0 AS in_cart, 'r1' AS "
        "request UNION ALL SELECT 'option', 1795000100, 1, 'r2' UNION ALL SELECT 'option', 1794999999, 0, 'r3' "
        "UNION ALL SELECT 'cart', 1795000100, 1, 'r4' UNION ALL SELECT 'cancelled', 1795000100, 0, 'r5') v "
        "WHERE p.email = 'a@horizon.example';");
    struct session_head head = {0};
    bool found = false;
    stage_ok(session_find(&stage->service, stage->arena, a.token, &head, &found, &fault));
    assert_int_equal(head.options, 2);
    assert_int_equal(head.cart, 2);
    stage_ok(session_find(&stage->service, stage->arena, b.token, &head, &found, &fault));
    assert_int_equal(head.options + head.cart, 0);
    stage->now += 100;
    stage_ok(session_find(&stage->service, stage->arena, a.token, &head, &found, &fault));
    assert_int_equal(head.options + head.cart, 0);
}

/* ---- leaders and contacts ---- */

static struct leader_fields guide(const char *last_name)
{
    return (struct leader_fields){.kind = LEADER_GUIDE,
                                  .last_name = str_of(last_name),
                                  .first_name = S("Inès"),
                                  .email = S("ines@guides.example"),
                                  .phone = S("+33 6 11 22 33 44")};
}

static struct leaders leaders_of(struct stage *stage, struct caller caller)
{
    struct leaders list = {0};
    stage_ok(leader_list(&stage->service, stage->arena, caller, &list, &fault));
    return list;
}

static struct leader_answer add_leader(struct stage *stage, struct caller caller, struct leader_fields fields)
{
    struct leader_answer answer = {0};
    stage_ok(leader_create(&stage->service, stage->arena, caller, fields, &answer, &fault));
    return answer;
}

static void placeholders_come_with_the_account(void **state)
{
    struct stage *stage = *state;
    struct caller caller = member(stage, "a@horizon.example").caller;
    struct leaders list = leaders_of(stage, caller);
    assert_int_equal(list.n, 2);
    assert_str(list.p[0].fields.first_name, "Accompagnateur");
    assert_str(list.p[1].fields.first_name, "Guide");
    assert_int_equal(list.p[0].fields.kind, LEADER_ACCOMPANYING);
    assert_int_equal(list.p[1].fields.kind, LEADER_GUIDE);
    for (size_t i = 0; i < 2; i++) {
        struct leader_answer answer = {0};
        assert_str(list.p[i].fields.last_name, "Type");
        assert_true(list.p[i].placeholder);
        stage_ok(leader_update(&stage->service, stage->arena, caller, list.p[i].id, guide("X"), &answer, &fault));
        assert_int_equal(answer.refusal, ACCOUNT_PLACEHOLDER);
        answer.refusal = ACCOUNT_REFUSED_NOT;
        stage_ok(leader_remove(&stage->service, stage->arena, caller, list.p[i].id, &answer, &fault));
        assert_int_equal(answer.refusal, ACCOUNT_PLACEHOLDER);
    }
    assert_int_equal(leaders_of(stage, caller).n, 2);
}

static void leaders_are_made_changed_and_removed(void **state)
{
    struct stage *stage = *state;
    struct caller caller = member(stage, "a@horizon.example").caller;
    struct leader_answer zola = add_leader(stage, caller, guide("Zola"));
    struct leader_answer emile = add_leader(stage, caller, guide("Émile"));
    assert_int_equal(add_leader(stage, caller, guide("Zola")).id, zola.id);
    struct leaders list = leaders_of(stage, caller);
    assert_int_equal(list.n, 4);
    assert_int_equal(list.p[2].id, emile.id); /* É sorts with E */
    assert_int_equal(list.p[3].id, zola.id);
    assert_str(list.p[3].fields.phone, "+33611223344");

    struct leader_answer answer = {0};
    struct leader_fields changed = guide("Zola");
    changed.kind = LEADER_ACCOMPANYING;
    stage_ok(leader_update(&stage->service, stage->arena, caller, zola.id, changed, &answer, &fault));
    struct leader leader = {0};
    stage_ok(leader_get(&stage->service, stage->arena, caller, zola.id, &leader, &fault));
    assert_int_equal(leader.fields.kind, LEADER_ACCOMPANYING);

    stage_ok(leader_remove(&stage->service, stage->arena, caller, zola.id, &answer, &fault));
    assert_int_equal(answer.id, zola.id);
    stage_ok(leader_remove(&stage->service, stage->arena, caller, zola.id, &answer, &fault));
    assert_int_equal(answer.id, 0);
    assert_int_equal(leader_get(&stage->service, stage->arena, caller, zola.id, &leader, NULL), ERR_NOT_FOUND);
    assert_int_equal(leaders_of(stage, caller).n, 3);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'leader.%'"), 4);
}

static void leader_fields_are_checked(void **state)
{
    struct stage *stage = *state;
    struct caller caller = member(stage, "a@horizon.example").caller;
    struct leader_fields fields = guide("Zola");
    fields.phone = S("");
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_PHONE);
    fields = guide("");
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_LAST_NAME);
    fields = guide("Zola");
    fields.email = S("ines");
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_EMAIL);
    fields = guide("Zola");
    fields.kind = LEADER_NONE;
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_PERSON_KIND);
    assert_int_equal(leader_create(&stage->service, stage->arena, (struct caller){0}, guide("Zola"),
                                   &(struct leader_answer){0}, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(leaders_of(stage, caller).n, 2);
}

static void leaders_are_bounded(void **state)
{
    struct stage *stage = *state;
    struct caller caller = member(stage, "a@horizon.example").caller;
    stage_script(stage, "INSERT INTO leader (organisation_id, kind, last_name, first_name, email, phone, created_at) "
                        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 497) "
                        "SELECT (SELECT id FROM organisation), 'guide', 'Nr ' || n, 'X', 'x@y.example', '0102030405', 0 "
                        "FROM c;");
    struct leader_answer last = add_leader(stage, caller, guide("Last"));
    assert_int_equal(last.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(add_leader(stage, caller, guide("Too many")).refusal, ACCOUNT_LIST_FULL);
    assert_int_equal(add_leader(stage, caller, guide("Last")).id, last.id);
    assert_int_equal(leaders_of(stage, caller).n, LIMIT_LEADERS);
}

static void leaders_of_others_are_not_found(void **state)
{
    struct stage *stage = *state;
    struct caller a = member(stage, "a@horizon.example").caller;
    struct caller b = member(stage, "b@other.example").caller;
    int64_t id = add_leader(stage, a, guide("Zola")).id;
    struct leader leader = {0};
    struct leader_answer answer = {.id = -1};
    assert_int_equal(leader_get(&stage->service, stage->arena, b, id, &leader, NULL), ERR_NOT_FOUND);
    assert_int_equal(leader_update(&stage->service, stage->arena, b, id, guide("Mine"), &answer, NULL), ERR_NOT_FOUND);
    stage_ok(leader_remove(&stage->service, stage->arena, b, id, &answer, &fault));
    assert_int_equal(answer.id, 0);
    assert_int_equal(leaders_of(stage, b).n, 2);
    stage_ok(leader_get(&stage->service, stage->arena, a, id, &leader, &fault));
    assert_str(leader.fields.last_name, "Zola");
    /* Nor a person under another organisation's name. */
    struct caller mixed = {.person_id = a.person_id, .organisation_id = b.organisation_id};
    struct account account = {0};
    assert_int_equal(account_read(&stage->service, stage->arena, mixed, &account, NULL), ERR_NOT_FOUND);
}

static struct contact_fields colleague(const char *last_name)
{
    return (struct contact_fields){.kind = CONTACT_COLLEAGUE,
                                   .last_name = str_of(last_name),
                                   .first_name = S("Li"),
                                   .email = S("li@horizon.example"),
                                   .phone = S(""),
                                   .lang = LANG_EN};
}

static void contacts_are_ones_own(void **state)
{
    struct stage *stage = *state;
    struct caller a = member(stage, "a@horizon.example").caller;
    struct caller b = member(stage, "b@other.example").caller;
    struct contact_answer answer = {0}, again = {0};
    stage_ok(contact_create(&stage->service, stage->arena, a, colleague("王"), &answer, &fault));
    stage_ok(contact_create(&stage->service, stage->arena, a, colleague("王"), &again, &fault));
    assert_int_equal(answer.id, again.id);
    int64_t id = answer.id;
    struct contacts list = {0};
    stage_ok(contact_list(&stage->service, stage->arena, a, &list, &fault));
    assert_int_equal(list.n, 1);
    assert_str(list.p[0].fields.last_name, "王");
    assert_int_equal(list.p[0].fields.kind, CONTACT_COLLEAGUE);
    assert_int_equal(list.p[0].fields.lang, LANG_EN);

    struct contact contact = {0};
    stage_ok(contact_list(&stage->service, stage->arena, b, &list, &fault));
    assert_int_equal(list.n, 0);
    assert_int_equal(contact_get(&stage->service, stage->arena, b, id, &contact, NULL), ERR_NOT_FOUND);
    assert_int_equal(contact_update(&stage->service, stage->arena, b, id, colleague("X"), &answer, NULL),
                     ERR_NOT_FOUND);
    stage_ok(contact_remove(&stage->service, stage->arena, b, id, &answer, &fault));
    assert_int_equal(answer.id, 0);

    stage_ok(contact_update(&stage->service, stage->arena, a, id, colleague("Wang"), &answer, &fault));
    stage_ok(contact_get(&stage->service, stage->arena, a, id, &contact, &fault));
    assert_str(contact.fields.last_name, "Wang");
    stage_ok(contact_remove(&stage->service, stage->arena, a, id, &answer, &fault));
    assert_int_equal(answer.id, id);
    assert_int_equal(contact_get(&stage->service, stage->arena, a, id, &contact, NULL), ERR_NOT_FOUND);
}

static int open_sqlite(void **state)
{
    *state = stage_open(NULL);
    return 0;
}

static int open_postgres(void **state)
{
    *state = stage_open(stage_postgres());
    return 0;
}

static int close_stage(void **state)
{
    stage_close((struct stage **)state);
    return 0;
}

#define EACH(T)                                                                                                      \
    T(from_sign_up_to_sign_in) T(nothing_secret_is_stored) T(account_is_normalised_and_read)                         \
    T(each_field_is_checked) T(one_of_many_sign_ups_wins) T(the_same_form_at_once_opens_one_account)                 \
    T(taken_address_is_refused) T(public_address_is_refused) T(import_runs_in_batches) T(verification_link_ends)     \
    T(asking_for_links_tells_nothing_and_is_bounded) T(forgotten_password)                                           \
    T(reset_link_ends_and_proves_the_address) T(new_password) T(sign_in_is_refused)                                  \
    T(session_lives_while_it_is_used) T(sessions_are_ones_own) T(a_person_has_so_many_sessions)                      \
    T(head_counts_options_and_cart) T(placeholders_come_with_the_account) T(leaders_are_made_changed_and_removed)    \
    T(leader_fields_are_checked) T(leaders_are_bounded) T(leaders_of_others_are_not_found) T(contacts_are_ones_own)
#define ON_SQLITE(name) {#name " (SQLite)", name, open_sqlite, close_stage, NULL},
#define ON_POSTGRES(name) {#name " (PostgreSQL)", name, open_postgres, close_stage, NULL},

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(ON_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(ON_POSTGRES)};
    if (crypto_init(NULL) != OK)
        return 1;
    int failed = cmocka_run_group_tests(sqlite, NULL, NULL);
    if (stage_postgres())
        failed += cmocka_run_group_tests(postgres, NULL, NULL);
    return failed;
}
