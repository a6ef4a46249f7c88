/* The confirmation of a reservation: a request as a sheet, in the reader's language. */
#include "service/documents.h"
#include "service/request_parts.h"
#include "text/format.h"
#include "text/message.h"

enum { FACTS = 8, LINES = 8 };

#define T(key) msg_text(arena, lang, MSG_##key)

struct sheet_writer {
    struct arena *arena;
    enum lang lang;
    const struct request_view *view;
    struct confirmation_fact *facts;
    size_t fact_count;
};

static struct str taken(struct arena *arena, struct buf *buf)
{
    struct str text = str_dup(arena, buf_view(buf));
    buf_free(buf);
    return text;
}

static struct str day_text(struct arena *arena, enum lang lang, day_number day)
{
    struct buf buf = buf_new(256);
    format_day(&buf, lang, day);
    return taken(arena, &buf);
}

static struct str minute_text(struct arena *arena, int minute)
{
    struct buf buf = buf_new(64);
    format_minute(&buf, minute);
    return taken(arena, &buf);
}

static void add_fact(struct sheet_writer *w, struct str label, struct str value)
{
    if (value.n > 0 && w->fact_count < FACTS)
        w->facts[w->fact_count++] = (struct confirmation_fact){label, value};
}

static struct str named(struct arena *arena, enum lang lang, const char *group, const char *word)
{
    enum msg key;
    struct str name = str_format(arena, "%s%s", group, word);
    return msg_find(name, &key) ? msg_text(arena, lang, key) : str_of(word);
}

static void fill_facts(struct sheet_writer *w)
{
    struct arena *arena = w->arena;
    enum lang lang = w->lang;
    const struct request_view *view = w->view;
    add_fact(w, T(request_organisation), view->organisation);
    add_fact(w, T(request_persons), msg_text(arena, lang, MSG_request_persons_value, ARG("n", view->persons)));
    add_fact(w, T(request_audience), named(arena, lang, "request.audience_", audience_name(view->audience)));
    add_fact(w, T(request_visit_lang), named(arena, lang, "request.language_", str_c(arena, view->visit_lang)));
    if (view->leader != LEADER_NONE || view->leader_name.n > 0)
        add_fact(w, T(request_leader), view->leader_name.n > 0 ? view->leader_name : T(request_leader_unknown));
    add_fact(w, T(request_asker), view->asker);
}

static struct sheet_texts lines_of(struct arena *arena, const struct str *from, size_t count)
{
    struct str *p = ARENA_ARRAY(arena, count + 1, struct str);
    size_t n = 0;
    for (size_t i = 0; i < count && n < LINES; i++)
        if (from[i].n > 0)
            p[n++] = from[i];
    return (struct sheet_texts){p, n};
}

static struct sheet_texts payment_lines(struct arena *arena, enum lang lang, const struct zone *zone,
                                        const struct request_view *view)
{
    struct str lines[2] = {{NULL, 0}, {NULL, 0}};
    if (view->state == REQUEST_PAID) {
        lines[0] = msg_text(arena, lang, MSG_request_confirmation_paid, ARG("ref", view->order_ref));
        lines[1] = T(request_confirmation_tickets);
    } else if (view->state == REQUEST_ACCEPTED) {
        struct buf until = buf_new(256);
        format_instant(&until, lang, zone, view->pay_until);
        lines[0] = msg_text(arena, lang, MSG_request_confirmation_open, ARG("until", taken(arena, &until)));
    } else {
        lines[0] = T(request_confirmation_till);
    }
    return lines_of(arena, lines, 2);
}

static struct confirmation_sheet sheet_of(struct service *service, struct arena *arena, enum lang lang,
                                          const struct settings *settings, const struct request_view *view)
{
    struct sheet_writer w = {.arena = arena, .lang = lang, .view = view,
                             .facts = ARENA_ARRAY(arena, FACTS, struct confirmation_fact)};
    struct local_time start = local_of(&service->zone, view->start_at);
    struct str date = day_text(arena, lang, start.day), time = minute_text(arena, start.minute);
    const struct str conditions[] = {T(request_condition_show), T(request_condition_together),
                                     view->leader == LEADER_GUIDE ? T(request_condition_proof) : (struct str){NULL, 0},
                                     T(request_condition_change)};
    const struct str contact[] = {view->monument, view->contact_email, view->contact_phone};
    fill_facts(&w);
    return (struct confirmation_sheet){
        .labels = {.reference = T(request_reference), .date = T(request_date), .time = T(request_time),
                   .validity = T(request_validity), .payment = T(request_payment),
                   .conditions = T(request_conditions), .contact = T(request_contact)},
        .language = lang_code(lang), .network = settings_network_name(settings, lang),
        .title = T(request_confirmation), .reference = view->ref, .monument = view->monument, .place = view->city,
        .date = date, .time = time,
        .validity = msg_text(arena, lang, MSG_request_validity_value, ARG("date", date), ARG("time", time)),
        .facts = w.facts, .fact_count = w.fact_count,
        .payment = payment_lines(arena, lang, &service->zone, view), .conditions = lines_of(arena, conditions, 4),
        .contact = lines_of(arena, contact, 3),
        .seller = str_format(arena, "%.*s – SIRET %.*s", STR_ARG(settings->seller_name),
                             STR_ARG(settings->seller_siret)),
        .issued = view->changed_at};
}

enum err request_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t request_id,
                            enum lang lang, struct confirmation_sheet *ret_sheet, struct fault *fault)
{
    struct request_by_id_row id;
    struct request_one_row row;
    struct request_view view;
    struct settings settings;
    bool found = false;
    enum err err = q_request_by_id(db, arena, (struct request_by_id_in){.id = request_id}, &id, &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "request");
    if (err == OK)
        err = q_request_one(db, arena, (struct request_one_in){.ref = id.ref}, &row, NULL, fault);
    if (err == OK)
        err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = request_view_fill(service, db, arena, &row, &view, fault);
    if (err == OK && !request_is_confirmed(view.state))
        err = fault_set(fault, ERR_NOT_FOUND, "the visit is not confirmed");
    if (err != OK)
        return err;
    view.ref = id.ref;
    *ret_sheet = sheet_of(service, arena, lang, &settings, &view);
    return OK;
}

struct confirming {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    struct confirmation_sheet sheet;
};

static enum err confirm_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct confirming *c = argument;
    struct request_one_row row;
    bool found = false;
    enum err err = q_request_one(db, arena, (struct request_one_in){.ref = c->ref}, &row, &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "request");
    if (err == OK)
        err = request_own(&row, c->caller->organisation_id, fault);
    return err != OK ? err : request_sheet_read(c->service, db, arena, row.id, c->caller->lang, &c->sheet, fault);
}

enum err request_confirmation(struct service *service, struct arena *arena, const struct caller *caller,
                              struct str ref, struct confirmation_sheet *ret_sheet, struct fault *fault)
{
    struct confirming c = {.service = service, .caller = caller, .ref = ref};
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, confirm_read, &c, fault);
    if (err == OK)
        *ret_sheet = c.sheet;
    return err;
}

enum err request_confirmation_pdf(struct service *service, struct arena *arena, const struct caller *caller,
                                  struct str ref, struct buf *out, struct fault *fault)
{
    struct confirmation_sheet sheet;
    enum err err = request_confirmation(service, arena, caller, ref, &sheet, fault);
    return err != OK ? err
                     : service->documents->confirmation(service->documents->context, &sheet, out, fault);
}
