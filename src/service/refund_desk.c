/* The refunds desk: its lists, and what is done to single payments and movements. */
#include "service/refund_desk.h"

#include "service/staff_session.h"
#include "service/transfer_parts.h"

enum { LATEST_DAYS = 30, LONGEST_REFERENCE = 140 };

static struct str or_empty(struct maybe_str text)
{
    return text.is ? text.v : (struct str){"", 0};
}

/* ---- Lists ------------------------------------------------------------------------------------------------------ */

struct listing {
    struct service *service;
    struct refund_lists lists;
};

static enum err read_due(struct db *db, struct arena *arena, struct refund_due_rows *ret_rows, struct fault *fault)
{
    struct refund_desk_due_list list;
    enum err err = q_refund_desk_due(db, arena, &list, fault);
    if (err != OK)
        return err;
    struct refund_due_rows rows = {.p = ARENA_ARRAY(arena, list.n + 1, struct refund_due_row), .n = list.n};
    for (size_t i = 0; i < list.n; i++)
        rows.p[i] = (struct refund_due_row){
            .payment_id = list.p[i].id, .organisation_id = list.p[i].organisation_id, .ref = list.p[i].ref,
            .organisation = list.p[i].organisation, .reason = list.p[i].reason, .amount = cents(list.p[i].amount_cents),
            .received_at = list.p[i].received_at, .by_card = list.p[i].by_card != 0};
    *ret_rows = rows;
    return OK;
}

/* Appended to what is there: two states may share a list. */
static enum err read_parts(struct db *db, struct arena *arena, struct str state, struct str way,
                           struct refund_part_rows *rows, struct fault *fault)
{
    struct refund_desk_parts_list list;
    enum err err = q_refund_desk_parts(db, arena, (struct refund_desk_parts_in){.state = state, .way = way}, &list,
                                       fault);
    if (err != OK)
        return err;
    struct refund_part_row *p = ARENA_ARRAY(arena, rows->n + list.n + 1, struct refund_part_row);
    for (size_t i = 0; i < rows->n; i++)
        p[i] = rows->p[i];
    for (size_t i = 0; i < list.n; i++) {
        const struct refund_desk_parts_row *row = &list.p[i];
        p[rows->n + i] = (struct refund_part_row){
            .part_id = row->id, .organisation_id = row->organisation_id, .ref = row->ref,
            .organisation = row->organisation, .reason = row->reason, .credit_note = or_empty(row->credit_note),
            .answer = row->answer, .payment_ref = row->payment_ref, .payer = or_empty(row->payer),
            .payer_iban = or_empty(row->payer_iban), .amount = cents(row->amount_cents), .made_at = row->made_at};
    }
    *rows = (struct refund_part_rows){p, rows->n + list.n};
    return OK;
}

static enum err read_latest(struct db *db, struct arena *arena, instant since, struct refund_done_rows *ret_rows,
                            struct fault *fault)
{
    struct refund_desk_latest_list list;
    enum err err = q_refund_desk_latest(db, arena, (struct refund_desk_latest_in){.since = since}, &list, fault);
    if (err != OK)
        return err;
    struct refund_done_rows rows = {.p = ARENA_ARRAY(arena, list.n + 1, struct refund_done_row), .n = list.n};
    for (size_t i = 0; i < list.n; i++) {
        const struct refund_desk_latest_row *row = &list.p[i];
        rows.p[i] = (struct refund_done_row){
            .organisation_id = row->organisation_id, .ref = row->ref, .organisation = row->organisation,
            .reason = row->reason, .credit_note = or_empty(row->credit_note), .amount = cents(row->amount_cents),
            .by = row->first_name.is ? transfer_buyer(arena, row->first_name.v, row->last_name.v) : (struct str){"", 0},
            .made_at = row->made_at};
    }
    *ret_rows = rows;
    return OK;
}

static enum err list_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    struct refund_lists *lists = &l->lists;
    enum err err = read_due(db, arena, &lists->due, fault);
    if (err == OK)
        err = read_parts(db, arena, S("waiting"), S("transfer"), &lists->to_transfer, fault);
    if (err == OK)
        err = read_parts(db, arena, S("failed"), S("provider"), &lists->stuck, fault);
    if (err == OK)
        err = read_parts(db, arena, S("unclear"), S("provider"), &lists->stuck, fault);
    if (err == OK)
        err = read_parts(db, arena, S("waiting"), S("provider"), &lists->under_way, fault);
    if (err == OK)
        err = read_parts(db, arena, S("sent"), S("provider"), &lists->under_way, fault);
    return err == OK
               ? read_latest(db, arena, service_now(l->service) - LATEST_DAYS * SECONDS_A_DAY, &lists->latest, fault)
               : err;
}

enum err refund_desk_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct refund_lists *ret_lists, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_REFUND, 0, fault);
    if (may != OK)
        return may;
    struct listing l = {.service = service};
    enum err err = service_read(service, arena, list_in, &l, fault);
    if (err == OK)
        *ret_lists = l.lists;
    return err;
}

