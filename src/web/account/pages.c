/* The pages of this area, one line each. */
#include "web/account/pages.h"
#include "web/app.h"

const struct page_route account_pages[] = {
    {HTTP_GET, "/connexion", sign_in_page, 0},
    {HTTP_POST, "/connexion", sign_in_sent, 0},
    {HTTP_POST, "/deconnexion", sign_out_sent, 0},
    {HTTP_GET, "/inscription", sign_up_page, 0},
    {HTTP_POST, "/inscription", sign_up_sent, 0},
    {HTTP_GET, "/verification", mailbox_page, 0},
    {HTTP_POST, "/verification", mailbox_sent, 0},
    {HTTP_GET, "/verification/{token}", verification_page, 0},
    {HTTP_POST, "/verification/{token}", verification_sent, 0},
    {HTTP_GET, "/mot-de-passe-oublie", forgotten_page, 0},
    {HTTP_POST, "/mot-de-passe-oublie", forgotten_sent, 0},
    {HTTP_GET, "/mot-de-passe/{token}", new_password_page, 0},
    {HTTP_POST, "/mot-de-passe/{token}", new_password_sent, 0},

    {HTTP_GET, "/client", client_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/sessions/{id}/fermer", session_end_sent, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/sessions/fermer", sessions_end_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/organisation", organisation_edit_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/organisation", organisation_edit_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/personne", person_edit_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/personne", person_edit_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/mot-de-passe", password_edit_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/mot-de-passe", password_edit_sent, PAGE_SIGNED_IN},

    {HTTP_GET, "/client/accompagnateurs", leaders_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/accompagnateurs", leader_created, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/accompagnateurs/{id}", leader_changed, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/accompagnateurs/{id}/retirer", leader_remove_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/accompagnateurs/{id}/retirer", leader_remove_sent, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/contacts", contacts_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/contacts", contact_created, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/contacts/{id}", contact_changed, PAGE_SIGNED_IN},
    {HTTP_GET, "/client/contacts/{id}/retirer", contact_remove_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/client/contacts/{id}/retirer", contact_remove_sent, PAGE_SIGNED_IN},
};
const size_t account_page_count = sizeof account_pages / sizeof *account_pages;
