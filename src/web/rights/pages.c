/* Passes, tickets from stock, voucher layouts (PMP-1, STK-1, TKT-2). One line a page. */
#include "web/app.h"

const struct page_route rights_pages[] = {
    {0},
};
const size_t rights_page_count = 0;
