/* Reminders of an option's end, as a job. */
#include "service/option.h"

#include "domain/reminder.h"
#include "service/outbox.h"
#include "service/settings.h"
#include "store/queries.h"

struct reminding {
    struct service *service;
    instant now;
    struct settings settings;
    int days;
    struct options_to_remind_list due;
};

static enum err read_due(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reminding *reminding = argument;
    return q_options_to_remind(db, arena, (struct options_to_remind_in){
        .now = reminding->now, .days = reminding->days,
        .until = reminder_horizon(&reminding->service->zone, reminding->now, reminding->days,
                                  (int)reminding->settings.reminder_minute)}, &reminding->due, fault);
}

struct reminder {
    int64_t visit_id;
    instant ends_at, now;
    int days;
    bool passed_over;
    bool noted;
};

static enum err reminder_mail(struct db *db, struct arena *arena, const struct reminder *reminder,
                              const struct option_to_remind_row *option, struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = option->person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = S("option-reminder"), .organisation_id = option->organisation_id, .visit_id = reminder->visit_id,
        .recipient = person.email,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = lang_of(person.lang), .now = reminder->now}, fault);
}

static enum err remind_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reminder *reminder = argument;
    reminder->noted = false;
    struct option_to_remind_row option;
    bool found = false;
    enum err err = q_option_to_remind(db, arena, (struct option_to_remind_in){
        .id = reminder->visit_id, .ends_at = reminder->ends_at, .days = reminder->days}, &option, &found, fault);
    if (err != OK || !found) /* ended, changed or being paid since it was listed */
        return err;
    bool mailed = !reminder->passed_over && !option.told;
    int64_t added = 0;
    err = q_option_reminder_note(db, (struct option_reminder_note_in){
        .visit_id = reminder->visit_id, .ends_at = reminder->ends_at, .days = reminder->days, .mailed = mailed,
        .now = reminder->now}, &added, fault);
    if (err != OK || added == 0) /* another server was quicker */
        return err;
    reminder->noted = true;
    return mailed ? reminder_mail(db, arena, reminder, &option, fault) : OK;
}

enum err option_remind(struct service *service, struct arena *arena, int *ret_noted, struct fault *fault)
{
    struct reminding reminding = {.service = service, .now = service_now(service)};
    enum err first = settings_load(service, arena, &reminding.settings, fault);
    int noted = 0;
    /* The nearest first: what it notes, the earlier ones need not say any more. */
    for (size_t d = 0; d < reminding.settings.reminder_days.count && first == OK; d++) {
        reminding.days = reminding.settings.reminder_days.days[d];
        first = service_read(service, arena, read_due, &reminding, fault);
        for (size_t i = 0; i < reminding.due.n; i++) {
            const struct options_to_remind_row *row = &reminding.due.p[i];
            struct reminder reminder = {
                .visit_id = row->id, .ends_at = row->ends_at, .now = reminding.now, .days = reminding.days,
                .passed_over = reminder_due(&service->zone, row->ends_at, reminding.days,
                                            (int)reminding.settings.reminder_minute) <= row->since};
            struct fault own = {.err = OK};
            enum err err = service_write(service, arena, remind_command, 0, &reminder, &own);
            noted += err == OK && reminder.noted;
            if (err != OK && first == OK && fault != NULL)
                *fault = own;
            first = first != OK ? first : err;
        }
    }
    *ret_noted = noted;
    return noted > 0 ? OK : first;
}
