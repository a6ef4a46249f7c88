/* What a person sees and decides of the bank's entries. */
#include "service/bank_desk.h"

#include "service/staff_session.h"
#include "service/transfer_parts.h"

enum { DONE_DAYS = 60, FILE_DAYS = 120 };

/* ---- Lists ------------------------------------------------------------------------------------------------------ */

struct listing {
    struct service *service;
    struct bank_lists lists;
};

static struct str or_empty(struct maybe_str text)
{
    return text.is ? text.v : (struct str){"", 0};
}

static enum err read_open(struct db *db, struct arena *arena, struct str state, struct bank_rows *ret_rows,
                          struct fault *fault)
{
    struct bank_list_list list;
    enum err err = q_bank_list(db, arena, (struct bank_list_in){.state = state}, &list, fault);
    if (err != OK)
        return err;
    struct bank_rows rows = {.p = ARENA_ARRAY(arena, list.n + 1, struct bank_row), .n = list.n};
    for (size_t i = 0; i < list.n; i++) {
        const struct bank_list_row *row = &list.p[i];
        rows.p[i] = (struct bank_row){
            .id = row->id, .booked = (day_number)row->booked, .amount = cents(row->amount_cents), .payer = row->payer,
            .payer_iban = row->payer_iban, .text = str_empty(row->text) ? row->refs : row->text, .found = row->found,
            .ref = or_empty(row->ref), .organisation = or_empty(row->organisation),
            .confirmed = row->order_state.is && str_eq(row->order_state.v, S("confirmed")),
            .order_total = cents(row->order_cents.is ? row->order_cents.v : 0), .by_hand = row->by_hand > 0};
    }
    *ret_rows = rows;
    return OK;
}

static enum err read_done(struct db *db, struct arena *arena, struct str state, int64_t since,
                          struct bank_rows *ret_rows, struct fault *fault)
{
    struct bank_list_latest_list list;
    enum err err = q_bank_list_latest(db, arena, (struct bank_list_latest_in){.state = state, .since = since}, &list,
                                      fault);
    if (err != OK)
        return err;
    struct bank_rows rows = {.p = ARENA_ARRAY(arena, list.n + 1, struct bank_row), .n = list.n};
    for (size_t i = 0; i < list.n; i++) {
        const struct bank_list_latest_row *row = &list.p[i];
        rows.p[i] = (struct bank_row){
            .id = row->id,
            .booked = (day_number)row->booked,
            .amount = cents(row->amount_cents),
            .payer = row->payer,
            .text = row->text,
            .found = row->found,
            .ref = or_empty(row->ref),
            .organisation = or_empty(row->organisation),
            .by = row->first_name.is ? transfer_buyer(arena, row->first_name.v, row->last_name.v) : (struct str){"", 0},
            .reason = row->reason};
    }
    *ret_rows = rows;
    return OK;
}

static enum err read_files(struct db *db, struct arena *arena, instant since, struct bank_lists *lists,
                           struct fault *fault)
{
    struct bank_files_latest_list list;
    enum err err = q_bank_files_latest(db, arena, (struct bank_files_latest_in){.since = since}, &list, fault);
    if (err != OK)
        return err;
    lists->files = ARENA_ARRAY(arena, list.n + 1, struct bank_file_row);
    lists->file_count = list.n;
    for (size_t i = 0; i < list.n; i++)
        lists->files[i] = (struct bank_file_row){
            .name = list.p[i].name, .format = list.p[i].format, .imported_at = list.p[i].imported_at,
            .by = transfer_buyer(arena, list.p[i].first_name, list.p[i].last_name), .entries = list.p[i].entries};
    return OK;
}

static enum err list_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    instant now = service_now(l->service);
    int64_t since = service_day(l->service, now) - DONE_DAYS;
    enum err err = read_open(db, arena, S("proposed"), &l->lists.proposed, fault);
    if (err == OK)
        err = read_open(db, arena, S("unmatched"), &l->lists.unmatched, fault);
    if (err == OK)
        err = read_done(db, arena, S("matched"), since, &l->lists.matched, fault);
    if (err == OK)
        err = read_done(db, arena, S("dismissed"), since, &l->lists.dismissed, fault);
    return err == OK ? read_files(db, arena, now - (int64_t)FILE_DAYS * SECONDS_A_DAY, &l->lists, fault) : err;
}

enum err bank_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   struct bank_lists *ret_lists, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_BANK_IMPORT, 0, fault);
    if (may != OK)
        return may;
    struct listing l = {.service = service};
    enum err err = service_read(service, arena, list_in, &l, fault);
    if (err == OK)
        *ret_lists = l.lists;
    return err;
}

/* ---- Decisions -------------------------------------------------------------------------------------------------- */

struct deciding {
    struct service *service;
    const struct staff_caller *caller;
    const struct bank_decision *decision;
    struct str reason;
    struct bank_entry_of_row entry;
    int64_t order_id; /* 0: none */
    struct bank_decided decided;
};

static bool open_state(struct str state)
{
    return str_eq(state, S("proposed")) || str_eq(state, S("unmatched"));
}

