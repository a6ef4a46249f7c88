/* What the pages of this area share: cards, pictures, contacts, addresses of plannings. */
#ifndef GUICHET_WEB_CATALOGUE_COMMON_H
#define GUICHET_WEB_CATALOGUE_COMMON_H

#include "web/app.h"
#include "web/catalogue/views.h"

/* The drawn picture of a kind of monument; where there are several («chateau.svg», «chateau-2.svg»…) the slug
 * chooses. */
struct safe_url monument_picture(const struct page *page, const struct monument *monument);

/* A card without its price. */
struct monument_card monument_card_of(const struct page *page, const struct monument *monument);

/* Photographs in the place of the drawings, where there are some. Failure leaves the drawings. */
void cards_photos(struct page *page, const struct monument_list *list, struct monument_cards *cards);
struct monument_photos photos_of(struct page *page, int64_t monument_id);

struct contact_view contact_of(const struct page *page, const struct monument *monument);

/* The address of a planning. `anchor` (may be empty) is an id on it. */
struct safe_url planning_link(const struct page *page, struct str slug, enum planning_kind kind, day_number day,
                              struct planning_group group, struct str anchor);
/* «mois», «semaine», «jour». */
const char *planning_kind_name(enum planning_kind kind);

/* The plannings where a school or special group books online (VIS-1). Failure leaves the list empty: the page says the
 * rest. */
struct named_links school_plannings(struct page *page, struct planning_group group);

/* «Pour 25 personnes : 336,00 €» and its lines, from the tariffs of the day; false when nothing is sold then. */
bool price_in_words(const struct page *page, const struct tariff_list *tariffs, struct planning_group group,
                    int free_above, day_number day, struct str *ret_price, struct sum_lines *ret_lines);
/* The price alone. */
bool price_for(const struct tariff_list *tariffs, struct planning_group group, int free_above, day_number day,
               struct price *ret_price);

/* What is said of options where a group may book: until when, or why there is none (OPT-1). */
struct str option_words(const struct page *page, bool possible, instant end, enum refusal why_not);

/* The number in a refusal: what the group needs to know to do better. Empty where the message says it all. */
struct str refusal_details(const struct page *page, const struct place_result *result);

enum leader_kind leader_of(struct planning_group group);

/* The handlers of the area; see pages.c. */
void welcome_page(struct page *page);
void monuments_page(struct page *page);
void monument_page_show(struct page *page);
void monument_tickets(struct page *page);
void planning_page(struct page *page);
void planning_option(struct page *page);
void planning_cart(struct page *page);
void split_page(struct page *page);
void split_hold(struct page *page);
void manual_page(struct page *page);

/* Writes the planning of `query`; `answer` (may be NULL) is what became of a form sent for the slot at `start`. */
struct planning_answer {
    instant start;
    struct place_result result;
};
void planning_show(struct page *page, struct planning_query query, const struct planning_answer *answer);

/* Reads the group and the day from a query or a form. */
struct planning_query planning_query_of(const struct page *page, struct pairs sent);

/* Fills the frame around plannings and the splitter. */
void planning_frame_fill(struct page *page, const struct monument *monument, const struct planning_query *query,
                         struct planning_frame *frame);

#endif
