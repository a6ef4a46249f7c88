/* Every role against every service of the desk and of what customer service does for one customer (OPS-7): what a role
 * must not do is refused before anything is read or written. */
#include "contract/service_purchase.h"

#include "service/audit_log.h"
#include "service/customer.h"
#include "service/desk.h"

/* What is asked about does not exist, since only the refusal counts. */
struct roles {
    struct stage *stage;
    struct staff_caller caller;
};

#define ROOM &r->stage->service, r->stage->arena
enum { NOBODYS = 999999 };

static struct customer_act an_act(struct roles *r)
{
    return (struct customer_act){.caller = &r->caller, .organisation_id = NOBODYS, .reason = S("asked by phone")};
}

static enum err search(struct roles *r)
{
    struct desk_hits hits;
    return desk_search(ROOM, &r->caller, S("horizon"), &hits, NULL);
}
static enum err orders(struct roles *r)
{
    struct desk_orders list;
    return desk_orders(ROOM, &r->caller, &list, NULL);
}
static enum err customer(struct roles *r)
{
    struct desk_customer one;
    return desk_customer(ROOM, &r->caller, NOBODYS, &one, NULL);
}
static enum err order(struct roles *r)
{
    struct desk_order_view one;
    return desk_order_read(ROOM, &r->caller, S("XXXX-XXXX"), &one, NULL);
}
static enum err slots(struct roles *r)
{
    struct desk_slots list;
    return desk_slots(ROOM, &r->caller, S("nowhere"), 20000, &list, NULL);
}
static enum err head(struct roles *r)
{
    struct customer_head one;
    return customer_head_read(ROOM, &r->caller, NOBODYS, &one, NULL);
}
static enum err person(struct roles *r)
{
    struct customer_person one;
    return customer_person_read(ROOM, &r->caller, NOBODYS, 1, &one, NULL);
}
static enum err option(struct roles *r)
{
    struct customer_option one;
    return customer_option_read(ROOM, &r->caller, NOBODYS, 1, &one, NULL);
}
static enum err mail(struct roles *r)
{
    struct customer_mail one;
    return customer_mail_read(ROOM, &r->caller, NOBODYS, 1, &one, NULL);
}
static enum err note(struct roles *r)
{
    struct customer_act act = an_act(r);
    return customer_note_add(ROOM, &act, S("a note"), NULL);
}
static enum err extend(struct roles *r)
{
    struct customer_act act = an_act(r);
    enum customer_refusal refusal;
    return customer_option_extend(ROOM, &act, 1, r->stage->now, false, &refusal, NULL);
}
static enum err cancel(struct roles *r)
{
    struct customer_act act = an_act(r);
    enum customer_refusal refusal;
    return customer_option_cancel(ROOM, &act, 1, &refusal, NULL);
}
static enum err resend(struct roles *r)
{
    struct customer_act act = an_act(r);
    enum customer_refusal refusal;
    return customer_mail_resend(ROOM, &act, 1, &refusal, NULL);
}
static enum err correct_organisation(struct roles *r)
{
    struct customer_act act = an_act(r);
    struct organisation_fields fields = {.name = S("Voyages"), .kind = organisation_kind(0), .country = S("FR"),
                                         .registration = S("73282932000074"), .address = S("1 rue A"),
                                         .postcode = S("75001"), .city = S("Paris")};
    enum account_refusal refusal;
    return customer_correct_organisation(ROOM, &act, fields, &refusal, NULL);
}
static enum err correct_person(struct roles *r)
{
    struct customer_act act = an_act(r);
    struct person_fields fields = {.first_name = S("Zoé"), .last_name = S("Marin"), .phone = S("0612345678")};
    enum account_refusal refusal;
    return customer_correct_person(ROOM, &act, 1, fields, &refusal, NULL);
}
static enum err log_read(struct roles *r)
{
    struct audit_question question = {.from = 20000, .to = 20001};
    struct audit_lines lines;
    return audit_log(ROOM, &r->caller, &question, &lines, NULL);
}

