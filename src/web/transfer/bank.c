/* The bank's statements: a file comes in, a person decides what the rule does not (CRT-5, OPS-5). */
#include "domain/reference.h"
#include "templates.h"
#include "web/transfer/common.h"
#include "web/transfer/pages.h"

/* A file may hold a year of a bank: it is read whole and matched line by line. */
enum { FILES = 60, FILES_SECONDS = 600 };

static const struct choice CHOICES_OPEN[] = {
    {"accepter", MSG_transfer_bank_accept},   {"affecter", MSG_transfer_bank_assign},
    {"compte", MSG_transfer_bank_counted},    {"ecarter", MSG_transfer_bank_dismiss},
    {"reprendre", MSG_transfer_bank_reopen},
};
/* In the order of the choices above. */
static const enum bank_choice chosen[] = {BANK_ACCEPT, BANK_ASSIGN, BANK_COUNTED, BANK_DISMISS, BANK_REOPEN};

static const struct field_spec ENTRY[] = {
    F_CHOICE(struct bank_form, choice, "decision", MSG_transfer_bank_decision, .required = true, .radio = true),
    F_TEXT(struct bank_form, ref, "commande", MSG_transfer_bank_order, .max = 20, .hint = MSG_transfer_bank_order_hint),
    F_WHY(struct bank_form, .hint = MSG_transfer_bank_reason_hint),
};

static struct bank_lines lines_of(struct page *page, const struct bank_rows *rows)
{
    struct bank_lines lines = {ARENA_ARRAY(page->arena, rows->n + 1, struct bank_line), rows->n};
    for (size_t i = 0; i < rows->n; i++)
        lines.p[i] = (struct bank_line){&rows->p[i], transfer_word("found", rows->p[i].found)};
    return lines;
}

static bool load_lists(struct page *page, struct bank_lists *lists)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = bank_list(page_service(page), page->arena, &caller, lists, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show(struct page *page, struct bank_view *view)
{
    struct bank_lists *lists = ARENA_NEW(page->arena, struct bank_lists);
    if (!load_lists(page, lists))
        return;
    view->proposed = lines_of(page, &lists->proposed);
    view->unmatched = lines_of(page, &lists->unmatched);
    view->matched = lines_of(page, &lists->matched);
    view->dismissed = lines_of(page, &lists->dismissed);
    view->files = (struct bank_files){lists->files, lists->file_count};
    bool failed = view->file_error != MSG_none;
    struct str title = msg_text(page->arena, page->lang, MSG_transfer_bank);
    if (failed)
        page->response->status = 422;
    page->nav = S("service-virements");
    page->title = failed ? msg_text(page->arena, page->lang, MSG_transfer_title_error, ARG("title", title)) : title;
    tpl_transfer_bank(page_out(page), page, view);
}

void bank_page(struct page *page)
{
    struct bank_view view = {.file_error = MSG_none};
    if (page_staff_need(page, TASK_BANK_IMPORT))
        show(page, &view);
}

static enum msg trouble_message(const struct bank_import *result)
{
    if (result->refusal == BANK_NOT_OURS)
        return MSG_transfer_bank_not_ours;
    switch (result->problem.trouble) {
    case BANK_UNKNOWN: return MSG_transfer_bank_unknown;
    case BANK_TOO_LARGE: return MSG_transfer_bank_too_large;
    case BANK_BALANCE: return MSG_transfer_bank_balance;
    case BANK_DAMAGED:
    case BANK_FORBIDDEN:
    case BANK_FIELD: break;
    }
    return MSG_transfer_bank_damaged;
}

void bank_file_sent(struct page *page)
{
    struct bank_view view = {.file_error = MSG_none};
    if (!page_staff_need(page, TASK_BANK_IMPORT))
        return;
    const struct upload *file = uploads_get(page->request->files, S("fichier"));
    if (file == NULL) {
        view.file_error = MSG_transfer_bank_file_missing;
        show(page, &view);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    if (!page_allow(page, "bank", str_format(page->arena, "%lld", (long long)caller.staff_id), FILES, FILES_SECONDS))
        return;
    struct bank_import result;
    struct fault fault = {.err = OK};
    enum err err = bank_import(page_service(page), page->arena, &caller, file->file_name, file->bytes, &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (result.refusal != BANK_NOT_REFUSED) {
        view.file_error = trouble_message(&result);
        if (result.refusal == BANK_FILE) {
            view.error_line = result.problem.position;
            view.error_text = str_dup(page->arena, str_of(result.problem.fault.text));
        }
        show(page, &view);
        return;
    }
    page_flash(page, result.fresh == 0 ? FLASH_INFO : FLASH_SUCCESS,
               result.fresh == 0                            ? MSG_transfer_bank_nothing_new
               : result.proposed + result.unmatched > 0     ? MSG_transfer_bank_imported_look
                                                            : MSG_transfer_bank_imported);
    page_redirect(page, page_url(page, "/service/releves"));
}

/* ---- One entry -------------------------------------------------------------------------------------------------- */

static const struct bank_row *find_in(const struct bank_rows *rows, int64_t id)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->p[i].id == id)
            return &rows->p[i];
    return NULL;
}

/* What can be decided of this entry, the likeliest first. */
static void offer(struct page *page, struct bank_entry_view *view)
{
    const struct bank_row *row = view->line.row;
    struct possibility *p = ARENA_ARRAY(page->arena, 5, struct possibility);
    size_t n = 0;
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
        bool fits = chosen[i] == BANK_REOPEN    ? view->dismissed
                    : view->dismissed           ? false
                    : chosen[i] == BANK_ACCEPT  ? !str_empty(row->ref)
                    : chosen[i] == BANK_COUNTED ? row->by_hand
                                                : true;
        if (fits)
            p[n++] = (struct possibility){.value = str_of(CHOICES_OPEN[i].value), .label = CHOICES_OPEN[i].label};
    }
    view->form.choice.f.possible = (struct possibilities){p, n};
}

