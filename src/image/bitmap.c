/* Bitmaps: making them smaller, upright and of the wished cut. */
#include <stdlib.h>
#include <string.h>

#include "image/parts.h"

enum { CHANNELS = 3 };

bool bitmap_new(int width, int height, struct bitmap *ret_bitmap)
{
    unsigned char *p = calloc((size_t)width * (size_t)height, CHANNELS);
    if (p == NULL)
        return false;
    *ret_bitmap = (struct bitmap){width, height, p};
    return true;
}

void bitmap_free(struct bitmap *bitmap)
{
    free(bitmap->p);
    *bitmap = (struct bitmap){0, 0, NULL};
}

void fit(int width, int height, int side, int *ret_width, int *ret_height)
{
    int longest = width > height ? width : height;
    if (longest <= side) {
        *ret_width = width;
        *ret_height = height;
        return;
    }
    int w = (int)((int64_t)width * side / longest), h = (int)((int64_t)height * side / longest);
    *ret_width = w < 1 ? 1 : w;
    *ret_height = h < 1 ? 1 : h;
}

enum image_refusal size_check(unsigned long width, unsigned long height, bool whole)
{
    if (width == 0 || height == 0 || width > IMAGE_SIDE || height > IMAGE_SIDE)
        return IMAGE_HUGE;
    if (width * height > (whole ? IMAGE_PIXELS_WHOLE : IMAGE_PIXELS))
        return IMAGE_HUGE;
    unsigned long longer = width > height ? width : height, shorter = width > height ? height : width;
    return longer < IMAGE_LEAST_WIDTH || shorter < IMAGE_LEAST_HEIGHT ? IMAGE_SMALL : IMAGE_GOOD;
}

struct shrinker {
    int width, height, row; /* of the source */
    struct bitmap to;
    float *line;    /* one source row, already as narrow as the result */
    float *sum;     /* of the result's row that is being filled */
    double covered; /* source rows, whole and in part, in `sum` */
    int filled;     /* rows of the result that are done */
};

struct shrinker *shrinker_new(int width, int height, int to_width, int to_height)
{
    struct shrinker *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct shrinker){.width = width, .height = height};
    s->line = calloc((size_t)to_width * CHANNELS, sizeof *s->line);
    s->sum = calloc((size_t)to_width * CHANNELS, sizeof *s->sum);
    if (s->line == NULL || s->sum == NULL || !bitmap_new(to_width, to_height, &s->to))
        shrinker_free(&s);
    return s;
}

void shrinker_free(struct shrinker **shrinker)
{
    if (*shrinker == NULL)
        return;
    free((*shrinker)->line);
    free((*shrinker)->sum);
    bitmap_free(&(*shrinker)->to);
    free(*shrinker);
    *shrinker = NULL;
}

struct bitmap shrinker_end(struct shrinker **shrinker)
{
    struct bitmap made = (*shrinker)->to;
    (*shrinker)->to.p = NULL;
    shrinker_free(shrinker);
    return made;
}

static void narrow(struct shrinker *s, const unsigned char *rgb)
{
    double scale = (double)s->width / s->to.width;
    for (int x = 0; x < s->to.width; x++) {
        double from = x * scale, to = from + scale;
        double sum[CHANNELS] = {0, 0, 0};
        for (int at = (int)from; at < s->width && at < to; at++) {
            double begin = at > from ? at : from, end = at + 1 < to ? at + 1 : to;
            for (int c = 0; c < CHANNELS; c++)
                sum[c] += (end - begin) * rgb[(size_t)at * CHANNELS + (size_t)c];
        }
        for (int c = 0; c < CHANNELS; c++)
            s->line[(size_t)x * CHANNELS + (size_t)c] = (float)(sum[c] / scale);
    }
}

static void add_line(struct shrinker *s, double part)
{
    for (size_t i = 0; i < (size_t)s->to.width * CHANNELS; i++)
        s->sum[i] += s->line[i] * (float)part;
    s->covered += part;
}

static void put_row(struct shrinker *s)
{
    size_t n = (size_t)s->to.width * CHANNELS;
    unsigned char *row = s->to.p + (size_t)s->filled * n;
    for (size_t i = 0; i < n; i++) {
        float value = s->sum[i] / (float)s->covered + 0.5f;
        row[i] = value <= 0 ? 0 : value >= 255 ? 255 : (unsigned char)value;
    }
    memset(s->sum, 0, n * sizeof *s->sum);
    s->covered = 0;
    s->filled++;
}

