/* What the site does with each request before a page sees it: languages, forged forms, who may, flash messages. */
#include "kit.h"

#include "web/csrf.h"
#include "web/site.h"

#define KEY "0123456789abcdef0123456789abcdef"

static int served; /* calls of `hello`; reset by `open_site` */

static void hello(struct page *page)
{
    served++;
    buf_c(page_out(page), page->lang == LANG_EN ? "hello " : "bonjour ");
    buf_str(page_out(page), page->path);
    for (size_t i = 0; i < page->flashes.n; i++)
        msg_write(page_out(page), page->lang, page->flashes.p[i].message, NULL, 0, true);
}

static void done(struct page *page)
{
    served++;
    page_flash(page, FLASH_SUCCESS, MSG_form_choose);
    page_redirect(page, page_url(page, "/ici"));
}

static const struct page_route PAGES[] = {
    {HTTP_GET, "/ici", hello, 0},
    {HTTP_POST, "/ici", done, 0},
    {HTTP_GET, "/prive/{n}", hello, PAGE_SIGNED_IN},
    {HTTP_GET, "/equipe", hello, PAGE_STAFF},
    {HTTP_GET, "/equipement", hello, 0},
    {HTTP_POST, "/annonce", hello, PAGE_NO_CSRF},
};

/* «anna» is a customer's session, «staff» one of the operator's people. */
static void begin(struct page *page, struct str session_cookie)
{
    page->staff = page->staff_side && str_eq(session_cookie, S("staff-session-value"));
    page->signed_in = !page->staff_side && str_eq(session_cookie, S("anna-session-value"));
}

static int64_t noon(void *context)
{
    (void)context;
    return 1795426200;
}

struct stage {
    struct kit kit;
    struct site *site;
    const struct route *routes;
    size_t n;
};

static void open_site(struct stage *stage)
{
    served = 0;
    kit_open(&stage->kit, LANG_FR);
    struct site_config config = {.tables = {{PAGES, sizeof PAGES / sizeof PAGES[0]}},
                                 .zone = &stage->kit.zone,
                                 .clock = {noon, NULL},
                                 .random = random_system(),
                                 .csrf_key = S(KEY),
                                 .sign_in_path = "/connexion",
                                 .staff_paths = {"/equipe"},
                                 .staff_sign_in_path = "/equipe/connexion",
                                 .begin = begin};
    stage->site = site_new(&config);
    stage->routes = site_routes(stage->site, NULL, 0, &stage->n);
}

static void close_site(struct stage *stage)
{
    site_free(&stage->site);
    kit_close(&stage->kit);
}

/* Asks `route` (with its language) as the server would. */
static void ask(struct stage *stage, enum http_method method, const char *route, struct str path)
{
    response_begin(&stage->kit.response, stage->kit.arena, false);
    stage->kit.request.method = method;
    stage->kit.request.path = path;
    for (size_t i = 0; i < stage->n; i++) {
        if (stage->routes[i].method != method || strcmp(stage->routes[i].path, route) != 0)
            continue;
        stage->routes[i].handler(stage->site, &stage->kit.request, &stage->kit.response, stage->routes[i].data);
        return;
    }
    fail_msg("there is no route %s", route);
}

static void cookie(struct stage *stage, const char *name, struct str value)
{
    struct pair *pair = ARENA_NEW(stage->kit.arena, struct pair);
    *pair = (struct pair){str_of(name), value};
    stage->kit.request.cookies = (struct pairs){pair, value.p == NULL ? 0 : 1};
}

static void send_token(struct stage *stage, struct str token)
{
    struct pair *pair = ARENA_NEW(stage->kit.arena, struct pair);
    *pair = (struct pair){S("csrf"), token};
    stage->kit.request.form = (struct pairs){pair, 1};
}

static void pages_in_both_languages(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    ask(&stage, HTTP_GET, "/fr/ici", S("/fr/ici"));
    assert_str(kit_body(&stage.kit), "bonjour /ici");
    ask(&stage, HTTP_GET, "/en/ici", S("/en/ici"));
    assert_str(kit_body(&stage.kit), "hello /ici");
    close_site(&stage);
}

