/* Tariffs, the free place, and VAT. */
#include "domain/tariff.h"
#include "domain/vat.h"
#include "unit.h"

#define FULL 1300
#define GROUP 1100
#define SCHOOL 400

static struct tariff row(const char *code, enum audience audience, int min_persons, int64_t amount, int from, int to)
{
    return (struct tariff){.code = str_of(code), .audience = audience, .min_persons = min_persons,
                           .amount = cents(amount), .vat_code = S("outside"), .valid_from = from, .valid_to = to};
}

enum { ROWS = 4 };

static void rows(struct tariff tariffs[ROWS])
{
    tariffs[0] = row("full", AUDIENCE_ADULTS, 1, FULL, 100, TARIFF_NO_END);
    tariffs[1] = row("group", AUDIENCE_ADULTS, 20, GROUP, 100, 200);
    tariffs[2] = row("group", AUDIENCE_ADULTS, 20, GROUP + 100, 201, TARIFF_NO_END);
    tariffs[3] = row("school", AUDIENCE_SCHOOL, 1, SCHOOL, 100, TARIFF_NO_END);
}

static struct price priced(enum audience audience, int persons, enum leader_kind leader, day_number day)
{
    struct tariff tariffs[ROWS];
    struct price price;
    rows(tariffs);
    if (price_of(tariffs, ROWS, audience, persons, leader, LEADER_FREE_ABOVE, day, &price) != PRICE_GIVEN)
        fail_msg("no price for %d persons on day %d", persons, day);
    return price;
}

static void check_line(const struct price_line *line, const char *code, enum ticket_role role, int quantity,
                       int64_t unit, const char *why, int number)
{
    assert_str(line->tariff_code, code);
    assert_int_equal(line->role, role);
    assert_int_equal(line->quantity, quantity);
    assert_true(line->unit.v == unit && line->total.v == unit * quantity);
    assert_string_equal(line->why, why);
    assert_int_equal(line->why_number, number);
}

static void adults(void **state)
{
    (void)state;
    struct price price = priced(AUDIENCE_ADULTS, 19, LEADER_ACCOMPANYING, 150);
    assert_int_equal(price.count, 1);
    assert_true(price.leader_pays);
    check_line(&price.lines[0], "full", ROLE_VISITOR, 19, FULL, "price.why.full_rate", 20);
    /* At 20 the group rate begins and the leader still pays. */
    price = priced(AUDIENCE_ADULTS, 20, LEADER_ACCOMPANYING, 150);
    assert_int_equal(price.count, 1);
    assert_true(price.leader_pays);
    check_line(&price.lines[0], "group", ROLE_VISITOR, 20, GROUP, "price.why.group_rate", 20);
    /* At 21 the leader is free: the same to pay as at 20. */
    price = priced(AUDIENCE_ADULTS, 21, LEADER_ACCOMPANYING, 150);
    assert_int_equal(price.count, 2);
    assert_false(price.leader_pays);
    check_line(&price.lines[0], "group", ROLE_VISITOR, 20, GROUP, "price.why.group_rate", 20);
    check_line(&price.lines[1], "group", ROLE_LEADER, 1, 0, "price.why.leader_free", 20);
    assert_true(price.total.v == 20 * GROUP);
    /* A guide is free at any size, and counts towards the 20. */
    price = priced(AUDIENCE_ADULTS, 20, LEADER_GUIDE, 150);
    check_line(&price.lines[0], "group", ROLE_VISITOR, 19, GROUP, "price.why.group_rate", 20);
    check_line(&price.lines[1], "group", ROLE_GUIDE, 1, 0, "price.why.guide_free", 0);
    price = priced(AUDIENCE_ADULTS, 1, LEADER_GUIDE, 150);
    assert_int_equal(price.count, 1);
    check_line(&price.lines[0], "full", ROLE_GUIDE, 1, 0, "price.why.guide_free", 0);
    assert_true(price.total.v == 0);
    /* Undated tickets have no leader. */
    price = priced(AUDIENCE_ADULTS, 30, LEADER_NONE, 150);
    assert_int_equal(price.count, 1);
    assert_false(price.leader_pays);
    assert_true(price.total.v == 30 * GROUP);
}

