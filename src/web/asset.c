/* Sends the embedded files. */
#include "web/asset.h"

const struct asset *asset_find(struct str name)
{
    size_t low = 0, high = ASSET_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(asset_table[middle].name, name);
        if (order == 0)
            return &asset_table[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct str asset_url(struct str name)
{
    const struct asset *asset = asset_find(name);
    return asset == NULL ? (struct str){NULL, 0} : asset->url;
}

void asset_handler(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)context;
    (void)route_data;
    const struct asset *asset = asset_find(pairs_get(request->captures, S("name")));
    if (asset == NULL) {
        response->status = 404;
        response->content_type = S("text/plain; charset=utf-8");
        buf_c(&response->body, "404\n");
        return;
    }
    struct str version = pairs_get(request->query, S("v"));
    bool exact = version.n > 0 && str_ends(asset->url, version);
    response_header(response, "Cache-Control", exact ? S("public, max-age=31536000, immutable") : S("no-cache"));
    response_header(response, "ETag", asset->etag);
    response->content_type = asset->content_type;
    if (str_eq(request_header(request, "if-none-match"), asset->etag)) {
        response->status = 304;
        return;
    }
    buf_str(&response->body, asset->bytes);
}
