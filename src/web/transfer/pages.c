/* Transfers, refunds and the bank (CRT-4, OPS-5). One line a page. */
#include "web/app.h"

const struct page_route transfer_pages[] = {
    {0},
};
const size_t transfer_page_count = 0;
