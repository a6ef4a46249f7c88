/* The pages of this area, one line each. */
#include "web/app.h"

const struct page_route account_pages[] = {
    {.method = HTTP_GET, .path = "", .handler = NULL},
};
const size_t account_page_count = 0;
