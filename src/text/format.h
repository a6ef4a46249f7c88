/* Dates, times, numbers and money as a reader of each language writes them. Plain text without markup characters, so it may
 * go into HTML as it is. */
#ifndef GUICHET_TEXT_FORMAT_H
#define GUICHET_TEXT_FORMAT_H

#include "base/buf.h"
#include "base/civil.h"
#include "base/money.h"
#include "text/lang.h"

/* «lundi 23 novembre 2026», «Monday 23 November 2026»; French writes «1er». */
void format_day(struct buf *out, enum lang lang, day_number day);
/* «23/11/2026», «23 Nov 2026». */
void format_day_short(struct buf *out, enum lang lang, day_number day);
/* «novembre 2026», «November 2026». month is 1 to 12. */
void format_month(struct buf *out, enum lang lang, int year, int month);
struct str weekday_name(enum lang lang, enum weekday weekday);       /* «lundi» */
struct str weekday_name_short(enum lang lang, enum weekday weekday); /* «lun.», «Mon» */

/* «10:30» in both languages; minutes since midnight. */
void format_minute(struct buf *out, int minute);
/* «lundi 23 novembre 2026 à 10:30», «Monday 23 November 2026 at 10:30», local time of the zone. */
void format_instant(struct buf *out, enum lang lang, const struct zone *zone, instant at);
/* «23/11/2026 10:30», «23 Nov 2026 10:30». */
void format_instant_short(struct buf *out, enum lang lang, const struct zone *zone, instant at);
/* «2026-11-23T10:30:00+01:00» for datetime attributes. */
void format_instant_iso(struct buf *out, const struct zone *zone, instant at);

/* Time left, rounded down to its unit: «29 jours», «5 heures», «12 minutes», «moins d’une minute». */
void format_left(struct buf *out, enum lang lang, int64_t seconds);

/* «1 234» with a narrow no-break space, «1,234». */
void format_count(struct buf *out, enum lang lang, int64_t value);
/* «1 234,50 €» with no-break spaces, «€1,234.50». */
void format_money(struct buf *out, enum lang lang, struct cents value);

#endif
