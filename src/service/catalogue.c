/* The catalogue: see catalogue.h. */
#include "service/catalogue.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "store/queries.h"

/* ---- words ---- */

static const char *const mode_names[SALE_MODES] = {"group-slots", "dated", "contact"};

const char *sale_mode_name(enum sale_mode mode)
{
    return mode_names[mode];
}

bool sale_mode_parse(struct str name, enum sale_mode *ret_mode)
{
    int index = 0;
    if (!names_find(mode_names, SALE_MODES, name, &index))
        return false;
    *ret_mode = (enum sale_mode)index;
    return true;
}

/* Kinds are data, written in French; these are the English words of those that the trade knows. */
static const struct {
    const char *fr, *en;
} kind_words[] = {
    {"abbaye", "abbey"},
    {"abri préhistorique", "prehistoric shelter"},
    {"arc", "arch"},
    {"basilique", "basilica"},
    {"cathédrale", "cathedral"},
    {"chapelle", "chapel"},
    {"château", "castle"},
    {"cloître", "cloister"},
    {"colonne", "column"},
    {"forteresse", "fortress"},
    {"gisement préhistorique", "prehistoric site"},
    {"grotte", "cave"},
    {"horloge", "clock"},
    {"hôtel particulier", "town mansion"},
    {"jardin", "garden"},
    {"maison", "house"},
    {"monastère", "monastery"},
    {"palais", "palace"},
    {"panthéon", "pantheon"},
    {"parc", "park"},
    {"place forte", "fortified town"},
    {"remparts", "ramparts"},
    {"site archéologique", "archaeological site"},
    {"site mégalithique", "megalithic site"},
    {"tour", "tower"},
    {"trésor", "treasury"},
    {"villa", "villa"},
};

struct str monument_kind_name(struct str kind, enum lang lang)
{
    if (lang == LANG_EN)
        for (size_t i = 0; i < sizeof(kind_words) / sizeof(kind_words[0]); i++)
            if (str_eq(str_of(kind_words[i].fr), kind))
                return str_of(kind_words[i].en);
    return kind;
}

struct str monument_description(const struct monument *monument, enum lang lang)
{
    return lang == LANG_EN ? monument->description_en : monument->description_fr;
}

struct str monument_search_text(struct arena *arena, struct str name, struct str city, struct str department,
                                struct str region, struct str kind)
{
    struct str english = monument_kind_name(kind, LANG_EN);
    struct str all = str_format(arena, "%.*s %.*s %.*s %.*s %.*s %.*s", STR_ARG(name), STR_ARG(city),
                                STR_ARG(department), STR_ARG(region), STR_ARG(kind), STR_ARG(english));
    /* The blank in front lets «% word%» find a word only at its beginning: «Île» is not in «Versailles». */
    return str_join2(arena, S(" "), str_fold(arena, all));
}

/* ---- search ---- */

enum { SEARCH_WORDS = 4 };

/* Words that nearly every name has, in French or English: they would only hide what is sought. */
static bool is_small_word(struct str word)
{
    static const char *const small[] = {"de", "des", "du", "la", "le", "les", "of", "the"};
    int ignored = 0;
    return word.n < 2 || names_find(small, sizeof(small) / sizeof(small[0]), word, &ignored);
}

/* `word` as a LIKE pattern; what LIKE reads as a sign is escaped. */
static struct str pattern_of(struct arena *arena, struct str word)
{
    struct buf pattern = buf_new(4 * LIMIT_TEXT_FIELD);
    buf_c(&pattern, "% ");
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '%' || word.p[i] == '_' || word.p[i] == '!')
            buf_char(&pattern, '!');
        buf_char(&pattern, word.p[i]);
    }
    buf_char(&pattern, '%');
    struct str copy = str_dup(arena, buf_view(&pattern));
    buf_free(&pattern);
    return copy;
}

static void patterns_of(struct arena *arena, struct str text, struct str patterns[SEARCH_WORDS])
{
    for (size_t i = 0; i < SEARCH_WORDS; i++)
        patterns[i] = S("%");
    struct str rest = str_fold(arena, str_sub(text, 0, LIMIT_TEXT_FIELD));
    size_t n = 0;
    while (rest.n > 0 && n < SEARCH_WORDS) {
        struct str word = str_cut(&rest, ' ');
        if (!is_small_word(word))
            patterns[n++] = pattern_of(arena, word);
    }
}

