/* Voucher layouts at the desk: what waits, one with its file, the decision with words (TKT-2). */
#include "templates.h"
#include "web/account/common.h"
#include "web/rights/common.h"

static const struct field_spec WORDS[] = {
    F_LONG_TEXT(struct words_form, words, "mots", MSG_layout_words, .max = 500, .hint = MSG_layout_words_hint),
};

void layout_desk_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct layouts layouts;
    struct fault fault = {.err = OK};
    enum err err = layout_desk(page_service(page), page->arena, &caller, &layouts, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct layout_desk_view view = {.waiting = {ARENA_ARRAY(page->arena, layouts.n + 1, struct layout_line), 0},
                                    .others = {ARENA_ARRAY(page->arena, layouts.n + 1, struct layout_line), 0}};
    for (size_t i = 0; i < layouts.n; i++) {
        struct layout_lines *lines = layouts.p[i].state == LAYOUT_STATE_WAITING ? &view.waiting : &view.others;
        lines->p[lines->n++] = layout_line_of(&layouts.p[i]);
    }
    page->nav = S("service-maquettes");
    account_title(page, MSG_layout_desk_title, NULL);
    tpl_rights_layout_desk(page_out(page), page, &view);
}

/* The layout of the address. false: the page has ended. */
static bool find(struct page *page, struct layout *ret_layout)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!page_staff_need(page, TASK_LAYOUT_APPROVE) || !rights_id(page, "id", &id))
        return false;
    enum err err = layout_read(page_service(page), page->arena, &caller, id, ret_layout, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show(struct page *page, struct layout *layout, struct layout_view *view)
{
    view->line = layout_line_of(layout);
    view->picture = layout->kind != LAYOUT_PDF;
    view->may_approve = layout->state == LAYOUT_STATE_WAITING || layout->state == LAYOUT_STATE_REFUSED;
    view->may_refuse = layout->state == LAYOUT_STATE_WAITING;
    view->may_withdraw = layout->state == LAYOUT_STATE_APPROVED;
    page->nav = S("service-maquettes");
    page->title = layout->name;
    tpl_rights_layout(page_out(page), page, view);
}

void layout_one_page(struct page *page)
{
    struct layout layout;
    struct layout_view view = {.picture = false};
    if (!find(page, &layout))
        return;
    form_blank(page->arena, FORM(WORDS, view.form));
    show(page, &layout, &view);
}

static bool decision_of(struct str word, enum layout_state *ret_state)
{
    for (int state = LAYOUT_STATE_APPROVED; state < LAYOUT_STATES; state++)
        if (str_eq(word, str_of(layout_state_name((enum layout_state)state)))) {
            *ret_state = (enum layout_state)state;
            return true;
        }
    return false;
}

void layout_decided(struct page *page)
{
    struct layout layout;
    struct layout_view view = {.picture = false};
    enum layout_state became = LAYOUT_STATE_APPROVED, was = LAYOUT_STATE_WAITING;
    if (!find(page, &layout))
        return;
    bool good = form_read(page->arena, page->request->form, FORM(WORDS, view.form));
    bool known = decision_of(pairs_get(page->request->form, S("decision")), &became);
    if (!decision_of(pairs_get(page->request->form, S("etat")), &was))
        was = LAYOUT_STATE_WAITING;
    if (good && known && became != LAYOUT_STATE_APPROVED && view.form.words.v.n == 0) {
        form_refuse(&view.form.head, &view.form.words.f, MSG_layout_words_needed);
        good = false;
    }
    if (!good || !known) {
        page->response->status = 422;
        show(page, &layout, &view);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    bool done = false;
    struct fault fault = {.err = OK};
    enum err err = layout_decide(page_service(page), page->arena, &caller, layout.id, was, became, view.form.words.v,
                                 &done, &fault);
    if (err != OK && err != ERR_INPUT) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, done ? FLASH_SUCCESS : FLASH_ERROR, done ? MSG_layout_decided : MSG_layout_changed_meanwhile);
    page_redirect(page, page_url(page, "/service/maquettes/{}", str_format(page->arena, "%lld", (long long)layout.id)));
}

void layout_desk_file_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct layout_file file;
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!rights_id(page, "id", &id))
        return;
    enum err err = layout_desk_file(page_service(page), page->arena, &caller, id, &file, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        rights_file(page, &file, id);
}
