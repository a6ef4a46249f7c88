/* Every role against every service of a monument's own work, and of the network's settings (OPS-7): what a role must
 * not do is refused before anything is read or written, and another monument's is not found. */
#include "contract/service_purchase.h"

#include "service/monument_work.h"
#include "service/network.h"
#include "service/phone_booking.h"
#include "service/photo.h"
#include "service/schedule.h"

struct roles {
    struct stage *stage;
    struct staff_caller caller;
    int64_t monument;
};

#define ROOM &r->stage->service, r->stage->arena, &r->caller

static const struct schedule_period a_period = {.name = {"x", 1}, .first = 99999, .last = 99998};
static const struct schedule_line a_line = {.weekdays = 0};

static enum err plan(struct roles *r)
{
    struct schedule_plan plan;
    return schedule_read(ROOM, r->monument, &plan, NULL);
}
static enum err period(struct roles *r)
{
    struct schedule_answer answer;
    return schedule_period_save(ROOM, r->monument, &a_period, &answer, NULL);
}
static enum err period_drop(struct roles *r)
{
    return schedule_period_remove(ROOM, r->monument, 999999, NULL);
}
static enum err line(struct roles *r)
{
    struct schedule_answer answer;
    return schedule_line_save(ROOM, r->monument, 999999, &a_line, &answer, NULL);
}
static enum err line_drop(struct roles *r)
{
    return schedule_line_remove(ROOM, r->monument, 999999, 999999, NULL);
}
static enum err preview(struct roles *r)
{
    struct schedule_preview preview;
    return schedule_preview(ROOM, (struct schedule_range){.monument_id = r->monument}, &preview, NULL);
}
static enum err make(struct roles *r)
{
    struct schedule_preview preview;
    return schedule_apply(ROOM, (struct schedule_range){.monument_id = r->monument}, S("x"), &preview, NULL);
}
static enum err days(struct roles *r)
{
    struct schedule_day_sums sums;
    return schedule_days(ROOM, r->monument, 20000, 20001, &sums, NULL);
}
static enum err slots(struct roles *r)
{
    struct schedule_ones slots;
    return schedule_slots(ROOM, r->monument, 20000, &slots, NULL);
}
static enum err slot(struct roles *r)
{
    struct schedule_one slot;
    return schedule_slot(ROOM, r->monument, 1, &slot, NULL);
}
static enum err slot_put(struct roles *r)
{
    struct schedule_slot_wish wish = {.start = 1};
    struct schedule_answer answer;
    return schedule_slot_put(ROOM, r->monument, &wish, &answer, NULL);
}
static enum err slot_release(struct roles *r)
{
    struct schedule_answer answer;
    return schedule_slot_release(ROOM, r->monument, 1, &answer, NULL);
}
static enum err event(struct roles *r)
{
    struct schedule_event event = {.day = 1};
    struct schedule_answer answer;
    return schedule_event_add(ROOM, r->monument, &event, &answer, NULL);
}
static enum err event_drop(struct roles *r)
{
    return schedule_event_remove(ROOM, r->monument, 999999, NULL);
}
static enum err sheet(struct roles *r)
{
    struct day_sheet sheet;
    return day_sheet_read(ROOM, r->monument, 20000, &sheet, NULL);
}
static enum err needs(struct roles *r)
{
    struct group group;
    return day_sheet_needs_read(ROOM, r->monument, 999999, &group, NULL);
}
static enum err needs_put(struct roles *r)
{
    return day_sheet_needs_put(ROOM, r->monument, 999999, S("x"), NULL);
}
static enum err call(struct roles *r)
{
    struct phone_fields fields = {.start = 1};
    struct phone_answer answer;
    return phone_booking_add(ROOM, r->monument, &fields, S("key"), &answer, NULL);
}
static enum err call_read(struct roles *r)
{
    struct phone_booking booking;
    return phone_booking_read(ROOM, r->monument, 999999, &booking, NULL);
}
static enum err call_change(struct roles *r)
{
    struct phone_fields fields = {
        .start = 1, .persons = 2, .leader = LEADER_GUIDE, .name = S("A"), .phone = S("0612345678")};
    struct phone_answer answer;
    return phone_booking_change(ROOM, r->monument, 999999, &fields, &answer, NULL);
}
static enum err call_cancel(struct roles *r)
{
    struct phone_answer answer;
    return phone_booking_cancel(ROOM, r->monument, 999999, S("why"), &answer, NULL);
}
static enum err calls(struct roles *r)
{
    struct phone_lines lines;
    return phone_booking_list(ROOM, r->monument, &lines, NULL);
}
static enum err list(struct roles *r)
{
    struct monument_lines lines;
    return monument_work_list(ROOM, &lines, NULL);
}
static enum err work(struct roles *r)
{
    struct monument_work work;
    return monument_work_read(ROOM, r->monument, &work, NULL);
}
static enum err facts(struct roles *r)
{
    struct monument wish = {.id = r->monument};
    enum monument_fault wrong;
    return monument_work_put(ROOM, &wish, true, &wrong, NULL);
}
static enum err rule(struct roles *r)
{
    struct group_rule wish = {.min_persons = 0};
    enum rule_fault wrong;
    return monument_rule_put(ROOM, r->monument, &wish, &wrong, NULL);
}
static enum err prices(struct roles *r)
{
    struct monument_prices prices;
    return monument_prices_read(ROOM, r->monument, &prices, NULL);
}
static enum err price(struct roles *r)
{
    struct tariff tariff = {.code = S("none")};
    enum price_fault wrong;
    return monument_price_add(ROOM, r->monument, &tariff, &wrong, NULL);
}
static enum err price_drop(struct roles *r)
{
    enum price_fault wrong;
    return monument_price_remove(ROOM, r->monument, 999999, &wrong, NULL);
}
static enum err price_end(struct roles *r)
{
    enum price_fault wrong;
    return monument_price_end(ROOM, r->monument, 999999, 20000, &wrong, NULL);
}
static enum err photos(struct roles *r)
{
    struct photos photos;
    return photo_work(ROOM, r->monument, &photos, NULL);
}
static enum err photo(struct roles *r)
{
    struct photo_new photo = {.alt_fr = S("a")};
    enum photo_fault wrong;
    return photo_add(ROOM, r->monument, &photo, &wrong, NULL);
}
static enum err words(struct roles *r)
{
    struct photo_new words = {.alt_fr = S("a"), .alt_en = S("b")};
    enum photo_fault wrong;
    return photo_words(ROOM, r->monument, 999999, &words, &wrong, NULL);
}
static enum err forward(struct roles *r)
{
    return photo_forward(ROOM, r->monument, 999999, NULL);
}
static enum err photo_drop(struct roles *r)
{
    return photo_remove(ROOM, r->monument, 999999, NULL);
}
static enum err settings(struct roles *r)
{
    struct network_settings settings;
    return network_settings_read(ROOM, &settings, NULL);
}
static enum err setting(struct roles *r)
{
    enum network_fault wrong;
    return network_setting_put(ROOM, S("none"), S("1"), &wrong, NULL);
}
static enum err setting_reset(struct roles *r)
{
    return network_setting_reset(ROOM, S("none"), NULL);
}
static enum err texts(struct roles *r)
{
    struct network_texts texts;
    return network_texts_read(ROOM, &texts, NULL);
}
static enum err text(struct roles *r)
{
    struct network_text_new text = {.version = S("")};
    enum network_fault wrong;
    return network_text_add(ROOM, &text, &wrong, NULL);
}
static enum err vats(struct roles *r)
{
    struct vat_choices regimes;
    return network_vat_list(ROOM, &regimes, NULL);
}
static enum err vat(struct roles *r)
{
    struct network_vat regime = {.code = S("")};
    enum network_fault wrong;
    return network_vat_add(ROOM, &regime, &wrong, NULL);
}

