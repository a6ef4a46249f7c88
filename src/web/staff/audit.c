/* The audit for the administrator: who, when, why, before and after, by period and person (OPS-1, OPS-7). */
#include "service/audit_log.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/staff/common.h"
#include "web/staff/desk_words.h"
#include "web/staff/pages.h"

/* Shown without being asked: the last week. */
enum { DEFAULT_DAYS = 7 };

static const struct field_spec AUDIT[] = {
    F_DAY(struct audit_form, from, "du", MSG_orders_from, .required = true),
    F_DAY(struct audit_form, to, "au", MSG_orders_to, .required = true),
    F_CHOICE(struct audit_form, staff, "personnel", MSG_audit_staff),
    F_EMAIL(struct audit_form, email, "courriel", MSG_audit_email),
};

/* All of the operator's people, also those that were disabled. false: the page has ended. */
static bool prepare(struct page *page, struct audit_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct staff_list list = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = staff_list(page_service(page), page->arena, &caller, &list, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    struct possibilities *possible = &view->form.staff.f.possible;
    *possible = (struct possibilities){ARENA_ARRAY(page->arena, list.n + 1, struct possibility), 0};
    for (size_t i = 0; i < list.n; i++)
        possible->p[possible->n++] = (struct possibility){
            .value = str_format(page->arena, "%lld", (long long)list.p[i].id),
            .text = str_format(page->arena, "%.*s %.*s – %.*s", STR_ARG(list.p[i].first_name),
                               STR_ARG(list.p[i].last_name), STR_ARG(list.p[i].email))};
    return true;
}

static bool read_form(struct page *page, struct audit_view *view)
{
    struct audit_form *form = &view->form;
    if (pairs_has(page->request->query, S("du")) || pairs_has(page->request->query, S("au"))) {
        if (form_read(page->arena, page->request->query, FORM(AUDIT, *form)) && form->from.v > form->to.v)
            form_refuse(&form->head, &form->to.f, MSG_orders_period_backwards);
        return form->head.error_count == 0;
    }
    day_number today = local_of(page->zone, page->now).day;
    form_blank(page->arena, FORM(AUDIT, *form));
    field_set_day(page->arena, &form->from, today - DEFAULT_DAYS);
    field_set_day(page->arena, &form->to, today);
    return true;
}

static struct safe_url older_url(const struct page *page, const struct audit_form *form, int64_t before)
{
    return safe_url_of_path(page_url(page, "/service/audit?du={}&au={}&personnel={}&courriel={}&avant={}",
                                     day_iso(page->arena, form->from.v), day_iso(page->arena, form->to.v),
                                     form->staff.value, form->email.v,
                                     str_format(page->arena, "%lld", (long long)before)));
}

static void fill(struct page *page, const struct audit_lines *lines, struct audit_view *view)
{
    view->lines = (struct audit_row_lines){ARENA_ARRAY(page->arena, lines->n + 1, struct audit_row_line), lines->n};
    for (size_t i = 0; i < lines->n; i++) {
        struct audit_line *line = &lines->p[i];
        enum msg act = desk_word("act", line->act);
        view->lines.p[i] = (struct audit_row_line){
            .line = line, .act = act == MSG_none ? line->act : msg_text(page->arena, page->lang, act),
            .subject = desk_subject(page, line->subject), .was = desk_values(page, line->was), .became = desk_values(page, line->became)};
    }
    view->searched = true;
    view->unknown = lines->unknown;
    view->more = lines->more;
    if (lines->more)
        view->older = older_url(page, &view->form, lines->p[lines->n - 1].id);
}

static bool search(struct page *page, struct audit_view *view)
{
    const struct audit_form *form = &view->form;
    struct audit_question question = {.from = form->from.v, .to = form->to.v, .email = form->email.v,
                                      .before_id = page_query_int(page, "avant", 0)};
    struct staff_caller caller = page_staff_caller(page);
    struct audit_lines lines = {.n = 0};
    struct fault fault = {.err = OK};
    (void)str_int(form->staff.value, &question.staff_id);
    enum err err = audit_log(page_service(page), page->arena, &caller, &question, &lines, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    fill(page, &lines, view);
    return true;
}

void audit_page(struct page *page)
{
    struct audit_view view = {.searched = false};
    if (!page_staff_need(page, TASK_AUDIT) || !prepare(page, &view))
        return;
    if (!read_form(page, &view))
        page->response->status = 422;
    else if (!search(page, &view))
        return;
    page->wide = true;
    account_title(page, MSG_audit_title, &view.form.head);
    tpl_staff_audit(page_out(page), page, &view);
}