/* ---- One payment ------------------------------------------------------------------------------------------------ */

struct acting {
    struct service *service;
    const struct staff_caller *caller;
    const struct refund_due_pay *pay;
    const struct refund_transferred *done;
    int64_t part_id;
    enum refund_remedy remedy;
    struct str reason;
    enum refund_desk_refusal refusal;
};

static enum err pay_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct acting *a = argument;
    instant now = service_now(a->service);
    a->refusal = REFUND_DESK_NOT_REFUSED;
    struct payment_of_id_row payment;
    struct order_by_id_row order;
    struct refund_by_key_row before;
    bool found = false;
    enum err err = q_payment_of_id(db, arena, (struct payment_of_id_in){.id = a->pay->payment_id}, &payment, &found,
                                   fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "payment");
    if (err == OK)
        err = q_refund_by_key(db, arena, (struct refund_by_key_in){.request_key = a->pay->request_key}, &before, &found,
                              fault);
    if (err != OK || found) /* the form came again */
        return err;
    if (!str_eq(payment.state, S("refund-due")) || payment.left_cents <= 0) {
        a->refusal = REFUND_DESK_DECIDED;
        return OK;
    }
    struct refund_request request = {.order_id = payment.order_id, .amount = cents(payment.left_cents),
                                     .reason = S("late"), .request_key = a->pay->request_key,
                                     .staff_id = a->caller->staff_id, .payment_id = a->pay->payment_id};
    struct refund_made made;
    err = q_order_by_id(db, arena, (struct order_by_id_in){.id = payment.order_id}, &order, NULL, fault);
    if (err == OK)
        err = refund_add(a->service, db, arena, &request, now, &made, fault);
    if (err != OK)
        return err;
    if (made.refusal != REFUND_NOT_REFUSED) { /* somebody was quicker on another server */
        a->refusal = REFUND_DESK_DECIDED;
        return OK;
    }
    return staff_audit(db, arena, a->caller, now,
                       (struct staff_act){.act = S("refund.due"),
                                          .subject = order.ref,
                                          .organisation_id = order.organisation_id,
                                          .detail = str_format(arena, "%lld cents", (long long)made.amount.v),
                                          .reason = a->reason,
                                          .was = S("refund-due"),
                                          .became = made.by_provider ? S("to the provider") : S("to be transferred")},
                       fault);
}

enum err refund_desk_pay(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct refund_due_pay *pay, enum refund_desk_refusal *ret_refusal, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_REFUND, 0, fault);
    if (may != OK)
        return may;
    struct acting a = {.service = service, .caller = caller, .pay = pay, .reason = str_trim(pay->reason)};
    if (str_empty(a.reason)) {
        *ret_refusal = REFUND_DESK_REASON;
        return OK;
    }
    enum err err = service_write(service, arena, pay_command, 0, &a, fault);
    if (err == OK)
        *ret_refusal = a.refusal;
    return err;
}

/* ---- One movement ----------------------------------------------------------------------------------------------- */

static enum err part_of(struct db *db, struct arena *arena, int64_t id, struct refund_part_whole_row *ret_part,
                        struct fault *fault)
{
    bool found = false;
    enum err err = q_refund_part_whole(db, arena, (struct refund_part_whole_in){.id = id}, ret_part, &found, fault);
    return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "movement") : err;
}

static enum err transferred_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct acting *a = argument;
    instant now = service_now(a->service);
    a->refusal = REFUND_DESK_NOT_REFUSED;
    struct refund_part_whole_row part;
    struct refund_part_of_id_row ids;
    struct order_by_id_row order;
    int64_t changed = 0;
    enum err err = part_of(db, arena, a->done->part_id, &part, fault);
    if (err == OK)
        err = q_refund_part_transferred(db, (struct refund_part_transferred_in){
            .id = a->done->part_id, .now = now, .day = a->done->day,
            .bank_ref = str_sub(str_trim(a->done->bank_ref), 0, LONGEST_REFERENCE), .staff_id = a->caller->staff_id},
            &changed, fault);
    if (err == OK && changed == 0)
        a->refusal = REFUND_DESK_DECIDED;
    if (err != OK || changed == 0)
        return err;
    err = q_payment_refunded(db, (struct payment_refunded_in){.id = part.payment_id}, NULL, fault);
    if (err == OK)
        err = q_refund_part_of_id(db, arena, (struct refund_part_of_id_in){.id = a->done->part_id}, &ids, NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = ids.order_id}, &order, NULL, fault);
    if (err == OK)
        err = transfer_mail(db, arena, ids.order_id, &order, S("refund-sent"),
                            str_format(arena, "%lld", (long long)part.refund_id), now, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, a->caller, now, (struct staff_act){
        .act = S("refund.transferred"), .subject = part.ref, .organisation_id = part.organisation_id,
        .detail = str_format(arena, "%lld cents %.*s", (long long)part.amount_cents, STR_ARG(a->done->bank_ref)),
        .was = S("waiting"), .became = S("done")}, fault);
}

