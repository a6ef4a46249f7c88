/* JPEG by libjpeg (libjpeg-turbo). Its errors come back by longjmp, so each function here keeps what must be freed in a
 * struct of its own. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "image/parts.h"

enum {
    QUALITY = 84,
    SCANS_MOST = 60,         /* of a progressive picture: each is a pass over all of it */
    EXIF_MOST = 64 * 1024
};

struct trouble {
    struct jpeg_error_mgr base;
    jmp_buf back;
};

static void give_up(j_common_ptr any)
{
    longjmp(((struct trouble *)(void *)any->err)->back, 1);
}

static void say_nothing(j_common_ptr any)
{
    (void)any;
}

/* A warning is a damaged picture as well: what would come out is grey below the damage. */
static void note(j_common_ptr any, int level)
{
    if (level < 0)
        give_up(any);
}

static struct jpeg_error_mgr *set_up(struct trouble *trouble)
{
    jpeg_std_error(&trouble->base);
    trouble->base.error_exit = give_up;
    trouble->base.output_message = say_nothing;
    trouble->base.emit_message = note;
    return &trouble->base;
}

/* ---- which way up (Exif) ---- */

static unsigned number(struct str data, size_t at, size_t bytes, bool little)
{
    unsigned value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (unsigned)(unsigned char)data.p[at + i] << 8 * (little ? i : bytes - 1 - i);
    return value;
}

/* The orientation in the first directory of the TIFF structure; 1 when there is none. */
static int turn_of(struct str data)
{
    if (data.n < 14 || memcmp(data.p, "Exif\0\0", 6) != 0)
        return 1;
    struct str tiff = str_sub(data, 6, data.n);
    bool little = tiff.p[0] == 'I';
    size_t at = number(tiff, 4, 4, little);
    if (at > tiff.n - 2 || tiff.n < 10)
        return 1;
    unsigned entries = number(tiff, at, 2, little);
    for (at += 2; entries > 0 && at + 12 <= tiff.n; at += 12, entries--)
        if (number(tiff, at, 2, little) == 0x0112) {
            unsigned turn = number(tiff, at + 8, 2, little);
            return turn >= 1 && turn <= 8 ? (int)turn : 1;
        }
    return 1;
}

/* ---- reading ---- */

struct reading {
    struct trouble trouble;
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    struct shrinker *shrinker;
    unsigned char *row;
    bool created;
};

static void count_scans(j_common_ptr any)
{
    if (((j_decompress_ptr)(void *)any)->input_scan_number > SCANS_MOST)
        give_up(any);
}

/* The smallest of libjpeg's own reductions that is still as large as the result. */
static void choose_scale(struct jpeg_decompress_struct *jpeg, int to_width, int to_height)
{
    jpeg->scale_num = 8;
    jpeg->scale_denom = 8;
    for (unsigned part = 4; part >= 1; part /= 2)
        if (jpeg->image_width * part / 8 >= (unsigned)to_width && jpeg->image_height * part / 8 >= (unsigned)to_height)
            jpeg->scale_num = part;
}

static enum image_refusal read_rows(struct reading *r)
{
    int width = 0, height = 0;
    fit((int)r->jpeg.image_width, (int)r->jpeg.image_height, IMAGE_LARGE_SIDE, &width, &height);
    choose_scale(&r->jpeg, width, height);
    r->jpeg.out_color_space = JCS_RGB;
    if (!jpeg_start_decompress(&r->jpeg))
        return IMAGE_BROKEN;
    r->row = malloc((size_t)r->jpeg.output_width * 3);
    r->shrinker = shrinker_new((int)r->jpeg.output_width, (int)r->jpeg.output_height, width, height);
    if (r->row == NULL || r->shrinker == NULL)
        return IMAGE_HUGE;
    while (r->jpeg.output_scanline < r->jpeg.output_height) {
        JSAMPROW rows[] = {r->row};
        if (jpeg_read_scanlines(&r->jpeg, rows, 1) != 1)
            return IMAGE_BROKEN;
        shrinker_row(r->shrinker, r->row);
    }
    jpeg_finish_decompress(&r->jpeg);
    return IMAGE_GOOD;
}

