/* After a closure the customer chooses: another slot, asked for with a GET and sent with a POST, or the refund (ORD-4). */
#include "base/limits.h"
#include "service/closure_choice.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/closure/pages.h"
#include "web/closure/words.h"
#include "web/sales/words.h"
#include "web/views.h"

static const struct field_spec WISH[] = {
    F_INT(struct choice_wish_form, persons, "personnes", MSG_planning_persons, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS, .hint = MSG_choice_persons_hint),
    F_DAY(struct choice_wish_form, day, "jour", MSG_option_change_day, .required = true),
};

void choices_page(struct page *page)
{
    struct caller caller = page_caller(page);
    struct closure_choices choices = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = closure_choices(page_service(page), page->arena, &caller, &choices, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct choices_view view = {.choices = {ARENA_ARRAY(page->arena, choices.n + 1, struct choice_line), choices.n}};
    for (size_t i = 0; i < choices.n; i++)
        view.choices.p[i] = (struct choice_line){
            &choices.p[i], closure_visit_when(page, choices.p[i].start_at, choices.p[i].whole_day)};
    page->nav = S("commandes");
    account_title(page, MSG_choices_title, NULL);
    tpl_closure_choices(page_out(page), page, &view);
}

static struct str slot_word(const struct page *page, enum slot_state state, int left)
{
    switch (state) {
    case SLOT_FREE: return msg_text(page->arena, page->lang, MSG_state_free, ARG("n", left));
    case SLOT_SHORT: return msg_text(page->arena, page->lang, MSG_state_short, ARG("n", left));
    case SLOT_FULL: return msg_text(page->arena, page->lang, MSG_state_full);
    case SLOT_NOT_FOR_GROUPS: return msg_text(page->arena, page->lang, MSG_state_not_for_groups);
    case SLOT_CLOSED: return msg_text(page->arena, page->lang, MSG_state_closed);
    case SLOT_PAST: return msg_text(page->arena, page->lang, MSG_state_past);
    case SLOT_NOT_ON_SALE: return msg_text(page->arena, page->lang, MSG_state_not_on_sale);
    }
    return (struct str){0};
}

static struct str refusal_words(const struct page *page, const struct choice_result *result)
{
    switch (result->refusal) {
    case CHOICE_NOT_REFUSED: return (struct str){0};
    case CHOICE_MADE: return msg_text(page->arena, page->lang, MSG_choice_refused_made);
    case CHOICE_PERSONS: return msg_text(page->arena, page->lang, MSG_choice_refused_persons);
    case CHOICE_SLOT: return msg_text(page->arena, page->lang, MSG_choice_refused_slot);
    case CHOICE_MONEY: return msg_text(page->arena, page->lang, MSG_choice_refused_money);
    }
    return (struct str){0};
}

static bool read_choice(struct page *page, struct closure_choice *ret_choice)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!captured_id(page, "id", &id))
        return false;
    enum err err = closure_choice_read(page_service(page), page->arena, &caller, id, ret_choice, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static bool read_slots(struct page *page, instant chosen, struct choice_view *view)
{
    struct caller caller = page_caller(page);
    struct choice_slots slots;
    struct fault fault = {.err = OK};
    enum err err = closure_choice_slots(page_service(page), page->arena, &caller, view->choice.visit_id, view->form.day.v,
                                        (int)view->form.persons.v, &slots, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->slots.p = ARENA_ARRAY(page->arena, slots.n + 1, struct choice_slot_line);
    for (size_t i = 0; i < slots.n; i++) {
        const struct choice_slot *slot = &slots.p[i];
        bool possible = slot->state == SLOT_FREE;
        view->slots.p[view->slots.n++] = (struct choice_slot_line){
            .start_at = slot->start_at, .minute = local_of(page->zone, slot->start_at).minute,
            .whole_day = slot->whole_day, .possible = possible, .chosen = slot->start_at == chosen,
            .word = slot_word(page, slot->state, slot->left)};
        view->any = view->any || possible;
    }
    return true;
}

/* `chosen`: the slot that was sent, 0 when none. The form has been read or left blank. */
static void show(struct page *page, struct choice_view *view, instant chosen)
{
    const struct settings *settings = page_settings(page);
    struct closure_choice *choice = &view->choice;
    if (settings == NULL)
        return;
    view->service_email = settings->contact_groups;
    view->when = closure_visit_when(page, choice->start_at, choice->whole_day);
    view->new_when = choice->new_start_at != 0 ? closure_visit_when(page, choice->new_start_at, choice->whole_day)
                                               : (struct str){0};
    view->last_day = local_of(page->zone, choice->choose_until - 1).day;
    view->over = page->now >= choice->choose_until && choice->refund_by_default;
    view->may = page_may(page, TASK_ORDER);
    if (view->form.head.sent && view->form.head.error_count == 0 && view->form.persons.v > choice->persons)
        form_refuse_n(&view->form.head, &view->form.persons.f, MSG_choice_too_many, choice->persons);
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    view->asked = view->form.head.sent && view->form.head.error_count == 0 && choice->state == CHOICE_OPEN;
    if (view->asked && !read_slots(page, chosen, view))
        return;
    page->nav = S("commandes");
    page->title = msg_text(page->arena, page->lang, MSG_choice_title);
    tpl_closure_choice(page_out(page), page, view);
}

void choice_page(struct page *page)
{
    struct choice_view view = {.asked = false};
    if (!read_choice(page, &view.choice))
        return;
    if (pairs_has(page->request->query, S("jour")) || pairs_has(page->request->query, S("personnes"))) {
        (void)form_read(page->arena, page->request->query, FORM(WISH, view.form));
    } else {
        form_blank(page->arena, FORM(WISH, view.form));
        field_set_int(page->arena, &view.form.persons, view.choice.persons);
    }
    show(page, &view, 0);
}

static void done(struct page *page, int64_t visit_id, enum msg message)
{
    page_flash(page, FLASH_SUCCESS, message);
    page_redirect(page, page_url(page, "/annulations/{}", str_format(page->arena, "%lld", (long long)visit_id)));
}

void choice_slot_sent(struct page *page)
{
    struct choice_view view = {.asked = false};
    int64_t start = 0;
    if (!read_choice(page, &view.choice))
        return;
    bool good = form_read(page->arena, page->request->form, FORM(WISH, view.form));
    bool chosen = str_int(pairs_get(page->request->form, S("debut")), &start) && start > 0;
    if (good && chosen) {
        struct caller caller = page_caller(page);
        struct choice_result result = {.refusal = CHOICE_NOT_REFUSED};
        struct fault fault = {.err = OK};
        enum err err = closure_choose_slot(page_service(page), page->arena, &caller, view.choice.visit_id, start,
                                           (int)view.form.persons.v, &result, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (result.refusal == CHOICE_NOT_REFUSED) {
            done(page, view.choice.visit_id, MSG_choice_moved_flash);
            return;
        }
        view.refusal = refusal_words(page, &result);
        if (!read_choice(page, &view.choice)) /* somebody else may have chosen */
            return;
    } else if (good) {
        view.refusal = msg_text(page->arena, page->lang, MSG_option_change_choose);
    }
    page->response->status = 422;
    show(page, &view, start);
}

void choice_refund_sent(struct page *page)
{
    struct choice_view view = {.asked = false};
    if (!read_choice(page, &view.choice))
        return;
    form_blank(page->arena, FORM(WISH, view.form));
    field_set_int(page->arena, &view.form.persons, view.choice.persons);
    if (str_empty(pairs_get(page->request->form, S("certain")))) {
        view.refusal = msg_text(page->arena, page->lang, MSG_choice_refund_tick);
    } else {
        struct caller caller = page_caller(page);
        struct choice_result result = {.refusal = CHOICE_NOT_REFUSED};
        struct fault fault = {.err = OK};
        enum err err = closure_choose_refund(page_service(page), page->arena, &caller, view.choice.visit_id, &result,
                                             &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (result.refusal == CHOICE_NOT_REFUSED) {
            done(page, view.choice.visit_id, result.back.v > 0 || view.choice.amount.v > 0 ? MSG_choice_refund_flash
                                                                                         : MSG_choice_waived_flash);
            return;
        }
        view.refusal = refusal_words(page, &result);
        if (!read_choice(page, &view.choice))
            return;
    }
    page->response->status = 422;
    show(page, &view, 0);
}