/* `may`: the answer of who may, a missing row where the call names one that is not there. `of_monument`: a role of
 * monuments gets it at its own only. Roles in the order of the table of domain/role.c: administrator, customer service,
 * monument manager, gate agent, accountant. */
static const struct {
    const char *name;
    enum err (*call)(struct roles *r);
    enum err may;
    bool of_monument;
    const char *roles;
} services[] = {
    {"schedule_read", plan, OK, true, "y-o--"},
    {"schedule_period_save", period, OK, true, "y-o--"},
    {"schedule_period_remove", period_drop, ERR_NOT_FOUND, true, "y-o--"},
    {"schedule_line_save", line, ERR_NOT_FOUND, true, "y-o--"},
    {"schedule_line_remove", line_drop, ERR_NOT_FOUND, true, "y-o--"},
    {"schedule_preview", preview, OK, true, "y-o--"},
    {"schedule_apply", make, OK, true, "y-o--"},
    {"schedule_days", days, OK, true, "y-o--"},
    {"schedule_slots", slots, OK, true, "y-o--"},
    {"schedule_slot", slot, ERR_NOT_FOUND, true, "y-o--"},
    {"schedule_slot_put", slot_put, ERR_NOT_FOUND, true, "y-o--"},
    {"schedule_slot_release", slot_release, ERR_NOT_FOUND, true, "y-o--"},
    {"schedule_event_add", event, OK, true, "y-o--"},
    {"schedule_event_remove", event_drop, ERR_NOT_FOUND, true, "y-o--"},
    {"day_sheet_read", sheet, OK, true, "yyoo-"},
    {"day_sheet_needs_read", needs, ERR_NOT_FOUND, true, "yyoo-"},
    {"day_sheet_needs_put", needs_put, ERR_NOT_FOUND, true, "yyoo-"},
    {"phone_booking_add", call, OK, true, "-yo--"},
    {"phone_booking_read", call_read, ERR_NOT_FOUND, true, "-yo--"},
    {"phone_booking_change", call_change, ERR_NOT_FOUND, true, "-yo--"},
    {"phone_booking_cancel", call_cancel, ERR_NOT_FOUND, true, "-yo--"},
    {"phone_booking_list", calls, OK, true, "-yo--"},
    {"monument_work_list", list, OK, false, "yyooy"},
    {"monument_work_read", work, OK, true, "yyooy"},
    {"monument_work_put", facts, OK, true, "y-o--"},
    {"monument_rule_put", rule, OK, false, "y----"},
    {"monument_prices_read", prices, OK, true, "y-o--"},
    {"monument_price_add", price, OK, true, "y-o--"},
    {"monument_price_remove", price_drop, ERR_NOT_FOUND, true, "y-o--"},
    {"monument_price_end", price_end, ERR_NOT_FOUND, true, "y-o--"},
    {"photo_work", photos, OK, true, "y-o--"},
    {"photo_add", photo, OK, true, "y-o--"},
    {"photo_words", words, ERR_NOT_FOUND, true, "y-o--"},
    {"photo_forward", forward, ERR_NOT_FOUND, true, "y-o--"},
    {"photo_remove", photo_drop, ERR_NOT_FOUND, true, "y-o--"},
    {"network_settings_read", settings, OK, false, "y----"},
    {"network_setting_put", setting, ERR_NOT_FOUND, false, "y----"},
    {"network_setting_reset", setting_reset, ERR_NOT_FOUND, false, "y----"},
    {"network_texts_read", texts, OK, false, "y----"},
    {"network_text_add", text, OK, false, "y----"},
    {"network_vat_list", vats, OK, false, "y----"},
    {"network_vat_add", vat, OK, false, "y----"},
};

