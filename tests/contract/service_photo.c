/* Photographs of monuments on each engine (OPS-2). */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "image/parts.h"
#include "service/photo.h"

#define ROOM &stage->service, stage->arena

static struct str picture(struct stage *stage, int width, int height, unsigned char shade)
{
    struct bitmap bitmap;
    struct str jpeg;
    assert_true(bitmap_new(width, height, &bitmap));
    memset(bitmap.p, shade, (size_t)width * (size_t)height * 3);
    assert_true(jpeg_encode(stage->arena, &bitmap, &jpeg));
    bitmap_free(&bitmap);
    return jpeg;
}

static enum photo_fault add_photo(struct stage *stage, const struct staff_caller *caller, struct str bytes,
                                  const char *key)
{
    struct photo_new photo = {
        .bytes = bytes, .alt_fr = S("La cour"), .alt_en = S("The yard"), .request_key = str_of(key)};
    enum photo_fault wrong = PHOTO_CREDIT;
    stage_ok(photo_add(ROOM, caller, 1, &photo, &wrong, &fault));
    return wrong;
}

STAGED(photographs_come_and_go)
{
    static const int64_t monuments[] = {1};
    small_network(stage);
    struct worker w = worker_of(stage, "m@network.example", ROLE_MONUMENT_MANAGER, monuments, 1);
    const struct staff_caller *caller = &w.head.caller;
    assert_int_equal(add_photo(stage, caller, picture(stage, 900, 600, 10), "a"), PHOTO_GOOD);
    assert_int_equal(add_photo(stage, caller, picture(stage, 900, 600, 10), "a"), PHOTO_GOOD); /* the same form again */
    assert_int_equal(add_photo(stage, caller, picture(stage, 2000, 1500, 200), "b"), PHOTO_GOOD);
    struct photos photos;
    stage_ok(photo_work(ROOM, caller, 1, &photos, &fault));
    assert_int_equal(photos.n, 2);
    assert_int_equal(photos.p[1].width, 1600);
    assert_int_equal(photos.p[1].height, 1200);

    struct str jpeg;
    stage_ok(photo_bytes(ROOM, photos.p[0].id, photos.p[0].mark, true, &jpeg, &fault));
    assert_true(str_starts(jpeg, S("\xff\xd8\xff")));
    stage_ok(photo_bytes(ROOM, photos.p[0].id, photos.p[0].mark, false, &jpeg, &fault));
    ASSERT_ERR(photo_bytes(ROOM, photos.p[0].id, S("0000"), true, &jpeg, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(photo_bytes(ROOM, photos.p[0].id, photos.p[1].mark, true, &jpeg, NULL), ERR_NOT_FOUND);

    int64_t first = photos.p[0].id, second = photos.p[1].id;
    stage_ok(photo_forward(ROOM, caller, 1, second, &fault));
    struct photo_covers covers;
    stage_ok(photo_cover_list(ROOM, &covers, &fault));
    assert_int_equal(covers.n, 1);
    assert_int_equal(covers.p[0].id, second);
    struct photo_new words = {.alt_fr = S("Le cloître"), .alt_en = S("The cloister"), .credit = S("© Atelier")};
    enum photo_fault wrong;
    stage_ok(photo_words(ROOM, caller, 1, first, &words, &wrong, &fault));
    assert_int_equal(wrong, PHOTO_GOOD);
    words.alt_en = S(" ");
    stage_ok(photo_words(ROOM, caller, 1, first, &words, &wrong, &fault));
    assert_int_equal(wrong, PHOTO_ALT_EN);
    ASSERT_ERR(photo_forward(ROOM, caller, 1, 9999, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(photo_remove(ROOM, caller, 2, first, NULL), ERR_NOT_FOUND);
    stage_ok(photo_remove(ROOM, caller, 1, second, &fault));
    stage_ok(photo_list(ROOM, 1, &photos, &fault));
    assert_int_equal(photos.n, 1);
    assert_str(photos.p[0].alt_fr, "Le cloître");
    assert_str(photos.p[0].credit, "© Atelier");
}

STAGED(what_is_no_photograph)
{
    small_network(stage);
    struct worker w = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    const struct staff_caller *caller = &w.head.caller;
    assert_int_equal(add_photo(stage, caller, S(""), "a"), PHOTO_NO_FILE);
    assert_int_equal(add_photo(stage, caller, S("<svg/>"), "b"), PHOTO_KIND);
    assert_int_equal(add_photo(stage, caller, picture(stage, 300, 300, 1), "c"), PHOTO_SMALL);
    assert_int_equal(add_photo(stage, caller, str_sub(picture(stage, 900, 600, 1), 0, 900), "d"), PHOTO_BROKEN);
    struct str good = picture(stage, 600, 400, 1);
    for (int i = 0; i < PHOTOS_MOST; i++)
        assert_int_equal(add_photo(stage, caller, good, str_format(stage->arena, "k%d", i).p), PHOTO_GOOD);
    assert_int_equal(add_photo(stage, caller, good, "more"), PHOTO_TOO_MANY);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM photo"), PHOTOS_MOST);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(photographs_come_and_go),
        staged_test(what_is_no_photograph),
    };
    return ENGINES_MAIN(argc, argv, "photo", tests);
}
