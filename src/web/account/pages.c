/* The pages of this area, one line each. */
#include "web/account/pages.h"
#include "web/app.h"

const struct page_route account_pages[] = {
    {HTTP_GET, "/connexion", sign_in_page, 0},
    {HTTP_POST, "/connexion", sign_in_sent, 0},
    {HTTP_POST, "/deconnexion", sign_out_sent, 0},
};
const size_t account_page_count = sizeof account_pages / sizeof *account_pages;
