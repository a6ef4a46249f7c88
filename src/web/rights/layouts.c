/* A customer's voucher layouts: sending one, taking it back, what the mails with tickets carry (TKT-2). */
#include "templates.h"
#include "web/account/common.h"
#include "web/rights/common.h"

/* Each is five megabytes at most and waits for a person to look at it. */
enum { SENDS = 20, SENDS_SECONDS = 3600 };

static const struct field_spec LAYOUT[] = {
    F_TEXT(struct layout_form, name, "nom", MSG_layout_name, .required = true, .max = 80, .hint = MSG_layout_name_hint),
    F_LONG_TEXT(struct layout_form, note, "note", MSG_layout_note, .max = 1000),
};

static void fill_lines(struct page *page, struct layouts *layouts, struct layout_lines *lines)
{
    *lines = (struct layout_lines){ARENA_ARRAY(page->arena, layouts->n + 1, struct layout_line), layouts->n};
    for (size_t i = 0; i < layouts->n; i++)
        lines->p[i] = layout_line_of(&layouts->p[i]);
}

static void show(struct page *page, struct layouts_view *view)
{
    struct caller caller = page_caller(page);
    struct layout_page list;
    struct fault fault = {.err = OK};
    enum err err = layout_list(page_service(page), page->arena, &caller, &list, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    fill_lines(page, &list.layouts, &view->lines);
    view->as = list.as;
    view->approved = list.approved;
    view->key = page_request_key(page);
    page->nav = S("client");
    account_title(page, MSG_layout_title, &view->form.head);
    tpl_rights_layouts(page_out(page), page, view);
}

void layouts_page(struct page *page)
{
    struct layouts_view view = {.file_error = MSG_none};
    form_blank(page->arena, FORM(LAYOUT, view.form));
    show(page, &view);
}

static enum msg refusal_message_of(enum layout_refusal refusal)
{
    switch (refusal) {
    case LAYOUT_REFUSED_NOT: return MSG_none;
    case LAYOUT_MISSING: return MSG_layout_missing;
    case LAYOUT_TOO_LARGE: return MSG_layout_too_large;
    case LAYOUT_NOT_KNOWN: return MSG_layout_not_known;
    case LAYOUT_NO_NAME: return MSG_form_required;
    case LAYOUT_TOO_MANY: return MSG_layout_too_many;
    }
    return MSG_none;
}

void layout_sent(struct page *page)
{
    struct layouts_view view = {.file_error = MSG_none};
    struct caller caller = page_caller(page);
    const struct upload *file = uploads_get(page->request->files, S("fichier"));
    enum layout_refusal refusal = file == NULL ? LAYOUT_MISSING : LAYOUT_REFUSED_NOT;
    bool good = form_read(page->arena, page->request->form, FORM(LAYOUT, view.form)) && page_sent_key(page).n > 0;
    if (!page_allow(page, "layout", str_format(page->arena, "%lld", (long long)caller.organisation_id), SENDS,
                    SENDS_SECONDS))
        return;
    if (good && refusal == LAYOUT_REFUSED_NOT) {
        struct layout_upload upload = {.name = view.form.name.v,
                                       .note = view.form.note.v,
                                       .bytes = file->bytes,
                                       .request_key = page_sent_key(page)};
        struct fault fault = {.err = OK};
        enum err err = layout_send(page_service(page), page->arena, &caller, &upload, &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
    }
    if (good && refusal == LAYOUT_REFUSED_NOT) {
        page_flash(page, FLASH_SUCCESS, MSG_layout_sent);
        page_redirect(page, page_url(page, "/client/maquettes"));
        return;
    }
    view.file_error = refusal_message_of(refusal);
    if (view.file_error != MSG_none)
        view.form.head.error_count++;
    page->response->status = 422;
    show(page, &view);
}

void layout_withdrawn(struct page *page)
{
    struct caller caller = page_caller(page);
    int64_t id = 0;
    bool done = false;
    struct fault fault = {.err = OK};
    if (!rights_id(page, "id", &id))
        return;
    enum err err = layout_withdraw(page_service(page), page->arena, &caller, id, &done, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_layout_withdrawn);
    page_redirect(page, page_url(page, "/client/maquettes"));
}

void layout_format_sent(struct page *page)
{
    struct caller caller = page_caller(page);
    enum tickets_as as = TICKETS_AS_PDF;
    struct fault fault = {.err = OK};
    if (!tickets_as_parse(pairs_get(page->request->form, S("format")), &as)) {
        page_error(page, 404);
        return;
    }
    enum err err = layout_choose(page_service(page), page->arena, &caller, as, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_layout_chosen);
    page_redirect(page, page_url(page, "/client/maquettes"));
}

void layout_file_page(struct page *page)
{
    struct caller caller = page_caller(page);
    struct layout_file file;
    int64_t id = 0;
    struct fault fault = {.err = OK};
    if (!rights_id(page, "id", &id))
        return;
    enum err err = layout_file(page_service(page), page->arena, &caller, id, &file, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        rights_file(page, &file, id);
}
