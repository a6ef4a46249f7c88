/* Pictures made anew (OPS-2): right way up, right size, without metadata; bombs and damage refused. */
#include "unit.h"

#include <png.h>
#include <stdlib.h>

#include "base/buf.h"
#include "image/parts.h"

static struct arena *arena;

/* Left half red, right half blue, the top rows green. */
static struct bitmap scene(int width, int height)
{
    struct bitmap bitmap;
    assert_true(bitmap_new(width, height, &bitmap));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            unsigned char *p = bitmap.p + 3 * ((size_t)y * (size_t)width + (size_t)x);
            p[0] = y >= height / 4 && x < width / 2 ? 255 : 0;
            p[1] = y < height / 4 ? 255 : 0;
            p[2] = y >= height / 4 && x >= width / 2 ? 255 : 0;
        }
    return bitmap;
}

static struct str jpeg_of(int width, int height)
{
    struct bitmap bitmap = scene(width, height);
    struct str jpeg;
    assert_true(jpeg_encode(arena, &bitmap, &jpeg));
    bitmap_free(&bitmap);
    return jpeg;
}

static void append(png_structp png, png_bytep bytes, size_t n)
{
    buf_put(png_get_io_ptr(png), bytes, n);
}

/* `alpha` of every pixel. */
static struct str png_of(int width, int height, int interlace, unsigned char alpha)
{
    struct bitmap bitmap = scene(width, height);
    struct buf out = buf_new(64 << 20);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    unsigned char *rows = malloc(4 * (size_t)width * (size_t)height);
    png_bytep *pointers = calloc((size_t)height, sizeof *pointers);
    assert_non_null(rows);
    assert_non_null(pointers);
    for (size_t i = 0; i < (size_t)width * (size_t)height; i++) {
        memcpy(rows + 4 * i, bitmap.p + 3 * i, 3);
        rows[4 * i + 3] = alpha;
    }
    for (int y = 0; y < height; y++)
        pointers[y] = rows + 4 * (size_t)width * (size_t)y;
    png_set_write_fn(png, &out, append, NULL);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGBA, interlace,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_text text = {
        .compression = PNG_TEXT_COMPRESSION_NONE, .key = (char[]){"Author"}, .text = (char[]){"Secret Name"}};
    png_set_text(png, info, &text, 1);
    png_write_info(png, info);
    png_write_image(png, pointers);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    struct str made = str_dup(arena, buf_view(&out));
    buf_free(&out);
    free(rows);
    free(pointers);
    bitmap_free(&bitmap);
    return made;
}

static enum image_refusal remake(struct str bytes, struct image_set *set)
{
    enum image_refusal refusal = IMAGE_KIND;
    assert_int_equal(image_remake(arena, bytes, &refusal, set, NULL), OK);
    return refusal;
}

/* The colour at a part of the picture: 'r', 'g', 'b', 'w' or '?'. */
static char colour(struct str jpeg, double x, double y)
{
    struct bitmap bitmap;
    int turn = 1;
    assert_int_equal(jpeg_decode(jpeg, &bitmap, &turn), IMAGE_GOOD);
    size_t column = (size_t)(x * bitmap.width), row = (size_t)(y * bitmap.height);
    const unsigned char *p = bitmap.p + 3 * (row * (size_t)bitmap.width + column);
    char found = p[0] > 200 && p[1] > 200 && p[2] > 200 ? 'w'
                 : p[0] > 200                           ? 'r'
                 : p[1] > 200                           ? 'g'
                 : p[2] > 200                           ? 'b'
                                                        : '?';
    bitmap_free(&bitmap);
    return found;
}

static void sizes_and_colours(void **state)
{
    (void)state;
    struct image_set set;
    assert_int_equal(remake(jpeg_of(3200, 2400), &set), IMAGE_GOOD);
    assert_int_equal(set.large.width, 1600);
    assert_int_equal(set.large.height, 1200);
    assert_int_equal(set.card.width, 720);
    assert_int_equal(set.card.height, 480);
    assert_int_equal(colour(set.large.jpeg, 0.25, 0.75), 'r');
    assert_int_equal(colour(set.large.jpeg, 0.75, 0.75), 'b');
    assert_int_equal(colour(set.large.jpeg, 0.5, 0.1), 'g');
    assert_int_equal(remake(png_of(1001, 701, PNG_INTERLACE_NONE, 255), &set), IMAGE_GOOD);
    assert_int_equal(set.large.width, 1001);
    assert_int_equal(set.large.height, 701);
    assert_int_equal(set.card.width, 720);
    assert_int_equal(set.card.height, 480);
    assert_int_equal(colour(set.card.jpeg, 0.1, 0.9), 'r');
    assert_int_equal(remake(png_of(640, 480, PNG_INTERLACE_ADAM7, 255), &set), IMAGE_GOOD);
    assert_int_equal(colour(set.large.jpeg, 0.75, 0.75), 'b');
    assert_int_equal(remake(png_of(640, 480, PNG_INTERLACE_NONE, 0), &set), IMAGE_GOOD);
    assert_int_equal(colour(set.large.jpeg, 0.75, 0.75), 'w');
}

