/* Bookings that the monument takes by telephone, from the same places as all others. */
#include "base/limits.h"
#include "templates.h"
#include "web/catalogue/common.h"
#include "web/monument/common.h"

static const struct choice audiences[] = {
    {"adults", MSG_call_adults}, {"school", MSG_call_school}, {"special", MSG_call_special}};
static const struct choice leaders[] = {{"accompanying", MSG_call_accompanying}, {"guide", MSG_call_guide}};

static const struct field_spec DAY[] = {F_DAY(struct sheet_form, day, "jour", MSG_call_day, .required = true)};

static const struct field_spec CALL[] = {
    F_CHOICE(struct phone_form, slot, "creneau", MSG_call_slot, .required = true),
    F_INT(struct phone_form, persons, "personnes", MSG_call_persons, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS, .hint = MSG_call_persons_hint),
    F_CHOICE(struct phone_form, audience, "public", MSG_call_audience, .required = true, CHOICES(audiences)),
    F_CHOICE(struct phone_form, leader, "accompagnateur", MSG_call_leader, .required = true, CHOICES(leaders)),
    F_TEXT(struct phone_form, name, "nom", MSG_call_name, .required = true, .max = PHONE_TEXT),
    F_PHONE(struct phone_form, phone, "telephone", MSG_call_phone, .required = true),
    F_TEXT(struct phone_form, organisation, "organisation", MSG_call_organisation, .max = PHONE_TEXT),
    F_EMAIL(struct phone_form, email, "courriel", MSG_call_email, .hint = MSG_call_email_hint),
    F_CHOICE(struct phone_form, lang, "langue", MSG_call_lang, .required = true, CHOICES(lang_choices)),
    F_LONG_TEXT(struct phone_form, needs, "besoins", MSG_sheet_needs, .max = PHONE_NEEDS, .hint = MSG_sheet_needs_hint),
};
static const struct field_spec CANCEL[] = {
    F_TEXT(struct phone_cancel_form, reason, "motif", MSG_call_reason, .required = true, .max = 200),
};

void phone_list_page(struct page *page)
{
    struct phone_list_view view = {.lines = {NULL, 0}};
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PHONE_BOOKING, "telephone", MSG_call_title, &view.frame, NULL))
        return;
    enum err err = phone_booking_list(page_service(page), page->arena, &caller, view.frame.id, &view.lines, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    work_title(page, &view.frame, NULL);
    tpl_monument_phone_list(page_out(page), page, &view);
}

/* ---- the form ---- */

static struct str slot_words(const struct page *page, const struct day_slot *slot, bool own)
{
    int left = slot->capacity - slot->taken;
    struct str time = slot->whole_day ? msg_text(page->arena, page->lang, MSG_planning_whole_day)
                                      : str_format(page->arena, "%02d:%02d", slot->minute / 60, slot->minute % 60);
    struct str places = msg_text(page->arena, page->lang, own ? MSG_call_own_slot : MSG_call_left, ARG("n", left));
    return str_format(page->arena, "%.*s – %.*s", STR_ARG(time), STR_ARG(places));
}