/* Its own frame, as below: what lives in the one of setjmp may be lost by the jump. */
__attribute__((noinline)) static enum image_refusal read_all(struct reading *r, struct str bytes, int *ret_turn)
{
    r->jpeg.err = set_up(&r->trouble);
    jpeg_create_decompress(&r->jpeg);
    r->created = true;
    r->progress.progress_monitor = count_scans;
    r->jpeg.progress = &r->progress;
    jpeg_mem_src(&r->jpeg, (const unsigned char *)bytes.p, bytes.n);
    jpeg_save_markers(&r->jpeg, JPEG_APP0 + 1, EXIF_MOST - 1);
    if (jpeg_read_header(&r->jpeg, TRUE) != JPEG_HEADER_OK)
        return IMAGE_BROKEN;
    enum image_refusal refusal =
        size_check(r->jpeg.image_width, r->jpeg.image_height, jpeg_has_multiple_scans(&r->jpeg));
    if (refusal != IMAGE_GOOD)
        return refusal;
    for (jpeg_saved_marker_ptr m = r->jpeg.marker_list; m != NULL && *ret_turn == 1; m = m->next)
        *ret_turn = turn_of((struct str){(const char *)m->data, m->data_length});
    return read_rows(r);
}

static enum image_refusal decode(struct reading *r, struct str bytes, int *ret_turn)
{
    return setjmp(r->trouble.back) != 0 ? IMAGE_BROKEN : read_all(r, bytes, ret_turn);
}

enum image_refusal jpeg_decode(struct str bytes, struct bitmap *ret_bitmap, int *ret_turn)
{
    struct reading *r = calloc(1, sizeof *r);
    if (r == NULL)
        return IMAGE_HUGE;
    int turn = 1;
    enum image_refusal refusal = decode(r, bytes, &turn);
    if (refusal == IMAGE_GOOD) {
        *ret_bitmap = shrinker_end(&r->shrinker);
        *ret_turn = turn;
    }
    shrinker_free(&r->shrinker);
    free(r->row);
    if (r->created)
        jpeg_destroy_decompress(&r->jpeg);
    free(r);
    return refusal;
}

/* ---- writing ---- */

struct writing {
    struct trouble trouble;
    struct jpeg_compress_struct jpeg;
    unsigned char *bytes;
    unsigned long n;
};

__attribute__((noinline)) static bool write_all(struct writing *w, const struct bitmap *bitmap)
{
    w->jpeg.err = set_up(&w->trouble);
    jpeg_create_compress(&w->jpeg);
    jpeg_mem_dest(&w->jpeg, &w->bytes, &w->n);
    w->jpeg.image_width = (JDIMENSION)bitmap->width;
    w->jpeg.image_height = (JDIMENSION)bitmap->height;
    w->jpeg.input_components = 3;
    w->jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&w->jpeg);
    jpeg_set_quality(&w->jpeg, QUALITY, TRUE);
    w->jpeg.optimize_coding = TRUE;
    jpeg_simple_progression(&w->jpeg);
    jpeg_start_compress(&w->jpeg, TRUE);
    while (w->jpeg.next_scanline < w->jpeg.image_height) {
        JSAMPROW rows[] = {bitmap->p + (size_t)w->jpeg.next_scanline * (size_t)bitmap->width * 3};
        (void)jpeg_write_scanlines(&w->jpeg, rows, 1);
    }
    jpeg_finish_compress(&w->jpeg);
    return true;
}

static bool encode(struct writing *w, const struct bitmap *bitmap)
{
    return setjmp(w->trouble.back) == 0 && write_all(w, bitmap);
}

bool jpeg_encode(struct arena *arena, const struct bitmap *bitmap, struct str *ret_jpeg)
{
    struct writing *w = calloc(1, sizeof *w);
    if (w == NULL)
        return false;
    bool good = encode(w, bitmap);
    if (good)
        *ret_jpeg = str_dup(arena, (struct str){(const char *)w->bytes, w->n});
    jpeg_destroy_compress(&w->jpeg);
    free(w->bytes);
    free(w);
    return good;
}
