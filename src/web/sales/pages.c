/* The pages of this area, one line each. */
#include "web/sales/pages.h"
#include "web/app.h"

const struct page_route sales_pages[] = {
    {HTTP_GET, "/options", options_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/options/panier", options_to_cart, PAGE_SIGNED_IN},
    {HTTP_GET, "/options/{id}/annuler", option_cancel_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/options/{id}/annuler", option_cancel_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/options/{id}/modifier", option_change_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/options/{id}/modifier", option_change_sent, PAGE_SIGNED_IN},

    {HTTP_GET, "/panier", cart_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/panier/{id}/reprendre", cart_again_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/panier/{id}/retirer", cart_remove_sent, PAGE_SIGNED_IN},

    {HTTP_GET, "/validation", validation_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/validation", validation_sent, PAGE_SIGNED_IN},

    {HTTP_GET, "/commandes", orders_page, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}", order_page, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}/retour", order_return_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/payer", order_pay_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/lien-de-paiement", order_link_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/abandonner", order_abandon_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/renvoyer", order_resend_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}/facture.pdf", order_invoice, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}/billets/{visit}", tickets_page, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}/billets/{visit}/pdf", tickets_pdf, PAGE_SIGNED_IN},

    /* The links in the mails: whoever has the mail has the tickets. */
    {HTTP_GET, "/billets/{ref}/{visit}/{signature}", linked_tickets_page, 0},
    {HTTP_GET, "/billets/{ref}/{visit}/{signature}/pdf", linked_tickets_pdf, 0},
};
const size_t sales_page_count = sizeof sales_pages / sizeof *sales_pages;