static void dates(void **state)
{
    (void)state;
    assert_true(priced(AUDIENCE_ADULTS, 25, LEADER_NONE, 200).lines[0].unit.v == GROUP);
    assert_true(priced(AUDIENCE_ADULTS, 25, LEADER_NONE, 201).lines[0].unit.v == GROUP + 100);
    struct tariff tariffs[ROWS];
    rows(tariffs);
    struct price price = {.count = 9};
    assert_int_equal(price_of(tariffs, ROWS, AUDIENCE_ADULTS, 5, LEADER_NONE, 20, 99, &price), PRICE_NO_TARIFF);
    assert_int_equal(price_of(tariffs, ROWS, AUDIENCE_ADULTS, 0, LEADER_NONE, 20, 150, &price), PRICE_BAD_NUMBER);
    assert_int_equal(price_of(tariffs, 0, AUDIENCE_ADULTS, 5, LEADER_NONE, 20, 150, &price), PRICE_NO_TARIFF);
    assert_int_equal(price_of(tariffs + 1, 1, AUDIENCE_ADULTS, 19, LEADER_NONE, 20, 150, &price), PRICE_NO_TARIFF);
    assert_int_equal(price.count, 9);
    /* Where rows overlap the newer one counts, in whichever order they come. */
    struct tariff two[] = {row("full", AUDIENCE_ADULTS, 1, 700, 120, TARIFF_NO_END),
                           row("full", AUDIENCE_ADULTS, 1, 600, 100, TARIFF_NO_END)};
    assert_true(tariff_for(two, 2, AUDIENCE_ADULTS, 3, 130)->amount.v == 700);
    assert_true(tariff_for(two, 2, AUDIENCE_ADULTS, 3, 119)->amount.v == 600);
    assert_int_equal(price_of(two, 2, AUDIENCE_ADULTS, 3, LEADER_NONE, 20, 130, &price), PRICE_GIVEN);
    check_line(&price.lines[0], "full", ROLE_VISITOR, 3, 700, "price.why.only_rate", 0);
}

static void schools(void **state)
{
    (void)state;
    struct price price = priced(AUDIENCE_SCHOOL, 30, LEADER_ACCOMPANYING, 150);
    check_line(&price.lines[0], "school", ROLE_VISITOR, 29, SCHOOL, "price.why.school_rate", 0);
    price = priced(AUDIENCE_SPECIAL, 10, LEADER_ACCOMPANYING, 150);
    check_line(&price.lines[0], "school", ROLE_VISITOR, 10, SCHOOL, "price.why.special_rate", 0);
    struct tariff own[ROWS + 1];
    rows(own);
    own[ROWS] = row("special", AUDIENCE_SPECIAL, 1, 100, 100, TARIFF_NO_END);
    assert_true(tariff_for(own, ROWS + 1, AUDIENCE_SPECIAL, 10, 150)->amount.v == 100);
    assert_null(tariff_for(own, 3, AUDIENCE_SCHOOL, 10, 150)); /* never the adults' tariff instead */
}

/* Every size: the lines add up to the group, the total to the lines. */
static void lines_add_up(void **state)
{
    (void)state;
    for (int leader = LEADER_NONE; leader <= LEADER_ACCOMPANYING; leader++) {
        for (int persons = 1; persons <= 300; persons++) {
            struct price price = priced(AUDIENCE_ADULTS, persons, (enum leader_kind)leader, 150);
            int64_t total = 0;
            int heads = 0;
            for (size_t i = 0; i < price.count; i++) {
                heads += price.lines[i].quantity;
                total += price.lines[i].total.v;
                assert_true(price.lines[i].quantity > 0);
            }
            assert_int_equal(heads, persons);
            assert_true(total == price.total.v);
        }
    }
}

static void vat_bases(void **state)
{
    (void)state;
    assert_true(vat_base(cents(1100), 1000).v == 1000);
    assert_true(vat_base(cents(1), 2000).v == 1);
    assert_true(vat_base(cents(0), 2000).v == 0);
    assert_true(vat_base(cents(-1100), 1000).v == -1000);
    for (int64_t gross = 1; gross <= 20000; gross++) {
        static const int rates[] = {0, 210, 550, 1000, 2000};
        for (int i = 0; i < 5; i++) {
            int64_t base = vat_base(cents(gross), rates[i]).v;
            /* The nearest whole cent: twice the distance is at most one. */
            int64_t twice_off = 2 * (gross * 10000 - base * (10000 + rates[i]));
            assert_true(twice_off <= 10000 + rates[i] && twice_off >= -(10000 + rates[i]));
            assert_true(vat_base(cents(-gross), rates[i]).v == -base);
            /* EN 16931 allows one cent between the VAT and the rate of the base. */
            int64_t vat = gross - base, twice = 2 * (vat * 10000 - base * rates[i]);
            assert_true(twice < 4 * 10000 && twice > -4 * 10000);
        }
    }
}

