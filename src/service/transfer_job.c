/* Deadlines of transfers, as a job: who has not paid is reminded, then the places return (OPS-5). */
#include "service/transfer_parts.h"

#include "base/log.h"

struct stepping {
    struct service *service;
    instant now;
    struct settings settings;
    struct transfers_due_list due;
    struct transfers_to_remind_list near;
    int64_t order_id;
    bool done;
};

static enum err read_due(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct stepping *s = argument;
    enum err err = settings_read(db, arena, &s->settings, fault);
    if (err == OK)
        err = q_transfers_due(db, arena, (struct transfers_due_in){.now = s->now}, &s->due, fault);
    if (err == OK)
        err = q_transfers_to_remind(db, arena, (struct transfers_to_remind_in){
            .now = s->now, .ahead = s->settings.transfer_reminder_days * SECONDS_A_DAY}, &s->near, fault);
    return err;
}

static enum err end_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct stepping *s = argument;
    struct transfer_of_row transfer;
    struct order_by_id_row order;
    s->done = false;
    enum err err = q_order_lock(db, (struct order_lock_in){.id = s->order_id}, NULL, fault);
    if (err == OK)
        err = q_transfer_of(db, arena, (struct transfer_of_in){.order_id = s->order_id}, &transfer, NULL, fault);
    if (err != OK || transfer.ended_at.is ||
        transfer.due_at > s->now) /* paid, or given more time, since it was listed */
        return err;
    /* Nobody answered the request: the customer keeps what is left of the options, as after a refusal. */
    bool asked = !transfer.allowed_at.is;
    err = transfer_lapse(db, arena, s->order_id, !asked, s->now, &s->done, fault);
    if (err == OK && s->done)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = s->order_id}, &order, NULL, fault);
    if (err != OK || !s->done)
        return err;
    return transfer_mail(db, arena, s->order_id, &order, asked ? S("transfer-refused") : S("transfer-ended"),
                         asked ? S("late") : (struct str){"", 0}, s->now, fault);
}

static enum err remind_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct stepping *s = argument;
    struct order_by_id_row order;
    int64_t changed = 0;
    s->done = false;
    enum err err = q_transfer_remind(db, (struct transfer_remind_in){.order_id = s->order_id, .now = s->now}, &changed,
                                     fault);
    if (err != OK || changed == 0)
        return err;
    err = q_order_by_id(db, arena, (struct order_by_id_in){.id = s->order_id}, &order, NULL, fault);
    if (err == OK)
        err = transfer_mail(db, arena, s->order_id, &order, S("transfer-reminder"), (struct str){0}, s->now, fault);
    s->done = err == OK;
    return err;
}

/* One that resists does not keep the others; its error is the step's. */
static void run_one(struct stepping *s, struct arena *arena, int64_t order_id, write_command command, int *done,
                    enum err *first, struct fault *fault)
{
    struct fault own = {.err = OK};
    s->order_id = order_id;
    enum err err = service_write(s->service, arena, command, 0, s, &own);
    *done += err == OK && s->done;
    if (err == OK || *first != OK)
        return;
    *first = err;
    if (fault != NULL)
        *fault = own;
}

enum err transfer_step(struct service *service, struct arena *arena, int *ret_done, struct fault *fault)
{
    struct stepping s = {.service = service, .now = service_now(service)};
    int done = 0;
    enum err err = service_read(service, arena, read_due, &s, fault);
    if (err != OK)
        return err;
    for (size_t i = 0; i < s.due.n; i++)
        run_one(&s, arena, s.due.p[i].order_id, end_command, &done, &err, fault);
    for (size_t i = 0; i < s.near.n; i++)
        run_one(&s, arena, s.near.p[i].order_id, remind_command, &done, &err, fault);
    *ret_done = done;
    return err;
}
