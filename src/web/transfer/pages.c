/* The pages of transfers, the bank's statements and refunds, one line each. Addresses are the same in both languages.
 * */
#include "web/transfer/pages.h"
#include "web/app.h"

const struct page_route transfer_pages[] = {
    {HTTP_GET, "/commandes/{ref}/proforma.pdf", proforma_pdf, PAGE_SIGNED_IN},
    {HTTP_GET, "/commandes/{ref}/avoirs/{number}", credit_note_document, PAGE_SIGNED_IN},
    {HTTP_POST, "/commandes/{ref}/renoncer", transfer_given_up, PAGE_SIGNED_IN},

    {HTTP_GET, "/service/virements", transfers_page, PAGE_STAFF},
    {HTTP_GET, "/service/virements/{ref}", transfer_page, PAGE_STAFF},
    {HTTP_POST, "/service/virements/{ref}/recu", transfer_received, PAGE_STAFF},
    {HTTP_POST, "/service/virements/{ref}/reponse", transfer_answered, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/virement", transfer_account_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/virement", transfer_account_sent, PAGE_STAFF},

    {HTTP_GET, "/service/releves", bank_page, PAGE_STAFF},
    {HTTP_POST, "/service/releves", bank_file_sent, PAGE_STAFF | PAGE_UPLOAD},
    {HTTP_GET, "/service/releves/{id}", bank_entry_page, PAGE_STAFF},
    {HTTP_POST, "/service/releves/{id}", bank_entry_sent, PAGE_STAFF},

    {HTTP_GET, "/service/remboursements", refunds_page, PAGE_STAFF},
    {HTTP_GET, "/service/remboursements/paiements/{id}", refund_due_page, PAGE_STAFF},
    {HTTP_POST, "/service/remboursements/paiements/{id}", refund_due_sent, PAGE_STAFF},
    {HTTP_GET, "/service/remboursements/virements/{id}", refund_transferred_page, PAGE_STAFF},
    {HTTP_POST, "/service/remboursements/virements/{id}", refund_transferred_sent, PAGE_STAFF},
    {HTTP_GET, "/service/remboursements/blocages/{id}", refund_remedy_page, PAGE_STAFF},
    {HTTP_POST, "/service/remboursements/blocages/{id}", refund_remedy_sent, PAGE_STAFF},
    {HTTP_GET, "/service/remboursements/commandes/{ref}", refund_order_page, PAGE_STAFF},
    {HTTP_POST, "/service/remboursements/commandes/{ref}", refund_order_sent, PAGE_STAFF},
};
const size_t transfer_page_count = sizeof transfer_pages / sizeof *transfer_pages;
