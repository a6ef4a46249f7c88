/* A monument’s own work (OPS-2): plannings, tariffs, texts, photographs, day sheet, bookings by telephone; and the
 * network's settings. One line a page. */
#include "web/monument/common.h"

#define M MONUMENTS "/{id}"

const struct page_route monument_pages[] = {
    {HTTP_GET, MONUMENTS, work_list_page, PAGE_STAFF},
    {HTTP_GET, M, work_hub_page, PAGE_STAFF},

    {HTTP_GET, M "/planning", plan_page, PAGE_STAFF},
    {HTTP_GET, M "/planning/jour/{jour}", plan_day_page, PAGE_STAFF},
    {HTTP_GET, M "/planning/saisons/nouvelle", period_new_page, PAGE_STAFF},
    {HTTP_POST, M "/planning/saisons/nouvelle", period_new_sent, PAGE_STAFF},
    {HTTP_GET, M "/planning/saisons/{saison}", period_page, PAGE_STAFF},
    {HTTP_POST, M "/planning/saisons/{saison}", period_sent, PAGE_STAFF},
    {HTTP_POST, M "/planning/saisons/{saison}/supprimer", period_removed, PAGE_STAFF},
    {HTTP_POST, M "/planning/saisons/{saison}/horaires", line_added, PAGE_STAFF},
    {HTTP_GET, M "/planning/saisons/{saison}/horaires/{ligne}", line_page, PAGE_STAFF},
    {HTTP_POST, M "/planning/saisons/{saison}/horaires/{ligne}", line_sent, PAGE_STAFF},
    {HTTP_POST, M "/planning/saisons/{saison}/horaires/{ligne}/supprimer", line_removed, PAGE_STAFF},
    {HTTP_GET, M "/planning/mise-a-jour", make_page, PAGE_STAFF},
    {HTTP_POST, M "/planning/mise-a-jour", make_sent, PAGE_STAFF},
    {HTTP_GET, M "/planning/creneaux/{debut}", slot_page, PAGE_STAFF},
    {HTTP_POST, M "/planning/creneaux/{debut}", slot_sent, PAGE_STAFF},
    {HTTP_POST, M "/planning/creneaux/{debut}/modele", slot_released, PAGE_STAFF},
    {HTTP_GET, M "/planning/evenements/nouveau", event_page, PAGE_STAFF},
    {HTTP_POST, M "/planning/evenements/nouveau", event_sent, PAGE_STAFF},
    {HTTP_POST, M "/planning/evenements/{evenement}/supprimer", event_removed, PAGE_STAFF},

    {HTTP_GET, M "/journee", sheet_page, PAGE_STAFF},
    {HTTP_GET, M "/journee/besoins/{visite}", needs_page, PAGE_STAFF},
    {HTTP_POST, M "/journee/besoins/{visite}", needs_sent, PAGE_STAFF},

    {HTTP_GET, "/visites/{visite}/besoins", own_needs_page, PAGE_SIGNED_IN},
    {HTTP_POST, "/visites/{visite}/besoins", own_needs_sent, PAGE_SIGNED_IN},

    {HTTP_GET, M "/telephone", phone_list_page, PAGE_STAFF},
    {HTTP_GET, M "/telephone/nouveau", phone_new_page, PAGE_STAFF},
    {HTTP_POST, M "/telephone/nouveau", phone_new_sent, PAGE_STAFF},
    {HTTP_GET, M "/telephone/{appel}", phone_page, PAGE_STAFF},
    {HTTP_POST, M "/telephone/{appel}", phone_sent, PAGE_STAFF},
    {HTTP_POST, M "/telephone/{appel}/annuler", phone_cancelled, PAGE_STAFF},

    {HTTP_GET, M "/tarifs", rate_page, PAGE_STAFF},
    {HTTP_POST, M "/tarifs", rate_sent, PAGE_STAFF},
    {HTTP_POST, M "/tarifs/{tarif}/supprimer", rate_removed, PAGE_STAFF},
    {HTTP_GET, M "/tarifs/{tarif}/fin", rate_end_page, PAGE_STAFF},
    {HTTP_POST, M "/tarifs/{tarif}/fin", rate_end_sent, PAGE_STAFF},
    {HTTP_GET, M "/regles", rule_page, PAGE_STAFF},
    {HTTP_POST, M "/regles", rule_sent, PAGE_STAFF},
    {HTTP_GET, M "/fiche", facts_page, PAGE_STAFF},
    {HTTP_POST, M "/fiche", facts_sent, PAGE_STAFF},
    {HTTP_GET, M "/photos", photo_page, PAGE_STAFF},
    {HTTP_POST, M "/photos", photo_sent, PAGE_STAFF | PAGE_UPLOAD},
    {HTTP_POST, M "/photos/{photo}", photo_words_sent, PAGE_STAFF},
    {HTTP_POST, M "/photos/{photo}/avancer", photo_forwarded, PAGE_STAFF},
    {HTTP_POST, M "/photos/{photo}/supprimer", photo_removed, PAGE_STAFF},

    {HTTP_GET, "/service/reglages", net_page, PAGE_STAFF},
    {HTTP_GET, "/service/reglages/{cle}", net_edit_page, PAGE_STAFF},
    {HTTP_POST, "/service/reglages/{cle}", net_edit_sent, PAGE_STAFF},
    {HTTP_POST, "/service/reglages/{cle}/reinitialiser", net_reset, PAGE_STAFF},
    {HTTP_GET, "/service/textes", text_list_page, PAGE_STAFF},
    {HTTP_GET, "/service/textes/nouveau", text_new_page, PAGE_STAFF},
    {HTTP_POST, "/service/textes/nouveau", text_new_sent, PAGE_STAFF},
    {HTTP_GET, "/service/tva", vat_page, PAGE_STAFF},
    {HTTP_POST, "/service/tva", vat_sent, PAGE_STAFF},
};
const size_t monument_page_count = sizeof monument_pages / sizeof *monument_pages;
