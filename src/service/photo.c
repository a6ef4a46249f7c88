/* Photographs; see photo.h. */
#include "service/photo.h"

#include "image/image.h"
#include "service/staff_session.h"
#include "store/queries.h"

enum { MARK_BYTES = 10 };

struct photographing {
    struct service *service;
    const struct staff_caller *caller;
    int64_t monument_id, id;
    struct photo_new words;
    struct image_set set;
    struct str mark;
    enum photo_fault wrong;
    struct photos photos;
};

/* ---- reading ---- */

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct photographing *work = argument;
    struct photos_of_list rows = {.n = 0};
    enum err err = q_photos_of(db, arena, (struct photos_of_in){.monument_id = work->monument_id}, &rows, fault);
    if (err != OK)
        return err;
    work->photos = (struct photos){ARENA_ARRAY(arena, rows.n + 1, struct photo), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        work->photos.p[i] = (struct photo){.id = rows.p[i].id, .alt_fr = rows.p[i].alt_fr, .alt_en = rows.p[i].alt_en,
                                           .credit = rows.p[i].credit, .width = (int)rows.p[i].width,
                                           .height = (int)rows.p[i].height, .mark = rows.p[i].mark};
    return OK;
}

enum err photo_list(struct service *service, struct arena *arena, int64_t monument_id, struct photos *ret_photos,
                    struct fault *fault)
{
    struct photographing work = {.monument_id = monument_id};
    enum err err = service_read(service, arena, list_read, &work, fault);
    if (err == OK)
        *ret_photos = work.photos;
    return err;
}

enum err photo_work(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    int64_t monument_id, struct photos *ret_photos, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_MONUMENT_EDIT, monument_id, fault);
    return err == OK ? photo_list(service, arena, monument_id, ret_photos, fault) : err;
}

static enum err covers_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct photo_covers *covers = argument;
    struct photo_covers_list rows = {.n = 0};
    enum err err = q_photo_covers(db, arena, &rows, fault);
    if (err != OK)
        return err;
    *covers = (struct photo_covers){ARENA_ARRAY(arena, rows.n + 1, struct photo_cover), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        covers->p[i] = (struct photo_cover){.monument_id = rows.p[i].monument_id, .id = rows.p[i].id,
                                            .alt_fr = rows.p[i].alt_fr, .alt_en = rows.p[i].alt_en,
                                            .mark = rows.p[i].mark};
    return OK;
}

enum err photo_cover_list(struct service *service, struct arena *arena, struct photo_covers *ret_covers,
                          struct fault *fault)
{
    struct photo_covers covers;
    enum err err = service_read(service, arena, covers_read, &covers, fault);
    if (err == OK)
        *ret_covers = covers;
    return err;
}

struct fetching {
    int64_t id;
    struct str mark, jpeg;
    bool large;
};

static enum err bytes_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct fetching *fetching = argument;
    struct photo_large_row large;
    struct photo_card_row card;
    bool found = false;
    enum err err = fetching->large
                       ? q_photo_large(db, arena, (struct photo_large_in){.id = fetching->id, .mark = fetching->mark},
                                       &large, &found, fault)
                       : q_photo_card(db, arena, (struct photo_card_in){.id = fetching->id, .mark = fetching->mark},
                                      &card, &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "no photograph %lld", (long long)fetching->id);
    if (err == OK)
        fetching->jpeg = fetching->large ? large.bytes : card.bytes;
    return err;
}

enum err photo_bytes(struct service *service, struct arena *arena, int64_t id, struct str mark, bool large,
                     struct str *ret_jpeg, struct fault *fault)
{
    struct fetching fetching = {.id = id, .mark = mark, .large = large};
    enum err err = service_read(service, arena, bytes_read, &fetching, fault);
    if (err == OK)
        *ret_jpeg = fetching.jpeg;
    return err;
}

/* ---- writing ---- */

