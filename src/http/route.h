/* Finding the route of a path. Made once at start, then read by all threads. */
#ifndef GUICHET_HTTP_ROUTE_H
#define GUICHET_HTTP_ROUTE_H

#include "http/http.h"

struct router;

/* `routes` must outlive the router. ERR_BUG for a malformed or doubled route. */
enum err router_new(const struct route *routes, size_t count, struct router **ret_router, struct fault *fault);
void router_free(struct router **router);

struct route_match {
    const struct route *route; /* NULL: no such path, or not with this method */
    struct pairs captures;     /* in the arena */
    bool get, post;            /* methods that the path has */
};

struct route_match router_find(const struct router *router, struct arena *arena, enum http_method method,
                               struct str path);

#endif
