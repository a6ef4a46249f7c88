/* Passes, tickets from stock, voucher layouts (PMP-1, STK-1, TKT-2). One line a page. */
#include "web/app.h"
#include "web/rights/common.h"

const struct page_route rights_pages[] = {
    {HTTP_GET, "/service/pass", pass_list_page, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/pass", pass_form_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/pass", pass_form_sent, PAGE_STAFF | PAGE_UPLOAD},
    {HTTP_GET, "/service/pass/{id}", pass_booking_page, PAGE_STAFF},
    {HTTP_POST, "/service/pass/{id}/annuler", pass_booking_cancelled, PAGE_STAFF},

    {HTTP_GET, "/service/stock", stock_desk_page, PAGE_STAFF},
    {HTTP_POST, "/service/stock/fichier", stock_file_sent, PAGE_STAFF | PAGE_UPLOAD},
    {HTTP_POST, "/service/stock/numero", stock_number_sent, PAGE_STAFF},
    {HTTP_GET, "/service/stock/echanges/{id}", exchange_page, PAGE_STAFF},
    {HTTP_POST, "/service/stock/echanges/{id}/annuler", exchange_cancelled, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/stock", stock_right_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/stock", stock_right_sent, PAGE_STAFF},

    {HTTP_GET, "/service/maquettes", layout_desk_page, PAGE_STAFF},
    {HTTP_GET, "/service/maquettes/{id}", layout_one_page, PAGE_STAFF},
    {HTTP_POST, "/service/maquettes/{id}", layout_decided, PAGE_STAFF},
    {HTTP_GET, "/service/maquettes/{id}/fichier", layout_desk_file_page, PAGE_STAFF},

    {HTTP_GET, "/monuments/{slug}/billets-en-stock", stock_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/monuments/{slug}/billets-en-stock", stock_page_sent, PAGE_SIGNED_IN | PAGE_UPLOAD},

    {HTTP_GET, "/client/maquettes", layouts_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/maquettes", layout_sent, PAGE_SIGNED_IN | PAGE_UPLOAD},
    {HTTP_POST, "/client/maquettes/format", layout_format_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/maquettes/{id}/retirer", layout_withdrawn, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/maquettes/{id}/fichier", layout_file_page, PAGE_SIGNED_IN},

    {HTTP_GET, "/commandes/{ref}/billets/{visit}/csv", tickets_csv_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/format", tickets_format_sent, PAGE_SIGNED_IN},
};
const size_t rights_page_count = sizeof rights_pages / sizeof *rights_pages;
