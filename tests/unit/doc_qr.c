/* QR codes: what is refused, the shape of a symbol, and the SVG. That readers read them is checked in tests/doc. */
#include "doc/qr.h"
#include "unit.h"

static void refuses_what_no_symbol_can_say(void **state)
{
    (void)state;
    struct qr qr = {.side = -1};
    char bytes[QR_PAYLOAD_MAX + 1];
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(qr_encode(S(""), &qr, NULL), ERR_INPUT);
    assert_int_equal(qr_encode(S("a\0b"), &qr, NULL), ERR_INPUT);
    assert_int_equal(qr_encode((struct str){bytes, sizeof bytes}, &qr, NULL), ERR_LIMIT);
    assert_int_equal(qr.side, -1);
    assert_int_equal(qr_encode((struct str){bytes, QR_PAYLOAD_MAX}, &qr, NULL), OK);
    assert_true(qr.side > 21 && qr.side <= QR_SIDE_MAX);
}

/* A finder: dark ring, light ring, dark centre. */
static void assert_finder(const struct qr *qr, int x, int y)
{
    for (int i = 0; i < 7; i++)
        for (int k = 0; k < 7; k++) {
            bool rim = i == 0 || i == 6 || k == 0 || k == 6, centre = i >= 2 && i <= 4 && k >= 2 && k <= 4;
            assert_int_equal(qr->modules[(y + i) * qr->side + x + k], rim || centre);
        }
}

static void has_its_three_finders(void **state)
{
    (void)state;
    struct qr qr;
    assert_int_equal(qr_encode(S("GU1:261148000001"), &qr, NULL), OK);
    assert_int_equal(qr.side, 21);
    assert_finder(&qr, 0, 0);
    assert_finder(&qr, qr.side - 7, 0);
    assert_finder(&qr, 0, qr.side - 7);
}

static void svg_is_square_with_its_quiet_zone(void **state)
{
    (void)state;
    struct buf out = buf_new(64 * 1024);
    assert_int_equal(qr_svg(&out, S("GU1:261148000001"), S("Code du billet «1» <2>"), NULL), OK);
    struct str svg = buf_view(&out);
    assert_true(str_starts(svg, S("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 29 29\"")));
    assert_true(str_ends(svg, S("\"/></svg>")));
    assert_true(str_has(svg, S("aria-label=\"Code du billet «1» &lt;2&gt;\"")));
    assert_true(str_has(svg, S("d=\"M0 0h29v29h-29z\"")));
    assert_true(str_has(svg, S("d=\"M4 4h7v1h-7z"))); /* the finder's upper edge */
    buf_clear(&out);
    assert_int_equal(qr_svg(&out, S(""), S("x"), NULL), ERR_INPUT);
    assert_int_equal(out.n, 0);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_no_symbol_can_say),
        cmocka_unit_test(has_its_three_finders),
        cmocka_unit_test(svg_is_square_with_its_quiet_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
