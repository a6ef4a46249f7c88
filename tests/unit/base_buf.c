/* The bounded buffer and its escapes. */
#include "base/buf.h"
#include "unit.h"

static void stops_at_its_maximum(void **state)
{
    (void)state;
    struct buf buf = buf_new(10);
    assert_str(buf_view(&buf), "");
    buf_c(&buf, "1234567890");
    assert_false(buf.overflowed);
    buf_c(&buf, "");
    assert_false(buf.overflowed);
    buf_char(&buf, 'x');
    assert_true(buf.overflowed);
    assert_str(buf_view(&buf), "1234567890");
    buf_clear(&buf);
    assert_false(buf.overflowed);
    buf_c(&buf, "12345678");
    buf_c(&buf, "abc"); /* does not fit: nothing of it is taken, and nothing after it */
    buf_char(&buf, 'y');
    assert_true(buf.overflowed);
    assert_str(buf_view(&buf), "12345678");
    buf_free(&buf);
    buf_free(&buf);
    buf_c(&buf, "again");
    assert_str(buf_view(&buf), "again");
    buf_free(&buf);
    struct buf none = buf_new(0);
    buf_char(&none, 'x');
    assert_true(none.overflowed);
    buf_free(&none);
}

static void grows(void **state)
{
    (void)state;
    struct buf buf = buf_new(1000000);
    for (int i = 0; i < 1000000; i++)
        buf_char(&buf, (char)('a' + i % 26));
    assert_false(buf.overflowed);
    assert_int_equal(buf.n, 1000000);
    for (int i = 0; i < 1000000; i += 999)
        assert_int_equal(buf.p[i], 'a' + i % 26);
    assert_true(buf.capacity <= buf.max);
    buf_free(&buf);
}

static void writes_numbers(void **state)
{
    (void)state;
    struct buf buf = buf_new(2000);
    buf_int(&buf, 0);
    buf_char(&buf, ' ');
    buf_int(&buf, INT64_MIN);
    buf_char(&buf, ' ');
    buf_int_padded(&buf, 7, 2);
    buf_char(&buf, ' ');
    buf_int_padded(&buf, -7, 3);
    buf_char(&buf, ' ');
    buf_int_padded(&buf, 2027, 2);
    assert_str(buf_view(&buf), "0 -9223372036854775808 07 -007 2027");
    buf_clear(&buf);
    buf_format(&buf, "%0300d|%s", 5, "é");
    assert_int_equal(buf.n, 303);
    assert_str(str_sub(buf_view(&buf), 298, 10), "05|é");
    buf_free(&buf);
}

static void escapes_html(void **state)
{
    (void)state;
    struct buf buf = buf_new(1000);
    buf_html(&buf, S("<a href=\"x\" title='y'>R&D é</a>"));
    assert_str(buf_view(&buf), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D é&lt;/a&gt;");
    buf_clear(&buf);
    buf_html(&buf, S(""));
    buf_html(&buf, S("plain"));
    assert_str(buf_view(&buf), "plain");
    buf_free(&buf);
    struct buf tight = buf_new(4); /* a reference is never cut in two */
    buf_html(&tight, S("ab&"));
    assert_true(tight.overflowed);
    assert_str(buf_view(&tight), "ab");
    buf_free(&tight);
}

static void escapes_json(void **state)
{
    (void)state;
    struct buf buf = buf_new(1000);
    buf_json(&buf, S("a\"\\\n\r\t\x01\x7F</script>&é\xE2\x80\xA8\xFF"));
    assert_str(buf_view(&buf), "\"a\\\"\\\\\\n\\r\\t\\u0001\\u007f\\u003c/script\\u003e\\u0026é\\u2028\xEF\xBF\xBD\"");
    buf_clear(&buf);
    buf_json(&buf, S(""));
    assert_str(buf_view(&buf), "\"\"");
    buf_free(&buf);
}

static void escapes_urls(void **state)
{
    (void)state;
    struct buf buf = buf_new(1000);
    buf_url(&buf, S("a-b_c.d~e/f g?é&="));
    assert_str(buf_view(&buf), "a-b_c.d~e%2Ff%20g%3F%C3%A9%26%3D");
    buf_free(&buf);
}

static void writes_base64(void **state)
{
    (void)state;
    static const char *const plain[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
    static const char *const coded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    struct buf buf = buf_new(100);
    for (int i = 0; i < 7; i++) {
        buf_clear(&buf);
        buf_base64(&buf, plain[i], strlen(plain[i]));
        assert_str(buf_view(&buf), coded[i]);
    }
    buf_clear(&buf);
    buf_base64(&buf, "\xFB\xFF", 2);
    buf_char(&buf, ' ');
    buf_base64url(&buf, "\xFB\xFF", 2);
    assert_str(buf_view(&buf), "+/8= -_8");
    buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_at_its_maximum), cmocka_unit_test(grows),        cmocka_unit_test(writes_numbers),
        cmocka_unit_test(escapes_html),         cmocka_unit_test(escapes_json), cmocka_unit_test(escapes_urls),
        cmocka_unit_test(writes_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