static enum err expected(size_t service, enum role role, int64_t monument)
{
    char letter = services[service].roles[(int)role - ROLE_FIRST_STAFF];
    if (letter == '-')
        return ERR_REFUSED;
    bool own = letter == 'y' || !services[service].of_monument || monument == 1;
    return own ? services[service].may : ERR_NOT_FOUND;
}

STAGED(every_role_against_every_service)
{
    static const int64_t own[] = {1};
    struct roles r = {.stage = stage};
    small_network(stage);
    stage_script(stage, "INSERT INTO staff (id, email, email_key, first_name, last_name, lang, role, created_at)"
                        " VALUES (1, 'a@n.example', 'a@n.example', '', '', 'fr', 'administrator', 0)");
    int64_t before = stage_number(stage, "SELECT count(*) FROM audit");
    for (int role = ROLE_FIRST_STAFF; role < ROLES; role++)
        for (r.monument = 1; r.monument <= 2; r.monument++)
            for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
                bool has = role_has_monuments((enum role)role);
                r.caller = (struct staff_caller){.staff_id = 1, .role = (enum role)role, .monuments = own,
                                                 .monument_count = has ? 1 : 0};
                enum err err = services[i].call(&r);
                if (err != expected(i, (enum role)role, r.monument))
                    fail_msg("%s by «%s» at monument %lld: %s", services[i].name, role_name((enum role)role),
                             (long long)r.monument, err_name(err));
            }
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit"), before); /* nothing was done */
}

/* A customer's role on this side, a role without its person, nobody at all. */
STAGED(strangers)
{
    struct roles r = {.stage = stage, .monument = 1};
    small_network(stage);
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        r.caller = (struct staff_caller){.staff_id = 1, .role = ROLE_MANAGER};
        assert_int_equal(services[i].call(&r), ERR_REFUSED);
        r.caller = (struct staff_caller){.role = ROLE_ADMINISTRATOR};
        assert_int_equal(services[i].call(&r), ERR_NOT_FOUND);
    }
}

/* What a group needs is said by who may hold its places. */
STAGED(customers)
{
    small_network(stage);
    for (int role = ROLE_MANAGER; role <= ROLE_ACTING; role++) {
        struct caller caller = {.person_id = 1, .organisation_id = 1, .role = (enum role)role};
        struct group group;
        enum err may = role_may((enum role)role, TASK_HOLD) == MAY ? ERR_NOT_FOUND : ERR_REFUSED;
        assert_int_equal(visit_needs_read(&stage->service, stage->arena, &caller, 999999, &group, NULL), may);
        assert_int_equal(visit_needs_say(&stage->service, stage->arena, &caller, 999999, S("x"), NULL), may);
        caller.person_id = 0;
        assert_int_equal(visit_needs_read(&stage->service, stage->arena, &caller, 999999, &group, NULL), ERR_NOT_FOUND);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_role_against_every_service),
        staged_test(strangers),
        staged_test(customers),
    };
    return ENGINES_MAIN(argc, argv, "roles_monument", tests);
}
