/* Changing a paid visit (OPT-6): persons and day are asked for with a GET, the slot is chosen among those of that day
 * with the difference in price shown, and sent with a POST. A refusal shows the page again with all that was typed. */
#include "base/limits.h"
#include "service/customer.h"
#include "service/payment.h"
#include "service/planning.h"
#include "service/pricing.h"
#include "templates.h"
#include "web/catalogue/common.h"
#include "web/change/pages.h"
#include "web/change/views.h"
#include "web/sales/words.h"
#include "web/views.h"

enum { REASON_MAX = 400 };

static const struct field_spec WISH[] = {
    F_INT(struct visit_wish_form, persons, "personnes", MSG_planning_persons, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS),
    F_DAY(struct visit_wish_form, day, "jour", MSG_option_change_day, .required = true),
    F_TEXT(struct visit_wish_form, reason, "motif", MSG_change_reason, .max = REASON_MAX,
           .hint = MSG_change_reason_hint),
};
/* A customer gives no reason, so there is no field for one. */
enum { WISHES_OF_CUSTOMERS = 2, WISHES_OF_STAFF = 3 };

static size_t wishes(const struct visit_change_view *view)
{
    return view->staff ? WISHES_OF_STAFF : WISHES_OF_CUSTOMERS;
}

static enum msg refusal_words(enum change_refusal refusal)
{
    switch (refusal) {
    case CHANGE_NOT_REFUSED:
    case CHANGE_PLACES: return MSG_none;
    case CHANGE_GONE: return MSG_change_refusal_gone;
    case CHANGE_UNDATED: return MSG_change_refusal_undated;
    case CHANGE_SCANNED: return MSG_change_refusal_scanned;
    case CHANGE_OVER: return MSG_change_refusal_over;
    case CHANGE_LATE: return MSG_change_refusal_late;
    case CHANGE_PAYING: return MSG_change_refusal_paying;
    case CHANGE_SAME: return MSG_change_refusal_same;
    case CHANGE_PRICE: return MSG_change_refusal_price;
    case CHANGE_CREDIT: return MSG_change_refusal_credit;
    case CHANGE_SPLIT: return MSG_change_refusal_split;
    case CHANGE_DESK: return MSG_change_refusal_desk;
    }
    return MSG_none;
}

/* ---- The visit -------------------------------------------------------------------------------------------------- */

struct change_page {
    struct change_view visit;
    struct visit_change_view view;
};