static void the_root_follows_the_browser(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    ask(&stage, HTTP_GET, "/", S("/"));
    assert_str(kit_header(&stage.kit, "Location"), "/fr/");
    struct pair header = {S("accept-language"), S("de, en-GB;q=0.8, fr;q=0.5")};
    stage.kit.request.headers = (struct pairs){&header, 1};
    ask(&stage, HTTP_GET, "/", S("/"));
    assert_str(kit_header(&stage.kit, "Location"), "/en/");
    header.value = S("fr-CA,en;q=0.9");
    ask(&stage, HTTP_GET, "/", S("/"));
    assert_str(kit_header(&stage.kit, "Location"), "/fr/");
    close_site(&stage);
}

static void forms_need_their_token(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    struct random random = random_system();
    struct str anna = S("anna-session-value"), visitor = S("visitor-random-value");
    struct str of_anna = csrf_token(stage.kit.arena, &random, S(KEY), anna);
    struct str of_visitor = csrf_token(stage.kit.arena, &random, S(KEY), visitor);

    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici")); /* no cookie, no token */
    assert_int_equal(stage.kit.response.status, 403);
    cookie(&stage, SITE_SESSION_COOKIE, anna);
    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici"));
    assert_int_equal(stage.kit.response.status, 403);
    send_token(&stage, of_visitor);
    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici"));
    assert_int_equal(stage.kit.response.status, 403);
    assert_int_equal(served, 0);
    send_token(&stage, of_anna);
    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici"));
    assert_int_equal(stage.kit.response.status, 303);
    cookie(&stage, SITE_VISITOR_COOKIE, visitor);
    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici"));
    assert_int_equal(stage.kit.response.status, 403);
    send_token(&stage, of_visitor);
    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici"));
    assert_int_equal(stage.kit.response.status, 303);
    assert_int_equal(served, 2);
    stage.kit.request.form.n = 0;
    ask(&stage, HTTP_POST, "/fr/annonce", S("/fr/annonce"));
    assert_int_equal(stage.kit.response.status, 200);
    close_site(&stage);
}

static void tokens(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct random random = random_system();
    struct str one = csrf_token(arena, &random, S(KEY), S("session")), two = csrf_token(arena, &random, S(KEY), S("session"));
    assert_int_equal(one.n, CSRF_TEXT);
    assert_false(str_eq(one, two)); /* masked anew each time */
    assert_true(csrf_check(S(KEY), S("session"), one) && csrf_check(S(KEY), S("session"), two));
    assert_false(csrf_check(S(KEY), S("other"), one));
    assert_false(csrf_check(S("another key, another token"), S("session"), one));
    assert_false(csrf_check(S(KEY), (struct str){NULL, 0}, one));
    assert_false(csrf_check(S(KEY), S("session"), str_sub(one, 0, 62)));
    for (size_t i = 0; i < one.n; i++) {
        char changed[CSRF_TEXT];
        memcpy(changed, one.p, one.n);
        changed[i] = changed[i] == 'a' ? 'b' : 'a';
        assert_false(csrf_check(S(KEY), S("session"), (struct str){changed, one.n}));
        changed[i] = 'G';
        assert_false(csrf_check(S(KEY), S("session"), (struct str){changed, one.n}));
    }
    arena_free(&arena);
}

static void who_may(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    struct pair query = {S("x"), S("1&2")};
    stage.kit.request.query = (struct pairs){&query, 1};
    ask(&stage, HTTP_GET, "/fr/prive/{n}", S("/fr/prive/é"));
    assert_int_equal(stage.kit.response.status, 303);
    assert_str(kit_header(&stage.kit, "Location"), "/fr/connexion?retour=%2Ffr%2Fprive%2F%25C3%25A9%3Fx%3D1%25262");
    cookie(&stage, SITE_SESSION_COOKIE, S("anna-session-value"));
    ask(&stage, HTTP_GET, "/fr/prive/{n}", S("/fr/prive/3"));
    assert_int_equal(stage.kit.response.status, 200);
    assert_int_equal(served, 1);
    close_site(&stage);
}

