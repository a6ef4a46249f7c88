/* Forms: typed values when all is well; errors, and all that was typed, when not. */
#include "kit.h"

#include "http/parse.h"
#include "probe_templates.h"
#include "web/templates.h"

static const struct choice KINDS[] = {{"ecole", MSG_form_day}, {"adultes", MSG_form_time}};

/* Labels are whatever messages the kit has. */
static const struct field_spec SPECS[] = {
    F_TEXT(struct probe_form, name, "nom", MSG_form_choose, .required = true, .max = 5, .autocomplete = "family-name"),
    F_EMAIL(struct probe_form, email, "courriel", MSG_form_choose, .required = true, .hint = MSG_form_optional),
    F_PHONE(struct probe_form, phone, "tel", MSG_form_choose),
    F_PASSWORD(struct probe_form, password, "mdp", MSG_form_choose, .min = 12),
    F_LONG_TEXT(struct probe_form, story, "texte", MSG_form_choose),
    F_INT(struct probe_form, persons, "personnes", MSG_form_choose, .min = 1, .max = 35),
    F_DAY(struct probe_form, day, "jour", MSG_form_choose, .min = 20000, .max = 30000),
    F_TIME(struct probe_form, time, "heure", MSG_form_choose),
    F_CHOICE(struct probe_form, kind, "genre", MSG_form_choose, .radio = true, CHOICES(KINDS)),
    F_CHOICE(struct probe_form, guide, "guide", MSG_form_choose),
    F_BOOL(struct probe_form, terms, "cgv", MSG_form_choose, .required = true),
    F_IDS(struct probe_form, picks, "id", MSG_form_choose),
};

#define GOOD "nom=Zo%C3%AB&courriel=a@b.example&cgv=1"

static struct pairs fields_of(struct arena *arena, const char *urlencoded)
{
    struct pairs pairs;
    if (!parse_urlencoded(arena, str_of(urlencoded), &pairs))
        fail_msg("the test's own form is malformed: %s", urlencoded);
    return pairs;
}

static bool read(struct kit *kit, const char *sent, struct probe_form *form)
{
    return form_read(kit->arena, fields_of(kit->arena, sent), FORM(SPECS, *form));
}

static void typed_values(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_form form = {0};
    assert_true(read(&kit,
                     "nom=+Zo%C3%AB+&courriel=+a.b%2Bc@d-e.example&tel=%2B33+1+23+45&mdp=+douze+signes+&texte=a%0D%0Ab&personnes=1+2"
                     "&jour=2026-11-23&heure=09:30&genre=adultes&cgv=1&id=7&id=9",
                     &form));
    assert_str(form.name.v, "Zoë");
    assert_str(form.email.v, "a.b+c@d-e.example");
    assert_str(form.phone.v, "+33 1 23 45");
    assert_str(form.password.v, " douze signes ");
    assert_str(form.story.v, "a\nb");
    assert_int_equal(form.persons.v, 12);
    assert_int_equal(form.day.v, unit_day(2026, 11, 23));
    assert_int_equal(form.time.v, 570);
    assert_int_equal(form.kind.v, 1);
    assert_str(form.kind.value, "adultes");
    assert_true(form.terms.v);
    assert_int_equal(form.picks.v.n, 2);
    assert_int_equal(form.picks.v.p[1], 9);
    kit_close(&kit);
}

static void blanks_keep_the_default(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_form form = {.persons = {.v = 10}, .day = {.v = 20100}};
    assert_true(read(&kit, GOOD "&personnes=&jour=++", &form));
    assert_int_equal(form.persons.v, 10);
    assert_false(form.persons.f.given);
    assert_int_equal(form.day.v, 20100);
    assert_int_equal(form.kind.v, -1);
    assert_int_equal(form.phone.v.n, 0);
    kit_close(&kit);
}

