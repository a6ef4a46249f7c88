/* What customer service does for one customer (OPS-1). One line a page. */
#include "web/customer/pages.h"
#include "web/app.h"

const struct page_route customer_pages[] = {
    {HTTP_GET, "/service/organisations/{id}/agir", acting_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/agir", acting_sent, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/note", note_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/note", note_sent, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/options/{visit}", option_desk_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/options/{visit}/prolonger", option_extended, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/options/{visit}/annuler", option_desk_cancelled, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/courriels/{mail}/renvoyer", resend_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/courriels/{mail}/renvoyer", resend_sent, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/corriger", correct_organisation_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/corriger", correct_organisation_sent, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/personnes/{person}/corriger", correct_person_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/personnes/{person}/corriger", correct_person_sent, PAGE_STAFF},
    {HTTP_GET, "/service/organisations/{id}/personnes/{person}/double-authentification", unlock_page, PAGE_STAFF},
    {HTTP_POST, "/service/organisations/{id}/personnes/{person}/double-authentification", unlock_sent, PAGE_STAFF},
    {HTTP_GET, "/service/creneaux/{slug}/{day}", desk_slots_page, PAGE_STAFF},
    {HTTP_GET, "/service/commandes/{ref}", desk_order_page, PAGE_STAFF},
    {HTTP_POST, "/service/agir/terminer", acting_ended, PAGE_STAFF},
    {HTTP_POST, "/agir/terminer", acting_ended, 0},
};
const size_t customer_page_count = sizeof customer_pages / sizeof *customer_pages;