/* ---- rows to structs ---- */

static struct group_rule rule_of(struct maybe_int min, struct maybe_int waives, struct maybe_int max,
                                 struct maybe_int option_days, struct maybe_int confirm_days,
                                 struct maybe_int confirm_minute, struct maybe_int sales_close, struct maybe_int school)
{
    return (struct group_rule){
        .min_persons = (int)min.v, .guide_waives_minimum = waives.v != 0, .max_persons = (int)max.v,
        .has_option = option_days.is, .option_days = (int)option_days.v, .confirm_days_before = (int)confirm_days.v,
        .confirm_minute = (int)confirm_minute.v, .sales_close_minutes = (int)sales_close.v,
        .school_online = school.v != 0};
}

/* Two statements give rows of the same columns and of different types; this reads both. */
#define MONUMENT_OF(row)                                                                                               \
    ((struct monument){                                                                                                \
        .id = (row).id, .slug = (row).slug, .name = (row).name, .city = (row).city, .department = (row).department,    \
        .region = (row).region, .kind = (row).kind, .description_fr = (row).description_fr,                            \
        .description_en = (row).description_en, .latitude_e4 = (int)(row).latitude_e4,                                 \
        .longitude_e4 = (int)(row).longitude_e4, .hours_summer = (row).hours_summer,                                   \
        .hours_winter = (row).hours_winter, .closing_days = (row).closing_days, .mode = mode_of((row).sale_mode),      \
        .contact_email = (row).contact_email, .contact_phone = (row).contact_phone,                                    \
        .search_text = (row).search_text, .has_rule = (row).min_persons.is,                                            \
        .rule = rule_of((row).min_persons, (row).guide_waives_minimum, (row).max_persons, (row).option_days,           \
                        (row).confirm_days_before, (row).confirm_minute, (row).sales_close_minutes,                    \
                        (row).school_online)})

/* The column's CHECK allows these words only; contact is what sells nothing by mistake. */
static enum sale_mode mode_of(struct str name)
{
    enum sale_mode mode = SALE_CONTACT;
    (void)sale_mode_parse(name, &mode);
    return mode;
}

enum err monument_by_id(struct db *db, struct arena *arena, int64_t id, struct monument *ret_monument,
                        struct fault *fault)
{
    struct catalogue_by_id_row row;
    bool found = false;
    enum err err = q_catalogue_by_id(db, arena, (struct catalogue_by_id_in){.id = id}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no monument %lld", (long long)id);
    *ret_monument = MONUMENT_OF(row);
    return OK;
}

enum err monument_by_slug(struct db *db, struct arena *arena, struct str slug, struct monument *ret_monument,
                          struct fault *fault)
{
    struct catalogue_id_row row;
    bool found = false;
    enum err err = q_catalogue_id(db, arena, (struct catalogue_id_in){.slug = slug}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no monument %.*s", STR_ARG(str_sub(slug, 0, 80)));
    return monument_by_id(db, arena, row.id, ret_monument, fault);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct monument *)a)->search_text, ((const struct monument *)b)->search_text);
}

struct search {
    struct catalogue_filter filter;
    struct monument_list found;
};

static enum err search_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct search *search = argument;
    struct str words[SEARCH_WORDS];
    patterns_of(arena, search->filter.text, words);
    struct catalogue_find_in in = {
        .word1 = words[0], .word2 = words[1], .word3 = words[2], .word4 = words[3], .region = search->filter.region,
        .kind = search->filter.kind,
        .mode = search->filter.has_mode ? str_of(sale_mode_name(search->filter.mode)) : S("")};
    struct catalogue_find_list rows = {0};
    enum err err = q_catalogue_find(db, arena, in, &rows, fault);
    if (err != OK)
        return err;
    struct monument_list list = {.p = ARENA_ARRAY(arena, rows.n + 1, struct monument), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++)
        list.p[i] = MONUMENT_OF(rows.p[i]);
    if (list.n > 1)
        qsort(list.p, list.n, sizeof(list.p[0]), by_name);
    search->found = list;
    return OK;
}

