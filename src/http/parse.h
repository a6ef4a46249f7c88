/* Reading what came over the network: addresses, forms, cookies. No socket here, so that tests and fuzzers call it as it is.
 *
 * All functions return false on malformed input (broken percent, bad UTF-8, a NUL byte, too many fields), which the server
 * answers with 400; outputs are untouched then. */
#ifndef GUICHET_HTTP_PARSE_H
#define GUICHET_HTTP_PARSE_H

#include "http/http.h"

enum { HTTP_COOKIES_MAX = 60, HTTP_HEADERS_MAX = 100, HTTP_HEADER_BYTES_MAX = 16 * 1024 };

/* `raw` is the request's target. The path is decoded, absolute, without «.», «..» and encoded slashes. */
bool parse_target(struct arena *arena, struct str raw, struct str *ret_path, struct pairs *ret_query);

/* a=1&b=2, percent-encoded; also query strings. At most LIMIT_FORM_FIELDS fields. */
bool parse_urlencoded(struct arena *arena, struct str raw, struct pairs *ret_pairs);

/* multipart/form-data: fields, and apart from them the parts with a file name, at most LIMIT_UPLOAD_FILES. The bytes of a
 * file lie in `body`. */
bool parse_multipart(struct arena *arena, struct str content_type, struct str body, struct pairs *ret_pairs,
                     struct uploads *ret_files);

/* One Cookie header. What is malformed is left out: a foreign cookie must not lock a reader out. */
struct pairs parse_cookies(struct arena *arena, struct str header);

/* Percent-decoding of one component; with `plus`, '+' is a blank. */
bool percent_decode(struct arena *arena, struct str raw, bool plus, struct str *ret_text);

/* The value of a parameter of a header: boundary=… of Content-Type, name=… of Content-Disposition. Empty when missing. */
struct str header_parameter(struct arena *arena, struct str header, struct str name);

/* Whether Accept-Encoding allows gzip. */
bool accepts_gzip(struct str accept_encoding);

#endif
