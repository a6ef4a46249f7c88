/* PNG by libpng, row by row; an interlaced one is held whole. Its errors come back by longjmp. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "image/parts.h"

enum { CHUNK_BYTES = 1024 * 1024, CHUNKS = 100 };

struct reading {
    png_structp png;
    png_infop info;
    struct str rest;
    struct shrinker *shrinker;
    unsigned char *rows;  /* RGBA: one row, or all of an interlaced picture */
    unsigned char *line;  /* RGB: on white */
    png_bytep *pointers;
};

static void take_bytes(png_structp png, png_bytep to, size_t n)
{
    struct reading *r = png_get_io_ptr(png);
    if (n > r->rest.n)
        png_error(png, "cut off");
    memcpy(to, r->rest.p, n);
    r->rest = str_sub(r->rest, n, r->rest.n);
}

static void say_nothing(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void give_up(png_structp png, png_const_charp text)
{
    (void)text;
    png_longjmp(png, 1);
}

/* What is see-through shows white paper. */
static void on_white(const unsigned char *rgba, unsigned char *rgb, size_t width)
{
    for (size_t x = 0; x < width; x++)
        for (size_t c = 0; c < 3; c++) {
            unsigned alpha = rgba[4 * x + 3];
            rgb[3 * x + c] = (unsigned char)((rgba[4 * x + c] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
}

/* Whatever it is (palette, grey, 16 bits, without alpha) becomes RGBA of 8 bits. */
static void to_rgba(struct reading *r)
{
    png_set_expand(r->png);
    png_set_strip_16(r->png);
    png_set_gray_to_rgb(r->png);
    png_set_add_alpha(r->png, 0xff, PNG_FILLER_AFTER);
}

static enum image_refusal read_rows(struct reading *r, size_t width, size_t height, bool whole)
{
    int to_width = 0, to_height = 0;
    fit((int)width, (int)height, IMAGE_LARGE_SIDE, &to_width, &to_height);
    r->shrinker = shrinker_new((int)width, (int)height, to_width, to_height);
    r->rows = malloc(4 * width * (whole ? height : 1));
    r->line = malloc(3 * width);
    r->pointers = calloc(whole ? height : 1, sizeof *r->pointers);
    if (r->shrinker == NULL || r->rows == NULL || r->line == NULL || r->pointers == NULL)
        return IMAGE_HUGE;
    for (size_t y = 0; whole && y < height; y++)
        r->pointers[y] = r->rows + 4 * width * y;
    if (whole)
        png_read_image(r->png, r->pointers);
    for (size_t y = 0; y < height; y++) {
        if (!whole)
            png_read_row(r->png, r->rows, NULL);
        on_white(whole ? r->pointers[y] : r->rows, r->line, width);
        shrinker_row(r->shrinker, r->line);
    }
    png_read_end(r->png, NULL);
    return IMAGE_GOOD;
}

/* Its own frame: what lives in the one of setjmp may be lost by the jump. */
__attribute__((noinline)) static enum image_refusal read_all(struct reading *r)
{
    r->info = png_create_info_struct(r->png);
    if (r->info == NULL)
        return IMAGE_HUGE;
    png_set_user_limits(r->png, IMAGE_SIDE, IMAGE_SIDE);
    png_set_chunk_malloc_max(r->png, CHUNK_BYTES);
    png_set_chunk_cache_max(r->png, CHUNKS);
    png_set_read_fn(r->png, r, take_bytes);
    png_read_info(r->png, r->info);
    size_t width = png_get_image_width(r->png, r->info), height = png_get_image_height(r->png, r->info);
    bool whole = png_get_interlace_type(r->png, r->info) != PNG_INTERLACE_NONE;
    enum image_refusal refusal = size_check(width, height, whole);
    if (refusal != IMAGE_GOOD)
        return refusal;
    to_rgba(r);
    (void)png_set_interlace_handling(r->png);
    png_read_update_info(r->png, r->info);
    if (png_get_rowbytes(r->png, r->info) != 4 * width)
        return IMAGE_BROKEN;
    return read_rows(r, width, height, whole);
}

static enum image_refusal decode(struct reading *r)
{
    r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, give_up, say_nothing);
    if (r->png == NULL)
        return IMAGE_HUGE;
    return setjmp(png_jmpbuf(r->png)) != 0 ? IMAGE_BROKEN : read_all(r);
}

enum image_refusal png_decode(struct str bytes, struct bitmap *ret_bitmap)
{
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL)
        return IMAGE_HUGE;
    r->rest = bytes;
    enum image_refusal refusal = decode(r);
    if (refusal == IMAGE_GOOD)
        *ret_bitmap = shrinker_end(&r->shrinker);
    shrinker_free(&r->shrinker);
    free(r->rows);
    free(r->line);
    free(r->pointers);
    png_destroy_read_struct(&r->png, &r->info, NULL);
    free(r);
    return refusal;
}
