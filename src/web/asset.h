/* Style, script and pictures, embedded in the binary by tools/embed. */
#ifndef GUICHET_WEB_ASSET_H
#define GUICHET_WEB_ASSET_H

#include "base/str.h"
#include "http/http.h"
#include "web/asset_files.h"

struct asset {
    struct str name;         /* css/guichet.css */
    struct str url;          /* /assets/css/guichet.css?v=0123abcd */
    struct str content_type;
    struct str etag;         /* with its quotes */
    struct str bytes;
};

/* In the byte order of the names, indexed by `enum asset_id`. */
extern const struct asset asset_table[ASSET_COUNT + 1];

/* NULL when there is no such file. */
const struct asset *asset_find(struct str name);
/* The versioned address, for names that come from data (an illustration by kind of monument); empty when there is none. */
struct str asset_url(struct str name);

/* Handler of the route ASSET_ROUTE. With the right version it may be kept for ever, else it is asked for again. */
#define ASSET_ROUTE "/assets/{name*}"
void asset_handler(void *context, struct request *request, struct response *response, const void *route_data);

#endif
