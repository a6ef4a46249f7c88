/* Booking a slot with Paris Museum Passes for a customer (PMP-1): first the group and the day, then a slot and the
 * numbers. */
#include "templates.h"
#include "web/account/common.h"
#include "web/catalogue/common.h"
#include "web/rights/common.h"
#include "web/sales/words.h"

struct asked {
    struct pass_form_view view;
    struct right_wish wish;
    struct pass_choices choices;
    struct sent_numbers sent;
    int64_t person_id;
    struct str slug;
};

/* ---- what is asked ---- */

static void read_group(struct page *page, struct pairs sent, struct asked *a)
{
    struct pass_form_view *view = &a->view;
    int64_t persons = 0;
    a->slug = pairs_get(sent, S("monument"));
    view->asked = pairs_has(sent, S("monument"));
    view->typed_persons = str_sub(str_trim(pairs_get(sent, S("personnes"))), 0, 12);
    if (str_int(view->typed_persons, &persons) && persons >= 1 && persons <= RIGHT_NUMBERS_MOST)
        view->persons = (int)persons;
    view->has_day = day_parse(str_trim(pairs_get(sent, S("jour"))), &view->day);
    if (!view->has_day)
        view->day = local_of(page->zone, page->now).day;
    if (!audience_parse(pairs_get(sent, S("public")), &view->audience))
        view->audience = AUDIENCE_ADULTS;
    view->guided = pairs_has(sent, S("guide"));
    a->wish.persons = view->persons;
    a->wish.audience = view->audience;
    a->wish.leader = view->guided ? LEADER_GUIDE : LEADER_ACCOMPANYING;
}

static enum err read_monuments(struct page *page, struct asked *a, struct fault *fault)
{
    struct monument_list list;
    enum err err = catalogue_search(page_service(page), page->arena, (struct catalogue_filter){.has_mode = false},
                                    &list, fault);
    if (err != OK)
        return err;
    struct monument_choices *choices = &a->view.monuments;
    choices->p = ARENA_ARRAY(page->arena, list.n + 1, struct monument_choice);
    for (size_t i = 0; i < list.n; i++)
        if (list.p[i].mode != SALE_CONTACT && list.p[i].has_rule)
            choices->p[choices->n++] = (struct monument_choice){list.p[i].slug, list.p[i].name,
                                                                str_eq(list.p[i].slug, a->slug)};
    return OK;
}

/* The slots of the day, those that this group cannot have with the reason. */
static enum err read_slots(struct page *page, struct asked *a, struct fault *fault)
{
    struct pass_form_view *view = &a->view;
    struct caller caller = page_caller(page);
    struct planning planning;
    struct planning_range range = {
        .slug = a->slug,
        .from = view->day,
        .to = view->day,
        .group = {.persons = view->persons, .audience = view->audience, .guided = view->guided}};
    if (!view->asked || !view->has_day || view->persons == 0)
        return OK;
    enum err err = planning_read(page_service(page), page->arena, &caller, range, &planning, fault);
    if (err == ERR_NOT_FOUND || err == ERR_INPUT) { /* nothing chosen, or a day out of reach: no slots */
        view->asked = false;
        return OK;
    }
    if (err != OK)
        return err;
    a->wish.monument_id = planning.monument.id;
    view->slots.p = ARENA_ARRAY(page->arena, planning.slots.n + 1, struct slot_choice);
    for (size_t i = 0; i < planning.slots.n; i++) {
        const struct planning_slot *slot = &planning.slots.p[i];
        view->slots.p[view->slots.n++] = (struct slot_choice){.start = slot->start,
                                                              .minute = slot->minute,
                                                              .left = slot->left,
                                                              .whole_day = slot->whole_day,
                                                              .open = slot->state == SLOT_FREE,
                                                              .selected = slot->start == a->wish.start_at,
                                                              .word = slot_state_words(page, slot->state, slot->left)};
    }
    if (planning.verdict != REFUSED_NOT && planning.verdict != REFUSED_ABOVE_MAXIMUM)
        view->error = msg_text(page->arena, page->lang, refusal_message(planning.verdict));
    return OK;
}

/* How many numbers this group needs, before anything is sent: one for each person who would pay (COM-3). */
static enum err read_needed(struct page *page, struct asked *a, const struct settings *settings, struct fault *fault)
{
    struct monument_page monument;
    struct price price;
    struct pass_form_view *view = &a->view;
    struct planning_group group = {.persons = view->persons, .audience = view->audience, .guided = view->guided};
    if (view->slots.n == 0)
        return OK;
    enum err err = catalogue_monument(page_service(page), page->arena, a->slug, view->day, &monument, fault);
    if (err != OK || !price_for(&monument.tariffs, group, (int)settings->leader_free_above, view->day, &price))
        return err;
    for (size_t i = 0; i < price.count; i++)
        view->numbers.needed += price.lines[i].role == ROLE_VISITOR ? price.lines[i].quantity : 0;
    return OK;
}

