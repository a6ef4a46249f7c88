/* The handlers of this area's pages. */
#ifndef GUICHET_WEB_ACCOUNT_PAGES_H
#define GUICHET_WEB_ACCOUNT_PAGES_H

#include "web/page.h"

void sign_in_page(struct page *page);
void sign_in_sent(struct page *page);
void sign_out_sent(struct page *page);

void sign_up_page(struct page *page);
void sign_up_sent(struct page *page);

void mailbox_page(struct page *page);
void mailbox_sent(struct page *page);
void verification_page(struct page *page);
void verification_sent(struct page *page);

void forgotten_page(struct page *page);
void forgotten_sent(struct page *page);
void new_password_page(struct page *page);
void new_password_sent(struct page *page);

void client_page(struct page *page);
void session_end_sent(struct page *page);
void sessions_end_sent(struct page *page);

void organisation_edit_page(struct page *page);
void organisation_edit_sent(struct page *page);
void person_edit_page(struct page *page);
void person_edit_sent(struct page *page);
void password_edit_page(struct page *page);
void password_edit_sent(struct page *page);

void leaders_page(struct page *page);
void leader_created(struct page *page);
void leader_changed(struct page *page);
void leader_remove_page(struct page *page);
void leader_remove_sent(struct page *page);

void contacts_page(struct page *page);
void contact_created(struct page *page);
void contact_changed(struct page *page);
void contact_remove_page(struct page *page);
void contact_remove_sent(struct page *page);

/* The second step of signing in, for who has a second factor (ACC-6). */
void sign_in_code_sent(struct page *page);

/* «Membres» (ACC-5). */
void members_page(struct page *page);
void member_invited(struct page *page);
void member_role_page(struct page *page);
void member_role_sent(struct page *page);
void member_remove_page(struct page *page);
void member_remove_sent(struct page *page);
void member_leave_page(struct page *page);
void member_leave_sent(struct page *page);
void member_invitation_withdrawn(struct page *page);

/* «Sécurité»: the second factor (ACC-6). */
void security_page(struct page *page);
void factor_begun(struct page *page);
void factor_confirmed(struct page *page);
void factor_codes_renewed(struct page *page);
void factor_disabled(struct page *page);

#endif
