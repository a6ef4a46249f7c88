/* The pages of this area, one line each. */
#include "web/catalogue/common.h"

const struct page_route catalogue_pages[] = {
    {HTTP_GET, "/", welcome_page, 0},
    {HTTP_GET, "/monuments", monuments_page, 0},
    {HTTP_GET, "/monuments/{slug}", monument_page_show, 0},
    {HTTP_POST, "/monuments/{slug}/billets", monument_tickets, PAGE_SIGNED_IN},
    {HTTP_GET, "/monuments/{slug}/planning", planning_page, 0},
    {HTTP_POST, "/monuments/{slug}/option", planning_option, PAGE_SIGNED_IN},
    {HTTP_POST, "/monuments/{slug}/panier", planning_cart, PAGE_SIGNED_IN},
    {HTTP_GET, "/monuments/{slug}/repartition", split_page, 0},
    {HTTP_POST, "/monuments/{slug}/repartition", split_hold, PAGE_SIGNED_IN},
    {HTTP_GET, "/manuel-de-vente.pdf", manual_page, 0},
};
const size_t catalogue_page_count = sizeof catalogue_pages / sizeof catalogue_pages[0];