static enum photo_fault words_check(struct photo_new *words)
{
    words->alt_fr = str_trim(words->alt_fr);
    words->alt_en = str_trim(words->alt_en);
    words->credit = str_trim(words->credit);
    if (!utf8_valid(words->alt_fr) || words->alt_fr.n == 0 || utf8_length(words->alt_fr) > PHOTO_WORDS)
        return PHOTO_ALT_FR;
    if (!utf8_valid(words->alt_en) || words->alt_en.n == 0 || utf8_length(words->alt_en) > PHOTO_WORDS)
        return PHOTO_ALT_EN;
    return utf8_valid(words->credit) && utf8_length(words->credit) <= PHOTO_WORDS ? PHOTO_GOOD : PHOTO_CREDIT;
}

static enum err audit(const struct photographing *work, struct db *db, struct arena *arena, struct str act,
                      struct str was, struct str became, struct fault *fault)
{
    return staff_audit(db, arena, work->caller, service_now(work->service),
                       (struct staff_act){.act = act, .was = was, .became = became,
                                          .subject = str_format(arena, "photo %lld of monument %lld",
                                                                (long long)work->id, (long long)work->monument_id)},
                       fault);
}

static enum err add(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct photographing *work = argument;
    struct photo_by_request_row before;
    struct photo_count_row count;
    bool found = false;
    work->wrong = PHOTO_GOOD;
    enum err err = q_photo_by_request(
        db, arena,
        (struct photo_by_request_in){.monument_id = work->monument_id, .request_key = work->words.request_key}, &before,
        &found, fault);
    if (err != OK || found)
        return err;
    err = q_monument_lock(db, (struct monument_lock_in){.id = work->monument_id}, NULL, fault);
    if (err == OK)
        err = q_photo_count(db, arena, (struct photo_count_in){.monument_id = work->monument_id}, &count, NULL, fault);
    if (err != OK)
        return err;
    if (count.n >= PHOTOS_MOST) {
        work->wrong = PHOTO_TOO_MANY;
        return ERR_REFUSED;
    }
    struct photo_add_row row;
    err = q_photo_add(db, arena,
                      (struct photo_add_in){.monument_id = work->monument_id, .position = count.last + 1,
                                            .alt_fr = work->words.alt_fr, .alt_en = work->words.alt_en,
                                            .credit = work->words.credit, .width = work->set.large.width,
                                            .height = work->set.large.height, .mark = work->mark,
                                            .large = work->set.large.jpeg, .card = work->set.card.jpeg,
                                            .created_at = service_now(work->service),
                                            .request_key = work->words.request_key},
                      &row, NULL, fault);
    if (err != OK)
        return err;
    work->id = row.id;
    return audit(work, db, arena, S("photo.add"), S(""), work->words.alt_fr, fault);
}

static enum photo_fault fault_of(enum image_refusal refusal)
{
    switch (refusal) {
    case IMAGE_GOOD: return PHOTO_GOOD;
    case IMAGE_KIND: return PHOTO_KIND;
    case IMAGE_BROKEN: return PHOTO_BROKEN;
    case IMAGE_HUGE: return PHOTO_HUGE;
    case IMAGE_SMALL: return PHOTO_SMALL;
    }
    return PHOTO_BROKEN;
}

static enum err remake(struct photographing *work, struct arena *arena, struct fault *fault)
{
    enum image_refusal refusal = IMAGE_KIND;
    unsigned char digest[CRYPTO_DIGEST];
    enum err err = image_remake(arena, work->words.bytes, &refusal, &work->set, fault);
    if (err != OK)
        return err;
    work->wrong = fault_of(refusal);
    if (work->wrong != PHOTO_GOOD)
        return OK;
    crypto_sha256(work->set.large.jpeg, digest);
    work->mark = str_hex(arena, digest, MARK_BYTES);
    return OK;
}

enum err photo_add(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                   const struct photo_new *photo, enum photo_fault *ret_wrong, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_MONUMENT_EDIT, monument_id, fault);
    if (err != OK)
        return err;
    struct photographing work = {.service = service, .caller = caller, .monument_id = monument_id, .words = *photo};
    work.wrong = photo->bytes.n == 0 ? PHOTO_NO_FILE : words_check(&work.words);
    if (work.wrong == PHOTO_GOOD)
        err = remake(&work, arena, fault);
    if (err == OK && work.wrong == PHOTO_GOOD)
        err = service_write(service, arena, add, 0, &work, fault);
    if (err != OK && (err != ERR_REFUSED || work.wrong == PHOTO_GOOD))
        return err;
    *ret_wrong = work.wrong;
    return OK;
}

