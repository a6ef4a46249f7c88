/* The closure desk and the choices after it (OPS-4, COM-4, ORD-4). One line a page. */
#include "web/closure/pages.h"

const struct page_route closure_pages[] = {
    {HTTP_GET, "/service/fermetures", closure_list_page, PAGE_STAFF},
    {HTTP_GET, "/service/fermetures/nouvelle", closure_new_page, PAGE_STAFF},
    {HTTP_POST, "/service/fermetures/nouvelle", closure_sent, PAGE_STAFF},
    {HTTP_GET, "/service/fermetures/{id}", closure_page, PAGE_STAFF},
    {HTTP_POST, "/service/fermetures/{id}/rouvrir", closure_reopen_sent, PAGE_STAFF},

    {HTTP_GET, "/annulations", choices_page, PAGE_SIGNED_IN},
    {HTTP_GET, "/annulations/{id}", choice_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/annulations/{id}/creneau", choice_slot_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/annulations/{id}/remboursement", choice_refund_sent, PAGE_SIGNED_IN},
};
const size_t closure_page_count = sizeof closure_pages / sizeof *closure_pages;
