/* What customer service does for one customer (OPS-1): acting on behalf, notes, options, passes, stock, layouts. One line a page. */
#include "web/app.h"

const struct page_route customer_pages[] = {
    {0},
};
const size_t customer_page_count = 0;
