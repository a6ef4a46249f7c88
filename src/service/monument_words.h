/* What a monument's data says, in words: its hours, closing days and booking rules. One wording for the pages and for
 * the sales manual, so that they never differ (CAT-1, CAT-2, PLA-3). Texts are plain and live in `arena`. */
#ifndef GUICHET_SERVICE_MONUMENT_WORDS_H
#define GUICHET_SERVICE_MONUMENT_WORDS_H

#include "base/arena.h"
#include "base/money.h"
#include "domain/group_rule.h"
#include "domain/opening.h"
#include "domain/tariff.h"
#include "text/lang.h"

/* «1er avril», «1 April»; `month_day` is month * 100 + day, as the opening rules keep it. */
struct str words_month_day(struct arena *arena, enum lang lang, int month_day);

/* «Été, du 1er avril au 30 septembre». */
struct str words_season(struct arena *arena, enum lang lang, const struct opening_rules *rules,
                        enum opening_season season);

/* «de 10:00 à 12:30 et de 14:00 à 17:00», «fermé», «sur demande». */
struct str words_hours(struct arena *arena, enum lang lang, const struct opening_hours *hours);

/* «1er janvier, 1er mai, lundi en hiver»; empty when it never closes. */
struct str words_closings(struct arena *arena, enum lang lang, const struct opening_rules *rules);

/* Why a day has no visit: «jour de fermeture hebdomadaire»; empty for CLOSED_NOT. */
struct str words_closed_why(struct arena *arena, enum lang lang, enum closed_why why);

/* «À partir de 8 personnes, ou avec un guide quelle que soit la taille du groupe». */
struct str words_minimum(struct arena *arena, enum lang lang, const struct group_rule *rule);

/* «26 personnes au plus par créneau, guide compris»; `dated`: by day instead of by slot. */
struct str words_maximum(struct arena *arena, enum lang lang, const struct group_rule *rule, bool dated);

/* «Option de 60 jours», «Pas d’option». */
struct str words_option(struct arena *arena, enum lang lang, const struct group_rule *rule);

/* Whom a tariff is for, as the tariffs beside it tell: «Moins de 20 personnes», «À partir de 20 personnes». */
struct str words_tariff_for(struct arena *arena, enum lang lang, const struct tariff *tariff,
                            const struct tariff *tariffs, size_t count);

struct str words_money(struct arena *arena, enum lang lang, struct cents amount);
struct str words_day(struct arena *arena, enum lang lang, day_number day);
struct str words_day_short(struct arena *arena, enum lang lang, day_number day);
struct str words_minute(struct arena *arena, int minute);

#endif
