/* Mails of closures (COM-4): what is closed, why, what there is to choose and until when, whom to call. What they say
 * depends on what the row of the list was when it was told, so a mail that is composed again is the same. */
#include "service/mails_parts.h"

static enum err read_closure(struct mail_draft *draft, struct closure_for_mail_row *row, struct fault *fault)
{
    bool found = false;
    enum err err = q_closure_for_mail(draft->db, draft->arena,
        (struct closure_for_mail_in){.visit_id = draft->job->visit_id}, row, &found, fault);
    return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "no closure of this visit") : err;
}

static struct str reason_of(const struct mail_draft *draft, struct str fr, struct str en)
{
    return draft->lang == LANG_FR ? fr : en;
}

static struct str day_words(struct mail_draft *draft, day_number day)
{
    format_day(&draft->scratch, draft->lang, day);
    struct str words = str_dup(draft->arena, buf_view(&draft->scratch));
    buf_clear(&draft->scratch);
    return words;
}

/* A dated ticket has a day and no hour. */
static struct str when(struct mail_draft *draft, instant start, bool whole_day)
{
    return whole_day ? day_words(draft, local_of(&draft->service->zone, start).day) : mail_when(draft, start);
}

/* The last day of the term, which ends with its midnight. */
static struct str last_day(struct mail_draft *draft, instant until)
{
    return day_words(draft, local_of(&draft->service->zone, until - 1).day);
}

static void say_contact(struct mail_draft *draft, struct str monument, struct str phone, struct str email)
{
    SAY(draft, mail_closure_service, ARG("email", draft->settings.contact_groups));
    if (!str_empty(phone) && !str_empty(email))
        SAY(draft, mail_closure_monument, ARG("monument", monument), ARG("phone", phone), ARG("email", email));
    else if (!str_empty(email))
        SAY(draft, mail_closure_monument_mail, ARG("monument", monument), ARG("email", email));
}

/* What happens to what they had. */
static void say_next(struct mail_draft *draft, const struct closure_for_mail_row *row)
{
    struct str ref = row->ref.v;
    struct cents amount = cents(row->amount_cents);
    if (str_eq(row->was, S("option"))) {
        SAY(draft, mail_closure_option);
    } else if (str_eq(row->was, S("cart"))) {
        SAY(draft, mail_closure_cart);
    } else if (str_eq(row->was, S("pending"))) {
        SAY(draft, mail_closure_pending, ARG("ref", ref));
    } else if (str_eq(row->was, S("paid"))) {
        SAY(draft, mail_closure_tickets_void);
        SAY(draft, mail_closure_choose, ARG("amount", amount), ARG("day", last_day(draft, row->choose_until)));
        if (row->refund_by_default)
            SAY(draft, mail_closure_default);
        else
            SAY(draft, mail_closure_wait);
    } else if (str_eq(row->was, S("free"))) {
        SAY(draft, mail_closure_tickets_void);
        SAY(draft, mail_closure_choose_free, ARG("day", last_day(draft, row->choose_until)));
    } else if (str_eq(row->was, S("transfer"))) {
        SAY(draft, mail_closure_tickets_void);
        SAY(draft, mail_closure_transfer, ARG("amount", amount), ARG("ref", ref));
    } else {
        SAY(draft, mail_closure_tickets_void);
        SAY(draft, mail_closure_call);
    }
}

static void link_next(struct mail_draft *draft, const struct closure_for_mail_row *row)
{
    bool chooses = str_eq(row->was, S("paid")) || str_eq(row->was, S("free"));
    if (chooses) {
        draft->link = mail_url(draft, str_format(draft->arena, "/annulations/%lld", (long long)draft->job->visit_id));
        draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_closure_link_choose);
    } else if (row->ref.is && !str_eq(row->was, S("pending"))) {
        draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), row->ref.v));
        draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    } else {
        draft->link = mail_url(draft, str_format(draft->arena, "/monuments/%.*s/planning", STR_ARG(row->slug)));
        draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_closure_link_planning);
    }
}

