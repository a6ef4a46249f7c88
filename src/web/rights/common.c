/* Numbers of a form, answers, files: what the pages of this area share. */
#include "web/rights/common.h"

#include "domain/csv.h"
#include "domain/free_number.h"

/* ---- reading ---- */

static struct str cut(struct str typed)
{
    struct str s = str_sub(str_trim(typed), 0, RIGHT_NUMBER_BYTES);
    while (s.n > 0 && !utf8_valid(s))
        s.n--;
    return s;
}

static void add(struct sent_numbers *sent, struct str typed)
{
    struct str number = cut(typed);
    if (number.n > 0 && sent->n <= RIGHT_NUMBERS_MOST)
        sent->p[sent->n++] = number;
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* The first column; a heading has no digit. */
static void add_file(const struct page *page, const struct upload *file, struct sent_numbers *sent)
{
    if (file->bytes.n > STOCK_FILE_BYTES || !utf8_valid(file->bytes)) {
        sent->file_error = MSG_rights_file_wrong;
        return;
    }
    struct csv_reader reader = csv_reader_new(file->bytes);
    struct str field;
    bool first = true;
    size_t before = sent->n;
    for (; sent->n <= RIGHT_NUMBERS_MOST && csv_read_line(&reader, page->arena, &field, 1) > 0; first = false)
        if (!first || has_digit(field))
            add(sent, field);
    if (sent->n == before)
        sent->file_error = MSG_rights_file_empty;
}

struct sent_numbers numbers_sent(const struct page *page)
{
    struct sent_numbers sent = {.p = ARENA_ARRAY(page->arena, RIGHT_NUMBERS_MOST + 2, struct str)};
    const struct pairs form = page->request->form;
    for (size_t i = 0; i < form.n; i++)
        if (str_eq(form.p[i].name, S("numero")))
            add(&sent, form.p[i].value);
    struct str rest = pairs_get(form, S("liste")), typed;
    while (sent.n <= RIGHT_NUMBERS_MOST && free_number_next(&rest, &typed))
        add(&sent, typed);
    const struct upload *file = uploads_get(page->request->files, S("fichier"));
    if (file != NULL)
        add_file(page, file, &sent);
    return sent;
}

int64_t sent_id(const struct page *page, const char *name)
{
    int64_t id = 0;
    return str_int(pairs_get(page->request->form, str_of(name)), &id) && id > 0 ? id : 0;
}

/* ---- showing ---- */

static enum msg fault_message(enum number_fault fault, enum right_kind kind)
{
    static const enum msg messages[NUMBER_FAULTS] = {[NUMBER_GOOD] = MSG_none,
                                                     [NUMBER_SHAPE] = MSG_rights_number_shape,
                                                     [NUMBER_TWICE] = MSG_rights_number_twice,
                                                     [NUMBER_TOO_MANY] = MSG_rights_number_too_many,
                                                     [NUMBER_UNKNOWN] = MSG_rights_number_unknown,
                                                     [NUMBER_USED] = MSG_rights_number_used,
                                                     [NUMBER_EXPIRED] = MSG_rights_number_expired,
                                                     [NUMBER_MONUMENT] = MSG_rights_number_monument,
                                                     [NUMBER_DATED] = MSG_rights_number_dated,
                                                     [NUMBER_FREE] = MSG_rights_number_free,
                                                     [NUMBER_ENDED] = MSG_rights_number_ended,
                                                     [NUMBER_DAYS] = MSG_rights_number_days};
    return kind == RIGHT_PASS && fault == NUMBER_USED ? MSG_rights_pass_used : messages[fault];
}

void numbers_fill(struct page *page, const struct sent_numbers *sent, const struct right_result *result,
                  enum right_kind kind, struct numbers_view *view)
{
    size_t count = sent->n <= RIGHT_NUMBERS_MOST ? sent->n : RIGHT_NUMBERS_MOST;
    size_t wanted = view->needed > 0 ? (size_t)view->needed : (size_t)(view->persons > 0 ? view->persons : 1);
    if (wanted > RIGHT_NUMBERS_MOST)
        wanted = RIGHT_NUMBERS_MOST;
    view->rows = (struct number_rows){ARENA_ARRAY(page->arena, count + wanted + 1, struct number_row),
                                      count > wanted ? count : wanted};
    view->filled = (int)count;
    view->file_error = sent->file_error;
    view->looked = result != NULL && result->count > 0;
    for (size_t i = 0; i < view->rows.n; i++) {
        struct number_row *row = &view->rows.p[i];
        *row = (struct number_row){.number = (int)i + 1, .error = MSG_none};
        if (i < count)
            row->typed = sent->p[i];
        if (result == NULL || i >= result->count)
            continue;
        row->error = fault_message(result->numbers[i].fault, kind);
        row->detail = result->numbers[i].detail;
        row->good = row->error == MSG_none;
        view->faults += !row->good;
    }
}

void people_fill(struct page *page, const struct leaders *leaders, const struct contacts *contacts, bool guided,
                 int64_t leader_id, int64_t contact_id, struct numbers_view *view)
{
    view->guided = guided;
    view->leaders.p = ARENA_ARRAY(page->arena, leaders->n + 1, struct rights_person);
    for (size_t i = 0; i < leaders->n; i++) {
        const struct leader *leader = &leaders->p[i];
        if (guided && leader->fields.kind != LEADER_GUIDE)
            continue;
        view->leaders.p[view->leaders.n++] = (struct rights_person){
            leader->id,
            str_format(page->arena, "%.*s %.*s", STR_ARG(leader->fields.first_name), STR_ARG(leader->fields.last_name)),
            leader->id == leader_id};
    }
    view->contacts.p = ARENA_ARRAY(page->arena, contacts->n + 1, struct rights_person);
    view->contacts.n = contacts->n;
    for (size_t i = 0; i < contacts->n; i++)
        view->contacts.p[i] = (struct rights_person){contacts->p[i].id,
                                                     str_format(page->arena, "%.*s %.*s",
                                                                STR_ARG(contacts->p[i].fields.first_name),
                                                                STR_ARG(contacts->p[i].fields.last_name)),
                                                     contacts->p[i].id == contact_id};
}

struct right_line right_line_of(struct right_row *row)
{
    bool live = str_eq(row->state, S("confirmed"));
    return (struct right_line){row, live ? MSG_rights_state_live : MSG_rights_state_cancelled, live ? "ok" : "bad"};
}

bool rights_id(struct page *page, const char *name, int64_t *ret_id)
{
    int64_t id = 0;
    if (str_int(page_capture(page, name), &id) && id > 0) {
        *ret_id = id;
        return true;
    }
    page_error(page, 404);
    return false;
}

void rights_file(struct page *page, const struct layout_file *file, int64_t id)
{
    response_header(page->response, "Content-Security-Policy", S("default-src 'none'; sandbox"));
    page_document(page, layout_kind_type(file->kind),
                  str_format(page->arena, "maquette-%lld.%s", (long long)id, layout_kind_name(file->kind)), true,
                  file->bytes);
}

struct layout_line layout_line_of(struct layout *layout)
{
    static const enum msg states[LAYOUT_STATES] = {MSG_layout_state_waiting, MSG_layout_state_approved,
                                                   MSG_layout_state_refused, MSG_layout_state_withdrawn};
    static const enum msg kinds[LAYOUT_KINDS] = {MSG_layout_kind_pdf, MSG_layout_kind_png, MSG_layout_kind_jpeg};
    static const char *const tones[LAYOUT_STATES] = {"warn", "ok", "bad", "bad"};
    return (struct layout_line){.layout = layout,
                                .state = states[layout->state],
                                .kind = kinds[layout->kind],
                                .tone = tones[layout->state],
                                .kilobytes = (layout->size + 1023) / 1024,
                                .ends = layout->state == LAYOUT_STATE_WAITING ||
                                        layout->state == LAYOUT_STATE_APPROVED};
}
