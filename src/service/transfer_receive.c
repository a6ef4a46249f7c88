/* Money that comes by transfer, and what follows from it. */
#include "service/transfer_parts.h"

#include "service/fulfil.h"
#include "service/staff_session.h"

enum { LONGEST_REFERENCE = 140, LONGEST_REASON = 400 };

struct receiving {
    struct service *service;
    struct db *db;
    struct arena *arena;
    const struct transfer_money *money;
    instant now;
    struct order_by_id_row order;
    struct transfer_money_row before; /* what arrived for the order until now */
    bool by_transfer;                 /* it is an order by transfer: parts may wait for the rest */
    struct transfer_outcome outcome;
};

static enum err load(struct receiving *r, struct fault *fault)
{
    struct transfer_of_row transfer;
    /* The lock first: two receipts for one order on two servers see each other. */
    enum err err = q_order_lock(r->db, (struct order_lock_in){.id = r->money->order_id}, NULL, fault);
    if (err == OK)
        err = q_order_by_id(r->db, r->arena, (struct order_by_id_in){.id = r->money->order_id}, &r->order, NULL, fault);
    if (err == OK)
        err = q_transfer_money(r->db, r->arena, (struct transfer_money_in){.order_id = r->money->order_id}, &r->before,
                               NULL, fault);
    if (err == OK)
        err = q_transfer_of(r->db, r->arena, (struct transfer_of_in){.order_id = r->money->order_id}, &transfer,
                            &r->by_transfer, fault);
    return err;
}

static enum err add_payment(struct receiving *r, int64_t amount, bool excess, struct str state, struct str reason,
                            struct fault *fault)
{
    struct payment_next_part_row part;
    enum err err = q_payment_next_part(r->db, r->arena, (struct payment_next_part_in){.order_id = r->money->order_id},
                                       &part, NULL, fault);
    if (err != OK || amount == 0)
        return err;
    return q_receipt_payment(r->db, (struct receipt_payment_in){
        .order_id = r->money->order_id, .receipt_id = r->outcome.receipt_id,
        .payment_ref = str_format(r->arena, "%lld%s", (long long)r->outcome.receipt_id, excess ? "-excess" : ""),
        .amount_cents = amount, .now = r->now, .state = state, .reason = reason, .part = part.part}, NULL, fault);
}

/* All that waits becomes the order's payment, if its places are there. */
static enum err confirm(struct receiving *r, bool *ret_confirmed, struct fault *fault)
{
    int64_t order_id = r->money->order_id;
    enum err err = order_fulfil(r->service, r->db, r->arena, order_id, r->now, ret_confirmed, fault);
    if (err == OK)
        err = q_payments_waiting_become(r->db, (struct payments_waiting_become_in){
            .order_id = order_id, .state = *ret_confirmed ? S("booked") : S("refund-due"),
            .reason = *ret_confirmed ? (struct str){"", 0} : S("places-gone")}, NULL, fault);
    if (err == OK && *ret_confirmed)
        err = q_transfer_end(r->db, (struct transfer_end_in){.order_id = order_id, .now = r->now}, NULL, fault);
    return err;
}

/* How much of the money the order still wants, and why it wants no more. An order that is over takes the whole or
 * nothing: parts would wait for what nobody is asked for any more. */
static int64_t wanted(const struct receiving *r, struct str *ret_reason)
{
    int64_t due = r->order.total_cents - r->before.carried_cents - r->before.waiting_cents;
    bool pending = str_eq(r->order.state, S("pending")), expired = str_eq(r->order.state, S("expired"));
    *ret_reason = r->before.booked_cents > 0 || !(pending || expired) ? S("paid-twice")
                  : expired                                           ? S("late")
                                                                      : S("amount");
    if (!(pending || expired) || due <= 0)
        return 0;
    if (pending && r->by_transfer) {
        *ret_reason = S("over");
        return due;
    }
    if (r->money->amount.v < due)
        return 0;
    *ret_reason = S("over");
    return due;
}

static enum err distribute(struct receiving *r, struct fault *fault)
{
    struct str reason = {0};
    int64_t due = wanted(r, &reason), amount = r->money->amount.v;
    int64_t settles = amount < due ? amount : due, excess = amount - settles;
    r->outcome.excess = cents(excess);
    r->outcome.end = settles == 0 ? TRANSFER_RETURN : settles < due ? TRANSFER_PART : TRANSFER_CONFIRMED;
    enum err err = add_payment(r, settles, false, S("waiting"), (struct str){"", 0}, fault);
    if (err == OK)
        err = add_payment(r, excess, true, S("refund-due"), reason, fault);
    bool confirmed = false;
    if (err == OK && r->outcome.end == TRANSFER_CONFIRMED)
        err = confirm(r, &confirmed, fault);
    if (err != OK)
        return err;
    if (r->outcome.end == TRANSFER_CONFIRMED && !confirmed) {
        r->outcome.end = TRANSFER_RETURN;
        r->outcome.excess = r->money->amount;
    }
    if (r->outcome.end == TRANSFER_PART) {
        r->outcome.left = cents(due - settles);
        err = transfer_mail(r->db, r->arena, r->money->order_id, &r->order, S("transfer-part"), (struct str){0}, r->now,
                            fault);
    }
    if (err == OK && r->outcome.excess.v > 0)
        err = transfer_refund_due_mails(r->db, r->arena, r->money->order_id, &r->order, r->now, fault);
    return err;
}

