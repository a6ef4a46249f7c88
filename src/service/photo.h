/* Photographs of monuments (OPS-2): made anew from what was uploaded, in two sizes, with words for those who do not see
 * them, in both languages. */
#ifndef GUICHET_SERVICE_PHOTO_H
#define GUICHET_SERVICE_PHOTO_H

#include "service/permit.h"

enum { PHOTOS_MOST = 12, PHOTO_WORDS = 200 };

enum photo_fault {
    PHOTO_GOOD,
    PHOTO_NO_FILE,
    PHOTO_KIND,   /* neither JPEG nor PNG */
    PHOTO_BROKEN,
    PHOTO_HUGE,
    PHOTO_SMALL,
    PHOTO_ALT_FR, /* missing or too long */
    PHOTO_ALT_EN,
    PHOTO_CREDIT,
    PHOTO_TOO_MANY
};

struct photo {
    int64_t id;
    struct str alt_fr, alt_en, credit;
    int width, height; /* of the large one */
    struct str mark;
};
struct photos {
    struct photo *p;
    size_t n;
};

struct photo_new {
    struct str bytes, alt_fr, alt_en, credit;
    struct str request_key;
};

/* Adds one at the end (TASK_MONUMENT_EDIT). The picture is decoded before the transaction. */
enum err photo_add(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                   const struct photo_new *photo, enum photo_fault *ret_wrong, struct fault *fault);
/* ERR_NOT_FOUND, here and below: not a photograph of this monument. */
enum err photo_words(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     int64_t monument_id, int64_t id, const struct photo_new *words, enum photo_fault *ret_wrong,
                     struct fault *fault);
/* One place towards the front; the first stays the first. */
enum err photo_forward(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, int64_t id, struct fault *fault);
enum err photo_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      int64_t monument_id, int64_t id, struct fault *fault);
/* The same list for its people. */
enum err photo_work(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    int64_t monument_id, struct photos *ret_photos, struct fault *fault);

/* ---- for everybody ---- */

enum err photo_list(struct service *service, struct arena *arena, int64_t monument_id, struct photos *ret_photos,
                    struct fault *fault);

struct photo_cover {
    int64_t monument_id, id;
    struct str alt_fr, alt_en, mark;
};
struct photo_covers {
    struct photo_cover *p;
    size_t n;
};
/* The first photograph of each monument that has one. */
enum err photo_cover_list(struct service *service, struct arena *arena, struct photo_covers *ret_covers,
                          struct fault *fault);

/* The JPEG of an address; `mark` must be the picture's own. ERR_NOT_FOUND. */
enum err photo_bytes(struct service *service, struct arena *arena, int64_t id, struct str mark, bool large,
                     struct str *ret_jpeg, struct fault *fault);

#endif
