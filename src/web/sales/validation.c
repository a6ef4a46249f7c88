/* Order validation in one page: accompanying persons, attribution, terms, payment (CRT-2, CRT-3, COM-2). */
#include "web/sales/validation.h"

#include "service/payment.h"
#include "templates.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"
#include "web/transfer/common.h"

/* ---- Reading ---------------------------------------------------------------------------------------------------- */

bool checkout_load_contacts(struct page *page, struct checkout *checkout)
{
    struct fault fault = {.err = OK};
    enum err err = contact_list(page_service(page), page->arena, page_caller(page), &checkout->contacts, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

bool checkout_load(struct page *page, struct checkout *ret_checkout)
{
    struct service *service = page_service(page);
    *ret_checkout = (struct checkout){.settings = page_settings(page)};
    if (ret_checkout->settings == NULL || !read_cart(page, &ret_checkout->cart) ||
        !checkout_load_contacts(page, ret_checkout))
        return false;
    struct fault fault = {.err = OK};
    enum err err = leader_list(service, page->arena, page_caller(page), &ret_checkout->leaders, &fault);
    if (err == OK)
        err = legal_text_load(service, page->arena, LEGAL_TERMS, page->lang, page->now, &ret_checkout->terms, &fault);
    if (err != OK)
        page_fail(page, err == ERR_NOT_FOUND ? ERR_BUG : err, &fault);
    return err == OK;
}

/* ---- Showing ---------------------------------------------------------------------------------------------------- */

static struct str full_name(const struct page *page, struct str first, struct str last)
{
    return str_trim(str_format(page->arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static void fill_people(const struct page *page, const struct checkout *checkout, struct validation_view *view)
{
    size_t n = checkout->leaders.n + 1;
    view->guides.p = ARENA_ARRAY(page->arena, n, struct person_choice);
    view->leaders.p = ARENA_ARRAY(page->arena, n, struct person_choice);
    for (size_t i = 0; i < checkout->leaders.n; i++) {
        const struct leader *leader = &checkout->leaders.p[i];
        struct person_choices *list = leader->fields.kind == LEADER_GUIDE ? &view->guides : &view->leaders;
        list->p[list->n++] = (struct person_choice){
            leader->id, full_name(page, leader->fields.first_name, leader->fields.last_name)};
    }
    view->contacts.p = ARENA_ARRAY(page->arena, checkout->contacts.n + 1, struct person_choice);
    for (size_t i = 0; i < checkout->contacts.n; i++) {
        const struct contact *contact = &checkout->contacts.p[i];
        struct str name = full_name(page, contact->fields.first_name, contact->fields.last_name);
        view->contacts.p[view->contacts.n++] = (struct person_choice){
            contact->id, msg_text(page->arena, page->lang, MSG_checkout_contact_choice, ARG("name", name),
                                  ARG("email", contact->fields.email))};
    }
}

static bool is_blamed(const struct validation_result *result, enum refusal refusal, int64_t visit_id)
{
    if (result == NULL || result->refusal != refusal)
        return false;
    for (size_t i = 0; i < result->visit_count; i++)
        if (result->visits[i] == visit_id)
            return true;
    return false;
}

static void fill_visits(const struct page *page, const struct checkout *checkout,
                        const struct validation_result *result, struct validation_view *view)
{
    const struct cart *cart = &checkout->cart;
    view->visits = (struct validation_rows){ARENA_ARRAY(page->arena, cart->n + 1, struct validation_row), cart->n};
    for (size_t i = 0; i < cart->n; i++) {
        const struct cart_visit *visit = &cart->p[i];
        view->visits.p[i] = (struct validation_row){
            .visit = sale_visit_of_cart(page, checkout->settings, cart, i), .needs_leader = visit->needs_leader,
            .guide = str_eq(visit->leader_kind, S("guide")), .priced = visit->priced,
            .ended = visit->ended || is_blamed(result, REFUSED_ENDED, visit->id),
            .leader_missing = is_blamed(result, REFUSED_LEADER_MISSING, visit->id),
            .contact_gone = is_blamed(result, REFUSED_CONTACT, visit->id), .leader_id = visit->leader_id,
            .contact_id = visit->contact_id,
            .in_cart = safe_url_of_path(str_format(page->arena, "%.*s#v%lld", STR_ARG(page_url(page, "/panier")),
                                                   (long long)visit->id))};
    }
}

static struct str leaders_url(const struct page *page)
{
    return page_url(page, "/client/accompagnateurs?retour=validation");
}

/* `view` brings what the form said; the rest is filled here. */
static void show(struct page *page, const struct checkout *checkout, const struct validation_result *result,
                 struct validation_view *view)
{
    bool chosen = str_eq(pairs_get(page->request->form, S("paiement")), S("virement"));
    if (!transfer_choice_fill(page, checkout->settings->contact_groups, chosen, &view->transfer))
        return;
    fill_people(page, checkout, view);
    fill_visits(page, checkout, result, view);
    view->total = checkout->cart.total;
    view->first_end = checkout->cart.first_end;
    view->hold = view->first_end != 0;
    view->left = view->first_end - page->now;
    view->buyer_email = page_session(page)->email;
    view->service_email = checkout->settings->contact_groups;
    view->terms_version = checkout->terms.version;
    view->leaders_page = safe_url_of_path(leaders_url(page));
    view->shown = checkout_shown(page, &checkout->cart);
    if (str_empty(view->key))
        view->key = page_request_key(page);
    if (result != NULL)
        view->refusal = result->refusal;
    view->heading = view->problem != MSG_none ? view->problem : refusal_message(view->refusal);
    bool failed = view->heading != MSG_none || view->contact.head.error_count > 0;
    struct str title = msg_text(page->arena, page->lang, MSG_checkout_title);
    page->title = failed ? msg_text(page->arena, page->lang, MSG_checkout_title_error, ARG("title", title)) : title;
    page->nav = S("panier");
    if (failed)
        page->response->status = 422;
    tpl_sales_validation(page_out(page), page, view);
}

void validation_page(struct page *page)
{
    struct checkout checkout;
    if (!checkout_load(page, &checkout))
        return;
    if (checkout.cart.n == 0) {
        page_redirect(page, page_url(page, "/panier"));
        return;
    }
    struct validation_view view = {.problem = MSG_none};
    new_contact_blank(page, &checkout.cart, &view.contact);
    show(page, &checkout, NULL, &view);
}

/* ---- On the way to other people --------------------------------------------------------------------------------- */

static bool keep(struct page *page, const struct checkout *checkout)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = checkout_keep(page_service(page), page->arena, &caller, checkout_choices(page, &checkout->cart),
                                 checkout->cart.n, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void go_to_leaders(struct page *page, const struct checkout *checkout)
{
    if (keep(page, checkout))
        page_redirect(page, leaders_url(page));
}

static void create_contact(struct page *page, struct checkout *checkout, struct validation_view *view)
{
    bool failed = false;
    bool created = new_contact_read(page, &checkout->cart, &view->contact) &&
                   new_contact_create(page, checkout, &view->contact, &failed);
    if (failed || !keep(page, checkout))
        return;
    if (created) {
        new_contact_blank(page, &checkout->cart, &view->contact);
        page->flashes = (struct flashes){ARENA_NEW(page->arena, struct flash), 1};
        page->flashes.p[0] = (struct flash){FLASH_SUCCESS, MSG_checkout_contact_created};
    }
    view->contact_open = !created;
    show(page, checkout, NULL, view);
}

/* ---- The order -------------------------------------------------------------------------------------------------- */

static void go_to_order(struct page *page, struct str ref)
{
    page_redirect(page, page_url(page, "/commandes/{}", ref));
}

static void go_to_payment(struct page *page, struct str ref)
{
    struct caller caller = page_caller(page);
    struct payment_page payment = {.refusal = REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = payment_open(page_service(page), page->arena, &caller, ref, &payment, &fault);
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
    go_to_order(page, ref);
}

/* A form that does not show what the cart holds now is not an order. An empty cart is left to the service, which knows
 * the order that the same form has made before. */
static enum msg form_problem(struct page *page, const struct checkout *checkout, const struct validation_view *view)
{
    struct str shown = pairs_get(page->request->form, S("contenu"));
    if (new_contact_begun(&view->contact))
        return MSG_checkout_contact_unsaved;
    if (checkout->cart.n > 0 && !str_eq(shown, checkout_shown(page, &checkout->cart)))
        return MSG_checkout_changed;
    return MSG_none;
}

static void place_order(struct page *page, struct checkout *checkout, struct validation_view *view)
{
    (void)new_contact_read(page, &checkout->cart, &view->contact);
    view->terms_missing = !view->terms_accepted;
    view->problem = form_problem(page, checkout, view);
    if (view->problem != MSG_none) {
        view->contact_open = view->problem == MSG_checkout_contact_unsaved;
        show(page, checkout, NULL, view);
        return;
    }
    new_contact_blank(page, &checkout->cart, &view->contact);
    struct validation validation = {
        .choices = checkout_choices(page, &checkout->cart), .choice_count = checkout->cart.n,
        .terms_version = view->terms_accepted ? checkout->terms.version : (struct str){0},
        .transfer = str_eq(pairs_get(page->request->form, S("paiement")), S("virement")), .request_key = view->key};
    struct caller caller = page_caller(page);
    struct validation_result result = {.refusal = REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = order_place(page_service(page), page->arena, &caller, &validation, &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (result.refusal == REFUSED_CART_EMPTY) {
        page_flash(page, FLASH_ERROR, MSG_refusal_cart_empty);
        page_redirect(page, page_url(page, "/panier"));
    } else if (result.refusal != REFUSED_NOT) {
        show(page, checkout, &result, view);
    } else if (result.to_pay && page->acting) {
        order_mail_link(page, result.order_ref, view->key);
    } else if (result.to_pay) {
        go_to_payment(page, result.order_ref);
    } else {
        go_to_order(page, result.order_ref);
    }
}

void validation_sent(struct page *page)
{
    struct checkout checkout;
    struct str key = page_sent_key(page);
    if (str_empty(key)) {
        page_error(page, 400);
        return;
    }
    if (!checkout_load(page, &checkout))
        return;
    checkout_read_choices(page, &checkout.cart);
    struct validation_view view = {
        .problem = MSG_none, .key = key,
        .terms_accepted = str_eq(pairs_get(page->request->form, S("cgv")), checkout.terms.version)};
    struct str action = pairs_get(page->request->form, S("action"));
    if (str_eq(action, S("creer-contact")))
        create_contact(page, &checkout, &view);
    else if (str_eq(action, S("accompagnateurs")))
        go_to_leaders(page, &checkout);
    else
        place_order(page, &checkout, &view);
}