/* Which order it is about; sets the refusal when there is none. */
static enum err find_order(struct deciding *d, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct bank_decision *decision = d->decision;
    d->order_id = 0;
    if (decision->choice == BANK_DISMISS || decision->choice == BANK_REOPEN)
        return OK;
    if (decision->choice == BANK_ACCEPT || str_empty(decision->ref)) {
        if (d->entry.order_id.is)
            d->order_id = d->entry.order_id.v;
        else
            d->decided.refusal = BANK_NO_ORDER;
        return OK;
    }
    struct order_id_by_ref_row id;
    bool found = false;
    enum err err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = decision->ref}, &id, &found, fault);
    if (err == OK && !found)
        d->decided.refusal = BANK_NO_ORDER;
    if (err == OK && found)
        d->order_id = id.id;
    return err;
}

static enum err count_money(struct deciding *d, struct db *db, struct arena *arena, instant now, struct fault *fault)
{
    struct transfer_money money = {
        .order_id = d->order_id, .amount = cents(d->entry.amount_cents), .day = (day_number)d->entry.booked,
        .bank_ref = d->entry.text, .reason = d->reason, .staff_id = d->caller->staff_id,
        .entry_id = d->decision->entry_id,
        .request_key = str_format(arena, "entry-%lld", (long long)d->decision->entry_id)};
    return transfer_receive(d->service, db, arena, &money, now, &d->decided.outcome, fault);
}

/* The receipt that a person wrote gets its entry: the statement bears it out. */
static enum err link_receipt(struct deciding *d, struct db *db, struct arena *arena, struct fault *fault)
{
    struct receipt_by_hand_row hand;
    bool found = false;
    int64_t changed = 0;
    enum err err = q_receipt_by_hand(db, arena, (struct receipt_by_hand_in){.order_id = d->order_id,
        .amount_cents = d->entry.amount_cents}, &hand, &found, fault);
    if (err == OK && found)
        err = q_receipt_link(db, (struct receipt_link_in){.id = hand.id, .entry_id = d->decision->entry_id}, &changed,
                             fault);
    if (err == OK && changed == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no receipt of this amount waits for its entry");
    return err;
}

static struct str state_after(enum bank_choice choice)
{
    return choice == BANK_DISMISS ? S("dismissed") : choice == BANK_REOPEN ? S("unmatched") : S("matched");
}

static enum err carry_out(struct deciding *d, struct db *db, struct arena *arena, instant now, struct fault *fault)
{
    static const char *const acts[] = {[BANK_ACCEPT] = "bank.accept", [BANK_ASSIGN] = "bank.assign",
                                       [BANK_COUNTED] = "bank.counted", [BANK_DISMISS] = "bank.dismiss",
                                       [BANK_REOPEN] = "bank.reopen"};
    const struct bank_decision *decision = d->decision;
    struct str state = state_after(decision->choice);
    int64_t changed = 0;
    enum err err = q_bank_entry_decide(db, (struct bank_entry_decide_in){
        .id = decision->entry_id, .was = d->entry.state, .state = state, .found = d->entry.found,
        .order_id = {.is = d->order_id != 0, .v = d->order_id}, .staff_id = {.is = true, .v = d->caller->staff_id},
        .now = now, .reason = d->reason}, &changed, fault);
    if (err != OK)
        return err;
    if (changed == 0) {
        d->decided.refusal = BANK_DECIDED;
        return OK;
    }
    if (decision->choice == BANK_ACCEPT || decision->choice == BANK_ASSIGN)
        err = count_money(d, db, arena, now, fault);
    else if (decision->choice == BANK_COUNTED)
        err = link_receipt(d, db, arena, fault);
    struct order_by_id_row order = {0};
    if (err == OK && d->order_id != 0)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = d->order_id}, &order, NULL, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, d->caller, now, (struct staff_act){
        .act = str_of(acts[decision->choice]), .subject = d->order_id != 0 ? order.ref : S("bank"),
        .organisation_id = order.organisation_id,
        .detail = str_format(arena, "entry %lld, %lld cents", (long long)decision->entry_id,
                             (long long)d->entry.amount_cents),
        .reason = d->reason, .was = d->entry.state, .became = state}, fault);
}

static enum err decide_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct deciding *d = argument;
    d->decided = (struct bank_decided){.refusal = BANK_NOT_REFUSED};
    bool found = false;
    enum err err = q_bank_entry_of(db, arena, (struct bank_entry_of_in){.id = d->decision->entry_id}, &d->entry, &found,
                                   fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "entry");
    if (err != OK)
        return err;
    bool fits = d->decision->choice == BANK_REOPEN ? str_eq(d->entry.state, S("dismissed"))
                                                   : open_state(d->entry.state);
    if (!fits) {
        d->decided.refusal = BANK_DECIDED;
        return OK;
    }
    err = find_order(d, db, arena, fault);
    return err == OK && d->decided.refusal == BANK_NOT_REFUSED
               ? carry_out(d, db, arena, service_now(d->service), fault) : err;
}

enum err bank_decide(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     const struct bank_decision *decision, struct bank_decided *ret_decided, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_BANK_IMPORT, 0, fault);
    if (may != OK)
        return may;
    struct deciding d = {
        .service = service, .caller = caller, .decision = decision, .reason = str_trim(decision->reason)};
    if (str_empty(d.reason)) {
        *ret_decided = (struct bank_decided){.refusal = BANK_REASON};
        return OK;
    }
    enum err err = service_write(service, arena, decide_command, 0, &d, fault);
    if (err == OK)
        *ret_decided = d.decided;
    return err;
}