/* false: the page has ended. */
static bool prepare(struct page *page, struct pairs sent, struct asked *a)
{
    struct staff_caller caller = page_staff_caller(page);
    const struct settings *settings = page_settings(page);
    struct fault fault = {.err = OK};
    if (settings == NULL || !page_staff_need(page, TASK_PASS_BOOK) || !rights_id(page, "id", &a->view.organisation_id))
        return false;
    read_group(page, sent, a);
    enum err err = pass_choices(page_service(page), page->arena, &caller, a->view.organisation_id, &a->choices, &fault);
    if (err == OK)
        err = read_monuments(page, a, &fault);
    if (err == OK)
        err = read_slots(page, a, &fault);
    if (err == OK)
        err = read_needed(page, a, settings, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

/* ---- what is shown ---- */

static void fill(struct page *page, struct asked *a, const struct right_result *result)
{
    struct pass_form_view *view = &a->view;
    view->organisation = a->choices.organisation;
    view->slug = a->slug;
    view->key = page_request_key(page);
    view->numbers.legend = MSG_rights_pass_numbers;
    view->numbers.persons = view->persons;
    if (result != NULL) {
        view->numbers.needed = result->needed > 0 ? result->needed : view->numbers.needed;
        view->numbers.leader_wrong = result->refusal == REFUSED_LEADER_MISSING;
        view->numbers.contact_wrong = result->refusal == REFUSED_CONTACT;
        view->slot_missing = a->wish.start_at == 0;
        if (result->refusal != REFUSED_NOT && !view->numbers.leader_wrong && !view->numbers.contact_wrong &&
            !view->slot_missing)
            view->error = place_refusal_words(page, &result->place);
    }
    numbers_fill(page, &a->sent, result, RIGHT_PASS, &view->numbers);
    people_fill(page, &a->choices.leaders, &a->choices.contacts, view->guided, a->wish.leader_id, a->wish.contact_id,
                &view->numbers);
    view->people.p = ARENA_ARRAY(page->arena, a->choices.people_count + 1, struct rights_person);
    view->people.n = a->choices.people_count;
    for (size_t i = 0; i < view->people.n; i++) {
        const struct pass_person *person = &a->choices.people[i];
        view->people.p[i] = (struct rights_person){
            person->id, str_format(page->arena, "%.*s, %.*s", STR_ARG(person->name), STR_ARG(person->email)),
            person->id == a->person_id};
    }
}

static void show(struct page *page, struct asked *a, const struct right_result *result)
{
    fill(page, a, result);
    page->nav = S("service-pass");
    page->title = msg_text(page->arena, page->lang, MSG_rights_pass_book);
    tpl_rights_pass(page_out(page), page, &a->view);
}

void pass_form_page(struct page *page)
{
    struct asked a = {.view = {.persons = 0}};
    if (prepare(page, page->request->query, &a))
        show(page, &a, NULL);
}

void pass_form_sent(struct page *page)
{
    struct asked a = {.view = {.sent = true}};
    struct right_result result = {.needed = 0};
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t start = 0;
    if (str_int(pairs_get(page->request->form, S("debut")), &start) && start > 0 && start < (int64_t)1 << 40)
        a.wish.start_at = start;
    if (!prepare(page, page->request->form, &a))
        return;
    a.sent = numbers_sent(page);
    a.wish.numbers = a.sent.p;
    a.wish.count = a.sent.n <= RIGHT_NUMBERS_MOST ? a.sent.n : RIGHT_NUMBERS_MOST;
    a.wish.leader_id = sent_id(page, "accompagnateur");
    a.wish.contact_id = sent_id(page, "contact");
    a.wish.request_key = page_sent_key(page);
    a.person_id = sent_id(page, "personne");
    enum err err = OK;
    if (a.wish.start_at != 0 && a.wish.request_key.n > 0 && a.sent.file_error == MSG_none &&
        a.sent.n <= RIGHT_NUMBERS_MOST)
        err = pass_book(page_service(page), page->arena, &caller, a.view.organisation_id, a.person_id, &a.wish, &result,
                        &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (result.done) {
        page_flash(page, FLASH_SUCCESS, MSG_rights_pass_done);
        page_redirect(page, page_url(page, "/service/pass"));
        return;
    }
    page->response->status = 422;
    show(page, &a, &result);
}
