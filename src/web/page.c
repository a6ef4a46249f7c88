/* What handlers do with a page; see page.h. */
#include "web/page.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "web/site.h"

enum { FLASH_COOKIE_SECONDS = 300, FLASH_MAX = 4 };

struct str page_url_of(const struct page *page, const char *pattern, const struct str *parts, size_t n)
{
    struct buf out = buf_new(LIMIT_URL);
    buf_char(&out, '/');
    buf_str(&out, lang_code(page->lang));
    size_t next = 1;
    struct str rest = str_of(pattern);
    for (;;) {
        size_t at = str_find(rest, '{', 0);
        buf_str(&out, str_sub(rest, 0, at));
        if (at >= rest.n)
            break;
        assert(next < n && at + 1 < rest.n && rest.p[at + 1] == '}');
        if (next < n)
            buf_url(&out, parts[next++]);
        rest = str_sub(rest, at + 2, rest.n);
    }
    assert(next == n && "page_url has more arguments than {}");
    struct str url = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return url;
}

struct safe_url safe_url_of_path(struct str own_path)
{
    bool own = own_path.n > 0 && own_path.p[0] == '/' &&
               !(own_path.n > 1 && (own_path.p[1] == '/' || own_path.p[1] == '\\'));
    return (struct safe_url){own ? own_path : S("/")};
}

struct safe_url safe_url_external(struct str url)
{
    bool good = str_starts(url, S("https://")) || str_starts(url, S("http://"));
    for (size_t i = 0; good && i < url.n; i++)
        good = (unsigned char)url.p[i] > 0x20 && url.p[i] != 0x7f;
    return (struct safe_url){good ? url : S("#")};
}

void page_redirect(struct page *page, struct str url)
{
    response_redirect(page->response, url);
}

/* The cookie is a list of kind and key: «0form.required,1option.placed». */
void page_flash(struct page *page, enum flash_kind kind, enum msg message)
{
    if (page->flashes.n == FLASH_MAX)
        return;
    struct flash *p = ARENA_ARRAY(page->arena, page->flashes.n + 1, struct flash);
    for (size_t i = 0; i < page->flashes.n; i++)
        p[i] = page->flashes.p[i];
    p[page->flashes.n] = (struct flash){kind, message};
    page->flashes = (struct flashes){p, page->flashes.n + 1};
    struct buf cookie = buf_new(1024);
    for (size_t i = 0; i < page->flashes.n; i++) {
        if (i > 0)
            buf_char(&cookie, '+');
        buf_char(&cookie, (char)('0' + (int)p[i].kind));
        buf_str(&cookie, msg_name(p[i].message));
    }
    response_cookie(page->response, SITE_FLASH_COOKIE, str_dup(page->arena, buf_view(&cookie)), FLASH_COOKIE_SECONDS);
    buf_free(&cookie);
}

struct str page_query(const struct page *page, const char *name)
{
    return pairs_get(page->request->query, str_of(name));
}

int64_t page_query_int(const struct page *page, const char *name, int64_t fallback)
{
    int64_t value;
    return str_int(str_trim(page_query(page, name)), &value) ? value : fallback;
}

struct str page_capture(const struct page *page, const char *name)
{
    return pairs_get(page->request->captures, str_of(name));
}

void page_error(struct page *page, int status)
{
    const struct site_config *config = site_settings(page->site);
    buf_clear(&page->response->body);
    page->response->status = status;
    page->response->content_type = S("text/html; charset=utf-8");
    if (config->error != NULL)
        config->error(page, status);
    else
        buf_format(&page->response->body, "<!doctype html><title>%d</title><h1>%d</h1>\n", status, status);
}

void page_document(struct page *page, const char *content_type, struct str file_name, bool download, struct str bytes)
{
    page->response->content_type = str_of(content_type);
    response_header(page->response, "Content-Disposition",
                    str_format(page->arena, "%s; filename=\"%.*s\"", download ? "attachment" : "inline",
                               STR_ARG(file_name)));
    buf_clear(&page->response->body);
    buf_str(&page->response->body, bytes);
}
