/* Composing a message and reading it back: nothing lost, nothing injected, no long line. */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "mail/compose.h"
#include "mail/parse.h"

static struct mail_message simple(void)
{
    return (struct mail_message){.from = S("billets@guichet.example"), .from_name = S("Guichet"),
                                 .to = S("camille@agence.example"), .to_name = S("Camille Durand"),
                                 .subject = S("Vos billets"), .text = S("Bonjour,\nvoici vos billets.\n"),
                                 .message_id = S("confirmation.K7Q2.1@guichet.example"), .date = 1795000000};
}

static struct str composed(struct arena *arena, const struct mail_message *m)
{
    struct buf out = buf_new(LIMIT_MAIL_BYTES);
    struct fault fault = {0};
    if (mail_compose(m, &out, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
    struct str bytes = str_dup(arena, buf_view(&out));
    buf_free(&out);
    return bytes;
}

/* CRLF only, ASCII only, lines of at most 76. */
static void check_lines(struct str bytes)
{
    size_t line = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        if (c == '\n') {
            assert_true(i != 0 && bytes.p[i - 1] == '\r');
            assert_true(line <= 76 + 1);
            line = 0;
        } else {
            assert_true(c != '\r' || (i + 1 < bytes.n && bytes.p[i + 1] == '\n'));
            assert_true(c < 127 && (c >= ' ' || c == '\r' || c == '\t'));
            line++;
        }
    }
    assert_int_equal(line, 0);
}

static void byte_for_byte(void **state)
{
    struct mail_message m = simple();
    assert_str(composed(*state, &m),
               "From: \"Guichet\" <billets@guichet.example>\r\n"
               "To: \"Camille Durand\" <camille@agence.example>\r\n"
               "Subject: Vos billets\r\n"
               "Date: Wed, 18 Nov 2026 11:06:40 +0000\r\n"
               "Message-ID: <confirmation.K7Q2.1@guichet.example>\r\n"
               "MIME-Version: 1.0\r\n"
               "Auto-Submitted: auto-generated\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n"
               "\r\n"
               "Bonjour,\r\n"
               "voici vos billets.\r\n");
}

static void comes_back_whole(void **state)
{
    struct arena *arena = *state;
    char bytes[3000];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 7);
    }
    struct mail_attachment files[] = {
        {S("billets.pdf"), S("application/pdf"), {bytes, sizeof bytes}},
        {S("Sainte-Chapelle – 27 œuvres «été» 入場券 très longue dénomination du fichier.csv"), S("text/csv; charset=utf-8"),
         S("a;b\n1;2\n")},
        {S("vide"), S("application/octet-stream"), {0}},
    };
    struct mail_message m = simple();
    m.to_name = S("Élodie Œuvré, «la grande» directrice des voyages de l’agence 旅行社 à Saint-Étienne");
    m.subject = S("Confirmation : Sainte-Chapelle, 25 personnes, le 3 décembre 2026 à 10 h 30 — commande K7Q2");
    m.text = S("=3D . From\n.point\nFrom ici\n--tiret\nfin d’espace \n\n" "ligne très très très très très très très très "
               "très très très très très très longue : éééééééééééééééééééééééé\tfin");
    m.html = S("<p>Élodie &amp; co. =20</p>\n");
    m.attachments = files;
    m.attachment_count = 3;
    m.reply_to = S("service@guichet.example");
    struct str mail = composed(arena, &m);
    check_lines(mail);
    struct mail_read r = mail_parse(arena, mail);
    assert_str(r.headers.subject, m.subject.p);
    assert_str(r.headers.to_name, m.to_name.p);
    assert_str(r.headers.to, "camille@agence.example");
    assert_str(r.headers.from, "billets@guichet.example");
    assert_str(r.headers.reply_to, "service@guichet.example");
    assert_str(r.headers.message_id, m.message_id.p);
    assert_int_equal(r.headers.date, 1795000000);
    assert_str(r.text, m.text.p);
    assert_str(r.html, "<p>Élodie &amp; co. =20</p>");
    assert_int_equal(r.attachment_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_str(r.attachments[i].name, files[i].name.p);
        assert_true(str_eq(r.attachments[i].bytes, files[i].bytes));
        assert_true(str_eq(r.attachments[i].content_type, files[i].content_type));
    }
}

static void every_length_of_a_subject(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n++) {
        struct arena *arena = arena_new();
        char text[400];
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            const char *piece = i % 5 == 3 ? "é" : i % 7 == 6 ? " " : "a";
            memcpy(text + at, piece, strlen(piece));
            at += strlen(piece);
        }
        struct mail_message m = simple();
        m.subject = str_dup(arena, (struct str){text, at});
        m.to_name = m.subject;
        struct str mail = composed(arena, &m);
        check_lines(mail);
        struct mail_headers h = mail_parse_headers(arena, mail);
        assert_true(str_eq(h.subject, m.subject));
        assert_true(str_eq(h.to_name, m.to_name));
        arena_free(&arena);
    }
}

