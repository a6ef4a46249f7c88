/* The handlers of this area, for the table in pages.c. */
#ifndef GUICHET_WEB_TRANSFER_PAGES_H
#define GUICHET_WEB_TRANSFER_PAGES_H

#include "web/page.h"

/* The customer's documents, and giving up. */
void proforma_pdf(struct page *page);
void credit_note_document(struct page *page);
void transfer_given_up(struct page *page);

/* «Virements à recevoir» (OPS-5), and who may pay so (CRT-4). */
void transfers_page(struct page *page);
void transfer_page(struct page *page);
void transfer_received(struct page *page);
void transfer_answered(struct page *page);
void transfer_account_page(struct page *page);
void transfer_account_sent(struct page *page);

/* The bank's statements (CRT-5). */
void bank_page(struct page *page);
void bank_file_sent(struct page *page);
void bank_entry_page(struct page *page);
void bank_entry_sent(struct page *page);

/* Refunds. */
void refunds_page(struct page *page);
void refund_due_page(struct page *page);
void refund_due_sent(struct page *page);
void refund_transferred_page(struct page *page);
void refund_transferred_sent(struct page *page);
void refund_remedy_page(struct page *page);
void refund_remedy_sent(struct page *page);
void refund_order_page(struct page *page);
void refund_order_sent(struct page *page);

#endif
