/* The address that serves photographs: «/photos/12-0a1b….jpg», «/photos/12-0a1b…-carte.jpg». The mark in it is of the
 * content, so a browser may keep the answer for ever; whoever does not know the mark finds nothing. */
#include "service/photo.h"
#include "web/app.h"
#include "web/monument/photo_file.h"

static bool parse(struct str name, int64_t *ret_id, struct str *ret_mark, bool *ret_large)
{
    struct str rest = name;
    if (!str_ends(rest, S(".jpg")))
        return false;
    rest = str_sub(rest, 0, rest.n - (sizeof ".jpg" - 1));
    *ret_large = !str_ends(rest, S("-carte"));
    if (!*ret_large)
        rest = str_sub(rest, 0, rest.n - (sizeof "-carte" - 1));
    struct str id = str_cut(&rest, '-');
    *ret_mark = rest;
    return str_int(id, ret_id) && *ret_id > 0 && rest.n > 0;
}

void photo_file(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)route_data;
    struct app *app = site_settings(context)->app;
    struct str mark, jpeg, name = pairs_get(request->captures, S("fichier"));
    struct fault fault = {.err = OK};
    int64_t id = 0;
    bool large = false;
    struct str etag = str_format(request->arena, "\"%.*s\"", STR_ARG(name));
    enum err err = parse(name, &id, &mark, &large)
                       ? photo_bytes(app->service, request->arena, id, mark, large, &jpeg, &fault) : ERR_NOT_FOUND;
    if (err != OK) {
        response->status = err == ERR_NOT_FOUND ? 404 : 503;
        response->content_type = S("text/plain; charset=utf-8");
        buf_c(&response->body, err == ERR_NOT_FOUND ? "not found\n" : "try again\n");
        return;
    }
    response_header(response, "Cache-Control", S("public, max-age=31536000, immutable"));
    response_header(response, "ETag", etag);
    response->content_type = S("image/jpeg");
    if (str_eq(request_header(request, "if-none-match"), etag)) {
        response->status = 304;
        return;
    }
    buf_str(&response->body, jpeg);
}

struct safe_url photo_url(const struct page *page, int64_t id, struct str mark, bool large)
{
    return safe_url_of_path(
        str_format(page->arena, "/photos/%lld-%.*s%s.jpg", (long long)id, STR_ARG(mark), large ? "" : "-carte"));
}
