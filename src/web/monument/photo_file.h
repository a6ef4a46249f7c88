/* Photographs for everybody: the route without a language that serves them, for the table of machine.c, and their
 * addresses. */
#ifndef GUICHET_WEB_MONUMENT_PHOTO_FILE_H
#define GUICHET_WEB_MONUMENT_PHOTO_FILE_H

#include "http/http.h"
#include "web/page.h"

void photo_file(void *context, struct request *request, struct response *response, const void *route_data);

/* The address of a photograph: the large one, or that of a card. */
struct safe_url photo_url(const struct page *page, int64_t id, struct str mark, bool large);

#endif