static bool load_entry(struct page *page, struct bank_entry_view *view)
{
    int64_t id = 0;
    struct bank_lists *lists = ARENA_NEW(page->arena, struct bank_lists);
    if (!page_staff_need(page, TASK_BANK_IMPORT) || !transfer_captured_id(page, &id) || !load_lists(page, lists))
        return false;
    const struct bank_row *row = find_in(&lists->proposed, id);
    if (row == NULL)
        row = find_in(&lists->unmatched, id);
    if (row == NULL) {
        row = find_in(&lists->dismissed, id);
        view->dismissed = row != NULL;
    }
    if (row == NULL) { /* somebody, or the same form a moment ago, has decided: the list says what is left */
        page_flash(page, FLASH_INFO, MSG_transfer_decided);
        page_redirect(page, page_url(page, "/service/releves"));
        return false;
    }
    view->line = (struct bank_line){row, transfer_word("found", row->found)};
    offer(page, view);
    return true;
}

static void show_entry(struct page *page, struct bank_entry_view *view)
{
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    page->nav = S("service-virements");
    account_title(page, MSG_transfer_bank_entry, &view->form.head);
    tpl_transfer_bank_entry(page_out(page), page, view);
}

void bank_entry_page(struct page *page)
{
    struct bank_entry_view view = {.dismissed = false};
    if (!load_entry(page, &view))
        return;
    form_blank(page->arena, FORM(ENTRY, view.form));
    show_entry(page, &view);
}

/* The order that was typed, in its stored form; the proposed one when none was. */
static bool read_ref(struct bank_form *form, struct page *page, enum bank_choice choice, struct str *ret_ref)
{
    char reference[REFERENCE_SIZE];
    *ret_ref = (struct str){"", 0};
    if (choice != BANK_ASSIGN)
        return true;
    if (!reference_parse(form->ref.v, reference)) {
        form_refuse(&form->head, &form->ref.f, MSG_transfer_bank_no_order);
        return false;
    }
    *ret_ref = str_dup(page->arena, str_of(reference));
    return true;
}

static enum bank_choice choice_of(struct str value)
{
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        if (str_eq(value, str_of(CHOICES_OPEN[i].value)))
            return chosen[i];
    return BANK_DISMISS;
}

void bank_entry_sent(struct page *page)
{
    struct bank_entry_view view = {.dismissed = false};
    if (!load_entry(page, &view))
        return;
    struct str ref = {0};
    bool good = form_read(page->arena, page->request->form, FORM(ENTRY, view.form));
    enum bank_choice choice = choice_of(view.form.choice.value);
    if (!good || !read_ref(&view.form, page, choice, &ref)) {
        show_entry(page, &view);
        return;
    }
    struct bank_decision decision = {.entry_id = view.line.row->id, .choice = choice, .ref = ref,
                                     .reason = view.form.reason.v};
    struct staff_caller caller = page_staff_caller(page);
    struct bank_decided decided;
    struct fault fault = {.err = OK};
    enum err err = bank_decide(page_service(page), page->arena, &caller, &decision, &decided, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (decided.refusal == BANK_NO_ORDER) {
        form_refuse(&view.form.head, &view.form.ref.f, MSG_transfer_bank_no_order);
        show_entry(page, &view);
    } else if (decided.refusal != BANK_NOT_REFUSED) {
        form_refuse_all(&view.form.head, MSG_transfer_decided);
        show_entry(page, &view);
    } else {
        page_flash(page, FLASH_SUCCESS, MSG_transfer_bank_decided);
        page_redirect(page, page_url(page, "/service/releves"));
    }
}
