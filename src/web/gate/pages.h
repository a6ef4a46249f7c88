/* The handlers of the gate, for the table in pages.c, and what they share. */
#ifndef GUICHET_WEB_GATE_PAGES_H
#define GUICHET_WEB_GATE_PAGES_H

#include "web/gate/views.h"

void gate_home_page(struct page *page);
void gate_page(struct page *page);
void gate_scan_sent(struct page *page);
void gate_undo_sent(struct page *page);
void gate_log_page(struct page *page);
void gate_conflicts_page(struct page *page);

/* For the script of the page: JSON. */
void gate_day_json(struct page *page);
void gate_scans_json(struct page *page);

/* What the browser keeps for when there is no network. */
void gate_shell_page(struct page *page);
void gate_worker_script(struct page *page);
void gate_manifest(struct page *page);

/* The monument of the address, when it is the caller's; false: the page has ended. */
bool gate_place_of(struct page *page, struct staff_caller *ret_caller, struct gate_place *ret_place);
/* true when the caller scans at a pace that people can. */
bool gate_allow(struct page *page, const struct staff_caller *caller);

/* Empty forms: «a ticket» is chosen. */
void gate_forms_blank(struct page *page, struct gate_page_view *view);

struct gate_words gate_words_of(const struct page *page, const struct gate_answer *answer);
enum msg gate_result_word(enum gate_result result);
const char *gate_tone(enum gate_result result);
const char *gate_icon(enum gate_result result);
/* «23/11/2026 10:32», «10:30», «lundi 23 novembre 2026»: in the arena. */
struct str gate_when(const struct page *page, instant at);
struct str gate_minute(const struct page *page, instant at);
struct str gate_date(const struct page *page, instant at);

/* The words that the script shows, with {names} where it fills in. */
void gate_script_words(const struct page *page, struct gate_page_view *view);
/* Addresses of what the page loads beside its own scripts. */
void gate_modules(struct gate_page_view *view);

#endif