void shrinker_row(struct shrinker *s, const unsigned char *rgb)
{
    if (s->row == s->height)
        return;
    narrow(s, rgb);
    double scale = (double)s->height / s->to.height;
    double at = s->row, end = at + 1;
    while (s->filled < s->to.height && at < end) {
        double until = (s->filled + 1) * scale;
        /* The last row of the source closes the last row of the result, whatever rounding made of the sum. */
        if (until > end && s->row + 1 < s->height) {
            add_line(s, end - at);
            break;
        }
        if (until > at)
            add_line(s, (until < end ? until : end) - at);
        at = until;
        if (s->covered > 0)
            put_row(s);
    }
    s->row++;
}

/* Where the pixel (x, y) of the upright picture lies in the one that the camera stored (Exif, orientation 1 to 8). */
static void source_of(const struct bitmap *from, int turn, int x, int y, int *ret_x, int *ret_y)
{
    int w = from->width - 1, h = from->height - 1;
    switch (turn) {
    case 2: *ret_x = w - x; *ret_y = y; return;
    case 3: *ret_x = w - x; *ret_y = h - y; return;
    case 4: *ret_x = x; *ret_y = h - y; return;
    case 5: *ret_x = y; *ret_y = x; return;
    case 6: *ret_x = y; *ret_y = h - x; return;
    case 7: *ret_x = w - y; *ret_y = h - x; return;
    case 8: *ret_x = w - y; *ret_y = x; return;
    default: *ret_x = x; *ret_y = y; return;
    }
}

static bool upright(struct bitmap *bitmap, int turn)
{
    if (turn < 2 || turn > 8)
        return true;
    struct bitmap turned;
    bool swapped = turn >= 5;
    if (!bitmap_new(swapped ? bitmap->height : bitmap->width, swapped ? bitmap->width : bitmap->height, &turned))
        return false;
    for (int y = 0; y < turned.height; y++)
        for (int x = 0; x < turned.width; x++) {
            int from_x = 0, from_y = 0;
            source_of(bitmap, turn, x, y, &from_x, &from_y);
            memcpy(turned.p + ((size_t)y * (size_t)turned.width + (size_t)x) * CHANNELS,
                   bitmap->p + ((size_t)from_y * (size_t)bitmap->width + (size_t)from_x) * CHANNELS, CHANNELS);
        }
    bitmap_free(bitmap);
    *bitmap = turned;
    return true;
}

/* The middle in 3:2, no larger than a card. */
static bool card_of(const struct bitmap *large, struct bitmap *ret_card)
{
    int width = large->width, height = width * IMAGE_CARD_HEIGHT / IMAGE_CARD_WIDTH;
    if (height > large->height) {
        height = large->height;
        width = height * IMAGE_CARD_WIDTH / IMAGE_CARD_HEIGHT;
    }
    int to_width = width < IMAGE_CARD_WIDTH ? width : IMAGE_CARD_WIDTH;
    int to_height = height < IMAGE_CARD_HEIGHT ? height : IMAGE_CARD_HEIGHT;
    struct shrinker *shrinker = shrinker_new(width, height, to_width, to_height);
    if (shrinker == NULL)
        return false;
    int left = (large->width - width) / 2, top = (large->height - height) / 2;
    for (int y = 0; y < height; y++)
        shrinker_row(shrinker, large->p + ((size_t)(top + y) * (size_t)large->width + (size_t)left) * CHANNELS);
    *ret_card = shrinker_end(&shrinker);
    return true;
}

static bool finish(struct arena *arena, struct bitmap *large, int turn, struct image_set *ret_set)
{
    struct bitmap card = {0, 0, NULL};
    struct image_set set;
    bool good = upright(large, turn) && card_of(large, &card);
    if (good) {
        set.large = (struct picture){.width = large->width, .height = large->height};
        set.card = (struct picture){.width = card.width, .height = card.height};
        good = jpeg_encode(arena, large, &set.large.jpeg) && jpeg_encode(arena, &card, &set.card.jpeg);
    }
    bitmap_free(&card);
    if (good)
        *ret_set = set;
    return good;
}

enum err image_remake(struct arena *arena, struct str bytes, enum image_refusal *ret_refusal, struct image_set *ret_set,
                      struct fault *fault)
{
    struct bitmap large = {0, 0, NULL};
    int turn = 1;
    enum image_refusal refusal = IMAGE_KIND;
    if (str_starts(bytes, S("\xff\xd8\xff")))
        refusal = jpeg_decode(bytes, &large, &turn);
    else if (str_starts(bytes, S("\x89PNG\r\n\x1a\n")))
        refusal = png_decode(bytes, &large);
    bool good = refusal != IMAGE_GOOD || finish(arena, &large, turn, ret_set);
    bitmap_free(&large);
    if (!good)
        return fault_set(fault, ERR_IO, "no memory for a picture");
    *ret_refusal = refusal;
    return OK;
}
