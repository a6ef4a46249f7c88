/* «J’ai déjà un billet»: a slot against ticket numbers, typed one by one, pasted or from a file (STK-1). Whatever is
 * wrong, all
 * that was typed stays, each number with its own answer. */
#include "service/stock_booking.h"

#include "templates.h"
#include "web/account/common.h"
#include "web/catalogue/common.h"
#include "web/rights/common.h"
#include "web/sales/words.h"

/* Numbers of others must not be found by trying: so many forms of one organisation in an hour. */
enum { LOOKS = 60, LOOKS_SECONDS = 3600 };

struct asked {
    struct stock_page_view view;
    struct monument monument;
    struct right_wish wish;
    struct sent_numbers sent;
    struct leaders leaders;
    struct contacts contacts;
};

/* ---- what is asked ---- */

static bool read_group(const struct page *page, struct pairs sent, struct asked *a)
{
    int64_t start = 0, persons = 0;
    bool good = str_int(pairs_get(sent, S("debut")), &start) && start > 0 && start < (int64_t)1 << 40 &&
                str_int(pairs_get(sent, S("personnes")), &persons) && persons >= 1 && persons <= RIGHT_NUMBERS_MOST;
    if (!audience_parse(pairs_get(sent, S("public")), &a->wish.audience))
        a->wish.audience = AUDIENCE_ADULTS;
    a->wish.leader = pairs_has(sent, S("guide")) ? LEADER_GUIDE : LEADER_ACCOMPANYING;
    a->wish.start_at = start;
    a->wish.persons = (int)persons;
    (void)page;
    return good;
}

static struct planning_group group_of(const struct asked *a)
{
    return (struct planning_group){
        .persons = a->wish.persons, .audience = a->wish.audience, .guided = a->wish.leader == LEADER_GUIDE};
}

static enum err read_slot(struct page *page, struct asked *a, struct fault *fault)
{
    struct caller caller = page_caller(page);
    struct planning planning;
    enum err err = planning_slot_read(page_service(page), page->arena, &caller, page_capture(page, "slug"),
                                      a->wish.start_at, group_of(a), &planning, fault);
    if (err != OK)
        return err;
    const struct planning_slot *slot = &planning.slots.p[0];
    a->monument = planning.monument;
    a->wish.monument_id = planning.monument.id;
    a->view.day = slot->day;
    a->view.minute = slot->minute;
    a->view.whole_day = slot->whole_day;
    return OK;
}

static enum err read_people(struct page *page, struct asked *a, struct fault *fault)
{
    struct legal_text terms;
    struct caller caller = page_caller(page);
    enum err err = leader_list(page_service(page), page->arena, caller, &a->leaders, fault);
    if (err == OK)
        err = contact_list(page_service(page), page->arena, caller, &a->contacts, fault);
    if (err == OK)
        err = legal_text_load(page_service(page), page->arena, LEGAL_TERMS, page->lang, page->now, &terms, fault);
    if (err == OK)
        a->view.terms_version = terms.version;
    return err;
}