/* To the buyer. */
static enum err closure(struct mail_draft *draft, struct fault *fault)
{
    struct closure_for_mail_row row;
    enum err err = read_closure(draft, &row, fault);
    if (err != OK)
        return err;
    struct str at = when(draft, row.start_at, row.whole_day != 0);
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_closure_subject, ARG("monument", row.monument),
                              ARG("when", at));
    SAY(draft, mail_closure_text, ARG("monument", row.monument), ARG("when", at), ARG("n", row.persons));
    SAY(draft, mail_closure_reason, ARG("reason", reason_of(draft, row.reason_fr, row.reason_en)));
    say_next(draft, &row);
    say_contact(draft, row.monument, row.contact_phone, row.contact_email);
    link_next(draft, &row);
    return OK;
}

/* To the accompanying person, and to whoever had the tickets. */
static enum err notice(struct mail_draft *draft, struct fault *fault)
{
    struct closure_for_mail_row row;
    enum err err = read_closure(draft, &row, fault);
    if (err != OK)
        return err;
    struct str at = when(draft, row.start_at, row.whole_day != 0);
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_closure_subject, ARG("monument", row.monument),
                              ARG("when", at));
    SAY(draft, mail_closure_notice, ARG("monument", row.monument), ARG("when", at), ARG("n", row.persons),
        ARG("organisation", row.organisation));
    SAY(draft, mail_closure_reason, ARG("reason", reason_of(draft, row.reason_fr, row.reason_en)));
    SAY(draft, mail_closure_notice_next, ARG("organisation", row.organisation));
    say_contact(draft, row.monument, row.contact_phone, row.contact_email);
    return OK;
}

/* The visit that was chosen in the place of the closed one: to the buyer and the accompanying person. */
static enum err moved(struct mail_draft *draft, struct fault *fault)
{
    struct closure_for_mail_row row;
    enum err err = read_closure(draft, &row, fault);
    if (err != OK)
        return err;
    if (!row.new_start_at.is)
        return fault_set(fault, ERR_NOT_FOUND, "visit %lld was not moved", (long long)draft->job->visit_id);
    bool whole_day = row.whole_day != 0;
    struct str at = when(draft, row.new_start_at.v, whole_day);
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_closure_moved_subject, ARG("monument", row.monument),
                              ARG("when", at));
    SAY(draft, mail_closure_moved, ARG("monument", row.monument), ARG("when", at), ARG("n", row.new_persons.v),
        ARG("old", when(draft, row.start_at, whole_day)), ARG("organisation", row.organisation));
    SAY(draft, mail_closure_moved_tickets);
    return OK;
}

/* Who booked by telephone; «closure.booking» in the detail. */
static enum err phone(struct mail_draft *draft, struct fault *fault)
{
    struct str rest = draft->job->detail, first = str_cut(&rest, '.');
    struct closure_booking_for_mail_in in = {0};
    struct closure_booking_for_mail_row row;
    bool found = false;
    if (!str_int(first, &in.closure_id) || !str_int(rest, &in.booking_id))
        return fault_set(fault, ERR_NOT_FOUND, "no booking is named");
    enum err err = q_closure_booking_for_mail(draft->db, draft->arena, in, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no such booking");
    struct str at = mail_when(draft, row.start_at);
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_closure_subject, ARG("monument", row.monument),
                              ARG("when", at));
    SAY(draft, mail_closure_text, ARG("monument", row.monument), ARG("when", at), ARG("n", row.persons));
    SAY(draft, mail_closure_reason, ARG("reason", reason_of(draft, row.reason_fr, row.reason_en)));
    SAY(draft, mail_closure_phone);
    say_contact(draft, row.monument, row.contact_phone, row.contact_email);
    return OK;
}

const struct mail_kind mails_of_closures[] = {
    {"closure", closure},
    {"closure-notice", notice},
    {"closure-moved", moved},
    {"closure-phone", phone},
    {NULL, NULL},
};