enum err transfer_receive(struct service *service, struct db *db, struct arena *arena,
                          const struct transfer_money *money, instant now, struct transfer_outcome *ret_outcome,
                          struct fault *fault)
{
    struct receiving r = {.service = service, .db = db, .arena = arena, .money = money, .now = now};
    enum err err = load(&r, fault);
    struct receipt_insert_row receipt;
    bool fresh = false;
    if (err == OK)
        err = q_receipt_insert(db, arena, (struct receipt_insert_in){
            .order_id = money->order_id, .amount_cents = money->amount.v, .day = money->day,
            .bank_ref = str_sub(money->bank_ref, 0, LONGEST_REFERENCE), .reason = money->reason,
            .staff_id = {.is = money->staff_id != 0, .v = money->staff_id},
            .entry_id = {.is = money->entry_id != 0, .v = money->entry_id}, .request_key = money->request_key,
            .now = now}, &receipt, &fresh, fault);
    if (err != OK)
        return err;
    if (!fresh) {
        *ret_outcome = (struct transfer_outcome){.before = true};
        return OK;
    }
    r.outcome.receipt_id = receipt.id;
    err = distribute(&r, fault);
    if (err == OK)
        *ret_outcome = r.outcome;
    return err;
}

/* ---- «Reçu» ----------------------------------------------------------------------------------------------------- */

struct recording {
    struct service *service;
    const struct staff_caller *caller;
    const struct transfer_record *record;
    struct transfer_outcome outcome;
};

static enum err record_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct recording *r = argument;
    const struct transfer_record *record = r->record;
    instant now = service_now(r->service);
    struct order_id_by_ref_row id;
    struct order_by_id_row order;
    bool found = false;
    enum err err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = record->ref}, &id, &found, fault);
    if (err == OK && !found) {
        r->outcome = (struct transfer_outcome){.refusal = TRANSFER_NO_ORDER};
        return OK;
    }
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = id.id}, &order, NULL, fault);
    if (err != OK)
        return err;
    struct transfer_money money = {.order_id = id.id, .amount = record->amount, .day = record->day,
                                   .bank_ref = str_trim(record->bank_ref), .reason = str_trim(record->reason),
                                   .staff_id = r->caller->staff_id, .request_key = record->request_key};
    err = transfer_receive(r->service, db, arena, &money, now, &r->outcome, fault);
    if (err != OK || r->outcome.before)
        return err;
    static const char *const words[] = {[TRANSFER_PART] = "part", [TRANSFER_CONFIRMED] = "confirmed",
                                        [TRANSFER_RETURN] = "to be returned"};
    return staff_audit(db, arena, r->caller, now, (struct staff_act){
        .act = S("transfer.received"), .subject = record->ref, .organisation_id = order.organisation_id,
        .detail = str_format(arena, "%lld cents %.*s", (long long)record->amount.v, STR_ARG(money.bank_ref)),
        .reason = money.reason, .was = order.state, .became = str_of(words[r->outcome.end])}, fault);
}

enum err transfer_record(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct transfer_record *record, struct transfer_outcome *ret_outcome,
                         struct fault *fault)
{
    enum { MOST = 100000000 }; /* a million euros: beyond that it is a slip of the pen */
    enum err may = permit_staff(caller, TASK_TRANSFER_RECORD, 0, fault);
    if (may != OK)
        return may;
    enum transfer_refusal refusal = TRANSFER_NOT_REFUSED;
    day_number today = service_day(service, service_now(service));
    if (record->amount.v <= 0 || record->amount.v > MOST)
        refusal = TRANSFER_AMOUNT;
    else if (record->day > today || record->day < today - 366)
        refusal = TRANSFER_DAY;
    else if (str_empty(str_trim(record->reason)) || record->reason.n > LONGEST_REASON)
        refusal = TRANSFER_REASON;
    if (refusal != TRANSFER_NOT_REFUSED) {
        *ret_outcome = (struct transfer_outcome){.refusal = refusal};
        return OK;
    }
    struct recording r = {.service = service, .caller = caller, .record = record};
    enum err err = service_write(service, arena, record_command, 0, &r, fault);
    if (err == OK)
        *ret_outcome = r.outcome;
    return err;
}