/* The slot of the address with the organisation's people. false: the page has ended. */
static bool prepare(struct page *page, struct pairs sent, struct asked *a)
{
    struct caller caller = page_caller(page);
    const struct settings *settings = page_settings(page);
    struct fault fault = {.err = OK};
    if (settings == NULL)
        return false;
    if (!read_group(page, sent, a)) {
        page_redirect(page, page_url(page, "/monuments/{}/planning", page_capture(page, "slug")));
        return false;
    }
    enum err err = read_slot(page, a, &fault);
    if (err == OK)
        err = read_people(page, a, &fault);
    if (err == OK)
        err = stock_right_mine(page_service(page), page->arena, &caller, &a->view.has_right, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    a->view.service_email = settings->contact_groups;
    return err == OK;
}

/* ---- what is shown ---- */

static void fill(struct page *page, struct asked *a, const struct right_result *result)
{
    struct stock_page_view *view = &a->view;
    view->slug = a->monument.slug;
    view->name = a->monument.name;
    view->start = a->wish.start_at;
    view->persons = a->wish.persons;
    view->audience = a->wish.audience;
    view->key = page_request_key(page);
    view->back = planning_link(page, a->monument.slug, PLANNING_DAY, view->day, group_of(a), S(""));
    view->numbers.legend = MSG_rights_stock_numbers;
    view->numbers.persons = a->wish.persons;
    if (result != NULL) {
        view->numbers.needed = result->needed;
        view->terms_missing = view->sent && result->terms_missing;
        view->numbers.leader_wrong = view->sent && result->refusal == REFUSED_LEADER_MISSING;
        view->numbers.contact_wrong = view->sent && result->refusal == REFUSED_CONTACT;
        bool people = result->refusal == REFUSED_LEADER_MISSING || result->refusal == REFUSED_CONTACT;
        if (result->refusal != REFUSED_NOT && !people)
            view->refusal = place_refusal_words(page, &result->place);
    }
    numbers_fill(page, &a->sent, result, RIGHT_STOCK, &view->numbers);
    people_fill(page, &a->leaders, &a->contacts, a->wish.leader == LEADER_GUIDE, a->wish.leader_id, a->wish.contact_id,
                &view->numbers);
}

static void show(struct page *page, struct asked *a, const struct right_result *result)
{
    fill(page, a, result);
    page->nav = S("monuments");
    page->title = msg_text(page->arena, page->lang, MSG_rights_stock_page, ARG("name", a->monument.name));
    tpl_rights_stock(page_out(page), page, &a->view);
}

void stock_page(struct page *page)
{
    struct asked a = {.wish = {.persons = 0}};
    struct right_result result = {.needed = 0};
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (!prepare(page, page->request->query, &a))
        return;
    enum err err = stock_check(page_service(page), page->arena, &caller, &a.wish, &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    show(page, &a, &result);
}

/* ---- what was sent ---- */

static void read_form(struct page *page, struct asked *a)
{
    a->sent = numbers_sent(page);
    a->wish.numbers = a->sent.p;
    a->wish.count = a->sent.n <= RIGHT_NUMBERS_MOST ? a->sent.n : RIGHT_NUMBERS_MOST;
    a->wish.leader_id = sent_id(page, "accompagnateur");
    a->wish.contact_id = sent_id(page, "contact");
    a->wish.request_key = page_sent_key(page);
    a->view.sent = true;
    a->view.terms_accepted = pairs_has(page->request->form, S("cgv"));
}

void stock_page_sent(struct page *page)
{
    struct asked a = {.wish = {.persons = 0}};
    struct right_result result = {.needed = 0};
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    bool only_look = str_eq(pairs_get(page->request->form, S("action")), S("verifier")) || page_sent_key(page).n == 0;
    if (!prepare(page, page->request->form, &a))
        return;
    if (!page_allow(page, "stock", str_format(page->arena, "%lld", (long long)caller.organisation_id), LOOKS,
                    LOOKS_SECONDS))
        return;
    read_form(page, &a);
    bool whole = a.sent.file_error == MSG_none && a.sent.n <= RIGHT_NUMBERS_MOST;
    enum err err = only_look || !whole ? stock_check(page_service(page), page->arena, &caller, &a.wish, &result, &fault)
                                       : stock_book(page_service(page), page->arena, &caller, &a.wish,
                                                    pairs_get(page->request->form, S("cgv")), &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (result.done) {
        page_flash(page, FLASH_SUCCESS, MSG_rights_stock_done);
        page_redirect(page, page_url(page, "/commandes/{}", result.order_ref));
        return;
    }
    if (only_look && page_sent_key(page).n > 0) /* what is not asked for yet is not missing */
        a.view.sent = false;
    page->response->status = 422;
    show(page, &a, &result);
}
