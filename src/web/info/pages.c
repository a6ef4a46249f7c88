/* The pages of this area, one line each. */
#include "web/info/pages.h"
#include "web/app.h"

const struct page_route info_pages[] = {
    {HTTP_GET, "/aide", help_page, 0},

    {HTTP_GET, "/cgv", terms_page, 0},
    {HTTP_GET, "/confidentialite", privacy_page, 0},
    {HTTP_GET, "/accessibilite", accessibility_page, 0},

    /* In the demonstration only: what would have been mailed. */
    {HTTP_GET, "/demonstration/courriels", mails_page, 0},
    {HTTP_GET, "/demonstration/courriels/{id}", mail_page, 0},
    {HTTP_GET, "/demonstration/courriels/{id}/piece/{n}", mail_attachment_page, 0},
};
const size_t info_page_count = sizeof info_pages / sizeof *info_pages;
