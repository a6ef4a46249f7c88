/* The words of closures: how places were held, what became of them, which time is closed. */
#ifndef GUICHET_WEB_CLOSURE_WORDS_H
#define GUICHET_WEB_CLOSURE_WORDS_H

#include "web/closure/views.h"

/* «Payée par carte», «Option» …; MSG_none for a word that nobody knows. */
enum msg closure_way(struct str was);
/* What a closure does with it: «le client choisit …». */
enum msg closure_next(struct str was);
/* What became of one row. */
enum msg closure_row_state(const struct closure_row *row, const char **ret_tone);
enum msg closure_state(const struct closure_line *line, const char **ret_tone);
enum msg closure_refusal_message(enum closure_refusal refusal);

/* «lundi 23 novembre 2026 à 10:30», «du 23/11/2026 au 25/11/2026», «… jusqu’à nouvel ordre». In the arena. */
struct str closure_when(const struct page *page, enum closure_scope scope, instant from_at, instant until_at,
                        bool open_end);
/* A visit's time; a dated ticket has a day alone. In the arena. */
struct str closure_visit_when(const struct page *page, instant start_at, bool whole_day);

#endif
