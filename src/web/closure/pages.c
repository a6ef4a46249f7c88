/* The closure desk (OPS-4, COM-4, ORD-4). One line a page. */
#include "web/app.h"

const struct page_route closure_pages[] = {
    {0},
};
const size_t closure_page_count = 0;
