/* What the pages of a monument's own work share; see common.h. */
#include "web/monument/common.h"

#include "base/buf.h"
#include "text/format.h"

bool work_id(struct page *page, const char *name, int64_t *ret_id)
{
    if (str_int(page_capture(page, name), ret_id) && *ret_id > 0)
        return true;
    page_error(page, 404);
    return false;
}

bool work_day(struct page *page, const char *name, day_number *ret_day)
{
    if (day_parse(page_capture(page, name), ret_day))
        return true;
    page_error(page, 404);
    return false;
}

struct str number_text(const struct page *page, int64_t number)
{
    return str_format(page->arena, "%lld", (long long)number);
}

bool work_open(struct page *page, enum task task, const char *tab, enum msg title, struct work_frame *ret_frame,
               struct monument_work *ret_work)
{
    int64_t id = 0;
    struct staff_caller caller = page_staff_caller(page);
    struct monument_work work;
    struct fault fault = {.err = OK};
    if (!work_id(page, "id", &id))
        return false;
    enum err err = task == TASK_SETTINGS ? permit_staff(&caller, task, 0, &fault)
                                         : permit_staff(&caller, task, id, &fault);
    if (err == OK)
        err = monument_work_read(page_service(page), page->arena, &caller, id, &work, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    *ret_frame = (struct work_frame){
        .id = id, .name = work.monument.name, .slug = work.monument.slug, .tab = tab,
        .title = msg_text(page->arena, page->lang, title), .published = work.published,
        .planning = staff_may(&caller, TASK_PLANNING, id), .tariffs = staff_may(&caller, TASK_TARIFFS, id),
        .edit = staff_may(&caller, TASK_MONUMENT_EDIT, id), .sheet = staff_may(&caller, TASK_DAY_SHEET, id),
        .phone = staff_may(&caller, TASK_PHONE_BOOKING, id), .rules = staff_may(&caller, TASK_SETTINGS, 0)};
    if (work.monument.mode == SALE_CONTACT) /* no slots: nothing to plan, nothing to take by telephone */
        ret_frame->planning = ret_frame->phone = ret_frame->rules = false;
    if (ret_work)
        *ret_work = work;
    return true;
}

void work_title(struct page *page, struct work_frame *frame, const struct form *form)
{
    page->nav = S("service-monuments");
    page->title = str_format(page->arena, "%.*s – %.*s", STR_ARG(frame->title), STR_ARG(frame->name));
    if (form != NULL && form->error_count > 0)
        page->title = msg_text(page->arena, page->lang, MSG_account_error_title, ARG("title", page->title));
}

struct str work_url(const struct page *page, const struct work_frame *frame, const char *below)
{
    return str_join2(page->arena, page_url(page, MONUMENTS "/{}", number_text(page, frame->id)), str_of(below));
}

void work_done(struct page *page, const struct work_frame *frame, struct str below, enum msg message)
{
    page_flash(page, FLASH_SUCCESS, message);
    page_redirect(page, work_url(page, frame, str_c(page->arena, below)));
}

/* ---- groups ---- */

static const struct {
    enum msg word;
    const char *tone;
} states[] = {
    [GROUP_CART] = {MSG_work_state_cart, "warn"},     [GROUP_OPTION] = {MSG_work_state_option, "warn"},
    [GROUP_PAYING] = {MSG_work_state_paying, "warn"}, [GROUP_CONFIRMED] = {MSG_work_state_confirmed, "ok"},
    [GROUP_PHONE] = {MSG_work_state_phone, "accent"},
};

struct group_lines group_lines_of(const struct page *page, const struct work_frame *frame, const struct groups *groups)
{
    static const enum msg audiences[] = {[AUDIENCE_ADULTS] = MSG_none, [AUDIENCE_SCHOOL] = MSG_work_school,
                                         [AUDIENCE_SPECIAL] = MSG_work_special};
    struct group_lines lines = {ARENA_ARRAY(page->arena, groups->n + 1, struct group_line), groups->n};
    for (size_t i = 0; i < groups->n; i++) {
        struct group *group = &groups->p[i];
        lines.p[i] = (struct group_line){
            .group = group, .state = states[group->state].word, .tone = states[group->state].tone,
            .leader_kind = group->leader_kind == LEADER_GUIDE ? MSG_work_guided : MSG_none,
            .audience = audiences[group->audience], .leader_phone = phone_shown(page->arena, group->leader_phone),
            .contact_phone = phone_shown(page->arena, group->contact_phone), .phone = group->state == GROUP_PHONE,
            .can_edit = group->state == GROUP_PHONE && frame->phone,
            .can_needs = frame->sheet && (group->state == GROUP_OPTION || group->state == GROUP_CONFIRMED),
            .option = group->state == GROUP_OPTION};
    }
    return lines;
}

/* ---- words ---- */

struct str moment_words(const struct page *page, instant at)
{
    struct buf out = buf_new(200);
    format_instant(&out, page->lang, page->zone, at);
    struct str words = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return words;
}

struct str month_words(const struct page *page, day_number day)
{
    struct date date = date_of(day);
    struct buf out = buf_new(200);
    format_month(&out, page->lang, date.year, date.month);
    struct str words = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return words;
}

struct str weekday_words(const struct page *page, unsigned weekdays)
{
    if (weekdays == SCHEDULE_EVERY_DAY)
        return msg_text(page->arena, page->lang, MSG_work_every_day);
    struct buf out = buf_new(400);
    for (int i = MONDAY; i <= SUNDAY; i++) {
        if ((weekdays >> i & 1) == 0)
            continue;
        if (out.n > 0)
            buf_c(&out, ", ");
        buf_str(&out, weekday_name(page->lang, (enum weekday)i));
    }
    struct str words = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return words;
}
