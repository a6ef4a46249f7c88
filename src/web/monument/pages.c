/* A monument’s own work (OPS-2): plannings, tariffs, texts, photographs, day sheet, bookings by telephone. One line a page. */
#include "web/app.h"

const struct page_route monument_pages[] = {
    {0},
};
const size_t monument_page_count = 0;
