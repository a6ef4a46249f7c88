/* How the pages of requests say what a request is. */
#ifndef GUICHET_WEB_REQUEST_WORDS_H
#define GUICHET_WEB_REQUEST_WORDS_H

#include "web/app.h"
#include "web/request/views.h"

/* «à confirmer par le monument»: the state as a badge. `desk`: in the words of the operator's side. */
struct state_badge request_badge(enum request_state state, bool desk);
/* «request.refused.closed» … */
enum msg request_refused_message(enum request_refusal refusal);
/* Fills everything but the forms. */
void request_facts_fill(const struct page *page, bool desk, struct request_facts *facts);
struct request_rows request_rows_of(const struct page *page, const struct request_lines *lines, bool desk);
/* The reference of the address in its stored form; false when it is none: the page has ended with 404. */
bool request_captured(struct page *page, struct str *ret_ref);
/* The turn that came with a form; 0 when it is malformed. */
int64_t request_sent_turn(const struct page *page);
/* «Abbaye de Cluny, réservation K7Q2-XD4M» as the page's title. */
void request_title(struct page *page, enum msg title, struct str ref, const struct form *form);

#endif
