/* Forms and steps that the tests of accounts and of people share. */
#ifndef GUICHET_TESTS_SERVICE_ACCOUNTS_H
#define GUICHET_TESTS_SERVICE_ACCOUNTS_H

#include "contract/service_stage.h"

#include "service/account.h"
#include "service/session.h"

#define PASSWORD S("correct horse battery")

static inline struct sign_up agency(const char *email)
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

static inline struct sign_up_answer sign_up(struct stage *stage, const char *email)
{
    struct sign_up_answer answer = {0};
    stage_ok(account_sign_up(&stage->service, stage->arena, agency(email), &answer, &fault));
    return answer;
}

static inline struct str last_token(struct stage *stage)
{
    return stage_text(stage, "SELECT detail FROM outbox ORDER BY id DESC LIMIT 1");
}

static inline int64_t mails(struct stage *stage)
{
    return stage_number(stage, "SELECT count(*) FROM outbox");
}

static inline struct link_answer verify(struct stage *stage, struct str token)
{
    struct link_answer answer = {0};
    stage_ok(account_verify(&stage->service, stage->arena, token, &answer, &fault));
    return answer;
}

static inline struct link_answer reset(struct stage *stage, struct str token, struct str password)
{
    struct link_answer answer = {0};
    stage_ok(account_password_reset(&stage->service, stage->arena, token, password, &answer, &fault));
    return answer;
}

static inline struct sign_in_answer sign_in(struct stage *stage, const char *email, struct str password)
{
    struct sign_in_answer answer = {0};
    struct sign_in in = {
        .email = str_of(email), .password = password, .agent = S("Browser/1"), .address = S("192.0.2.1")};
    stage_ok(account_sign_in(&stage->service, stage->arena, in, &answer, &fault));
    return answer;
}

/* A verified account that is signed in. */
static inline struct sign_in_answer member(struct stage *stage, const char *email)
{
    assert_int_equal(sign_up(stage, email).refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(verify(stage, last_token(stage)).refusal, ACCOUNT_REFUSED_NOT);
    struct sign_in_answer answer = sign_in(stage, email, PASSWORD);
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    return answer;
}

static inline bool alive(struct stage *stage, struct str token)
{
    struct session_head head;
    bool found = false;
    stage_ok(session_find(&stage->service, stage->arena, token, &head, &found, &fault));
    return found;
}

#endif