/* The visit of the address, or the page has ended. */
static bool read_visit(struct page *page, struct change_page *c)
{
    struct str ref = {0};
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return false;
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = order_change_look(page_service(page), page->arena, &caller, ref, visit_id, &c->visit, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    const struct change_view *visit = &c->visit;
    c->view.ref = ref;
    c->view.visit_id = visit_id;
    c->view.slug = visit->monument_slug;
    c->view.name = visit->monument_name;
    c->view.head = visit_when_head(page, visit->kind, visit->start_at, 0);
    c->view.persons = visit->persons;
    c->view.price = visit->price;
    c->view.until = visit->until;
    c->view.last_day = local_of(page->zone, visit->until - 1).day;
    c->view.days_before = visit->days_before;
    c->view.staff = caller.staff_id != 0;
    c->view.late = visit->late;
    c->view.blocked = refusal_words(visit->refusal);
    c->view.change_ref = visit->change_ref;
    return true;
}

/* ---- Its slots and its price ------------------------------------------------------------------------------------ */

/* In its own slot the visit has its places already. */
static struct change_slot slot_of(const struct page *page, const struct change_page *c,
                                  const struct planning_slot *slot, int persons, instant chosen)
{
    const struct change_view *visit = &c->visit;
    struct change_slot view = {.start = slot->start, .minute = slot->minute, .whole_day = slot->whole_day,
                               .current = slot->start == visit->start_at, .chosen = slot->start == chosen,
                               .possible = slot->can_cart};
    int left = slot->left + (view.current ? visit->persons : 0);
    bool places = slot->state == SLOT_FREE || slot->state == SLOT_SHORT || slot->state == SLOT_FULL;
    if (view.current && places) {
        view.possible = left >= persons;
        view.word = msg_text(page->arena, page->lang, view.possible ? MSG_state_free : MSG_state_short, ARG("n", left));
    } else {
        view.word = slot_state_words(page, slot->state, left);
    }
    return view;
}

static bool read_slots(struct page *page, struct change_page *c, instant chosen)
{
    struct caller caller = page_caller(page);
    struct visit_change_view *view = &c->view;
    struct fault fault = {.err = OK};
    struct planning planning = {.verdict = REFUSED_NOT};
    struct planning_range range = {
        .slug = c->visit.monument_slug, .from = view->form.day.v, .to = view->form.day.v,
        .group = {.persons = (int)view->form.persons.v, .audience = c->visit.audience,
                  .guided = c->visit.leader == LEADER_GUIDE}};
    enum err err = planning_read(page_service(page), page->arena, &caller, range, &planning, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    if (planning.verdict != REFUSED_NOT) {
        struct place_result result = {.refusal = planning.verdict, .minimum = planning.minimum,
                                      .maximum = planning.maximum, .guide_helps = planning.guide_helps};
        view->refusal = str_empty(view->refusal) ? place_refusal_words(page, &result) : view->refusal;
        return true;
    }
    view->slots.p = ARENA_ARRAY(page->arena, planning.slots.n + 1, struct change_slot);
    for (size_t i = 0; i < planning.slots.n; i++) {
        struct change_slot slot = slot_of(page, c, &planning.slots.p[i], range.group.persons, chosen);
        view->any = view->any || slot.possible;
        view->slots.p[view->slots.n++] = slot;
    }
    return true;
}

static bool read_price(struct page *page, struct change_page *c)
{
    struct visit_change_view *view = &c->view;
    struct caller caller = page_caller(page);
    struct change_quote quote = {.given = false};
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return false;
    enum err err = order_change_quote(page_service(page), page->arena, &caller, &c->visit, (int)view->form.persons.v,
                                      view->form.day.v, &quote, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->priced = quote.given;
    if (!quote.given)
        return true;
    view->new_price = quote.price.total;
    view->signed_difference = quote.difference;
    view->dearer = quote.difference > 0;
    view->cheaper = quote.difference < 0;
    view->difference = cents(quote.difference < 0 ? -quote.difference : quote.difference);
    view->no_credit = quote.no_credit;
    view->lines = sale_lines_of_price(page, settings, &quote.price);
    return true;
}

static void show(struct page *page, struct change_page *c, instant chosen)
{
    struct visit_change_view *view = &c->view;
    view->key = page_request_key(page);
    view->asked = view->blocked == MSG_none && view->form.head.error_count == 0;
    if (view->asked && (!read_slots(page, c, chosen) || (view->slots.n > 0 && !read_price(page, c))))
        return;
    page->title = msg_text(page->arena, page->lang, MSG_change_title);
    page->nav = S("commandes");
    tpl_change_visit(page_out(page), page, view);
}

/* ---- The page --------------------------------------------------------------------------------------------------- */

static bool read_wish(struct page *page, struct pairs sent, struct visit_change_view *view)
{
    bool good = form_read(page->arena, sent, WISH, wishes(view), &view->form.head);
    if (view->staff && view->late && str_empty(view->form.reason.v) && view->form.reason.f.error == MSG_none) {
        form_refuse(&view->form.head, &view->form.reason.f, MSG_change_reason_needed);
        good = false;
    }
    return good;
}

void visit_change_page(struct page *page)
{
    struct change_page c = {.view = {.blocked = MSG_none}};
    if (!read_visit(page, &c))
        return;
    struct pairs query = page->request->query;
    if (pairs_has(query, S("personnes")) || pairs_has(query, S("jour"))) {
        if (!read_wish(page, query, &c.view))
            page->response->status = 422;
    } else {
        form_blank(page->arena, WISH, wishes(&c.view), &c.view.form.head);
        field_set_int(page->arena, &c.view.form.persons, c.visit.persons);
        field_set_day(page->arena, &c.view.form.day, local_of(page->zone, c.visit.start_at).day);
        c.view.form.persons.v = c.visit.persons;
    }
    show(page, &c, c.visit.start_at);
}

/* ---- The change ------------------------------------------------------------------------------------------------- */

static void go_on(struct page *page, const struct visit_change_result *result)
{
    struct caller caller = page_caller(page);
    struct payment_page payment = {.refusal = REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (result->to_pay && page->acting) { /* customer service never pays in a customer's name */
        enum refusal refusal = REFUSED_NOT;
        struct str key = str_join2(page->arena, page_sent_key(page), S(".lien"));
        enum err err = customer_payment_link(page_service(page), page->arena, &caller, result->order_ref, key, &refusal,
                                             &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        page_flash(page, refusal == REFUSED_NOT ? FLASH_SUCCESS : FLASH_ERROR,
                   refusal == REFUSED_NOT ? MSG_acting_link_sent : refusal_message(refusal));
    } else if (result->to_pay) {
        enum err err = payment_open(page_service(page), page->arena, &caller, result->order_ref, &payment, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (payment.refusal == REFUSED_NOT) {
            response_redirect_external(page->response, payment.url);
            return;
        }
        if (payment.refusal != REFUSED_PAID)
            page_flash(page, FLASH_ERROR, refusal_message(payment.refusal));
    } else {
        page_flash(page, FLASH_SUCCESS, MSG_change_done);
    }
    page_redirect(page, page_url(page, "/commandes/{}", result->order_ref));
}

static int64_t number_sent(const struct page *page, const char *name)
{
    int64_t number = 0;
    bool good = str_int(pairs_get(page->request->form, str_of(name)), &number);
    return good && number > -((int64_t)1 << 40) && number < (int64_t)1 << 40 ? number : 0;
}

static struct str words_of(const struct page *page, const struct visit_change_result *result)
{
    if (result->refusal == CHANGE_PLACES)
        return place_refusal_words(page, &result->place);
    return msg_text(page->arena, page->lang, refusal_words(result->refusal));
}

void visit_change_sent(struct page *page)
{
    struct change_page c = {.view = {.blocked = MSG_none}};
    if (!read_visit(page, &c))
        return;
    bool good = read_wish(page, page->request->form, &c.view);
    instant start = number_sent(page, "debut");
    struct str key = page_sent_key(page);
    if (good && start > 0 && !str_empty(key)) {
        struct caller caller = page_caller(page);
        struct visit_change_result result = {.refusal = CHANGE_NOT_REFUSED};
        struct fault fault = {.err = OK};
        struct visit_change change = {
            .order_ref = c.view.ref, .visit_id = c.view.visit_id, .start_at = start,
            .persons = (int)c.view.form.persons.v, .difference = number_sent(page, "ecart"),
            .reason = c.view.staff ? c.view.form.reason.v : S(""), .request_key = key};
        enum err err = order_change(page_service(page), page->arena, &caller, &change, &result, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (result.refusal == CHANGE_NOT_REFUSED) {
            go_on(page, &result);
            return;
        }
        c.view.refusal = words_of(page, &result);
        /* What blocks everything is said once, by the page itself. */
        if (c.view.blocked != MSG_none)
            c.view.refusal = (struct str){0};
    } else if (good) {
        c.view.refusal = msg_text(page->arena, page->lang, MSG_option_change_choose);
    }
    page->response->status = 422;
    show(page, &c, start);
}
