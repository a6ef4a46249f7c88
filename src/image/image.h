/* Pictures that people upload, made anew (OPS-2): whatever comes in, what goes out is a JPEG of ours, of a known size,
 * without any metadata. The only room that knows libjpeg and libpng.
 *
 * A file is believed for its content alone. Its size in pixels is looked at before anything is decoded, decoding
 * goes row by row into a picture of the final size, and what would need the whole picture in memory (progressive
 * JPEG, interlaced PNG) has a lower limit: a small file that would unfold into gigabytes is refused. */
#ifndef GUICHET_IMAGE_IMAGE_H
#define GUICHET_IMAGE_IMAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    IMAGE_PIXELS = 50 * 1000 * 1000,       /* of a picture read row by row */
    IMAGE_PIXELS_WHOLE = 16 * 1000 * 1000, /* of one that must be held whole */
    IMAGE_SIDE = 20000,
    IMAGE_LEAST_WIDTH = 600, IMAGE_LEAST_HEIGHT = 400, /* below, it would look bad on the page */
    IMAGE_LARGE_SIDE = 1600,               /* longest side of the large one */
    IMAGE_CARD_WIDTH = 720, IMAGE_CARD_HEIGHT = 480
};

enum image_refusal {
    IMAGE_GOOD,
    IMAGE_KIND,   /* neither JPEG nor PNG by its content */
    IMAGE_BROKEN, /* cut off, damaged, or of a colour space that cannot be read */
    IMAGE_HUGE,   /* too many pixels */
    IMAGE_SMALL   /* too few */
};

struct picture {
    int width, height;
    struct str jpeg;
};

struct image_set {
    struct picture large; /* the whole picture, its proportions kept */
    struct picture card;  /* its middle in 3:2 */
};

/* Turns the picture upright as its camera says, then makes both sizes in `arena`. ERR_IO when memory runs out.
 * `ret_set` is filled when *ret_refusal is IMAGE_GOOD. */
enum err image_remake(struct arena *arena, struct str bytes, enum image_refusal *ret_refusal, struct image_set *ret_set,
                      struct fault *fault);

#endif
