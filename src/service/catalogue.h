/* The catalogue: finding monuments and all that is known of one (CAT-1 to CAT-3). Reads only. */
#ifndef GUICHET_SERVICE_CATALOGUE_H
#define GUICHET_SERVICE_CATALOGUE_H

#include "domain/group_rule.h"
#include "domain/opening.h"
#include "domain/tariff.h"
#include "service/service.h"

/* How a monument sells to groups (CAT-3). */
enum sale_mode {
    SALE_GROUP_SLOTS, /* planning of group slots */
    SALE_DATED,       /* ticket for one day */
    SALE_CONTACT      /* contact the monument first, then pay undated tickets */
};
enum { SALE_MODES = SALE_CONTACT + 1 };

/* `group-slots`, `dated`, `contact`. */
const char *sale_mode_name(enum sale_mode mode);
bool sale_mode_parse(struct str name, enum sale_mode *ret_mode);

struct monument {
    int64_t id;
    struct str slug, name, city, department, region;
    struct str kind;           /* as stored, French; monument_kind_name gives the reader's word */
    struct str description_fr, description_en;
    int latitude_e4, longitude_e4; /* degrees times 10 000 */
    struct str hours_summer, hours_winter, closing_days; /* as written; domain/opening reads them */
    enum sale_mode mode;
    struct str contact_email, contact_phone; /* its reservation service (MON-1) */
    bool has_rule;             /* false: no group booking online here */
    struct group_rule rule;
    struct str search_text;    /* folded; sorts by name */
};

struct monument_list {
    struct monument *p;
    size_t n;
};

struct tariff_list {
    struct tariff *p;
    size_t n;
};

/* What a visitor of the catalogue asks for. Empty texts and no mode: everything. */
struct catalogue_filter {
    struct str text; /* words; each must begin a word of name, city, department, region or kind; accents are ignored */
    struct str region, kind;
    bool has_mode;
    enum sale_mode mode;
};

struct catalogue_facet {
    struct str value; /* region or kind as stored, or the name of a sale mode */
    int64_t count;    /* published monuments */
};
struct catalogue_facet_list {
    struct catalogue_facet *p;
    size_t n;
};
struct catalogue_facets {
    struct catalogue_facet_list regions; /* alphabetical */
    struct catalogue_facet_list kinds;   /* the most frequent first */
    struct catalogue_facet_list modes;   /* in the order of the enum */
};

/* One monument as its page and the manual show it. */
struct monument_page {
    struct monument monument;
    struct tariff_list tariffs;   /* valid on `day` */
    struct tariff_list announced; /* valid later only (price changes with their date) */
    bool hours_known;             /* false: the stored hours cannot be read */
    const struct opening_rules *opening_rules;
    struct opening opening;       /* of `day`: open or why not */
    day_number day;
};
struct monument_page_list {
    struct monument_page *p;
    size_t n;
};

/* Monuments that match, by name; published ones only. */
enum err catalogue_search(struct service *service, struct arena *arena, struct catalogue_filter filter,
                          struct monument_list *ret_list, struct fault *fault);
enum err catalogue_facets(struct service *service, struct arena *arena, struct catalogue_facets *ret_facets,
                          struct fault *fault);
/* ERR_NOT_FOUND when there is no such monument, or it is not published. `day` is usually today. */
enum err catalogue_monument(struct service *service, struct arena *arena, struct str slug, day_number day,
                            struct monument_page *ret_page, struct fault *fault);
/* Every monument with its prices of `day`, by region and name: what the sales manual prints (CAT-2). */
enum err catalogue_all(struct service *service, struct arena *arena, day_number day,
                       struct monument_page_list *ret_list, struct fault *fault);

/* The same pieces inside a transaction that is open. ERR_NOT_FOUND. */
enum err monument_by_id(struct db *db, struct arena *arena, int64_t id, struct monument *ret_monument,
                        struct fault *fault);
enum err monument_by_slug(struct db *db, struct arena *arena, struct str slug, struct monument *ret_monument,
                          struct fault *fault);
/* The tariffs of a monument that are valid on `day` or later; domain/tariff.h chooses among them. */
enum err monument_tariffs(struct db *db, struct arena *arena, int64_t monument_id, day_number day,
                          struct tariff_list *ret_list, struct fault *fault);

struct str monument_description(const struct monument *monument, enum lang lang);
/* The kind in the reader's language: «château», “castle”; an unknown one as it is stored. */
struct str monument_kind_name(struct str kind, enum lang lang);
/* What monument.search_text holds: written by whoever writes a monument. */
struct str monument_search_text(struct arena *arena, struct str name, struct str city, struct str department,
                                struct str region, struct str kind);

#endif
