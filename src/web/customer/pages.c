/* What customer service does for one customer (OPS-1). One line a page. */
#include "web/customer/pages.h"
#include "web/app.h"

const struct page_route customer_pages[] = {
    {HTTP_GET, "/service/organisations/{id}/agir", acting_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/agir", acting_sent, PAGE_STAFF},
    {HTTP_GET, "/service/commandes/{ref}", desk_order_page, PAGE_STAFF},
    {HTTP_POST, "/service/agir/terminer", acting_ended, PAGE_STAFF},
    {HTTP_POST, "/agir/terminer", acting_ended, 0},
};
const size_t customer_page_count = sizeof customer_pages / sizeof *customer_pages;
