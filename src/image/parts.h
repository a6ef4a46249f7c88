/* What the files of this room share; nobody else includes it. */
#ifndef GUICHET_IMAGE_PARTS_H
#define GUICHET_IMAGE_PARTS_H

#include "image/image.h"

/* Rows of three bytes a pixel, top to bottom. Owns `p`. */
struct bitmap {
    int width, height;
    unsigned char *p;
};
bool bitmap_new(int width, int height, struct bitmap *ret_bitmap);
void bitmap_free(struct bitmap *bitmap);

/* Makes a bitmap from rows as they come, each destination pixel the average of the area that it covers. */
struct shrinker;
/* `to` is not larger than the source in either direction. NULL when memory runs out. */
struct shrinker *shrinker_new(int width, int height, int to_width, int to_height);
void shrinker_row(struct shrinker *shrinker, const unsigned char *rgb);
/* The finished bitmap; the caller owns it. Frees the shrinker. */
struct bitmap shrinker_end(struct shrinker **shrinker);
void shrinker_free(struct shrinker **shrinker);

/* The size that fits into a square of `side`, proportions kept; never larger than the source. */
void fit(int width, int height, int side, int *ret_width, int *ret_height);

/* Decoders: the picture no larger than IMAGE_LARGE_SIDE. `ret_turn` is the orientation of the camera, 1 to 8. */
enum image_refusal jpeg_decode(struct str bytes, struct bitmap *ret_bitmap, int *ret_turn);
enum image_refusal png_decode(struct str bytes, struct bitmap *ret_bitmap);
/* false when memory runs out. */
bool jpeg_encode(struct arena *arena, const struct bitmap *bitmap, struct str *ret_jpeg);

/* Size before decoding; IMAGE_GOOD when it may be decoded. */
enum image_refusal size_check(unsigned long width, unsigned long height, bool whole);

#endif
