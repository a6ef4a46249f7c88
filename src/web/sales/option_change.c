/* Changing an option in place (OPT-6): the number of persons and the day are asked for with a GET, the slot is chosen
 * among those of that day and sent with a POST. A refusal shows the page again with all that was typed. */
#include "base/limits.h"
#include "service/place.h"
#include "service/planning.h"
#include "templates.h"
#include "web/catalogue/common.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"

static const struct field_spec WISH[] = {
    F_INT(struct option_wish_form, persons, "personnes", MSG_planning_persons, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS),
    F_DAY(struct option_wish_form, day, "jour", MSG_option_change_day, .required = true),
};

/* The option of the address among the live ones, or the page has ended. */
static bool read_option(struct page *page, struct option_view *ret_option)
{
    struct option_views options;
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!captured_id(page, "id", &id))
        return false;
    enum err err = place_options(page_service(page), page->arena, &caller, &options, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    for (size_t i = 0; i < options.n; i++)
        if (options.p[i].id == id) {
            *ret_option = options.p[i];
            return true;
        }
    page_error(page, 404);
    return false;
}

/* In its own slot the option has its places already. */
static struct change_slot slot_of(const struct page *page, const struct option_view *option,
                                  const struct planning_slot *slot, int persons, instant chosen)
{
    struct change_slot view = {.start = slot->start, .minute = slot->minute, .whole_day = slot->whole_day,
                               .current = slot->start == option->start_at, .chosen = slot->start == chosen,
                               .possible = slot->can_option};
    int left = slot->left + (view.current ? option->persons : 0);
    bool places = slot->state == SLOT_FREE || slot->state == SLOT_SHORT || slot->state == SLOT_FULL;
    if (view.current && places) {
        view.possible = left >= persons;
        view.word = msg_text(page->arena, page->lang, view.possible ? MSG_state_free : MSG_state_short, ARG("n", left));
    } else if (slot->state == SLOT_FREE && !slot->can_option) {
        view.word = msg_text(page->arena, page->lang, refusal_message(slot->no_option));
    } else {
        view.word = slot_state_words(page, slot->state, left);
    }
    return view;
}

/* The slots of the day for that many persons; when the group cannot book there at all, why. */
static bool read_slots(struct page *page, const struct option_view *option, instant chosen,
                       struct option_change_view *view)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    struct planning planning = {.verdict = REFUSED_NOT};
    struct planning_range range = {.slug = option->monument_slug, .from = view->form.day.v, .to = view->form.day.v};
    enum leader_kind leader = LEADER_ACCOMPANYING;
    if (!audience_parse(option->audience, &range.group.audience) || !leader_kind_parse(option->leader_kind, &leader)) {
        page_error(page, 500);
        return false;
    }
    range.group.persons = (int)view->form.persons.v;
    range.group.guided = leader == LEADER_GUIDE;
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
        struct change_slot slot = slot_of(page, option, &planning.slots.p[i], range.group.persons, chosen);
        view->any = view->any || slot.possible;
        view->slots.p[view->slots.n++] = slot;
    }
    return true;
}

static void show(struct page *page, const struct option_view *option, struct option_change_view *view, instant chosen)
{
    view->id = option->id;
    view->slug = option->monument_slug;
    view->name = option->monument_name;
    view->head = visit_when_head(page, S("slot"), option->start_at, 0);
    view->persons = option->persons;
    view->ends_at = option->ends_at;
    view->paying = option->paying;
    view->order_ref = option->order_ref;
    view->key = page_request_key(page);
    view->asked = view->form.head.error_count == 0 && !option->paying;
    if (view->asked && !read_slots(page, option, chosen, view))
        return;
    page->title = msg_text(page->arena, page->lang, MSG_option_change_title);
    page->nav = S("options");
    tpl_sales_option_change(page_out(page), page, view);
}

void option_change_page(struct page *page)
{
    struct option_view option;
    if (!read_option(page, &option))
        return;
    struct option_change_view view = {.persons = option.persons};
    if (pairs_has(page->request->query, S("personnes")) || pairs_has(page->request->query, S("jour"))) {
        if (!form_read(page->arena, page->request->query, FORM(WISH, view.form)))
            page->response->status = 422;
    } else {
        form_blank(page->arena, FORM(WISH, view.form));
        field_set_int(page->arena, &view.form.persons, option.persons);
        field_set_day(page->arena, &view.form.day, local_of(page->zone, option.start_at).day);
    }
    show(page, &option, &view, option.start_at);
}

/* The slot's start as it was sent; 0 when it is none. */
static instant read_start(const struct page *page)
{
    int64_t start = 0;
    bool good = str_int(pairs_get(page->request->form, S("debut")), &start) && start > 0 && start < (int64_t)1 << 40;
    return good ? start : 0;
}

void option_change_sent(struct page *page)
{
    struct option_change_view view = {.persons = 0};
    bool good = form_read(page->arena, page->request->form, FORM(WISH, view.form));
    instant start = read_start(page);
    struct place_result result = {.refusal = REFUSED_NOT};
    struct str key = page_sent_key(page);
    int64_t id = 0;
    if (!captured_id(page, "id", &id))
        return;
    if (good && start != 0 && !str_empty(key)) {
        struct caller caller = page_caller(page);
        struct fault fault = {.err = OK};
        struct option_change change = {.visit_id = id, .start_at = start, .persons = (int)view.form.persons.v,
                                       .request_key = key};
        enum err err = place_change(page_service(page), page->arena, &caller, &change, &result, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (result.refusal == REFUSED_NOT || result.refusal == REFUSED_ENDED) {
            page_flash(page, result.refusal == REFUSED_NOT ? FLASH_SUCCESS : FLASH_ERROR,
                       result.refusal == REFUSED_NOT ? MSG_option_change_done : MSG_options_over);
            page_redirect(page, page_url(page, "/options"));
            return;
        }
        view.refusal = place_refusal_words(page, &result);
    } else if (good) {
        view.refusal = msg_text(page->arena, page->lang, MSG_option_change_choose);
    }
    struct option_view option;
    if (!read_option(page, &option))
        return;
    page->response->status = 422;
    show(page, &option, &view, start);
}
