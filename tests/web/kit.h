/* A page without a server, for tests of the kit. */
#ifndef GUICHET_TESTS_KIT_H
#define GUICHET_TESTS_KIT_H

#include "../unit/unit.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "http/http.h"
#include "http/response.h"
#include "web/page.h"

struct kit {
    struct arena *arena;
    struct request request;
    struct response response;
    struct zone zone;
    struct page page;
};

static inline void kit_open(struct kit *kit, enum lang lang)
{
    *kit = (struct kit){.arena = arena_new(), .zone = unit_paris()};
    kit->request = (struct request){.arena = kit->arena, .path = S("/fr/options"), .id = S("1")};
    kit->response.body = buf_new(LIMIT_RESPONSE);
    response_begin(&kit->response, kit->arena, false);
    kit->page = (struct page){.arena = kit->arena,
                              .request = &kit->request,
                              .response = &kit->response,
                              .lang = lang,
                              .zone = &kit->zone,
                              .csrf = S("token")};
}

static inline void kit_close(struct kit *kit)
{
    buf_free(&kit->response.body);
    arena_free(&kit->arena);
}

static inline struct str kit_body(const struct kit *kit)
{
    return buf_view(&kit->response.body);
}

/* A header of the answer; the last one of that name. */
static inline struct str kit_header(const struct kit *kit, const char *name)
{
    struct str found = {NULL, 0};
    for (size_t i = 0; i < kit->response.headers.n; i++)
        if (str_eq(kit->response.headers.p[i].name, str_of(name)))
            found = kit->response.headers.p[i].value;
    return found;
}

#define assert_has(body, text) kit_assert_has((body), (text), true, __FILE__, __LINE__)
#define assert_has_not(body, text) kit_assert_has((body), (text), false, __FILE__, __LINE__)
static inline void kit_assert_has(struct str body, const char *text, bool wanted, const char *file, int line)
{
    if (str_has(body, str_of(text)) != wanted) {
        print_error("«%s» is %sin: %.*s\n", text, wanted ? "not " : "", STR_ARG(body));
        _fail(file, line);
    }
}

#endif