/* a administrator, c customer service, m monument manager, g gate agent, n accountant. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} services[] = {
    {"desk_search", "acn", search},
    {"desk_orders", "acn", orders},
    {"desk_customer", "acn", customer},
    {"desk_order_read", "acn", order},
    {"desk_slots", "acn", slots},
    {"customer_head_read", "acn", head},
    {"customer_person_read", "acn", person},
    {"customer_option_read", "acn", option},
    {"customer_mail_read", "acn", mail},
    {"customer_note_add", "acn", note},
    {"customer_option_extend", "c", extend},
    {"customer_option_cancel", "c", cancel},
    {"customer_mail_resend", "c", resend},
    {"customer_correct_organisation", "c", correct_organisation},
    {"customer_correct_person", "c", correct_person},
    {"audit_log", "a", log_read},
};
enum { SERVICES = sizeof services / sizeof *services };

static int64_t rows(struct stage *stage)
{
    return stage_number(stage, "SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM outbox)"
                               " + (SELECT count(*) FROM audit) + (SELECT count(*) FROM customer_note)"
                               " + (SELECT count(*) FROM staff_form) + (SELECT count(*) FROM invitation)"
                               " + (SELECT count(*) FROM email_link)");
}

STAGED(every_role_against_every_service_of_the_desk)
{
    struct buyer *shop = open_shop(stage);
    hold_on(stage, shop, 1, 0, 10, true);
    static const char letters[] = {'-', '-', '-', '-', '-', '-', 'a', 'c', 'm', 'g', 'n'};
    static const int64_t every_monument[] = {1, 2, 3};
    _Static_assert(sizeof letters == ROLES, "a letter a role");
    stage_script(stage, "INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at) VALUES"
                        " ('s@net.example', 's@net.example', 'S', 'T', 'fr', 'gate-agent', 0);");
    struct roles r = {.stage = stage};
    int64_t staff_id = stage_number(stage, "SELECT id FROM staff"), before = rows(stage);
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < SERVICES; i++) {
            bool may = strchr(services[i].may, letters[role]) != NULL;
            r.caller = (struct staff_caller){.staff_id = staff_id, .role = (enum role)role,
                                             .monuments = every_monument, .monument_count = 3};
            enum err err = services[i].call(&r);
            if ((err != ERR_REFUSED) != may || (may && err != OK && err != ERR_NOT_FOUND))
                fail_msg("%s as «%s»: %s", services[i].name, role_name((enum role)role), err_name(err));
            assert_int_equal(rows(stage), before);
            r.caller.staff_id = 0; /* nobody, whatever the role says */
            ASSERT_ERR(services[i].call(&r), ERR_NOT_FOUND);
        }
}

/* Acting for one customer opens nothing of another: whose row it is stays in every statement. */
STAGED(acting_reaches_one_organisation_only)
{
    struct buyer *shop = open_shop(stage);
    struct place_result theirs = hold_on(stage, shop, 1, 0, 10, true);
    struct caller other = member(stage, "z@elsewhere.example").caller;
    stage_script(stage, "INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at) VALUES"
                        " ('s@net.example', 's@net.example', 'S', 'T', 'fr', 'customer-service', 0);");
    struct caller acting = {.person_id = other.person_id, .organisation_id = other.organisation_id, .role = ROLE_ACTING,
                            .staff_id = stage_number(stage, "SELECT id FROM staff"), .why = S("asked")};
    enum refusal refusal = REFUSED_NOT;
    ASSERT_ERR(place_cancel(&stage->service, stage->arena, &acting, theirs.visit_id, false, &refusal, NULL),
               ERR_NOT_FOUND);
    struct str ref = S("XXXX-XXXX");
    struct order_view view;
    ASSERT_ERR(order_read(&stage->service, stage->arena, &acting, ref, &view, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(customer_payment_link(&stage->service, stage->arena, &acting, ref, S("key-key-1"), &refusal, NULL),
               ERR_NOT_FOUND);
    assert_int_equal(taken(stage, shop, 1, 0), 10);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_role_against_every_service_of_the_desk),
        staged_test(acting_reaches_one_organisation_only),
    };
    return ENGINES_MAIN(argc, argv, "roles_customer", tests);
}