/* The photographs, and the place of this one among them. */
static enum err find(struct photographing *work, struct db *db, struct arena *arena, size_t *ret_at,
                     struct fault *fault)
{
    enum err err = q_monument_lock(db, (struct monument_lock_in){.id = work->monument_id}, NULL, fault);
    if (err == OK)
        err = list_read(db, arena, work, fault);
    if (err != OK)
        return err;
    for (size_t i = 0; i < work->photos.n; i++)
        if (work->photos.p[i].id == work->id) {
            *ret_at = i;
            return OK;
        }
    return fault_set(fault, ERR_NOT_FOUND, "no photograph %lld of monument %lld", (long long)work->id,
                     (long long)work->monument_id);
}

static enum err words_put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct photographing *work = argument;
    size_t at = 0;
    enum err err = find(work, db, arena, &at, fault);
    if (err == OK)
        err = q_photo_words_put(db,
                                (struct photo_words_put_in){.id = work->id, .monument_id = work->monument_id,
                                                            .alt_fr = work->words.alt_fr, .alt_en = work->words.alt_en,
                                                            .credit = work->words.credit},
                                NULL, fault);
    return err == OK ? audit(work, db, arena, S("photo.words"), work->photos.p[at].alt_fr, work->words.alt_fr, fault)
                     : err;
}

enum err photo_words(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     int64_t monument_id, int64_t id, const struct photo_new *words, enum photo_fault *ret_wrong,
                     struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_MONUMENT_EDIT, monument_id, fault);
    if (err != OK)
        return err;
    struct photographing work = {.service = service, .caller = caller, .monument_id = monument_id, .id = id,
                                 .words = *words};
    work.wrong = words_check(&work.words);
    if (work.wrong == PHOTO_GOOD)
        err = service_write(service, arena, words_put, 0, &work, fault);
    if (err == OK)
        *ret_wrong = work.wrong;
    return err;
}

static enum err forward(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct photographing *work = argument;
    size_t at = 0;
    enum err err = find(work, db, arena, &at, fault);
    if (err != OK || at == 0)
        return err;
    struct photo moved = work->photos.p[at];
    work->photos.p[at] = work->photos.p[at - 1];
    work->photos.p[at - 1] = moved;
    for (size_t i = 0; err == OK && i < work->photos.n; i++)
        err = q_photo_position_put(db,
                                   (struct photo_position_put_in){.id = work->photos.p[i].id,
                                                                  .position = (int64_t)i + 1,
                                                                  .monument_id = work->monument_id},
                                   NULL, fault);
    return err == OK ? audit(work, db, arena, S("photo.forward"), S(""), S(""), fault) : err;
}

static enum err drop(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct photographing *work = argument;
    size_t at = 0;
    enum err err = find(work, db, arena, &at, fault);
    if (err == OK)
        err = q_photo_drop(db, (struct photo_drop_in){.id = work->id, .monument_id = work->monument_id}, NULL, fault);
    return err == OK ? audit(work, db, arena, S("photo.remove"), work->photos.p[at].alt_fr, S(""), fault) : err;
}

static enum err run(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    int64_t monument_id, int64_t id, write_command command, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_MONUMENT_EDIT, monument_id, fault);
    struct photographing work = {.service = service, .caller = caller, .monument_id = monument_id, .id = id};
    return err == OK ? service_write(service, arena, command, 0, &work, fault) : err;
}

enum err photo_forward(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, int64_t id, struct fault *fault)
{
    return run(service, arena, caller, monument_id, id, forward, fault);
}

enum err photo_remove(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      int64_t monument_id, int64_t id, struct fault *fault)
{
    return run(service, arena, caller, monument_id, id, drop, fault);
}
