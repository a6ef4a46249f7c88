/* Requests to monuments without slots (MON-2), on both sides. One line a page. */
#include "web/app.h"

const struct page_route request_pages[] = {
    {0},
};
const size_t request_page_count = 0;
