/* Routes cut into segments once and sorted, so that a literal stands before a capture and equal lengths are together. */
#include "http/route.h"

#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 12 };

enum segment_kind { SEGMENT_LITERAL, SEGMENT_CAPTURE, SEGMENT_REST };

struct segment {
    enum segment_kind kind;
    struct str text; /* the literal, or the capture's name */
};

struct compiled {
    const struct route *route;
    struct segment segments[SEGMENTS_MAX];
    size_t n;
    bool rest; /* the last segment takes all that follows */
};

struct router {
    struct compiled *p;
    size_t n;
};

static bool compile_segment(struct str text, struct segment *ret_segment)
{
    if (text.n == 0 || text.p[0] != '{') {
        *ret_segment = (struct segment){SEGMENT_LITERAL, text};
        return str_find(text, '{', 0) == SIZE_MAX;
    }
    if (text.n < 3 || text.p[text.n - 1] != '}')
        return false;
    struct str name = str_sub(text, 1, text.n - 2);
    bool rest = name.p[name.n - 1] == '*';
    *ret_segment = (struct segment){rest ? SEGMENT_REST : SEGMENT_CAPTURE, rest ? str_sub(name, 0, name.n - 1) : name};
    return true;
}

/* «/a/b» has the segments a and b; «/» one empty segment, «/fr/» fr and an empty one. */
static size_t split(struct str path, struct str *segments, size_t max)
{
    size_t n = 0;
    struct str rest = str_sub(path, 1, path.n);
    for (;;) {
        if (n == max)
            return max + 1;
        size_t slash = str_find(rest, '/', 0);
        segments[n++] = str_sub(rest, 0, slash);
        if (slash >= rest.n)
            return n;
        rest = str_sub(rest, slash + 1, rest.n);
    }
}

static bool compile(const struct route *route, struct compiled *ret_compiled)
{
    struct str parts[SEGMENTS_MAX];
    struct compiled compiled = {.route = route};
    if (route->path == NULL || route->path[0] != '/' || route->handler == NULL)
        return false;
    compiled.n = split(str_of(route->path), parts, SEGMENTS_MAX);
    if (compiled.n > SEGMENTS_MAX)
        return false;
    for (size_t i = 0; i < compiled.n; i++) {
        if (!compile_segment(parts[i], &compiled.segments[i]))
            return false;
        compiled.rest = compiled.segments[i].kind == SEGMENT_REST;
        if (compiled.rest && i + 1 < compiled.n)
            return false;
    }
    *ret_compiled = compiled;
    return true;
}

/* Which path comes first; 0 when both match exactly the same paths. */
static int compare_paths(const struct compiled *a, const struct compiled *b)
{
    if (a->rest != b->rest)
        return a->rest ? 1 : -1;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (size_t i = 0; i < a->n; i++) {
        if (a->segments[i].kind != b->segments[i].kind)
            return a->segments[i].kind < b->segments[i].kind ? -1 : 1;
        int order = a->segments[i].kind == SEGMENT_LITERAL ? str_cmp(a->segments[i].text, b->segments[i].text) : 0;
        if (order != 0)
            return order;
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct compiled *left = a, *right = b;
    int order = compare_paths(left, right);
    return order != 0 ? order : (int)left->route->method - (int)right->route->method;
}

enum err router_new(const struct route *routes, size_t count, struct router **ret_router, struct fault *fault)
{
    struct router *router = calloc(1, sizeof *router);
    if (router == NULL || (router->p = calloc(count + 1, sizeof *router->p)) == NULL)
        abort();
    router->n = count;
    for (size_t i = 0; i < count; i++) {
        if (compile(&routes[i], &router->p[i]))
            continue;
        router_free(&router);
        return fault_set(fault, ERR_BUG, "malformed route %s", routes[i].path == NULL ? "(null)" : routes[i].path);
    }
    qsort(router->p, router->n, sizeof *router->p, compare);
    for (size_t i = 1; i < count; i++) {
        if (compare(&router->p[i - 1], &router->p[i]) != 0)
            continue;
        enum err err = fault_set(fault, ERR_BUG, "two routes for %s", router->p[i].route->path);
        router_free(&router);
        return err;
    }
    *ret_router = router;
    return OK;
}

void router_free(struct router **router)
{
    if (*router == NULL)
        return;
    free((*router)->p);
    free(*router);
    *router = NULL;
}

static bool matches(const struct compiled *compiled, const struct str *parts, size_t n)
{
    if (compiled->rest ? n < compiled->n : n != compiled->n)
        return false;
    for (size_t i = 0; i < compiled->n; i++) {
        if (compiled->segments[i].kind == SEGMENT_LITERAL ? !str_eq(compiled->segments[i].text, parts[i])
                                                          : parts[i].n == 0)
            return false;
    }
    return true;
}

static struct pairs captures_of(const struct compiled *compiled, struct arena *arena, const struct str *parts,
                                struct str path)
{
    struct pairs captures = {.p = ARENA_ARRAY(arena, compiled->n, struct pair)};
    for (size_t i = 0; i < compiled->n; i++) {
        const struct segment *segment = &compiled->segments[i];
        struct str value = parts[i];
        if (segment->kind == SEGMENT_LITERAL)
            continue;
        if (segment->kind == SEGMENT_REST)
            value.n = (size_t)(path.p + path.n - value.p);
        captures.p[captures.n++] = (struct pair){segment->text, value};
    }
    return captures;
}

struct route_match router_find(const struct router *router, struct arena *arena, enum http_method method,
                               struct str path)
{
    struct str parts[SEGMENTS_MAX + 1];
    struct route_match match = {0};
    size_t n = split(path, parts, SEGMENTS_MAX);
    if (n > SEGMENTS_MAX)
        return match;
    for (size_t i = 0; i < router->n; i++) {
        const struct compiled *compiled = &router->p[i];
        if (!matches(compiled, parts, n))
            continue;
        match.get |= compiled->route->method == HTTP_GET;
        match.post |= compiled->route->method == HTTP_POST;
        if (compiled->route->method != method)
            continue;
        match.route = compiled->route;
        match.captures = captures_of(compiled, arena, parts, path);
        return match;
    }
    return match;
}
