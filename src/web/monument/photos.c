/* Photographs: adding, words for those who do not see them, order, removal; and the address that serves them. */
#include "templates.h"
#include "web/monument/common.h"

/* Each is decoded and made smaller twice: a second of a processor. */
enum { SENDS = 60, SENDS_SECONDS = 600 };

static const struct field_spec WORDS[] = {
    F_TEXT(struct photo_form, alt_fr, "alt_fr", MSG_photo_alt_fr, .required = true, .max = PHOTO_WORDS,
           .hint = MSG_photo_alt_hint),
    F_TEXT(struct photo_form, alt_en, "alt_en", MSG_photo_alt_en, .required = true, .max = PHOTO_WORDS),
    F_TEXT(struct photo_form, credit, "credit", MSG_photo_credit, .max = PHOTO_WORDS),
};

static bool open_photos(struct page *page, struct photo_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct photos *photos = ARENA_NEW(page->arena, struct photos);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_MONUMENT_EDIT, "photos", MSG_photo_title, &view->frame, NULL))
        return false;
    enum err err = photo_work(page_service(page), page->arena, &caller, view->frame.id, photos, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->photos = (struct photo_lines){ARENA_ARRAY(page->arena, photos->n + 1, struct photo_line), photos->n};
    for (size_t i = 0; i < photos->n; i++) {
        struct photo_line *line = &view->photos.p[i];
        *line = (struct photo_line){.photo = &photos->p[i], .first = i == 0,
                                    .card = photo_url(page, photos->p[i].id, photos->p[i].mark, false),
                                    .large = photo_url(page, photos->p[i].id, photos->p[i].mark, true)};
        form_blank(page->arena, FORM(WORDS, line->form));
    }
    view->full = photos->n >= PHOTOS_MOST;
    return true;
}

static void show(struct page *page, struct photo_view *view)
{
    view->key = page_request_key(page);
    work_title(page, &view->frame, &view->form.head);
    if (view->file_error != MSG_none && view->form.head.error_count == 0)
        page->title = msg_text(page->arena, page->lang, MSG_account_error_title, ARG("title", page->title));
    tpl_monument_photos(page_out(page), page, view);
}

void photo_page(struct page *page)
{
    struct photo_view view = {.full = false};
    if (!open_photos(page, &view))
        return;
    form_blank(page->arena, FORM(WORDS, view.form));
    show(page, &view);
}

static enum msg file_message(enum photo_fault wrong)
{
    switch (wrong) {
    case PHOTO_NO_FILE: return MSG_photo_no_file;
    case PHOTO_KIND: return MSG_photo_kind;
    case PHOTO_BROKEN: return MSG_photo_broken;
    case PHOTO_HUGE: return MSG_photo_huge;
    case PHOTO_SMALL: return MSG_photo_small;
    case PHOTO_TOO_MANY: return MSG_photo_too_many;
    default: return MSG_none;
    }
}

void photo_sent(struct page *page)
{
    struct photo_view view = {.full = false};
    struct staff_caller caller = page_staff_caller(page);
    enum photo_fault wrong = PHOTO_GOOD;
    struct fault fault = {.err = OK};
    if (!open_photos(page, &view))
        return;
    const struct upload *file = uploads_get(page->request->files, S("fichier"));
    bool words = form_read(page->arena, page->request->form, FORM(WORDS, view.form));
    if (!page_allow(page, "photo", str_format(page->arena, "%lld", (long long)caller.staff_id), SENDS, SENDS_SECONDS))
        return;
    if (file == NULL)
        wrong = PHOTO_NO_FILE;
    if (words && file != NULL) {
        struct photo_new photo = {.bytes = file->bytes, .alt_fr = view.form.alt_fr.v, .alt_en = view.form.alt_en.v,
                                  .credit = view.form.credit.v, .request_key = page_sent_key(page)};
        enum err err = photo_add(page_service(page), page->arena, &caller, view.frame.id, &photo, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == PHOTO_GOOD) {
            work_done(page, &view.frame, S("/photos"), MSG_photo_added);
            return;
        }
    }
    view.file_error = file_message(wrong);
    page->response->status = 422;
    show(page, &view);
}

/* ---- those that are there ---- */

static bool open_one(struct page *page, struct work_frame *frame, int64_t *ret_id)
{
    return work_open(page, TASK_MONUMENT_EDIT, "photos", MSG_photo_title, frame, NULL) &&
           work_id(page, "photo", ret_id);
}

void photo_words_sent(struct page *page)
{
    struct photo_view view = {.full = false};
    struct staff_caller caller = page_staff_caller(page);
    enum photo_fault wrong = PHOTO_GOOD;
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!open_photos(page, &view) || !work_id(page, "photo", &id))
        return;
    struct photo_line *line = NULL;
    for (size_t i = 0; i < view.photos.n; i++)
        if (view.photos.p[i].photo->id == id)
            line = &view.photos.p[i];
    if (line == NULL) {
        page_error(page, 404);
        return;
    }
    if (form_read(page->arena, page->request->form, FORM(WORDS, line->form))) {
        struct photo_new photo = {.alt_fr = line->form.alt_fr.v, .alt_en = line->form.alt_en.v,
                                  .credit = line->form.credit.v};
        enum err err = photo_words(page_service(page), page->arena, &caller, view.frame.id, id, &photo, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == PHOTO_GOOD) {
            work_done(page, &view.frame, S("/photos"), MSG_photo_words_kept);
            return;
        }
        form_refuse_all(&line->form.head, MSG_form_required);
    }
    form_blank(page->arena, FORM(WORDS, view.form));
    page->response->status = 422;
    show(page, &view);
}

static void act(struct page *page, bool remove)
{
    struct work_frame frame;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!open_one(page, &frame, &id))
        return;
    enum err err = remove ? photo_remove(page_service(page), page->arena, &caller, frame.id, id, &fault)
                          : photo_forward(page_service(page), page->arena, &caller, frame.id, id, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        work_done(page, &frame, S("/photos"), remove ? MSG_photo_removed : MSG_photo_moved);
}

void photo_forwarded(struct page *page)
{
    act(page, false);
}

void photo_removed(struct page *page)
{
    act(page, true);
}
