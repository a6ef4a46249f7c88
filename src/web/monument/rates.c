/* Prices with their days: what applies, what is announced, what was. */
#include "service/pricing.h"
#include "templates.h"
#include "web/monument/common.h"

/* Audience and code in one choice: not every pair is a price. */
static const struct choice kinds[] = {{"adults-full", MSG_rate_adults_full},
                                      {"adults-group", MSG_rate_adults_group},
                                      {"school-school", MSG_rate_school},
                                      {"special-school", MSG_rate_special}};
static const struct {
    enum audience audience;
    const char *code;
} kind_values[] = {{AUDIENCE_ADULTS, "full"}, {AUDIENCE_ADULTS, "group"}, {AUDIENCE_SCHOOL, "school"},
                   {AUDIENCE_SPECIAL, "school"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct field_spec RATE[] = {
    F_CHOICE(struct rate_form, kind, "genre", MSG_rate_kind, .required = true, CHOICES(kinds)),
    F_TEXT(struct rate_form, amount, "montant", MSG_rate_amount, .required = true, .max = 12,
           .hint = MSG_rate_amount_hint),
    F_INT(struct rate_form, persons, "personnes", MSG_rate_persons, .required = true, .min = 1, .max = 1000,
          .hint = MSG_rate_persons_hint),
    F_DAY(struct rate_form, from, "du", MSG_rate_from, .required = true, .hint = MSG_rate_from_hint),
    F_CHOICE(struct rate_form, vat, "tva", MSG_rate_vat, .required = true),
};
static const struct field_spec END[] = {
    F_DAY(struct sheet_form, day, "dernier", MSG_rate_last, .required = true, .hint = MSG_rate_last_hint)};

/* «12», «12,5», «12.50» euros. */
static bool euros_parse(struct str text, struct cents *ret_amount)
{
    struct str rest = str_trim(text);
    size_t point = str_find(rest, ',', 0);
    char separator = point == SIZE_MAX ? '.' : ',';
    struct str whole = str_cut(&rest, separator);
    int64_t euros = 0, part = 0;
    if (!str_int(whole, &euros) || euros < 0 || euros > PRICE_CENTS || rest.n > 2 ||
        (rest.n > 0 && (!str_int(rest, &part) || part < 0)))
        return false;
    *ret_amount = cents(euros * 100 + (rest.n == 1 ? part * 10 : part));
    return true;
}

static struct str kind_name(const struct page *page, const struct tariff *tariff)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kind_values[i].audience == tariff->audience && str_eq(str_of(kind_values[i].code), tariff->code))
            return msg_text(page->arena, page->lang, kinds[i].label);
    return tariff->code;
}

static void fill(struct page *page, struct rate_view *view, const struct monument_prices *prices)
{
    view->unsold = prices->unsold;
    view->rows = (struct rate_rows){ARENA_ARRAY(page->arena, prices->rows.n + 1, struct rate_row), prices->rows.n};
    for (size_t i = 0; i < prices->rows.n; i++) {
        const struct rate_kept *row = &prices->rows.p[i];
        struct str name = kind_name(page, &row->tariff);
        view->rows.p[i] = (struct rate_row){.row = row, .name = name, .open = row->tariff.valid_to == TARIFF_NO_END,
                                            .first = i == 0 || !str_eq(name, view->rows.p[i - 1].name)};
    }
    struct possibilities *possible = &view->form.vat.f.possible;
    *possible = (struct possibilities){ARENA_ARRAY(page->arena, prices->vat.n + 1, struct possibility), prices->vat.n};
    for (size_t i = 0; i < prices->vat.n; i++) {
        const struct vat_choice *vat = &prices->vat.p[i];
        struct str rate = str_format(page->arena, "%d,%02d %%", vat->rate_bp / 100, vat->rate_bp % 100);
        possible->p[i] = (struct possibility){.value = vat->code, .text = vat->rate_bp > 0 ? rate : vat->mention};
    }
}

static bool open_rates(struct page *page, struct rate_view *view, struct monument_prices *prices)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_TARIFFS, "tarifs", MSG_rate_title, &view->frame, NULL))
        return false;
    enum err err = monument_prices_read(page_service(page), page->arena, &caller, view->frame.id, prices, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    fill(page, view, prices);
    return true;
}

static void show(struct page *page, struct rate_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_rates(page_out(page), page, view);
}

void rate_page(struct page *page)
{
    struct rate_view view = {.unsold = false};
    struct monument_prices prices;
    if (!open_rates(page, &view, &prices))
        return;
    form_blank(page->arena, FORM(RATE, view.form));
    field_set_int(page->arena, &view.form.persons, 1);
    if (prices.vat.n == 1)
        field_set_choice(&view.form.vat, prices.vat.p[0].code);
    show(page, &view);
}