static enum msg error_of(const char *sent, const char *name, int64_t *ret_n)
{
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_form form = {0};
    enum msg error = MSG_none;
    bool good = read(&kit, sent, &form);
    for (size_t i = 0; i < form.head.fields.n; i++) {
        const struct field *field = form.head.fields.p[i];
        if (strcmp(field->spec->name, name) != 0)
            continue;
        error = field->error;
        *ret_n = field->error_n;
    }
    assert_int_equal(good, form.head.error_count == 0);
    assert_int_equal(good, error == MSG_none);
    kit_close(&kit);
    return error;
}

static void each_kind_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *name;
        enum msg error;
        int64_t n;
    } cases[] = {
        {"courriel=a@b.example&cgv=1", "nom", MSG_form_required, 0},
        {"nom=%C2%A0+&courriel=a@b.example&cgv=1", "nom", MSG_form_required, 0},
        {"nom=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9&courriel=a@b.example&cgv=1", "nom", MSG_none, 0},
        {"nom=123456&courriel=a@b.example&cgv=1", "nom", MSG_form_too_long, 5},
        {"nom=a&courriel=a@b&cgv=1", "courriel", MSG_form_email, 0},
        {"nom=a&courriel=a b@c.example&cgv=1", "courriel", MSG_form_email, 0},
        {"nom=a&courriel=a@b@c.example&cgv=1", "courriel", MSG_form_email, 0},
        {"nom=a&courriel=@c.example&cgv=1", "courriel", MSG_form_email, 0},
        {"nom=a&courriel=a@c.example.&cgv=1", "courriel", MSG_form_email, 0},
        {"nom=a&courriel=a@-c.example&cgv=1", "courriel", MSG_form_email, 0},
        {"nom=a&courriel=a@b.example", "cgv", MSG_form_must_tick, 0},
        {GOOD "&tel=12345", "tel", MSG_form_phone, 0},
        {GOOD "&tel=01x23456789", "tel", MSG_form_phone, 0},
        {GOOD "&mdp=onze+signes", "mdp", MSG_form_too_short, 12},
        {GOOD "&personnes=0", "personnes", MSG_form_min, 1},
        {GOOD "&personnes=36", "personnes", MSG_form_max, 35},
        {GOOD "&personnes=1.5", "personnes", MSG_form_number, 0},
        {GOOD "&personnes=99999999999999999999", "personnes", MSG_form_number, 0},
        {GOOD "&jour=2027-02-29", "jour", MSG_form_day, 0},
        {GOOD "&jour=29/02/2028", "jour", MSG_none, 0},
        {GOOD "&jour=29/02/2027", "jour", MSG_form_day, 0},
        {GOOD "&jour=1/1/99999", "jour", MSG_form_day, 0},
        {GOOD "&jour=2024-01-01", "jour", MSG_form_day_early, 20000},
        {GOOD "&jour=2099-01-01", "jour", MSG_form_day_late, 30000},
        {GOOD "&heure=25:00", "heure", MSG_form_time, 0},
        {GOOD "&genre=autre", "genre", MSG_form_choice, 0},
        {GOOD "&guide=1", "guide", MSG_form_choice, 0},
        {GOOD "&id=x", "id", MSG_form_choice, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t n = -1;
        enum msg error = error_of(cases[i].sent, cases[i].name, &n);
        if (error != cases[i].error || n != cases[i].n)
            fail_msg("%s: %s with %lld, not %s", cases[i].sent, msg_name(error).p, (long long)n, msg_name(cases[i].error).p);
    }
}

static void a_line_stays_a_line(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_form form = {0};
    assert_true(read(&kit, "nom=a%0Ab%09c&courriel=a@b.example&cgv=1", &form));
    assert_str(form.name.v, "a b c");
    kit_close(&kit);
}

static void possibilities_from_data(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct possibility guides[] = {{.value = S("4"), .text = S("Anne")}, {.value = S("5"), .text = S("Bo<b>")}};
    struct possibility picks[] = {{.value = S("1"), .text = S("un")}, {.value = S("2"), .text = S("deux")}};
    struct probe_form form = {.guide = {.f = {.possible = {guides, 2}}}, .picks = {.f = {.possible = {picks, 2}}}};
    assert_true(read(&kit, GOOD "&guide=5&id=2", &form));
    assert_str(form.guide.value, "5");
    assert_true(guides[1].selected && !guides[0].selected && picks[1].selected);
    assert_false(read(&kit, GOOD "&guide=6", &form));
    assert_int_equal(form.guide.f.error, MSG_form_choice);
    assert_false(read(&kit, GOOD "&id=2&id=3", &form));
    assert_int_equal(form.picks.f.error, MSG_form_choice);
    kit_close(&kit);
}

