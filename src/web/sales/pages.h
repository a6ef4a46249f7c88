/* The handlers of this area's pages; pages.c says where they are. */
#ifndef GUICHET_WEB_SALES_PAGES_H
#define GUICHET_WEB_SALES_PAGES_H

#include "web/page.h"

/* options (OPT-2, OPT-3) */
void options_page(struct page *page);
void options_to_cart(struct page *page);
void option_cancel_page(struct page *page);
void option_cancel_sent(struct page *page);
void option_change_page(struct page *page); /* OPT-6 */
void option_change_sent(struct page *page);

/* cart (CRT-1) */
void cart_page(struct page *page);
void cart_again_sent(struct page *page);
void cart_remove_sent(struct page *page);

/* validation (CRT-2, COM-2) */
void validation_page(struct page *page);
void validation_sent(struct page *page);

/* orders (ORD-1, ORD-2, CRT-3) */
void orders_page(struct page *page);
void order_page(struct page *page);
void order_return_page(struct page *page);
void order_pay_sent(struct page *page);
void order_link_sent(struct page *page);
void order_abandon_sent(struct page *page);
void order_resend_sent(struct page *page);
void order_invoice(struct page *page);

/* tickets (TKT-1, TKT-4) */
void tickets_page(struct page *page);
void tickets_pdf(struct page *page);
void linked_tickets_page(struct page *page);
void linked_tickets_pdf(struct page *page);

#endif