enum err refund_desk_transferred(struct service *service, struct arena *arena, const struct staff_caller *caller,
                                 const struct refund_transferred *done, enum refund_desk_refusal *ret_refusal,
                                 struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_REFUND, 0, fault);
    if (may != OK)
        return may;
    day_number today = service_day(service, service_now(service));
    if (done->day > today || done->day < today - 366) {
        *ret_refusal = REFUND_DESK_DAY;
        return OK;
    }
    if (str_empty(str_trim(done->bank_ref))) {
        *ret_refusal = REFUND_DESK_REFERENCE;
        return OK;
    }
    struct acting a = {.service = service, .caller = caller, .done = done};
    enum err err = service_write(service, arena, transferred_command, 0, &a, fault);
    if (err == OK)
        *ret_refusal = a.refusal;
    return err;
}

/* A new movement for the same money, by transfer; the old one is told to be over first, so that never both count. */
static enum err transfer_instead(struct acting *a, struct db *db, struct arena *arena,
                                 const struct refund_part_whole_row *part, instant now, int64_t *ret_changed,
                                 struct fault *fault)
{
    enum err err = q_refund_part_give_up(db, (struct refund_part_give_up_in){.id = a->part_id, .now = now,
                                             .staff_id = a->caller->staff_id}, ret_changed, fault);
    if (err != OK || *ret_changed == 0)
        return err;
    return q_refund_part_insert(db, (struct refund_part_insert_in){
        .refund_id = part->refund_id, .payment_id = part->payment_id, .amount_cents = part->amount_cents,
        .way = S("transfer"), .key = str_join2(arena, S("refund-"), random_token(&a->service->random, arena, 18)),
        .now = now}, NULL, fault);
}

static enum err remedy_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    static const char *const words[] = {[REFUND_SEND_AGAIN] = "sent again", [REFUND_SEEN_DONE] = "seen done",
                                        [REFUND_TRANSFER_INSTEAD] = "to be transferred"};
    struct acting *a = argument;
    instant now = service_now(a->service);
    a->refusal = REFUND_DESK_NOT_REFUSED;
    struct refund_part_whole_row part;
    int64_t changed = 0;
    enum err err = part_of(db, arena, a->part_id, &part, fault);
    if (err != OK)
        return err;
    /* Money of a failed movement may have gone back another way meanwhile. */
    struct payment_of_id_row payment;
    err = q_payment_of_id(db, arena, (struct payment_of_id_in){.id = part.payment_id}, &payment, NULL, fault);
    if (err == OK)
        err = q_order_lock(db, (struct order_lock_in){.id = payment.order_id}, NULL, fault);
    if (err == OK)
        err = q_payment_of_id(db, arena, (struct payment_of_id_in){.id = part.payment_id}, &payment, NULL, fault);
    if (err != OK)
        return err;
    bool failed = str_eq(part.state, S("failed"));
    if (part.replaced > 0 || (failed && payment.left_cents < part.amount_cents)) {
        a->refusal = REFUND_DESK_DECIDED;
        return OK;
    }
    if (a->remedy == REFUND_SEND_AGAIN)
        err = q_refund_part_again(db, (struct refund_part_again_in){.id = a->part_id, .now = now,
            .key = str_join2(arena, S("refund-"), random_token(&a->service->random, arena, 18))}, &changed, fault);
    else if (a->remedy == REFUND_SEEN_DONE)
        err = q_refund_part_seen(db, (struct refund_part_seen_in){.id = a->part_id, .now = now,
                                     .staff_id = a->caller->staff_id}, &changed, fault);
    else
        err = transfer_instead(a, db, arena, &part, now, &changed, fault);
    if (err == OK && changed == 0)
        a->refusal = REFUND_DESK_DECIDED;
    if (err == OK && changed != 0 && a->remedy == REFUND_SEEN_DONE)
        err = q_payment_refunded(db, (struct payment_refunded_in){.id = part.payment_id}, NULL, fault);
    if (err != OK || changed == 0)
        return err;
    return staff_audit(db, arena, a->caller, now, (struct staff_act){
        .act = S("refund.remedy"), .subject = part.ref, .organisation_id = part.organisation_id,
        .detail = str_format(arena, "%lld cents", (long long)part.amount_cents), .reason = a->reason, .was = part.state,
        .became = str_of(words[a->remedy])}, fault);
}

enum err refund_desk_remedy(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t part_id, enum refund_remedy remedy, struct str reason,
                            enum refund_desk_refusal *ret_refusal, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_REFUND, 0, fault);
    if (may != OK)
        return may;
    struct acting a = {.service = service, .caller = caller, .part_id = part_id, .remedy = remedy,
                       .reason = str_trim(reason)};
    if (str_empty(a.reason)) {
        *ret_refusal = REFUND_DESK_REASON;
        return OK;
    }
    enum err err = service_write(service, arena, remedy_command, 0, &a, fault);
    if (err == OK)
        *ret_refusal = a.refusal;
    return err;
}