/* The camera's orientation is carried out, and nothing of the camera stays. */
static void upright_without_metadata(void **state)
{
    (void)state;
    static const struct {
        int turn;
        double x, y; /* where the green top is afterwards */
    } cases[] = {{1, 0.5, 0.1}, {2, 0.5, 0.1}, {3, 0.5, 0.9}, {4, 0.5, 0.9},
                 {5, 0.1, 0.5}, {6, 0.9, 0.5}, {7, 0.9, 0.5}, {8, 0.1, 0.5}};
    struct str plain = jpeg_of(900, 600);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char exif[] = {0xff, 0xe1, 0, 42, 'E', 'x',  'i',  'f', 0,   0,   'M', 'M', 0,   42, 0,
                                0,    0,    8, 0,  1,   0x01, 0x12, 0,   3,   0,   0,   0,   1,   0,  0,
                                0,    0,    0, 0,  0,   0,    'G',  'P', 'S', '4', '8', 'N', '2', 'E'};
        exif[29] = (unsigned char)cases[i].turn;
        struct buf with = buf_new(4 << 20);
        buf_str(&with, str_sub(plain, 0, 2));
        buf_put(&with, exif, sizeof exif);
        buf_str(&with, str_sub(plain, 2, plain.n));
        struct image_set set;
        assert_int_equal(remake(buf_view(&with), &set), IMAGE_GOOD);
        assert_int_equal(set.large.width, cases[i].turn >= 5 ? 600 : 900);
        assert_int_equal(colour(set.large.jpeg, cases[i].x, cases[i].y), 'g');
        assert_false(str_has(set.large.jpeg, S("Exif")));
        assert_false(str_has(set.large.jpeg, S("GPS48")));
        buf_free(&with);
    }
    struct image_set set;
    struct str png = png_of(900, 600, PNG_INTERLACE_NONE, 255);
    assert_true(str_has(png, S("Secret Name")));
    assert_int_equal(remake(png, &set), IMAGE_GOOD);
    assert_false(str_has(set.large.jpeg, S("Secret")));
}

static void what_is_no_picture(void **state)
{
    (void)state;
    struct image_set set;
    assert_int_equal(remake(S(""), &set), IMAGE_KIND);
    assert_int_equal(remake(S("GIF89a"), &set), IMAGE_KIND);
    assert_int_equal(remake(S("<svg xmlns='http://www.w3.org/2000/svg'/>"), &set), IMAGE_KIND);
    assert_int_equal(remake(S("%PDF-1.7"), &set), IMAGE_KIND);
    assert_int_equal(remake(S("\xff\xd8\xff\xe0 and nothing else"), &set), IMAGE_BROKEN);
    assert_int_equal(remake(S("\x89PNG\r\n\x1a\n"), &set), IMAGE_BROKEN);
    assert_int_equal(remake(jpeg_of(599, 400), &set), IMAGE_SMALL);
    assert_int_equal(remake(jpeg_of(600, 399), &set), IMAGE_SMALL);
    assert_int_equal(remake(jpeg_of(400, 600), &set), IMAGE_GOOD);
}

static void damage_at_any_place(void **state)
{
    (void)state;
    struct str whole[] = {jpeg_of(900, 600), png_of(700, 500, PNG_INTERLACE_NONE, 255)};
    struct image_set set;
    for (size_t i = 0; i < 2; i++) {
        for (size_t at = 1; at < 20; at++) /* cut off */
            assert_int_not_equal(remake(str_sub(whole[i], 0, whole[i].n * at / 20), &set), IMAGE_GOOD);
        for (size_t at = 20; at < whole[i].n;
             at += whole[i].n / 60 + 1) { /* a byte is wrong: whatever it is, no crash */
            struct str broken = str_dup(arena, whole[i]);
            ((char *)(uintptr_t)broken.p)[at] ^= 0x5a;
            (void)remake(broken, &set);
        }
    }
}

/* A few bytes that claim to be gigabytes. */
static void bombs(void **state)
{
    (void)state;
    struct image_set set;
    struct str small = png_of(700, 500, PNG_INTERLACE_NONE, 255);
    assert_int_equal(size_check(20000, 20000, false), IMAGE_HUGE);
    assert_int_equal(size_check(20001, 600, false), IMAGE_HUGE);
    assert_int_equal(size_check(8000, 6000, false), IMAGE_GOOD);
    assert_int_equal(size_check(8000, 6000, true), IMAGE_HUGE);
    assert_int_equal(size_check(0, 600, false), IMAGE_HUGE);
    /* The header's width without its checksum put right is damage; with it, too many pixels. */
    struct str lies = str_dup(arena, small);
    unsigned char *header = (unsigned char *)(uintptr_t)lies.p;
    header[16] = 0x7f;
    assert_int_equal(remake(lies, &set), IMAGE_BROKEN);
    struct str jpeg = str_dup(arena, jpeg_of(900, 600));
    unsigned char *bytes = (unsigned char *)(uintptr_t)jpeg.p;
    for (size_t i = 2; i + 9 < jpeg.n; i++)
        if (bytes[i] == 0xff && bytes[i + 1] == 0xc2) {
            bytes[i + 5] = bytes[i + 7] = 0xff;
            break;
        }
    assert_int_equal(remake(jpeg, &set), IMAGE_HUGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_colours), cmocka_unit_test(upright_without_metadata),
        cmocka_unit_test(what_is_no_picture), cmocka_unit_test(damage_at_any_place), cmocka_unit_test(bombs),
    };
    arena = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
