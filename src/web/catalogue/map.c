/* The map of the monuments; see map.h. The projection is the one that assets/svg/map-france.svg documents: plate carrée
 * with the parallel 46.5° N true. All numbers are tenths of the frame's units, so that they print with one decimal. */
#include "web/catalogue/map.h"

struct spot {
    int64_t x, y;
};

/* x = (longitude + 5.4) * 40, y = (51.3 - latitude) * 58.11 */
static struct spot spot_in_country(const struct monument *m)
{
    return (struct spot){((int64_t)m->longitude_e4 + 54000) / 25, (513000 - (int64_t)m->latitude_e4) * 5811 / 100000};
}

enum { INSET_WEST = 21800, INSET_EAST = 24600, INSET_NORTH = 489500, INSET_SOUTH = 488100 };

static bool in_inset(const struct monument *m)
{
    return m->longitude_e4 > INSET_WEST && m->longitude_e4 < INSET_EAST && m->latitude_e4 > INSET_SOUTH &&
           m->latitude_e4 < INSET_NORTH;
}

/* The inset begins at 6, 330 and is nearly twelve times as large: 470 units for a degree of longitude. */
static struct spot spot_in_inset(const struct monument *m)
{
    return (struct spot){60 + ((int64_t)m->longitude_e4 - INSET_WEST) * 47 / 100,
                         3300 + (INSET_NORTH - (int64_t)m->latitude_e4) * 7145 / 10000};
}

/* A dot that would lie on another one moves to the first free place around it. */
static struct spot set_apart(struct spot wished, const struct spot *taken, size_t n, int64_t gap)
{
    static const int steps[][2] = {{0, 0}, {1, 0},  {0, 1},  {-1, 0},  {0, -1}, {1, 1},
                                   {-1, 1}, {1, -1}, {-1, -1}, {2, 0}, {0, 2}};
    struct spot spot = wished;
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        spot = (struct spot){wished.x + steps[s][0] * gap, wished.y + steps[s][1] * gap};
        bool free = true;
        for (size_t i = 0; i < n; i++) {
            int64_t dx = spot.x - taken[i].x, dy = spot.y - taken[i].y;
            free = free && dx * dx + dy * dy >= gap * gap * 8 / 10;
        }
        if (free)
            return spot;
    }
    return wished;
}

static struct str tenths(struct arena *arena, int64_t value)
{
    return str_format(arena, "%lld.%lld", (long long)(value / 10), (long long)(value % 10));
}

struct map_view map_of(const struct page *page, const struct monument_list *monuments)
{
    enum { COUNTRY_GAP = 80, INSET_GAP = 100 };
    struct map_view map = {.country.p = ARENA_ARRAY(page->arena, monuments->n + 1, struct map_dot),
                           .inset.p = ARENA_ARRAY(page->arena, monuments->n + 1, struct map_dot)};
    struct spot *country = ARENA_ARRAY(page->arena, monuments->n + 1, struct spot);
    struct spot *inset = ARENA_ARRAY(page->arena, monuments->n + 1, struct spot);
    for (size_t i = 0; i < monuments->n; i++) {
        const struct monument *m = &monuments->p[i];
        struct map_dots *dots = in_inset(m) ? &map.inset : &map.country;
        struct spot *taken = in_inset(m) ? inset : country;
        struct spot spot = in_inset(m) ? set_apart(spot_in_inset(m), taken, dots->n, INSET_GAP)
                                       : set_apart(spot_in_country(m), taken, dots->n, COUNTRY_GAP);
        taken[dots->n] = spot;
        dots->p[dots->n++] = (struct map_dot){.slug = m->slug, .name = m->name, .city = m->city, .mode = m->mode,
                                              .x = tenths(page->arena, spot.x), .y = tenths(page->arena, spot.y)};
    }
    return map;
}
