/* A monument as its own people keep it (OPS-2): what its page says, its group rules, its prices.
 *
 * Facts and prices are the work of its manager; the group rules are the network's, so only an administrator changes
 * them (TASK_SETTINGS). Every change is in the audit with what was before. */
#ifndef GUICHET_SERVICE_MONUMENT_WORK_H
#define GUICHET_SERVICE_MONUMENT_WORK_H

#include "service/catalogue.h"
#include "service/permit.h"

struct monument_line {
    int64_t id;
    struct str slug, name, city, search_text;
    enum sale_mode mode;
    bool published;
};
struct monument_lines {
    struct monument_line *p;
    size_t n;
};
/* The reader's monuments by name (TASK_MONUMENT_VIEW): all of them or one's own. */
enum err monument_work_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            struct monument_lines *ret_lines, struct fault *fault);

struct monument_work {
    struct monument monument;
    bool published;
};
/* ERR_NOT_FOUND: no such monument, or not the reader's. */
enum err monument_work_read(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                            struct monument_work *ret_work, struct fault *fault);

/* ---- facts ---- */

enum monument_fault {
    MONUMENT_GOOD,
    MONUMENT_SLUG,
    MONUMENT_NAME,
    MONUMENT_CITY,
    MONUMENT_DEPARTMENT,
    MONUMENT_REGION,
    MONUMENT_KIND,
    MONUMENT_DESCRIPTION_FR,
    MONUMENT_DESCRIPTION_EN,
    MONUMENT_LATITUDE,
    MONUMENT_LONGITUDE,
    MONUMENT_HOURS_SUMMER,
    MONUMENT_HOURS_WINTER,
    MONUMENT_CLOSING,
    MONUMENT_EMAIL,
    MONUMENT_PHONE
};
enum { MONUMENT_TEXT = 120, MONUMENT_DESCRIPTION = 2000 }; /* characters */

/* What is wrong with them, the first thing; slug and mode are looked at by the import only. */
enum monument_fault monument_check(const struct monument *monument);
/* «48.8738» to degrees times 10 000; at most four decimals. */
bool degrees_parse(struct str text, int *ret_e4);
struct str degrees_text(struct arena *arena, int e4);

/* Everything but slug, sale mode and rules (TASK_MONUMENT_EDIT). The search text follows. */
enum err monument_work_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           const struct monument *monument, bool published, enum monument_fault *ret_wrong,
                           struct fault *fault);

/* ---- group rules ---- */

enum rule_fault {
    RULE_GOOD,
    RULE_MINIMUM,
    RULE_MAXIMUM, /* below the minimum, or above LIMIT_VISIT_PERSONS */
    RULE_OPTION,
    RULE_CONFIRM_DAYS,
    RULE_CONFIRM_MINUTE,
    RULE_SALES_CLOSE,
    RULE_NOT_HERE /* a monument that is asked first has none */
};
enum { RULE_OPTION_DAYS = 365, RULE_CONFIRM_MOST = 60, RULE_SALES_CLOSE_MOST = 10080 };
enum rule_fault rule_check(const struct group_rule *rule);
/* The rules for what is sold from now on; what is held or sold keeps its own. */
enum err monument_rule_put(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                           const struct group_rule *rule, enum rule_fault *ret_wrong, struct fault *fault);

/* ---- prices ---- */

struct rate_kept {
    int64_t id;
    struct tariff tariff;
    bool current, future; /* neither: it is history */
    bool gap_after;       /* after its end nothing of its kind is sold for a while, and then again */
    bool ends;            /* it ends and nothing of its kind follows */
};
struct rate_all {
    struct rate_kept *p;
    size_t n;
};
struct vat_choice {
    struct str code, mention;
    int rate_bp;
};
struct vat_choices {
    struct vat_choice *p;
    size_t n;
};
struct monument_prices {
    struct rate_all rows; /* by audience, kind and day */
    struct vat_choices vat;
    day_number today;
    bool unsold; /* no price for adults applies today */
};
enum err monument_prices_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t id, struct monument_prices *ret_prices, struct fault *fault);

enum price_fault {
    PRICE_GOOD,
    PRICE_KIND,    /* this audience has no such price */
    PRICE_AMOUNT,
    PRICE_PERSONS, /* the number from which it applies */
    PRICE_VAT,
    PRICE_FROM,    /* a price in force is not rewritten: it starts after today, unless it is the first of its kind */
    PRICE_SAME_DAY,
    PRICE_TO,      /* before today, or before it begins */
    PRICE_RUNNING  /* only one that has not begun can be taken back */
};
enum { PRICE_CENTS = 1000000 };

/* A price from a day on (TASK_TARIFFS). The one before it ends the day before; it lasts until the next one that is
 * announced begins. Prices that are sold stay as sold: an order has its own lines. */
enum err monument_price_add(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                            const struct tariff *tariff, enum price_fault *ret_wrong, struct fault *fault);
/* Takes back one that has not begun: the one before lasts in its place. */
enum err monument_price_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t id, int64_t price_id, enum price_fault *ret_wrong, struct fault *fault);
/* Nothing of its kind is sold for visits after `last`. */
enum err monument_price_end(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                            int64_t price_id, day_number last, enum price_fault *ret_wrong, struct fault *fault);

#endif
