/* What the pages of a monument's own work share. */
#ifndef GUICHET_WEB_MONUMENT_COMMON_H
#define GUICHET_WEB_MONUMENT_COMMON_H

#include "web/account/common.h"
#include "web/app.h"
#include "web/monument/photo_file.h"
#include "web/monument/views.h"

#define MONUMENTS "/service/monuments"

/* The monument of the address for a task; its frame and (may be NULL) all that is known of it. false: the page has
 * ended, with 404 when it is not the reader's. */
bool work_open(struct page *page, enum task task, const char *tab, enum msg title, struct work_frame *ret_frame,
               struct monument_work *ret_work);
/* The page's title and menu entry; `form` (may be NULL) that was refused. */
void work_title(struct page *page, struct work_frame *frame, const struct form *form);
/* An id of the address; false: the page has ended with 404. */
bool work_id(struct page *page, const char *name, int64_t *ret_id);
bool work_day(struct page *page, const char *name, day_number *ret_day);
struct str number_text(const struct page *page, int64_t number);
/* «/service/monuments/12» and what follows. */
struct str work_url(const struct page *page, const struct work_frame *frame, const char *below);
/* To an address below the monument's, with a sentence. */
void work_done(struct page *page, const struct work_frame *frame, struct str below, enum msg message);

struct group_lines group_lines_of(const struct page *page, const struct work_frame *frame, const struct groups *groups);
/* «lundi 23 novembre 2026 à 10:30». */
struct str moment_words(const struct page *page, instant at);
/* «lundi, mardi», «tous les jours». */
struct str weekday_words(const struct page *page, unsigned weekdays);
struct str month_words(const struct page *page, day_number day);

/* The handlers; see pages.c. */
void work_list_page(struct page *page);
void work_hub_page(struct page *page);
void plan_page(struct page *page);
void plan_day_page(struct page *page);
void period_new_page(struct page *page);
void period_new_sent(struct page *page);
void period_page(struct page *page);
void period_sent(struct page *page);
void period_removed(struct page *page);
void line_added(struct page *page);
void line_page(struct page *page);
void line_sent(struct page *page);
void line_removed(struct page *page);
void make_page(struct page *page);
void make_sent(struct page *page);
void slot_page(struct page *page);
void slot_sent(struct page *page);
void slot_released(struct page *page);
void event_page(struct page *page);
void event_sent(struct page *page);
void event_removed(struct page *page);
void sheet_page(struct page *page);
void needs_page(struct page *page);
void needs_sent(struct page *page);
void own_needs_page(struct page *page);
void own_needs_sent(struct page *page);
void phone_list_page(struct page *page);
void phone_new_page(struct page *page);
void phone_new_sent(struct page *page);
void phone_page(struct page *page);
void phone_sent(struct page *page);
void phone_cancelled(struct page *page);
void rate_page(struct page *page);
void rate_sent(struct page *page);
void rate_removed(struct page *page);
void rate_end_page(struct page *page);
void rate_end_sent(struct page *page);
void rule_page(struct page *page);
void rule_sent(struct page *page);
void facts_page(struct page *page);
void facts_sent(struct page *page);
void photo_page(struct page *page);
void photo_sent(struct page *page);
void photo_words_sent(struct page *page);
void photo_forwarded(struct page *page);
void photo_removed(struct page *page);
void net_page(struct page *page);
void net_edit_page(struct page *page);
void net_edit_sent(struct page *page);
void net_reset(struct page *page);
void text_list_page(struct page *page);
void text_new_page(struct page *page);
void text_new_sent(struct page *page);
void vat_page(struct page *page);
void vat_sent(struct page *page);

#endif
