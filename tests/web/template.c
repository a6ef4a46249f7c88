/* What generated templates write: every construct of tools/README.md once, in both languages. */
#include "kit.h"

#include "probe_templates.h"

static struct probe_item ITEMS[] = {
    {.name = {"A<", 2}, .c = "c&", .n = -1, .on = true, .price = {123450}},
    {.name = {"B", 1}, .c = "", .n = 2, .on = false, .price = {0}},
};
static struct str WORDS[] = {{"x", 1}, {"\"y\"", 3}};

static struct probe_view view(void)
{
    return (struct probe_view){.evil = S("<b>\"&'/é"),
                               .ready = {S("<b>ok</b>")},
                               .elsewhere = safe_url_external(S("https://example.org/?a=1&b=2")),
                               .items = {ITEMS, 2},
                               .words = {WORDS, 2},
                               .count = 3,
                               .day = unit_day(2026, 11, 23),
                               .minute = 9 * 60 + 5,
                               .at = 1795426200, /* 2026-11-23T10:30+01:00 */
                               .label = MSG_form_choose,
                               .one = &ITEMS[0]};
}

static void values_are_escaped_by_place(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_EN);
    struct probe_view v = view();
    tpl_probe_values(page_out(&kit.page), &kit.page, &v);
    assert_str(kit_body(&kit),
               "<p title=\"&lt;b&gt;&quot;&amp;&#39;/é\">&lt;b&gt;&quot;&amp;&#39;/é|<b>ok</b>|3|c&amp;|€1,234.50|lit</p>\n"
               "<a href=\"/en/monuments/%3Cb%3E%22%26%27%2F%C3%A9/planning?jour=3&amp;x=1\" class=plain>u</a>\n"
               "<a href=\"/healthz\">p</a><a href=\"https://example.org/?a=1&amp;b=2\">s</a>\n"
               "<a href=\"#%3Cb%3E%22%26%27%2F%C3%A9\">f</a><a href=\"mailto:%3Cb%3E%22%26%27%2F%C3%A9\">m</a>\n");
    kit_close(&kit);
}

static void blocks_loops_and_components(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_FR);
    struct probe_view v = view();
    tpl_probe_blocks(page_out(&kit.page), &kit.page, &v);
    assert_str(kit_body(&kit), "<ul>\n<li class=\"on\">0 A&lt;:\nx, \n&quot;y&quot;\n</li>\n<li>1 B:\nx, \n&quot;y&quot;\n</li>\n</ul>\n"
                               "many\nlarge\n[A&lt; -1]\n[B 2]\n[A&lt; -1]\n\n<pre>\n  kept   as\n  it is 3\n</pre>\n"
                               "<b>bold</b>\n<i>italic</i>\n");
    kit_close(&kit);
}

static void words_in_the_language_of_the_page(void **state)
{
    (void)state;
    struct kit kit;
    struct probe_view v = view();
    kit_open(&kit, LANG_FR);
    tpl_probe_words(page_out(&kit.page), &kit.page, &v);
    assert_str(kit_body(&kit),
               "Écrivez au plus 3 caractères. Écrivez au plus 1 caractère. Choisir… "
               "<a title=\"Choisir…\">Le nombre doit être au moins 2.</a>\n"
               "lundi 23 novembre 2026 23/11/2026 <time datetime=\"2026-11-23\">09:05</time> lundi 23 novembre 2026 à 10:30 "
               "23/11/2026 10:30 2026-11-23T10:30:00+01:00 3 jours\n");
    kit_close(&kit);
    kit_open(&kit, LANG_EN);
    tpl_probe_words(page_out(&kit.page), &kit.page, &v);
    assert_has(kit_body(&kit), "Enter at most 3 characters. Enter at most 1 character. Choose…");
    assert_has(kit_body(&kit), "Monday 23 November 2026 23 Nov 2026 ");
    assert_has(kit_body(&kit), "Monday 23 November 2026 at 10:30 23 Nov 2026 10:30");
    kit_close(&kit);
}

static void an_unsafe_address_becomes_harmless(void **state)
{
    (void)state;
    assert_str(safe_url_external(S("javascript:alert(1)")).s, "#");
    assert_str(safe_url_external(S("https://a b")).s, "#");
    assert_str(safe_url_external(S("https://a/\r\nb")).s, "#");
    assert_str(safe_url_of_path(S("//evil.example")).s, "/");
    assert_str(safe_url_of_path(S("/\\evil.example")).s, "/");
    assert_str(safe_url_of_path(S("/fr/options")).s, "/fr/options");
}

static void addresses_of_pages(void **state)
{
    (void)state;
    struct kit kit;
    kit_open(&kit, LANG_EN);
    assert_str(page_url(&kit.page, "/commandes"), "/en/commandes");
    assert_str(page_url(&kit.page, "/commandes/{}/billets?x={}", S("A/B?"), S("é&")), "/en/commandes/A%2FB%3F/billets?x=%C3%A9%26");
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_by_place),       cmocka_unit_test(blocks_loops_and_components),
        cmocka_unit_test(words_in_the_language_of_the_page), cmocka_unit_test(an_unsafe_address_becomes_harmless),
        cmocka_unit_test(addresses_of_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
