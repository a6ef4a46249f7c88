/* Requests to monuments without slots (MON-2), on both sides. One line a page. */
#include "web/request/pages.h"

const struct page_route request_pages[] = {
    {HTTP_GET, "/monuments/{slug}/demande", request_ask_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/monuments/{slug}/demande", request_ask_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/demandes", request_list_page, PAGE_SIGNED_IN},
    {HTTP_GET, "/demandes/{ref}", request_one_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/demandes/{ref}/accepter", request_take_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/demandes/{ref}/decliner", request_leave_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/demandes/{ref}/retirer", request_withdraw_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/demandes/{ref}/caisse", request_till_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/demandes/{ref}/message", request_say_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/demandes/{ref}/payer", request_pay_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/demandes/{ref}/confirmation", request_confirmation_page, PAGE_SIGNED_IN},
    {HTTP_GET, "/demandes/{ref}/confirmation.pdf", request_confirmation_download, PAGE_SIGNED_IN},

    {HTTP_GET, "/service/demandes", request_desk_list_page, PAGE_STAFF},
    {HTTP_GET, "/service/demandes/{ref}", request_desk_one_page, PAGE_STAFF},
    {HTTP_POST, "/service/demandes/{ref}/accepter", request_desk_accept_sent, PAGE_STAFF},
    {HTTP_POST, "/service/demandes/{ref}/proposer", request_desk_propose_sent, PAGE_STAFF},
    {HTTP_POST, "/service/demandes/{ref}/decliner", request_desk_decline_sent, PAGE_STAFF},
    {HTTP_POST, "/service/demandes/{ref}/annuler", request_desk_cancel_sent, PAGE_STAFF},
    {HTTP_POST, "/service/demandes/{ref}/message", request_desk_say_sent, PAGE_STAFF},
};
const size_t request_page_count = sizeof request_pages / sizeof *request_pages;
