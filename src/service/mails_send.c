/* Sending what the outbox holds: claim, compose, send, note the end; each step in a transaction of its own, so that a
 * crash between any two of them sends a mail twice at worst and never loses one. */
#include "base/log.h"
#include "service/mails.h"
#include "store/queries.h"

/* How long a claim lasts: a sender that died loses it, and the mail is sent by another. */
enum { CLAIM_SECONDS = 180 };

static const int waits[] = {60, 300, 900, 3600, 4 * 3600};
enum { WAITS = sizeof waits / sizeof *waits, LONG_WAIT = 8 * 3600, MAX_TRIES = WAITS + 6 };

struct outbox_work {
    int64_t id;
    instant now, until;
    struct outbox_claim_row claimed;
    bool found;
    enum mail_result result;
    struct str answer;
};

struct due_mails {
    instant now;
    struct outbox_due_list rows;
};

static enum err due_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct due_mails *due = argument;
    return q_outbox_due(db, arena, (struct outbox_due_in){.now = due->now}, &due->rows, fault);
}

static enum err claim_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct outbox_work *work = argument;
    return q_outbox_claim(db, arena, (struct outbox_claim_in){.id = work->id, .now = work->now, .until = work->until},
                          &work->claimed, &work->found, fault);
}

static enum err note_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    const struct outbox_work *work = argument;
    int64_t tries = work->claimed.tries;
    switch (work->result) {
    case MAIL_SENT:
        return q_outbox_sent(db, (struct outbox_sent_in){.id = work->id, .now = work->now, .answer = work->answer}, NULL, fault);
    case MAIL_TEMPORARY:
    case MAIL_UNCERTAIN:
        if (tries < MAX_TRIES)
            return q_outbox_again(db, (struct outbox_again_in){.id = work->id, .tries = tries,
                .next_at = work->now + (tries <= WAITS ? waits[tries - 1] : LONG_WAIT), .answer = work->answer}, NULL, fault);
        return q_outbox_failed(db, (struct outbox_failed_in){.id = work->id, .tries = tries, .answer = work->answer}, NULL, fault);
    case MAIL_PERMANENT:
        return q_outbox_failed(db, (struct outbox_failed_in){.id = work->id, .tries = tries, .answer = work->answer}, NULL, fault);
    }
    return fault_set(fault, ERR_BUG, "mail result");
}

/* What a foreign host said, or a fault that was cut in the middle of a letter: it must never keep the end from being
 * noted, or the mail would go out again for ever. */
static struct str plain(struct arena *arena, struct str text)
{
    char *p = arena_alloc(arena, text.n + 1);
    for (size_t i = 0; i < text.n; i++)
        p[i] = text.p[i] >= ' ' && text.p[i] < 127 ? text.p[i] : '?';
    return (struct str){p, text.n};
}

static void send_one(struct service *service, struct arena *arena, struct outbox_work *work, struct fault *fault)
{
    const struct outbox_claim_row *row = &work->claimed;
    struct mail_job job = {.id = work->id, .kind = row->kind, .organisation_id = row->organisation_id.v,
                           .order_id = row->order_id.v, .visit_id = row->visit_id.v, .recipient = row->recipient,
                           .recipient_name = row->recipient_name, .lang = lang_of(row->lang), .detail = row->detail,
                           .tries = row->tries, .created_at = row->created_at};
    struct mail_message message;
    struct mail_outcome outcome = {.result = MAIL_TEMPORARY};
    enum err err = mails_compose(service, arena, &job, &message, fault);
    if (err == OK)
        err = service->mailer->send(service->mailer->context, &message, &outcome, fault);
    bool never = err == ERR_NOT_FOUND || err == ERR_INPUT || err == ERR_LIMIT || err == ERR_BUG;
    work->result = err == OK ? outcome.result : never ? MAIL_PERMANENT : MAIL_TEMPORARY;
    work->answer = plain(arena, err == OK ? str_of(outcome.detail) : str_of(fault->text));
    if (work->result != MAIL_SENT)
        LOG(LOG_WARNING, "mail", LOG_INT("id", work->id), LOG_TEXT("kind", job.kind), LOG_INT("result", work->result),
            LOG_TEXT("answer", work->answer));
}

static enum err send_due_one(struct service *service, struct arena *arena, int64_t id, bool *ret_sent, struct fault *fault)
{
    instant now = service_now(service); /* the mails before it may have taken their time */
    struct outbox_work work = {.id = id, .now = now, .until = now + CLAIM_SECONDS};
    enum err err = service_write(service, arena, claim_command, 0, &work, fault);
    *ret_sent = false;
    if (err != OK || !work.found)
        return err;
    struct fault mail_fault = {.err = OK};
    if (work.claimed.tries <= MAX_TRIES) {
        send_one(service, arena, &work, &mail_fault);
    } else { /* its senders ended before they could note anything, perhaps because of it */
        work.result = MAIL_PERMANENT;
        work.answer = S("given up");
    }
    work.now = service_now(service);
    *ret_sent = work.result == MAIL_SENT;
    return service_write(service, arena, note_command, 0, &work, fault);
}

enum err mails_send_due(struct service *service, struct arena *arena, int *ret_sent, struct fault *fault)
{
    struct due_mails due = {.now = service_now(service)};
    enum err first = service_read(service, arena, due_in, &due, fault);
    if (first != OK)
        return first;
    int count = 0;
    for (size_t i = 0; i < due.rows.n; i++) {
        /* One whose row resists must not keep the others. */
        struct fault own = {.err = OK};
        bool sent = false;
        enum err err = send_due_one(service, arena, due.rows.p[i].id, &sent, &own);
        count += sent;
        if (err != OK && first == OK && fault != NULL)
            *fault = own;
        first = first != OK ? first : err;
    }
    *ret_sent = count;
    return first;
}
