/* Inside of the room: what the server does with an answer that a handler has built. */
#ifndef GUICHET_HTTP_RESPONSE_H
#define GUICHET_HTTP_RESPONSE_H

#include "http/http.h"

enum { RESPONSE_HEADERS_MAX = 40, GZIP_FROM = 1024 };

/* Makes `response` new. `body` keeps its memory. */
void response_begin(struct response *response, struct arena *arena, bool https);
bool response_has_header(const struct response *response, const char *name);
/* The header unless the handler has set it. */
void response_default(struct response *response, const char *name, struct str value);
/* Plain text with the status; for all that goes wrong before a handler or in it. */
void response_plain(struct response *response, int status, struct str request_id);
const char *status_reason(int status);

/* Compresses the body into `out` when the reader takes gzip, the type is text and it is worth it. Adds the headers. */
bool response_gzip(struct response *response, struct str accept_encoding, struct buf *out);

#endif