static void nothing_is_injected(void **state)
{
    struct arena *arena = *state;
    struct mail_attachment file = {S("x\r\nX-Evil: 1\".pdf"), S("application/pdf"), S("x")};
    struct mail_message m = simple();
    m.subject = S("Bonjour\r\nBcc: tous@example.org\r\n\r\n<script>");
    m.to_name = S("\" <autre@example.org>\n, \"\\");
    m.from_name = S("=?UTF-8?B?QQ==?=");
    m.attachments = &file;
    m.attachment_count = 1;
    struct str mail = composed(arena, &m);
    check_lines(mail);
    assert_false(str_has(mail, S("\nBcc:")));
    assert_false(str_has(mail, S("\nX-Evil:")));
    struct mail_read r = mail_parse(arena, mail);
    assert_str(r.headers.to, "camille@agence.example");
    assert_str(r.headers.to_name, "\" <autre@example.org> , \"\\");
    assert_str(r.headers.from_name, "=?UTF-8?B?QQ==?=");
    assert_str(r.headers.subject, "Bonjour  Bcc: tous@example.org    <script>");
    assert_str(r.attachments[0].name, "x  X-Evil: 1\".pdf");
}

static void refuses_bad_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a", "@b.example", "a@", "a@b@c", "a b@c.example", "a@b.example\r\nBcc: x",
                                      "é@b.example", "<a@b.example>", "a@b.example,c@d.example", "a@b\texample",
                                      "\"a\"@b.example", "-oX@b.example", "a;b@c.example", "a@b.example\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(mail_address_ok(str_of(bad[i])));
        struct buf out = buf_new(LIMIT_MAIL_BYTES);
        struct mail_message m = simple();
        m.to = str_of(bad[i]);
        assert_int_equal(mail_compose(&m, &out, NULL), ERR_INPUT);
        m = simple();
        m.message_id = str_of(strchr(bad[i], '@') != NULL && strpbrk(bad[i], " \t\r\n<") == NULL ? "" : bad[i]);
        m.message_id = str_empty(m.message_id) ? S("a\r\nb") : str_eq(m.message_id, S("a")) ? S("a>b") : m.message_id;
        assert_int_equal(mail_compose(&m, &out, NULL), ERR_INPUT);
        buf_free(&out);
    }
    char longer[LIMIT_EMAIL + 2];
    memset(longer, 'a', sizeof longer);
    longer[1] = '@';
    assert_false(mail_address_ok((struct str){longer, LIMIT_EMAIL + 1}));
    assert_true(mail_address_ok((struct str){longer, LIMIT_EMAIL}));
    assert_true(mail_address_ok(S("o'neil+voyages@agence-1.example")));
}

static void has_a_limit(void **state)
{
    (void)state;
    struct mail_message m = simple();
    struct buf small = buf_new(100);
    assert_int_equal(mail_compose(&m, &small, NULL), ERR_LIMIT);
    buf_free(&small);
    struct buf out = buf_new(LIMIT_MAIL_BYTES);
    m.subject = S("\xff");
    assert_int_equal(mail_compose(&m, &out, NULL), ERR_INPUT);
    buf_free(&out);
}

/* Every byte of a good message changed in turn: it is read without harm. The sanitizers watch. */
static void battered(void **state)
{
    struct mail_attachment file = {S("é.pdf"), S("application/pdf"), S("hello")};
    struct mail_message m = simple();
    m.subject = S("été");
    m.html = S("<p>é</p>");
    m.attachments = &file;
    m.attachment_count = 1;
    struct str mail = composed(*state, &m);
    static const char bad[] = {'\n', '=', '-', '"', ';', '\0', '\xff'};
    for (size_t i = 0; i < mail.n; i++) {
        for (size_t b = 0; b < sizeof bad; b++) {
            struct arena *arena = arena_new();
            char *copy = (char *)(uintptr_t)str_dup(arena, mail).p;
            copy[i] = bad[b];
            struct mail_read r = mail_parse(arena, (struct str){copy, mail.n});
            assert_true(r.attachment_count <= MAIL_ATTACHMENTS_MAX);
            assert_true(utf8_valid(r.text) && utf8_valid(r.html) && utf8_valid(r.headers.subject));
            r = mail_parse(arena, (struct str){copy, i});
            assert_true(utf8_valid(r.text) && utf8_valid(r.headers.to));
            arena_free(&arena);
        }
    }
}

static int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    struct arena *arena = *state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(byte_for_byte),       WITH_ARENA(comes_back_whole), cmocka_unit_test(every_length_of_a_subject),
        WITH_ARENA(nothing_is_injected), cmocka_unit_test(refuses_bad_addresses),
        cmocka_unit_test(has_a_limit),   WITH_ARENA(battered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