/* Invoices of 1 to 12 lines at three rates, every total from 1 to 20000 cents: each rate's lines add up exactly. */
static void vat_sums_are_exact(void **state)
{
    (void)state;
    const struct vat_regime regimes[] = {{S("reduced"), VAT_STANDARD, 550, S(""), S("")},
                                         {S("museum"), VAT_STANDARD, 1000, S(""), S("")},
                                         {S("normal"), VAT_STANDARD, 2000, S(""), S("")},
                                         {S("unused"), VAT_EXEMPT, 0, S("x"), S("x")}};
    for (int64_t gross = 1; gross <= 20000; gross++) {
        struct vat_line lines[12];
        size_t count = (size_t)(gross % 12) + 1;
        int64_t left = gross, net[4] = {0};
        for (size_t i = 0; i < count; i++) {
            int64_t part = i + 1 == count ? left : left / 3 + (int64_t)i % 2;
            lines[i] = (struct vat_line){.gross = cents(gross % 2 == 0 ? part : -part), .regime = i % 3};
            left -= part;
        }
        struct vat_total totals[4];
        vat_compute(regimes, 4, lines, count, totals);
        int64_t sum = 0;
        for (size_t i = 0; i < count; i++) {
            net[lines[i].regime] += lines[i].net.v;
            int64_t own = vat_base(lines[i].gross, regimes[lines[i].regime].rate_bp).v;
            assert_true(lines[i].net.v - own <= 1 && own - lines[i].net.v <= 1);
        }
        for (int r = 0; r < 4; r++) {
            assert_true(net[r] == totals[r].base.v);
            assert_true(totals[r].gross.v == totals[r].base.v + totals[r].vat.v);
            sum += totals[r].gross.v;
        }
        assert_true(sum == (gross % 2 == 0 ? gross : -gross));
        assert_int_equal(totals[3].lines, 0);
    }
}

static void vat_left_over_cents(void **state)
{
    (void)state;
    const struct vat_regime normal = {S("normal"), VAT_STANDARD, 2000, S(""), S("")};
    /* 3 x 1.00: the base of 3.00 is 2.50, each line's exact share 83 1/3: the left-over cent goes to the first. */
    struct vat_line lines[] = {{cents(100), 0, cents(0)}, {cents(100), 0, cents(0)}, {cents(100), 0, cents(0)}};
    struct vat_total total;
    vat_compute(&normal, 1, lines, 3, &total);
    assert_true(total.base.v == 250 && total.vat.v == 50 && total.lines == 3);
    assert_true(lines[0].net.v == 84 && lines[1].net.v == 83 && lines[2].net.v == 83);
    struct vat_line uneven[] = {{cents(100), 0, cents(0)}, {cents(101), 0, cents(0)}}; /* 83.33 and 84.17: 167.5 */
    vat_compute(&normal, 1, uneven, 2, &total);
    assert_true(total.base.v == 168 && uneven[0].net.v == 84 && uneven[1].net.v == 84);
}

static void vat_categories(void **state)
{
    (void)state;
    enum vat_category category = VAT_EXEMPT;
    assert_true(vat_category_parse(S("O"), &category) && category == VAT_OUTSIDE);
    assert_false(vat_category_parse(S("Z"), &category));
    assert_false(vat_category_parse(S(""), &category));
    const struct vat_regime outside = {S("o"), VAT_OUTSIDE, 0, S(""), S("")}, taxed = {S("s"), VAT_STANDARD, 1000, S(""), S("")};
    const struct vat_regime exempt = {S("e"), VAT_EXEMPT, 0, S(""), S("")}, odd = {S("x"), VAT_OUTSIDE, 1000, S(""), S("")};
    const struct vat_regime none = {S("n"), VAT_STANDARD, 0, S(""), S("")};
    assert_true(vat_regime_holds(&outside) && vat_regime_holds(&taxed) && vat_regime_holds(&exempt));
    assert_false(vat_regime_holds(&odd) || vat_regime_holds(&none));
    assert_true(vat_share_invoice(&taxed, &exempt) && vat_share_invoice(&outside, &outside));
    assert_false(vat_share_invoice(&taxed, &outside));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adults),    cmocka_unit_test(dates),              cmocka_unit_test(schools),
        cmocka_unit_test(vat_bases), cmocka_unit_test(vat_sums_are_exact), cmocka_unit_test(vat_left_over_cents),
        cmocka_unit_test(lines_add_up), cmocka_unit_test(vat_categories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