static void what_was_typed_comes_back(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_form_view v = {0};
    assert_false(read(&kit, "nom=%3Cb%3E%22'xyz&courriel=faux&mdp=geheimgeheim&texte=%3C/textarea%3E&personnes=quatre&genre=ecole", &v.form));
    tpl_error_summary(page_out(&kit.page), &kit.page, &v.form.head);
    tpl_probe_form(page_out(&kit.page), &kit.page, &v);
    struct str body = kit_body(&kit);
    assert_has(body, "role=\"alert\"");
    assert_has(body, "4 erreurs à corriger");
    assert_has(body, "<a href=\"#f-courriel\">Choisir…</a>");
    assert_has(body, "value=\"&lt;b&gt;&quot;&#39;xyz\"");
    assert_has(body, "Écrivez au plus 5 caractères.");
    assert_has(body, "value=\"faux\"");
    assert_has(body, "aria-describedby=\"f-courriel-error f-courriel-hint\"");
    assert_has(body, "autocomplete=\"family-name\"");
    assert_has(body, "&lt;/textarea&gt;</textarea>");
    assert_has(body, "value=\"quatre\"");
    assert_has(body, "min=\"2024-10-04\" max=\"2052-02-20\"");
    assert_has(body, "value=\"ecole\" checked");
    assert_has_not(body, "geheim");
    assert_has_not(body, "<b>");
    kit_close(&kit);
}

static void a_blank_form_shows_what_was_set(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_EN);
    struct probe_form_view v = {0};
    form_blank(kit.arena, FORM(SPECS, v.form));
    field_set_text(&v.form.name, S("Ada"));
    field_set_int(kit.arena, &v.form.persons, 25);
    field_set_day(kit.arena, &v.form.day, unit_day(2026, 11, 23));
    field_set_choice(&v.form.kind, S("adultes"));
    field_set_bool(&v.form.terms, true);
    tpl_error_summary(page_out(&kit.page), &kit.page, &v.form.head);
    assert_int_equal(kit_body(&kit).n, 0);
    tpl_probe_form(page_out(&kit.page), &kit.page, &v);
    struct str body = kit_body(&kit);
    assert_has(body, "value=\"Ada\"");
    assert_has(body, "value=\"25\"");
    assert_has(body, "value=\"2026-11-23\"");
    assert_has(body, "value=\"adultes\" checked");
    assert_has(body, "value=\"1\" checked");
    assert_has_not(body, "aria-invalid");
    assert_has_not(body, "field--wrong");
    kit_close(&kit);
}

static void a_service_adds_its_error(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_form_view v = {0};
    assert_true(read(&kit, GOOD, &v.form));
    form_refuse(&v.form.head, &v.form.email.f, MSG_form_email);
    form_refuse(&v.form.head, &v.form.email.f, MSG_form_choice);
    form_refuse_all(&v.form.head, MSG_form_day_late);
    assert_int_equal(v.form.head.error_count, 2);
    tpl_error_summary(page_out(&kit.page), &kit.page, &v.form.head);
    assert_has(kit_body(&kit), "2 erreurs à corriger");
    assert_has(kit_body(&kit), "<li>Cette date est trop tard.</li>");
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_values),        cmocka_unit_test(blanks_keep_the_default),
        cmocka_unit_test(each_kind_refuses),   cmocka_unit_test(a_line_stays_a_line),
        cmocka_unit_test(possibilities_from_data), cmocka_unit_test(what_was_typed_comes_back),
        cmocka_unit_test(a_blank_form_shows_what_was_set), cmocka_unit_test(a_service_adds_its_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