static void refuse(struct rate_form *form, enum price_fault wrong)
{
    switch (wrong) {
    case PRICE_KIND: form_refuse(&form->head, &form->kind.f, MSG_form_choice); break;
    case PRICE_AMOUNT: form_refuse(&form->head, &form->amount.f, MSG_rate_amount_wrong); break;
    case PRICE_PERSONS: form_refuse(&form->head, &form->persons.f, MSG_form_number); break;
    case PRICE_VAT: form_refuse(&form->head, &form->vat.f, MSG_form_choice); break;
    case PRICE_SAME_DAY: form_refuse(&form->head, &form->from.f, MSG_rate_same_day); break;
    default: form_refuse(&form->head, &form->from.f, MSG_rate_from_wrong); break;
    }
}

void rate_sent(struct page *page)
{
    struct rate_view view = {.unsold = false};
    struct monument_prices prices;
    struct staff_caller caller = page_staff_caller(page);
    enum price_fault wrong = PRICE_GOOD;
    struct fault fault = {.err = OK};
    if (!open_rates(page, &view, &prices))
        return;
    if (form_read(page->arena, page->request->form, FORM(RATE, view.form))) {
        struct rate_form *form = &view.form;
        struct tariff tariff = {.audience = kind_values[form->kind.v].audience,
                                .code = str_of(kind_values[form->kind.v].code), .min_persons = (int)form->persons.v,
                                .vat_code = form->vat.value, .valid_from = form->from.v};
        enum err err = OK;
        if (!euros_parse(form->amount.v, &tariff.amount))
            wrong = PRICE_AMOUNT;
        else
            err = monument_price_add(page_service(page), page->arena, &caller, view.frame.id, &tariff, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == PRICE_GOOD) {
            work_done(page, &view.frame, S("/tarifs"), MSG_rate_added);
            return;
        }
        refuse(form, wrong);
    }
    page->response->status = 422;
    show(page, &view);
}

void rate_removed(struct page *page)
{
    struct work_frame frame;
    struct staff_caller caller = page_staff_caller(page);
    enum price_fault wrong = PRICE_GOOD;
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!work_open(page, TASK_TARIFFS, "tarifs", MSG_rate_title, &frame, NULL) || !work_id(page, "tarif", &id))
        return;
    enum err err = monument_price_remove(page_service(page), page->arena, &caller, frame.id, id, &wrong, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (wrong == PRICE_GOOD) {
        work_done(page, &frame, S("/tarifs"), MSG_rate_removed);
        return;
    }
    page_flash(page, FLASH_ERROR, MSG_rate_running);
    page_redirect(page, work_url(page, &frame, "/tarifs"));
}

/* ---- an end ---- */

static bool find(struct page *page, struct rate_end_view *view)
{
    struct rate_view all = {.unsold = false};
    struct monument_prices *prices = ARENA_NEW(page->arena, struct monument_prices);
    if (!open_rates(page, &all, prices) || !work_id(page, "tarif", &view->id))
        return false;
    view->frame = all.frame;
    view->frame.title = msg_text(page->arena, page->lang, MSG_rate_end);
    for (size_t i = 0; i < all.rows.n; i++)
        if (all.rows.p[i].row->id == view->id) {
            view->row = all.rows.p[i];
            return true;
        }
    page_error(page, 404);
    return false;
}

static void show_end(struct page *page, struct rate_end_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_rate_end(page_out(page), page, view);
}

void rate_end_page(struct page *page)
{
    struct rate_end_view view = {.id = 0};
    if (!find(page, &view))
        return;
    form_blank(page->arena, FORM(END, view.form));
    if (!view.row.open)
        field_set_day(page->arena, &view.form.day, view.row.row->tariff.valid_to);
    show_end(page, &view);
}

void rate_end_sent(struct page *page)
{
    struct rate_end_view view = {.id = 0};
    struct staff_caller caller = page_staff_caller(page);
    enum price_fault wrong = PRICE_GOOD;
    struct fault fault = {.err = OK};
    if (!find(page, &view))
        return;
    if (form_read(page->arena, page->request->form, FORM(END, view.form))) {
        enum err err = monument_price_end(page_service(page), page->arena, &caller, view.frame.id, view.id,
                                          view.form.day.v, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == PRICE_GOOD) {
            work_done(page, &view.frame, S("/tarifs"), MSG_rate_ended);
            return;
        }
        form_refuse(&view.form.head, &view.form.day.f, MSG_rate_last_wrong);
    }
    page->response->status = 422;
    show_end(page, &view);
}
