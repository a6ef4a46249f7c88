/* The pages of the operator's side, one line each. Addresses are the same in both languages. */
#include "web/staff/pages.h"
#include "web/app.h"

const struct page_route staff_pages[] = {
    {HTTP_GET, "/service/connexion", staff_sign_in_page, 0},
    {HTTP_POST, "/service/connexion", staff_sign_in_sent, 0},
    {HTTP_POST, "/service/connexion/code", staff_code_sent, 0},
    {HTTP_POST, "/service/connexion/installation", staff_enrol_sent, 0},
    {HTTP_POST, "/service/deconnexion", staff_sign_out_sent, PAGE_STAFF},

    {HTTP_GET, "/service", staff_home_page, PAGE_STAFF},
    {HTTP_GET, "/service/compte", own_page, PAGE_STAFF},
    {HTTP_POST, "/service/compte/mot-de-passe", own_password_sent, PAGE_STAFF},
    {HTTP_POST, "/service/compte/codes", own_codes_sent, PAGE_STAFF},
    {HTTP_POST, "/service/compte/sessions/{id}/fermer", own_session_ended, PAGE_STAFF},
    {HTTP_POST, "/service/compte/sessions/fermer", own_sessions_ended, PAGE_STAFF},
    {HTTP_GET, "/service/audit", audit_page, PAGE_STAFF},
    {HTTP_GET, "/service/recherche", desk_search_page, PAGE_STAFF},
    {HTTP_GET, "/service/commandes", desk_orders_page, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}", desk_customer_page, PAGE_STAFF},
    {HTTP_GET, "/service/personnes", people_page, PAGE_STAFF},
    {HTTP_GET, "/service/personnes/inviter", person_new_page, PAGE_STAFF},
    {HTTP_POST, "/service/personnes/inviter", person_invited, PAGE_STAFF},
    {HTTP_GET, "/service/personnes/{id}", person_page, PAGE_STAFF},
    {HTTP_POST, "/service/personnes/{id}", person_changed, PAGE_STAFF},
    {HTTP_POST, "/service/personnes/{id}/lien", person_linked, PAGE_STAFF},
    {HTTP_POST, "/service/personnes/{id}/double-authentification", person_forgotten, PAGE_STAFF},
    {HTTP_POST, "/service/personnes/{id}/desactiver", person_disabled, PAGE_STAFF},
    {HTTP_POST, "/service/personnes/{id}/reactiver", person_enabled, PAGE_STAFF},

    {HTTP_GET, "/invitation/{token}", invitation_page, PAGE_OWN},
    {HTTP_POST, "/invitation/{token}", invitation_sent, PAGE_OWN},
    {HTTP_GET, "/equipe/invitation/{token}", invitation_page, PAGE_OWN},
    {HTTP_POST, "/equipe/invitation/{token}", invitation_sent, PAGE_OWN},
};
const size_t staff_page_count = sizeof staff_pages / sizeof *staff_pages;