/* Each side has its cookie: a customer's opens nothing on the operator's side, nor the other way round (ACC-6). */
static void sides_do_not_mix(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    const struct str customer = S("anna-session-value"), staff = S("staff-session-value");
    const struct {
        const char *cookie;
        struct str value;
        bool in;
    } tries[] = {{SITE_SESSION_COOKIE, customer, false}, {SITE_SESSION_COOKIE, staff, false},
                 {SITE_STAFF_COOKIE, customer, false}, {SITE_STAFF_COOKIE, staff, true}};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        cookie(&stage, tries[i].cookie, tries[i].value);
        ask(&stage, HTTP_GET, "/fr/equipe", S("/fr/equipe"));
        assert_int_equal(stage.kit.response.status, tries[i].in ? 200 : 303);
        if (!tries[i].in)
            assert_str(kit_header(&stage.kit, "Location"), "/fr/equipe/connexion?retour=%2Ffr%2Fequipe");
    }
    ask(&stage, HTTP_GET, "/fr/prive/{n}", S("/fr/prive/3"));
    assert_int_equal(stage.kit.response.status, 303);
    ask(&stage, HTTP_GET, "/fr/equipement", S("/fr/equipement")); /* only begins with the same letters */
    assert_int_equal(stage.kit.response.status, 200);
    assert_int_equal(served, 2);
    close_site(&stage);
}

static void flashes_are_shown_once(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    cookie(&stage, SITE_SESSION_COOKIE, S("anna-session-value"));
    struct random random = random_system();
    send_token(&stage, csrf_token(stage.kit.arena, &random, S(KEY), S("anna-session-value")));
    ask(&stage, HTTP_POST, "/fr/ici", S("/fr/ici"));
    assert_str(kit_header(&stage.kit, "Set-Cookie"),
               "guichet_flash=0form.choose; Path=/; HttpOnly; SameSite=Lax; Max-Age=300");
    cookie(&stage, SITE_FLASH_COOKIE, S("0form.choose+9form.choose+1no.such+<script>"));
    ask(&stage, HTTP_GET, "/fr/ici", S("/fr/ici"));
    assert_str(kit_body(&stage.kit), "bonjour /iciChoisir…");
    bool removed = false;
    for (size_t i = 0; i < stage.kit.response.headers.n; i++)
        removed |= str_starts(stage.kit.response.headers.p[i].value, S("guichet_flash=; ")) &&
                   str_has(stage.kit.response.headers.p[i].value, S("Max-Age=0"));
    assert_true(removed);
    close_site(&stage);
}

static void a_visitor_gets_a_cookie_for_forms(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    ask(&stage, HTTP_GET, "/fr/ici", S("/fr/ici"));
    assert_true(str_starts(kit_header(&stage.kit, "Set-Cookie"), S("guichet_visitor=")));
    cookie(&stage, SITE_VISITOR_COOKIE, S("visitor-random-value"));
    ask(&stage, HTTP_GET, "/fr/ici", S("/fr/ici"));
    assert_null(kit_header(&stage.kit, "Set-Cookie").p);
    close_site(&stage);
}

static void unknown_addresses(void **state)
{
    (void)state;
    struct stage stage;
    open_site(&stage);
    response_begin(&stage.kit.response, stage.kit.arena, false);
    stage.kit.request.path = S("/en");
    site_not_found(stage.site, &stage.kit.request, &stage.kit.response, NULL);
    assert_int_equal(stage.kit.response.status, 404);
    stage.kit.request.path = S("/");
    site_error_page(stage.site, &stage.kit.request, &stage.kit.response, 400);
    assert_int_equal(stage.kit.response.status, 400);
    close_site(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_in_both_languages), cmocka_unit_test(the_root_follows_the_browser),
        cmocka_unit_test(forms_need_their_token),  cmocka_unit_test(tokens),
        cmocka_unit_test(who_may), cmocka_unit_test(sides_do_not_mix),                 cmocka_unit_test(flashes_are_shown_once),
        cmocka_unit_test(unknown_addresses),       cmocka_unit_test(a_visitor_gets_a_cookie_for_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
