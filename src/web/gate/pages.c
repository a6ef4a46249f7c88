/* The gate (OPS-3, TKT-6). One line a page. */
#include "web/app.h"

const struct page_route gate_pages[] = {
    {0},
};
const size_t gate_page_count = 0;
