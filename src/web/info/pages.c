/* The pages of this area, one line each: help, legal texts, the mails of the demonstration (see common.h). */
#include "web/app.h"

const struct page_route info_pages[] = {
    {.method = HTTP_GET, .path = "", .handler = NULL},
};
const size_t info_page_count = 0;
