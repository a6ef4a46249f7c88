/* The price of a visit from the tariffs of its monument, each line explained. */
#ifndef GUICHET_SERVICE_PRICING_H
#define GUICHET_SERVICE_PRICING_H

#include "domain/tariff.h"
#include "service/service.h"
#include "service/settings.h"

struct priced {
    struct str audience, leader_kind; /* as stored */
    int64_t monument_id;
    int persons;
    day_number day; /* of the visit; of the purchase for undated tickets */
};

/* *ret_given is false when nothing is sold to this audience that day. Texts live in `arena`. */
enum err price_visit(struct db *db, struct arena *arena, const struct settings *settings, struct priced visit,
                     struct price *ret_price, bool *ret_given, struct fault *fault);

/* «Tarif groupe adultes»: a tariff's name in the reader's language; the bare code when it has none. */
struct str tariff_label(struct arena *arena, enum lang lang, struct str code);

/* Why a line costs what it costs, as a sentence. `why` is a key of domain/tariff.h. */
struct str price_why(struct arena *arena, enum lang lang, struct str why, int64_t number);

#endif