enum err catalogue_search(struct service *service, struct arena *arena, struct catalogue_filter filter,
                          struct monument_list *ret_list, struct fault *fault)
{
    struct search search = {.filter = filter};
    enum err err = service_read(service, arena, search_read, &search, fault);
    if (err == OK)
        *ret_list = search.found;
    return err;
}

/* ---- facets ---- */

#define FACETS_OF(arena, rows, list)                                                                                   \
    do {                                                                                                               \
        (list) = (struct catalogue_facet_list){                                                                        \
            .p = ARENA_ARRAY((arena), (rows).n + 1, struct catalogue_facet), .n = (rows).n};                           \
        for (size_t i_ = 0; i_ < (rows).n; i_++)                                                                       \
            (list).p[i_] = (struct catalogue_facet){.value = (rows).p[i_].value, .count = (rows).p[i_].count};         \
    } while (0)

/* By folded value: «Île-de-France» stands under I. */
static void facets_sort(struct arena *arena, struct catalogue_facet_list *list)
{
    for (size_t i = 1; i < list->n; i++) {
        struct catalogue_facet moved = list->p[i];
        struct str key = str_fold(arena, moved.value);
        size_t at = i;
        for (; at > 0 && str_cmp(key, str_fold(arena, list->p[at - 1].value)) < 0; at--)
            list->p[at] = list->p[at - 1];
        list->p[at] = moved;
    }
}

static enum err facets_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct catalogue_facets *facets = argument;
    struct catalogue_facet_regions_list regions = {0};
    struct catalogue_facet_kinds_list kinds = {0};
    struct catalogue_facet_modes_list modes = {0};
    enum err err = q_catalogue_facet_regions(db, arena, &regions, fault);
    if (err == OK)
        err = q_catalogue_facet_kinds(db, arena, &kinds, fault);
    if (err == OK)
        err = q_catalogue_facet_modes(db, arena, &modes, fault);
    if (err != OK)
        return err;
    FACETS_OF(arena, regions, facets->regions);
    FACETS_OF(arena, kinds, facets->kinds);
    FACETS_OF(arena, modes, facets->modes);
    facets_sort(arena, &facets->regions);
    return OK;
}

enum err catalogue_facets(struct service *service, struct arena *arena, struct catalogue_facets *ret_facets,
                          struct fault *fault)
{
    struct catalogue_facets facets = {0};
    enum err err = service_read(service, arena, facets_read, &facets, fault);
    if (err == OK)
        *ret_facets = facets;
    return err;
}

/* ---- one monument's page, and all of them ---- */

#define TARIFF_OF(row, ret_tariff)                                                                                     \
    do {                                                                                                               \
        enum audience audience_ = AUDIENCE_ADULTS;                                                                     \
        (void)audience_parse((row).audience, &audience_);                                                              \
        *(ret_tariff) = (struct tariff){                                                                               \
            .code = (row).code, .audience = audience_, .min_persons = (int)(row).min_persons,                          \
            .amount = cents((row).amount_cents), .vat_code = (row).vat_code,                                           \
            .valid_from = (day_number)(row).valid_from,                                                                \
            .valid_to = (row).valid_to.is ? (day_number)(row).valid_to.v : TARIFF_NO_END};                             \
    } while (0)

enum err monument_tariffs(struct db *db, struct arena *arena, int64_t monument_id, day_number day,
                          struct tariff_list *ret_list, struct fault *fault)
{
    struct catalogue_tariffs_from_list rows = {0};
    enum err err = q_catalogue_tariffs_from(
        db, arena, (struct catalogue_tariffs_from_in){.monument_id = monument_id, .day = day}, &rows, fault);
    if (err != OK)
        return err;
    struct tariff_list list = {.p = ARENA_ARRAY(arena, rows.n + 1, struct tariff), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++)
        TARIFF_OF(rows.p[i], &list.p[i]);
    *ret_list = list;
    return OK;
}

