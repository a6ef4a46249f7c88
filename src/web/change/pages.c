/* Paid orders changed in place (OPT-6), accompanying persons replaced (COM-5). One line a page. */
#include "web/change/pages.h"
#include "web/app.h"

const struct page_route change_pages[] = {
    {HTTP_GET, "/commandes/{ref}/modifier/{visit}", visit_change_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/modifier/{visit}", visit_change_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}/accompagnateur/{visit}", leader_replace_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/accompagnateur/{visit}", leader_replace_sent, PAGE_SIGNED_IN},
};
const size_t change_page_count = sizeof change_pages / sizeof *change_pages;