/* The slots of the day that can still be booked, and the booking's own. false: the page has ended. */
static bool prepare(struct page *page, struct phone_view *view, day_number day, instant own)
{
    struct staff_caller caller = page_staff_caller(page);
    struct day_sheet sheet;
    struct fault fault = {.err = OK};
    enum err err = day_sheet_read(page_service(page), page->arena, &caller, view->frame.id, day, &sheet, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    struct possibilities *possible = &view->form.slot.f.possible;
    *possible = (struct possibilities){.p = ARENA_ARRAY(page->arena, sheet.slots.n + 1, struct possibility)};
    for (size_t i = 0; i < sheet.slots.n; i++) {
        const struct day_slot *slot = &sheet.slots.p[i];
        instant end = slot->whole_day ? slot->start + slot->minutes * 60 : slot->start;
        bool mine = slot->start == own;
        bool open = slot->for_groups && slot->closed.n == 0 && slot->taken < slot->capacity && end > page->now;
        if (open || mine)
            possible->p[possible->n++] = (struct possibility){.value = number_text(page, slot->start),
                                                              .text = slot_words(page, slot, mine)};
    }
    view->no_slots = possible->n == 0;
    form_blank(page->arena, FORM(DAY, view->day));
    field_set_day(page->arena, &view->day.day, day);
    return true;
}

static struct phone_fields typed(const struct phone_form *form)
{
    struct phone_fields fields = {.persons = (int)form->persons.v, .audience = (enum audience)form->audience.v,
                                  .leader = form->leader.v == 1 ? LEADER_GUIDE : LEADER_ACCOMPANYING,
                                  .organisation = form->organisation.v, .name = form->name.v, .phone = form->phone.v,
                                  .email = form->email.v, .lang = (enum lang)form->lang.v, .needs = form->needs.v};
    (void)str_int(form->slot.value, &fields.start);
    return fields;
}

static void refuse(struct page *page, struct phone_view *view, const struct phone_answer *answer)
{
    struct phone_form *form = &view->form;
    switch (answer->fault) {
    case PHONE_NAME: form_refuse(&form->head, &form->name.f, MSG_form_required); return;
    case PHONE_NUMBER: form_refuse(&form->head, &form->phone.f, MSG_form_phone); return;
    case PHONE_EMAIL: form_refuse(&form->head, &form->email.f, MSG_form_email); return;
    case PHONE_ORGANISATION: form_refuse_n(&form->head, &form->organisation.f, MSG_form_too_long, PHONE_TEXT); return;
    case PHONE_REMARKS: form_refuse_n(&form->head, &form->needs.f, MSG_form_too_long, PHONE_NEEDS); return;
    case PHONE_REASON:
    case PHONE_GOOD: break;
    }
    struct place_result place = {.refusal = answer->refusal, .left = answer->left, .maximum = answer->maximum};
    form_refuse(&form->head, answer->refusal == REFUSED_ABOVE_MAXIMUM ? &form->persons.f : &form->slot.f,
                refusal_message(answer->refusal));
    view->refusal = refusal_details(page, &place);
}

static void show(struct page *page, struct phone_view *view)
{
    work_title(page, &view->frame, view->cancel.head.error_count > 0 ? &view->cancel.head : &view->form.head);
    tpl_monument_phone(page_out(page), page, view);
}

/* The day asked for; else that of the slot asked for; else today. */
static day_number day_asked(const struct page *page, day_number otherwise)
{
    day_number day;
    int64_t start = page_query_int(page, "creneau", 0);
    if (day_parse(page_query(page, "jour"), &day))
        return day;
    return start > 0 ? local_of(page->zone, start).day : otherwise;
}

void phone_new_page(struct page *page)
{
    struct phone_view view = {.id = 0};
    if (!work_open(page, TASK_PHONE_BOOKING, "telephone", MSG_call_new, &view.frame, NULL) ||
        !prepare(page, &view, day_asked(page, local_of(page->zone, page->now).day), 0))
        return;
    form_blank(page->arena, FORM(CALL, view.form));
    field_set_choice(&view.form.slot, page_query(page, "creneau"));
    field_set_choice(&view.form.audience, S("adults"));
    field_set_choice(&view.form.leader, S("accompanying"));
    field_set_choice(&view.form.lang, S("fr"));
    view.key = page_request_key(page);
    show(page, &view);
}

static struct str sheet_path(const struct page *page, instant start)
{
    return str_format(page->arena, "/journee?jour=%.*s",
                      STR_ARG(day_iso(page->arena, local_of(page->zone, start).day)));
}

/* The day whose slots the form showed. */
static day_number day_sent(const struct page *page)
{
    day_number day;
    int64_t start = 0;
    if (str_int(pairs_get(page->request->form, S("creneau")), &start) && start > 0)
        return local_of(page->zone, start).day;
    return day_parse(pairs_get(page->request->form, S("jour")), &day) ? day : local_of(page->zone, page->now).day;
}

void phone_new_sent(struct page *page)
{
    struct phone_view view = {.id = 0};
    struct staff_caller caller = page_staff_caller(page);
    struct phone_answer answer = {.fault = PHONE_GOOD};
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PHONE_BOOKING, "telephone", MSG_call_new, &view.frame, NULL) ||
        !prepare(page, &view, day_sent(page), 0))
        return;
    if (form_read(page->arena, page->request->form, FORM(CALL, view.form))) {
        struct phone_fields fields = typed(&view.form);
        enum err err = phone_booking_add(page_service(page), page->arena, &caller, view.frame.id, &fields,
                                         page_sent_key(page), &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.fault == PHONE_GOOD && answer.refusal == REFUSED_NOT) {
            work_done(page, &view.frame, sheet_path(page, fields.start), MSG_call_added);
            return;
        }
        refuse(page, &view, &answer);
    }
    page->response->status = 422;
    view.key = page_request_key(page);
    show(page, &view);
}