/* Fills all of the page but its tariffs. */
static void page_open(struct arena *arena, const struct monument *monument, day_number day, struct monument_page *page)
{
    struct opening_rules *rules = ARENA_NEW(arena, struct opening_rules);
    *page = (struct monument_page){.monument = *monument, .day = day, .opening_rules = rules};
    page->hours_known =
        opening_parse(monument->hours_summer, monument->hours_winter, monument->closing_days, rules, NULL) == OK;
    if (page->hours_known)
        page->opening = opening_of(rules, day);
}

struct page_read {
    struct str slug;
    day_number day;
    struct monument_page page;
};

static enum err page_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct page_read *read = argument;
    struct monument monument;
    struct tariff_list all = {0};
    enum err err = monument_by_slug(db, arena, read->slug, &monument, fault);
    if (err == OK)
        err = monument_tariffs(db, arena, monument.id, read->day, &all, fault);
    if (err != OK)
        return err;
    page_open(arena, &monument, read->day, &read->page);
    read->page.tariffs.p = ARENA_ARRAY(arena, all.n + 1, struct tariff);
    read->page.announced.p = ARENA_ARRAY(arena, all.n + 1, struct tariff);
    for (size_t i = 0; i < all.n; i++) {
        struct tariff_list *list = all.p[i].valid_from <= read->day ? &read->page.tariffs : &read->page.announced;
        list->p[list->n++] = all.p[i];
    }
    return OK;
}

enum err catalogue_monument(struct service *service, struct arena *arena, struct str slug, day_number day,
                            struct monument_page *ret_page, struct fault *fault)
{
    struct page_read read = {.slug = slug, .day = day};
    enum err err = service_read(service, arena, page_read, &read, fault);
    if (err == OK)
        *ret_page = read.page;
    return err;
}

struct in_order {
    struct str region; /* folded: «Île-de-France» among the I */
    const struct monument *monument;
};

static int by_region(const void *a, const void *b)
{
    const struct in_order *x = a, *y = b;
    int order = str_cmp(x->region, y->region);
    return order != 0 ? order : str_cmp(x->monument->search_text, y->monument->search_text);
}

struct whole {
    day_number day;
    struct monument_page_list list;
};

/* Tariffs come by monument; each run of them belongs to one page. */
static void whole_tariffs(struct arena *arena, const struct catalogue_tariffs_all_list *rows,
                          struct monument_page_list *pages)
{
    struct tariff *tariffs = ARENA_ARRAY(arena, rows->n + 1, struct tariff);
    for (size_t i = 0; i < rows->n;) {
        size_t end = i;
        for (; end < rows->n && rows->p[end].monument_id == rows->p[i].monument_id; end++)
            TARIFF_OF(rows->p[end], &tariffs[end]);
        for (size_t k = 0; k < pages->n; k++)
            if (pages->p[k].monument.id == rows->p[i].monument_id)
                pages->p[k].tariffs = (struct tariff_list){.p = &tariffs[i], .n = end - i};
        i = end;
    }
}

static enum err whole_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct whole *whole = argument;
    struct search search = {0};
    struct catalogue_tariffs_all_list rows = {0};
    enum err err = search_read(db, arena, &search, fault);
    if (err == OK)
        err = q_catalogue_tariffs_all(db, arena, (struct catalogue_tariffs_all_in){.day = whole->day}, &rows, fault);
    if (err != OK)
        return err;
    size_t n = search.found.n;
    whole->list = (struct monument_page_list){.p = ARENA_ARRAY(arena, n + 1, struct monument_page), .n = n};
    struct in_order *order = ARENA_ARRAY(arena, n + 1, struct in_order);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct in_order){str_fold(arena, search.found.p[i].region), &search.found.p[i]};
    if (n > 1)
        qsort(order, n, sizeof *order, by_region);
    for (size_t i = 0; i < n; i++)
        page_open(arena, order[i].monument, whole->day, &whole->list.p[i]);
    whole_tariffs(arena, &rows, &whole->list);
    return OK;
}

enum err catalogue_all(struct service *service, struct arena *arena, day_number day,
                       struct monument_page_list *ret_list, struct fault *fault)
{
    struct whole whole = {.day = day};
    enum err err = service_read(service, arena, whole_read, &whole, fault);
    if (err == OK)
        *ret_list = whole.list;
    return err;
}
