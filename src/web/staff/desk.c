/* Customers as customer service sees them: search, newest orders, one page with one line of time (OPS-1). */
#include "service/desk.h"

#include "service/role_words.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/account/countries.h"
#include "web/staff/common.h"
#include "web/staff/desk_words.h"
#include "web/staff/entries.h"
#include "web/staff/pages.h"

static const struct field_spec SEARCH[] = {
    F_TEXT(struct desk_form, text, "q", MSG_desk_text, .required = true, .min = DESK_TEXT_LEAST, .max = DESK_TEXT_MOST,
           .hint = MSG_desk_text_hint),
};

/* An order, or what belongs to one, leads to the order; slots to their day; all else to the customer. */
static struct safe_url hit_url(const struct page *page, const struct desk_hit *hit)
{
    if (hit->found == DESK_SLOT)
        return safe_url_of_path(
            page_url(page, "/service/creneaux/{}/{}", hit->detail, day_iso(page->arena, hit->day)));
    if (hit->found == DESK_ORDER || hit->found == DESK_TICKET || hit->found == DESK_INVOICE)
        return safe_url_of_path(page_url(page, "/service/commandes/{}", hit->detail));
    return safe_url_of_path(page_url(page, "/service/organisations/{}",
                                     str_format(page->arena, "%lld", (long long)hit->organisation_id)));
}

static void fill_hits(struct page *page, const struct desk_hits *hits, struct desk_search_view *view)
{
    static const struct {
        enum msg kind;
        const char *icon;
    } kinds[] = {[DESK_ORGANISATION] = {MSG_desk_found_organisation, "client"},
                 [DESK_PERSON] = {MSG_desk_found_person, "users"},
                 [DESK_ORDER] = {MSG_desk_found_order, "orders"},
                 [DESK_TICKET] = {MSG_desk_found_ticket, "ticket"},
                 [DESK_INVOICE] = {MSG_desk_found_invoice, "invoice"},
                 [DESK_SLOT] = {MSG_desk_found_slot, "calendar"}};
    view->hits = (struct desk_hit_lines){ARENA_ARRAY(page->arena, hits->n + 1, struct desk_hit_line), hits->n};
    for (size_t i = 0; i < hits->n; i++) {
        struct desk_hit *hit = &hits->p[i];
        view->hits.p[i] = (struct desk_hit_line){.hit = hit, .kind = kinds[hit->found].kind,
                                                 .icon = kinds[hit->found].icon, .url = hit_url(page, hit)};
    }
    view->more = hits->more;
}

void desk_search_page(struct page *page)
{
    struct desk_search_view view = {.searched = false};
    if (!page_staff_need(page, TASK_SEARCH))
        return;
    form_blank(page->arena, FORM(SEARCH, view.form));
    if (page->request->query.n > 0 && form_read(page->arena, page->request->query, FORM(SEARCH, view.form))) {
        struct staff_caller caller = page_staff_caller(page);
        struct desk_hits hits = {.n = 0};
        struct fault fault = {.err = OK};
        enum err err = desk_search(page_service(page), page->arena, &caller, view.form.text.v, &hits, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        view.searched = true;
        fill_hits(page, &hits, &view);
    }
    page->nav = S("service-clients");
    account_title(page, MSG_staff_search, &view.form.head);
    tpl_staff_search(page_out(page), page, &view);
}

void desk_orders_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct desk_orders orders = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = desk_orders(page_service(page), page->arena, &caller, &orders, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct desk_order_line *lines = ARENA_ARRAY(page->arena, orders.n + 1, struct desk_order_line);
    struct desk_orders_view view = {.orders = {lines, orders.n}};
    for (size_t i = 0; i < orders.n; i++)
        view.orders.p[i] = (struct desk_order_line){&orders.p[i], desk_word("state", orders.p[i].state),
                                                    desk_tone(orders.p[i].state)};
    page->nav = S("service-commandes");
    account_title(page, MSG_staff_orders, NULL);
    tpl_staff_orders(page_out(page), page, &view);
}

struct desk_entry_lines desk_entry_lines(const struct page *page, const struct desk_entries *entries,
                                         int64_t organisation_id)
{
    struct desk_entry_lines lines = {ARENA_ARRAY(page->arena, entries->n + 1, struct desk_entry_line), entries->n};
    for (size_t i = 0; i < entries->n; i++) {
        struct desk_entry *entry = &entries->p[i];
        lines.p[i] = (struct desk_entry_line){
            .entry = entry, .icon = desk_icon(entry->event), .title = desk_title(page, entry),
            .subject = entry->event == DESK_EVENT_ACT ? desk_subject(page, entry->label) : entry->label,
            .organisation_id = organisation_id, .was = desk_values(page, entry->was),
            .became = desk_values(page, entry->became),
            .has_amount = entry->event == DESK_EVENT_ORDER || entry->event == DESK_EVENT_PAYMENT ||
                          entry->event == DESK_EVENT_REFUND,
            .is_option = entry->event == DESK_EVENT_VISIT && str_eq(entry->word, S("option")),
            .resendable = entry->event == DESK_EVENT_MAIL && !entry->waiting &&
                          !str_ends(entry->word, S("-desk"))};
    }
    return lines;
}

static void fill_customer(struct page *page, struct desk_customer_view *view)
{
    struct desk_customer *customer = &view->customer;
    view->people.p = ARENA_ARRAY(page->arena, customer->people.n + 1, struct desk_person_line);
    view->people.n = customer->people.n;
    for (size_t i = 0; i < customer->people.n; i++)
        view->people.p[i] = (struct desk_person_line){&customer->people.p[i], role_message(customer->people.p[i].role),
                                                      phone_shown(page->arena, customer->people.p[i].phone)};
    view->entries = desk_entry_lines(page, &customer->entries, view->id);
    if (str_eq(customer->organisation.country, S("FR")))
        customer->organisation.registration = siret_shown(page->arena, customer->organisation.registration);
    view->kind = organisation_kind_name(page, customer->organisation.kind);
    view->country = country_name(customer->organisation.country, page->lang);
}

void desk_customer_page(struct page *page)
{
    struct desk_customer_view view = {.kind = {NULL, 0}};
    int64_t id = 0;
    if (!str_int(page_capture(page, "id"), &id)) {
        page_error(page, 404);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = desk_customer(page_service(page), page->arena, &caller, id, &view.customer, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view.id = id;
    fill_customer(page, &view);
    page->nav = S("service-clients");
    page->title = view.customer.organisation.name;
    tpl_staff_customer(page_out(page), page, &view);
}