/* ---- one that is there ---- */

static bool find(struct page *page, struct phone_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PHONE_BOOKING, "telephone", MSG_call_one, &view->frame, NULL) ||
        !work_id(page, "appel", &view->id))
        return false;
    enum err err = phone_booking_read(page_service(page), page->arena, &caller, view->frame.id, view->id,
                                      &view->booking, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->held = view->booking.held;
    view->linked = view->booking.organisation_id != 0;
    view->has_price = view->booking.has_price;
    form_blank(page->arena, FORM(CANCEL, view->cancel));
    return true;
}

static void fill(struct page *page, struct phone_view *view)
{
    const struct phone_fields *fields = &view->booking.fields;
    struct phone_form *form = &view->form;
    form_blank(page->arena, FORM(CALL, *form));
    field_set_choice(&form->slot, number_text(page, fields->start));
    field_set_int(page->arena, &form->persons, fields->persons);
    field_set_choice(&form->audience, str_of(audience_name(fields->audience)));
    field_set_choice(&form->leader, str_of(leader_kind_name(fields->leader)));
    field_set_text(&form->organisation, fields->organisation);
    field_set_text(&form->name, fields->name);
    field_set_text(&form->phone, phone_shown(page->arena, fields->phone));
    field_set_text(&form->email, fields->email);
    field_set_choice(&form->lang, lang_code(fields->lang));
    field_set_text(&form->needs, fields->needs);
}

void phone_page(struct page *page)
{
    struct phone_view view = {.id = 0};
    if (!find(page, &view) ||
        !prepare(page, &view, day_asked(page, view.booking.day), view.booking.fields.start))
        return;
    fill(page, &view);
    show(page, &view);
}

void phone_sent(struct page *page)
{
    struct phone_view view = {.id = 0};
    struct staff_caller caller = page_staff_caller(page);
    struct phone_answer answer = {.fault = PHONE_GOOD};
    struct fault fault = {.err = OK};
    if (!find(page, &view) || !prepare(page, &view, day_sent(page), view.booking.fields.start))
        return;
    if (form_read(page->arena, page->request->form, FORM(CALL, view.form))) {
        struct phone_fields fields = typed(&view.form);
        enum err err = phone_booking_change(page_service(page), page->arena, &caller, view.frame.id, view.id, &fields,
                                            &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.fault == PHONE_GOOD && answer.refusal == REFUSED_NOT) {
            work_done(page, &view.frame, sheet_path(page, fields.start), MSG_call_changed);
            return;
        }
        refuse(page, &view, &answer);
    }
    page->response->status = 422;
    show(page, &view);
}

void phone_cancelled(struct page *page)
{
    struct phone_view view = {.id = 0};
    struct staff_caller caller = page_staff_caller(page);
    struct phone_answer answer = {.fault = PHONE_GOOD};
    struct fault fault = {.err = OK};
    if (!find(page, &view) || !prepare(page, &view, view.booking.day, view.booking.fields.start))
        return;
    fill(page, &view);
    if (form_read(page->arena, page->request->form, FORM(CANCEL, view.cancel))) {
        enum err err = phone_booking_cancel(page_service(page), page->arena, &caller, view.frame.id, view.id,
                                            view.cancel.reason.v, &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.fault == PHONE_GOOD && answer.refusal == REFUSED_NOT) {
            work_done(page, &view.frame, sheet_path(page, view.booking.fields.start), MSG_call_cancelled);
            return;
        }
        form_refuse_all(&view.cancel.head, refusal_message(REFUSED_ENDED));
    }
    page->response->status = 422;
    show(page, &view);
}
