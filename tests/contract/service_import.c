/* The import of monuments on each engine (OPS-2): whole or nothing, twice the same changes nothing, mistakes by line
 * and column. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/catalogue.h"
#include "service/monument_import.h"

#define HEADING "slug;name;city;department;region;kind;description_fr;description_en;latitude;longitude;hours_summer;" \
                "hours_winter;closing_days;full_rate_eur;group_rate_eur;slot_booking;contact_email;contact_phone\n"
#define TOWER                                                                                                          \
    "tour;Tour Neuve;Arles;Bouches-du-Rhône;Provence;tour;Une tour.;A tower.;43.6766;4.6278;10:00-18:00;closed;"      \
    "05-01,mon@winter;9.00;7.5;group-planning;tour@m.example;04 65 71 10 10\n"
#define VILLA                                                                                                          \
    "villa;\"Villa \"\"Belle\"\"; la grande\";Nîmes;Gard;Occitanie;villa;\"Une villa,\nsur deux lignes.\";A villa.;"  \
    "43.84;4.36;on-request;on-request;;8;;no;;\n"

static struct monument_import bring(struct stage *stage, const char *csv, bool write)
{
    struct monument_import import = {.rows = -1};
    stage_ok(monument_import(&stage->service, stage->arena, str_of(csv), write, &import, &fault));
    return import;
}

static int64_t monuments(struct stage *stage)
{
    return stage_number(stage, "SELECT count(*) FROM monument");
}

STAGED(a_network_comes_from_a_table)
{
    struct monument_import import = bring(stage, "\xef\xbb\xbf" HEADING TOWER VILLA, false);
    assert_int_equal(import.problems.n, 0);
    assert_int_equal(import.added, 2);
    assert_int_equal(monuments(stage), 0); /* only looked */
    import = bring(stage, HEADING TOWER VILLA, true);
    assert_int_equal(import.added, 2);
    assert_int_equal(monuments(stage), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM tariff"), 3);
    assert_int_equal(stage_number(stage, "SELECT amount_cents FROM tariff WHERE code = 'group'"), 750);
    assert_int_equal(stage_number(stage, "SELECT min_persons FROM tariff WHERE code = 'group'"), 20);
    assert_str(stage_text(stage, "SELECT name FROM monument WHERE slug = 'villa'"), "Villa \"Belle\"; la grande");
    assert_str(stage_text(stage, "SELECT description_fr FROM monument WHERE slug = 'villa'"),
               "Une villa,\nsur deux lignes.");
    struct monument_list found;
    stage_ok(
        catalogue_search(&stage->service, stage->arena, (struct catalogue_filter){.text = S("tower")}, &found, &fault));
    assert_int_equal(found.n, 1);
    import = bring(stage, HEADING TOWER VILLA, true);
    assert_int_equal(import.same, 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM tariff"), 3);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'monument.import'"), 2);
}

STAGED(what_people_changed_is_kept)
{
    bring(stage, HEADING TOWER, true);
    stage_script(stage, "UPDATE monument SET published = 0, name = 'Autre'; UPDATE tariff SET amount_cents = 1100;");
    struct monument_import import = bring(stage, HEADING TOWER, true);
    assert_int_equal(import.changed, 1);
    assert_str(stage_text(stage, "SELECT name FROM monument"), "Tour Neuve");
    assert_int_equal(stage_number(stage, "SELECT published FROM monument"), 0);
    assert_int_equal(stage_number(stage, "SELECT min(amount_cents) FROM tariff"), 1100);
    /* No contact in the table: the one that is there stays. */
    import = bring(stage, "slug,name,city,department,region,kind,description_fr,description_en,latitude,longitude,"
                          "hours_summer,hours_winter,closing_days,slot_booking\r\n"
                          "tour,Tour Neuve,Arles,Bouches-du-Rhône,Provence,tour,Une tour.,A tower.,43.6766,4.6278,"
                          "10:00-18:00,closed,\"05-01,mon@winter\",group-planning\r\n", true);
    assert_int_equal(import.problems.n, 0);
    assert_int_equal(import.same, 1);
    stage_script(stage, "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from)"
                        " SELECT id, 1, 0, 30, 5, 0 FROM monument");
    import = bring(stage,
                   HEADING "tour;Tour Neuve;Arles;Bouches-du-Rhône;Provence;tour;Une tour.;A tower.;43.6766;4.6278;"
                           "10:00-18:00;closed;;;;no;;\n",
                   true);
    assert_int_equal(import.problems.n, 1);
    assert_str(str_of(import.problems.p[0].column), "slot_booking");
}

STAGED(mistakes_by_line_and_column)
{
    struct monument_import import = bring(stage,
        HEADING TOWER VILLA
        "Bad Slug;X;Arles;B;P;tour;Une.;A.;95.0;4.6;10-18;closed;13-45;9,00;;maybe;nobody;\n"
        "tour;X;Arles;B;P;tour;Une.;A.;43.0;4.6;10:00-18:00;closed;;;;no;;\n"
        "short;row\n", true);
    const struct {
        int line;
        const char *column;
    } expected[] = {{5, "slot_booking"}, {5, "full_rate_eur"}, {5, "slug"}, {6, "slug"}, {7, ""}};
    assert_int_equal(import.problems.n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < import.problems.n; i++) {
        assert_int_equal(import.problems.p[i].line, expected[i].line);
        assert_str(str_of(import.problems.p[i].column), expected[i].column);
    }
    assert_int_equal(monuments(stage), 0);
    assert_int_equal(bring(stage, "slug;name\n", true).problems.n, 12); /* the columns that are missing */
    assert_int_equal(bring(stage, "", true).problems.n, 1);
    assert_int_equal(bring(stage, HEADING "\"never closed;\n", true).problems.n, 1);
    ASSERT_ERR(monument_import(&stage->service, stage->arena, S("\xff"), true, &import, NULL), ERR_INPUT);
}

STAGED_FAULTY(an_import_is_whole_or_nothing)
{
    for (int64_t nth = 1, spoilt = 0;; nth++, spoilt++) {
        struct monument_import import;
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        enum err err = monument_import(&stage->service, stage->arena, S(HEADING TOWER VILLA), true, &import, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        assert_int_equal(monuments(stage), err == OK ? 2 : 0);
        if (reached && err != OK)
            continue;
        assert_in_range(spoilt, 5, 1000);
        break;
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(a_network_comes_from_a_table),
        staged_test(what_people_changed_is_kept),
        staged_test(mistakes_by_line_and_column),
        staged_test(an_import_is_whole_or_nothing),
    };
    return ENGINES_MAIN(argc, argv, "import", tests);
}
