/* Corners of the request parser that the tests from outside do not reach, and the router's order. */
#include "kit.h"

#include "http/parse.h"
#include "http/route.h"

static void header_parameters(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(header_parameter(arena, S("multipart/form-data; boundary=abc"), S("boundary")), "abc");
    assert_str(header_parameter(arena, S("x; a=1; BOUNDARY=\"a;b\\\"c\" ; d"), S("boundary")), "a;b\"c");
    assert_str(header_parameter(arena, S("form-data; name=\"x\"; filename=\"\""), S("filename")), "");
    assert_non_null(header_parameter(arena, S("form-data; name=\"x\"; filename=\"\""), S("filename")).p);
    assert_null(header_parameter(arena, S("form-data; name=\"filename=1\""), S("filename")).p);
    assert_null(header_parameter(arena, S("boundary=1"), S("boundary")).p);
    assert_str(header_parameter(arena, S("x; boundary=\"open"), S("boundary")), "open");
    arena_free(&arena);
}

static void targets(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str path;
    struct pairs query;
    assert_true(parse_target(arena, S("http://guichet.example/fr/?a=b"), &path, &query));
    assert_str(path, "/fr/");
    assert_str(pairs_get(query, S("a")), "b");
    assert_true(parse_target(arena, S("https://guichet.example"), &path, &query));
    assert_str(path, "/");
    assert_true(parse_target(arena, S("/...?x=?&y=/"), &path, &query));
    assert_str(path, "/...");
    assert_str(pairs_get(query, S("x")), "?");
    path = S("untouched");
    assert_false(parse_target(arena, S("ftp://x/"), &path, &query));
    assert_false(parse_target(arena, (struct str){"", 0}, &path, &query));
    assert_false(parse_target(arena, S("/good?bad=%"), &path, &query));
    assert_str(path, "untouched");
    arena_free(&arena);
}

static void handler(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)request;
    (void)response;
    (void)data;
}

static const char *found(const struct router *router, struct arena *arena, enum http_method method, struct str path)
{
    struct route_match match = router_find(router, arena, method, path);
    return match.route == NULL ? (match.get || match.post ? "405" : "404") : match.route->path;
}

static void routes(void **state)
{
    (void)state;
    static const struct route table[] = {
        {HTTP_GET, "/{lang}/monuments/{slug}", handler, NULL}, {HTTP_GET, "/fr/monuments/{slug}", handler, NULL},
        {HTTP_GET, "/fr/monuments/carte", handler, NULL},      {HTTP_POST, "/fr/monuments/{slug}", handler, NULL},
        {HTTP_GET, "/fr/", handler, NULL},                     {HTTP_GET, "/", handler, NULL},
        {HTTP_GET, "/fr/{rest*}", handler, NULL},
    };
    struct arena *arena = arena_new();
    struct router *router;
    assert_int_equal(router_new(table, sizeof table / sizeof table[0], &router, NULL), OK);
    assert_string_equal(found(router, arena, HTTP_GET, S("/fr/monuments/carte")), "/fr/monuments/carte");
    assert_string_equal(found(router, arena, HTTP_GET, S("/fr/monuments/louvre")), "/fr/monuments/{slug}");
    assert_string_equal(found(router, arena, HTTP_POST, S("/fr/monuments/carte")), "/fr/monuments/{slug}");
    assert_string_equal(found(router, arena, HTTP_GET, S("/de/monuments/louvre")), "/{lang}/monuments/{slug}");
    assert_string_equal(found(router, arena, HTTP_GET, S("/fr/")), "/fr/");
    assert_string_equal(found(router, arena, HTTP_GET, S("/fr")), "404");
    assert_string_equal(found(router, arena, HTTP_GET, S("/")), "/");
    assert_string_equal(found(router, arena, HTTP_POST, S("/")), "405");
    assert_string_equal(found(router, arena, HTTP_GET, S("/fr/a/b")), "/fr/{rest*}");
    assert_string_equal(found(router, arena, HTTP_GET, S("/x/1/2/3/4/5/6/7/8/9/10/11/12/13")), "404");
    router_free(&router);
    arena_free(&arena);
}

static void bad_tables(void **state)
{
    (void)state;
    static const struct route doubled[] = {{HTTP_GET, "/a/{x}", handler, NULL}, {HTTP_GET, "/a/{y}", handler, NULL}};
    static const struct route bad[] = {{HTTP_GET, "a", handler, NULL},    {HTTP_GET, "/a{x}", handler, NULL},
                                       {HTTP_GET, "/{}", handler, NULL},  {HTTP_GET, "/{x*}/b", handler, NULL},
                                       {HTTP_GET, "/{x", handler, NULL},  {HTTP_GET, "/x", NULL, NULL}};
    struct router *router = NULL;
    struct fault fault = {0};
    assert_int_equal(router_new(doubled, 2, &router, &fault), ERR_BUG);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(router_new(&bad[i], 1, &router, &fault), ERR_BUG);
    assert_null(router);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_parameters),
        cmocka_unit_test(targets),
        cmocka_unit_test(routes),
        cmocka_unit_test(bad_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
