/* Mails of options: placed, changed, about to end, ended. */
#include "service/mails_parts.h"

#include "domain/reminder.h"

static enum err say_visit(struct mail_draft *draft, struct visit_for_mail_row *visit, struct fault *fault)
{
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    if (!visit->split_key.is) {
        SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", mail_when(draft, visit->start_at.v)),
            ARG("n", visit->persons));
        return OK;
    }
    struct visits_of_split_list parts;
    err = q_visits_of_split(draft->db, draft->arena, (struct visits_of_split_in){
        .organisation_id = visit->organisation_id, .split_key = visit->split_key.v}, &parts, fault);
    for (size_t i = 0; err == OK && i < parts.n; i++)
        SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", mail_when(draft, parts.p[i].start_at.v)),
            ARG("n", parts.p[i].persons));
    return err;
}

static enum err option_placed(struct mail_draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    SAY(draft, mail_option_placed_text);
    enum err err = say_visit(draft, &visit, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_option_placed_subject, ARG("monument", visit.monument_name));
    if (visit.ends_at.is)
        SAY(draft, mail_option_placed_end, ARG("when", mail_when(draft, visit.ends_at.v)));
    draft->link = mail_url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

static enum err option_changed(struct mail_draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, &visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_option_changed_subject, ARG("monument", visit.monument_name));
    SAY(draft, mail_option_changed_text);
    SAY(draft, mail_visit, ARG("monument", visit.monument_name), ARG("when", mail_when(draft, visit.start_at.v)),
        ARG("n", visit.persons));
    if (visit.ends_at.is)
        SAY(draft, mail_option_placed_end, ARG("when", mail_when(draft, visit.ends_at.v)));
    draft->link = mail_url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

static enum err option_ended(struct mail_draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, &visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_option_ended_subject, ARG("monument", visit.monument_name));
    SAY(draft, mail_option_ended_text, ARG("when", mail_when(draft, visit.ends_at.v)));
    SAY(draft, mail_visit, ARG("monument", visit.monument_name), ARG("when", mail_when(draft, visit.start_at.v)),
        ARG("n", visit.persons));
    SAY(draft, mail_option_ended_again);
    draft->link = mail_url(draft, str_format(draft->arena, "/monuments/%.*s/planning", STR_ARG(visit.monument_slug)));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_planning_link);
    return OK;
}

/* How many days are left is said as of the moment at which the reminder was due, whenever it is sent. */
static enum err option_reminder(struct mail_draft *draft, struct fault *fault)
{
    struct option_for_reminder_row option;
    bool found = false;
    enum err err = q_option_for_reminder(draft->db, draft->arena, (struct option_for_reminder_in){
        .id = draft->job->visit_id}, &option, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "the option has ended or is being paid");
    const struct zone *zone = &draft->service->zone;
    day_number days = reminder_last_day(zone, option.ends_at) - local_of(zone, draft->job->created_at).day;
    draft->subject = msg_text(draft->arena, draft->lang, days > 0 ? MSG_mail_option_reminder_subject
                                                                  : MSG_mail_option_reminder_last_subject,
                              ARG("monument", option.monument_name));
    if (days > 0)
        SAY(draft, mail_option_reminder_text, ARG("n", days), ARG("when", mail_when(draft, option.ends_at)));
    else
        SAY(draft, mail_option_reminder_last, ARG("when", mail_when(draft, option.ends_at)));
    struct options_of_split_list parts = {.n = 0};
    if (option.split_key.is)
        err = q_options_of_split(draft->db, draft->arena, (struct options_of_split_in){
            .organisation_id = option.organisation_id, .split_key = option.split_key.v, .ends_at = option.ends_at}, &parts,
            fault);
    if (err != OK)
        return err;
    if (parts.n == 0)
        SAY(draft, mail_visit, ARG("monument", option.monument_name), ARG("when", mail_when(draft, option.start_at)),
            ARG("n", option.persons));
    for (size_t i = 0; i < parts.n; i++)
        SAY(draft, mail_visit, ARG("monument", option.monument_name), ARG("when", mail_when(draft, parts.p[i].start_at)),
            ARG("n", parts.p[i].persons));
    SAY(draft, mail_option_reminder_next);
    draft->link = mail_url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

const struct mail_kind mails_of_options[] = {
    {"option-placed", option_placed},
    {"option-changed", option_changed},
    {"option-reminder", option_reminder},
    {"option-ended", option_ended},
    {NULL, NULL},
};
