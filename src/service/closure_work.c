/* The list of a closure, worked off: one transaction a row, claimed by its state. */
#include "service/closure_parts.h"

#include "base/log.h"
#include "service/audit.h"
#include "service/fulfil.h"
#include "service/outbox.h"
#include "service/payer.h"
#include "service/payment.h"
#include "service/transfer_parts.h"
#include "service/visit_void.h"

struct row {
    struct service *service;
    int64_t closure_id, visit_id;
    instant now;
    struct closure_visit_facts_row facts;
    struct str was;
    bool done; /* this call worked it off */
};

/* ---- Telling (COM-4) --------------------------------------------------------------------------------------------- */

static enum err tell_one(struct row *row, struct db *db, struct arena *arena, const char *kind, struct str address,
                         struct str first, struct str last, struct str lang, struct fault *fault)
{
    const struct closure_visit_facts_row *facts = &row->facts;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = str_of(kind), .organisation_id = facts->organisation_id, .order_id = facts->order_id.v,
        .visit_id = row->visit_id, .recipient = address,
        .recipient_name = str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last))),
        .lang = lang_of(lang), .now = row->now}, fault);
}

/* The buyer; the accompanying person; and whoever has the tickets, if that is somebody else. Nobody is told twice. Leaders
 * have no language of their own: they are written to in the buyer's. */
static enum err tell(struct row *row, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct closure_visit_facts_row *facts = &row->facts;
    struct person_for_mail_row buyer;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){
        .id = facts->order_person.is ? facts->order_person.v : facts->person_id}, &buyer, NULL, fault);
    struct str lang = facts->order_lang.is ? facts->order_lang.v : buyer.lang;
    if (err == OK)
        err = tell_one(row, db, arena, "closure", buyer.email, buyer.first_name, buyer.last_name, lang, fault);
    struct str told = str_lower_ascii(arena, buyer.email), leader = str_lower_ascii(arena, facts->leader_email.v);
    bool to_leader = facts->leader_email.is && !str_empty(leader) && !str_eq(leader, told);
    if (err == OK && to_leader)
        err = tell_one(row, db, arena, "closure-notice", facts->leader_email.v, facts->leader_first.v,
                       facts->leader_last.v, lang, fault);
    struct str contact = str_lower_ascii(arena, facts->contact_email.v);
    bool to_contact = facts->contact_email.is && !str_empty(contact) && !str_eq(contact, told)
                      && !(to_leader && str_eq(contact, leader));
    if (err == OK && to_contact)
        err = tell_one(row, db, arena, "closure-notice", facts->contact_email.v, facts->contact_first.v,
                       facts->contact_last.v, facts->contact_lang.v, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = row->now, .staff_id = facts->staff_id, .organisation_id = facts->organisation_id,
        .act = S("closure.visit"),
        .subject = facts->ref.is ? facts->ref.v : str_format(arena, "visit %lld", (long long)row->visit_id),
        .detail = str_format(arena, "closure %lld", (long long)row->closure_id), .reason = facts->reason_fr,
        .was = closure_visit_words(row->service, arena, facts->start_at.v, facts->persons),
        .became = row->was}, fault);
}

/* ---- One row ----------------------------------------------------------------------------------------------------- */

static enum err finish(struct row *row, struct db *db, const char *outcome, int64_t amount, bool told, const char *choice,
                       struct fault *fault)
{
    row->done = true;
    return q_closure_done(db, (struct closure_done_in){
        .closure_id = row->closure_id, .visit_id = row->visit_id, .was = row->was, .outcome = str_of(outcome),
        .amount_cents = amount, .told_at = {.is = told, .v = row->now}, .choice = str_of(choice),
        .persons = row->facts.persons}, NULL, fault);
}

static enum err release(struct row *row, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_release_row released;
    bool found = false;
    enum err err = q_closure_release(db, arena, (struct closure_release_in){.id = row->visit_id, .now = row->now},
                                     &released, &found, fault);
    if (err != OK)
        return err;
    if (!found) /* another server was quicker: look again */
        return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)row->visit_id);
    if (!released.start_at.is || released.persons == 0)
        return OK;
    return q_slot_give(db, (struct slot_give_in){.monument_id = released.monument_id, .start_at = released.start_at.v,
                                                 .persons = released.persons}, NULL, fault);
}

/* By transfer the money goes back without a question: somebody has to transfer it by hand anyway. */
static enum err refund_transfer(struct row *row, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_money_back back = {
        .closure_id = row->closure_id, .visit_id = row->visit_id, .order_id = row->facts.order_id.v,
        .staff_id = row->facts.staff_id};
    bool done = false;
    enum err err = closure_lines(db, arena, row->visit_id, back.order_id, 0, &back, fault);
    return err == OK ? closure_send_back(row->service, db, arena, &back, row->now, &done, fault) : err;
}

static const char *way_of(const struct closure_visit_facts_row *facts)
{
    if (!facts->order_id.is || !facts->method.is || facts->by_money == 0)
        return "other";
    if (facts->amount_cents == 0)
        return "free";
    return str_eq(facts->method.v, S("card")) ? "paid" : str_eq(facts->method.v, S("transfer")) ? "transfer" : "other";
}

/* Tickets end before anybody is told: who reads the mail at the gate is not let in. */
static enum err close_confirmed(struct row *row, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_visit_facts_row *facts = &row->facts;
    struct closure_money_back left = {.amount = cents(facts->amount_cents)};
    bool voided = false;
    if (facts->used > 0) { /* the group is inside: its visit takes place */
        row->was = S("other");
        return finish(row, db, "gone", 0, false, "", fault);
    }
    row->was = str_of(way_of(facts));
    enum err err = visit_void(db, arena, row->visit_id, S("closure"), row->now, &voided, fault);
    if (err == OK && !voided)
        return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)row->visit_id);
    if (err == OK && facts->order_id.is && facts->by_money != 0) /* without what the refunds desk gave back before */
        err = closure_lines(db, arena, row->visit_id, facts->order_id.v, 0, &left, fault);
    facts->amount_cents = left.amount.v;
    if (err == OK)
        err = tell(row, db, arena, fault);
    if (err != OK)
        return err;
    bool paid = str_eq(row->was, S("paid")), transfer = str_eq(row->was, S("transfer"));
    if (paid || str_eq(row->was, S("free")))
        return finish(row, db, "choice", facts->amount_cents, true, "open", fault);
    err = finish(row, db, transfer ? "refund" : "call", facts->amount_cents, true, "", fault);
    return err == OK && transfer ? refund_transfer(row, db, arena, fault) : err;
}

static enum err close_visit(struct row *row, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct closure_visit_facts_row *facts = &row->facts;
    bool confirmed = str_eq(facts->state, S("confirmed"));
    bool live = str_eq(facts->state, S("option")) || str_eq(facts->state, S("cart"));
    if ((!confirmed && !live) || !facts->in_slot)
        return finish(row, db, "gone", 0, false, "", fault);
    if (confirmed)
        return close_confirmed(row, db, arena, fault);
    row->was = facts->order_id.is ? S("pending") : facts->state;
    enum err err = tell(row, db, arena, fault);
    if (err != OK)
        return err;
    row->done = true;
    if (facts->order_id.is)
        return q_closure_told(db, (struct closure_told_in){.closure_id = row->closure_id, .visit_id = row->visit_id,
            .now = row->now}, NULL, fault);
    err = release(row, db, arena, fault);
    return err == OK ? finish(row, db, "released", 0, true, "", fault) : err;
}

/* The row first, then the visit: who comes second finds it done. */
static enum err take(struct row *row, struct db *db, struct arena *arena, struct str state, bool *ret_taken,
                     struct fault *fault)
{
    int64_t claimed = 0;
    enum err err = q_closure_claim(db, (struct closure_claim_in){.closure_id = row->closure_id,
        .visit_id = row->visit_id, .was_state = state}, &claimed, fault);
    *ret_taken = err == OK && claimed == 1;
    if (err != OK || claimed == 0)
        return err;
    err = q_closure_visit_lock(db, (struct closure_visit_lock_in){.id = row->visit_id}, NULL, fault);
    if (err == OK)
        err = q_closure_visit_facts(db, arena, (struct closure_visit_facts_in){.closure_id = row->closure_id,
            .visit_id = row->visit_id}, &row->facts, NULL, fault);
    return err;
}

static enum err row_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct row *row = argument;
    row->now = service_now(row->service);
    row->done = false;
    bool taken = false;
    enum err err = take(row, db, arena, S("todo"), &taken, fault);
    if (err != OK || !taken)
        return err;
    row->was = row->facts.listed_as;
    return close_visit(row, db, arena, fault);
}

/* ---- One booking by telephone ------------------------------------------------------------------------------------ */

struct booking {
    struct service *service;
    const struct closure_bookings_todo_row *todo;
    bool done;
};

static enum err tell_booking(const struct booking *b, struct db *db, struct arena *arena,
                             const struct closure_booking_cancel_row *row, instant now, struct fault *fault)
{
    return outbox_add(db, arena, (struct outbox_row){
        .kind = S("closure-phone"), .organisation_id = row->organisation_id.v, .recipient = row->email,
        .recipient_name = row->name, .lang = lang_of(row->lang),
        .detail = str_format(arena, "%lld.%lld", (long long)b->todo->closure_id, (long long)b->todo->booking_id),
        .now = now}, fault);
}

static enum err booking_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct booking *b = argument;
    const struct closure_bookings_todo_row *todo = b->todo;
    instant now = service_now(b->service);
    struct closure_booking_cancel_row row;
    int64_t claimed = 0;
    bool found = false;
    b->done = false;
    enum err err = q_closure_booking_claim(db, (struct closure_booking_claim_in){.closure_id = todo->closure_id,
        .booking_id = todo->booking_id}, &claimed, fault);
    if (err != OK || claimed == 0)
        return err;
    err = q_closure_booking_cancel(db, arena, (struct closure_booking_cancel_in){.booking_id = todo->booking_id,
        .now = now, .reason = todo->reason_fr}, &row, &found, fault);
    if (err == OK && found)
        err = q_slot_give(db, (struct slot_give_in){.monument_id = row.monument_id, .start_at = row.start_at,
                                                    .persons = row.persons}, NULL, fault);
    bool mail = found && !str_empty(row.email);
    if (err == OK && mail)
        err = tell_booking(b, db, arena, &row, now, fault);
    if (err == OK && found)
        err = audit_add(db, arena, (struct audit_row){
            .at = now, .staff_id = todo->staff_id, .organisation_id = row.organisation_id.v, .act = S("closure.booking"),
            .subject = str_format(arena, "booking %lld", (long long)todo->booking_id),
            .detail = str_format(arena, "closure %lld", (long long)todo->closure_id), .reason = todo->reason_fr,
            .was = closure_visit_words(b->service, arena, row.start_at, row.persons)}, fault);
    if (err != OK)
        return err;
    b->done = true;
    return q_closure_booking_done(db, (struct closure_booking_done_in){
        .closure_id = todo->closure_id, .booking_id = todo->booking_id,
        .outcome = !found ? S("gone") : mail ? S("told") : S("call"), .told_at = {.is = mail, .v = now}}, NULL, fault);
}

/* ---- What was being paid ----------------------------------------------------------------------------------------- */

/* An order that nobody can pay any more ends; one that the provider may still take stays for the next call. */
static enum err end_order(struct row *row, struct db *db, struct arena *arena, bool *ret_over, struct fault *fault)
{
    struct closure_visit_facts_row *facts = &row->facts;
    struct attempt_last_row attempt;
    bool found = false;
    *ret_over = true;
    if (!facts->order_id.is || !str_eq(facts->order_state.v, S("pending")))
        return OK;
    int64_t order_id = facts->order_id.v;
    enum err err = q_attempt_last(db, arena, (struct attempt_last_in){.order_id = order_id}, &attempt, &found, fault);
    if (err != OK)
        return err;
    if (found && (str_eq(attempt.state, S("created")) || str_eq(attempt.state, S("open")))) {
        *ret_over = false;
        return OK;
    }
    bool ended = false;
    return str_eq(facts->method.v, S("transfer"))
               ? transfer_lapse(db, arena, order_id, false, row->now, &ended, fault)
               : order_lapse(db, arena, order_id, row->now, &ended, fault);
}

static enum err settled_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct row *row = argument;
    row->now = service_now(row->service);
    row->done = false;
    bool taken = false, over = false;
    enum err err = take(row, db, arena, S("told"), &taken, fault);
    if (err != OK || !taken)
        return err;
    row->was = S("pending");
    if (str_eq(row->facts.state, S("confirmed")))
        return q_closure_again(db, (struct closure_again_in){.closure_id = row->closure_id, .visit_id = row->visit_id},
                               NULL, fault);
    err = end_order(row, db, arena, &over, fault);
    if (err != OK || !over)
        return err;
    err = q_closure_visit_facts(db, arena, (struct closure_visit_facts_in){.closure_id = row->closure_id,
        .visit_id = row->visit_id}, &row->facts, NULL, fault);
    bool live = err == OK && (str_eq(row->facts.state, S("option")) || str_eq(row->facts.state, S("cart")));
    if (err == OK && live)
        err = release(row, db, arena, fault);
    return err == OK ? finish(row, db, "released", 0, true, "", fault) : err;
}

static enum err settle_row(struct service *service, struct arena *arena, const struct closure_todo_row *todo, bool *ret_done,
                           struct fault *fault)
{
    /* The job ends the payment as the organisation itself could; what the provider says is settled as ever. */
    struct caller caller = {.person_id = -1, .organisation_id = todo->organisation_id, .role = ROLE_MANAGER};
    enum settlement settlement = SETTLED_NOTHING;
    enum err err = todo->ref.is ? payment_abandon(service, arena, &caller, todo->ref.v, &settlement, fault) : OK;
    if (err != OK)
        return err;
    struct row row = {.service = service, .closure_id = todo->closure_id, .visit_id = todo->visit_id};
    err = service_write(service, arena, settled_command, todo->start_at, &row, fault);
    *ret_done = row.done;
    return err;
}

struct late {
    struct service *service;
    const struct closure_late_money_row *money;
};

static enum err late_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct late *late = argument;
    const struct closure_late_money_row *money = late->money;
    struct refund_made made = {0};
    struct refund_request request = {
        .order_id = money->order_id, .amount = cents(money->amount_cents), .reason = S("late"),
        .request_key = str_format(arena, "closure-late-%lld", (long long)money->payment_id),
        .payment_id = money->payment_id};
    enum err err = refund_add(late->service, db, arena, &request, service_now(late->service), &made, fault);
    if (err != OK || made.refusal != REFUND_NOT_REFUSED)
        return err;
    return q_closure_refund_note(db, (struct closure_refund_note_in){.refund_id = made.refund_id,
        .closure_id = money->closure_id, .visit_id = money->visit_id}, NULL, fault);
}

/* ---- The jobs ---------------------------------------------------------------------------------------------------- */

struct lists {
    struct service *service;
    struct str state;
    int64_t after_closure, after_visit;
    instant after_start;
    struct closure_todo_list todo;
    struct closure_bookings_todo_list bookings;
    struct closures_working_list working;
    struct closures_to_cover_list cover;
    struct closure_late_money_list late;
};

/* What went wrong first; the others go on. */
struct harvest {
    int done;
    enum err first;
    struct fault fault;
};

static void reap(struct harvest *harvest, enum err err, bool done, const struct fault *own)
{
    harvest->done += err == OK && done;
    if (err == OK)
        return;
    LOG(LOG_WARNING, "closure.row", LOG_TEXT("error", str_of(err_name(err))), LOG_TEXT("detail", str_of(own->text)));
    if (harvest->first != OK)
        return;
    harvest->first = err;
    harvest->fault = *own;
}

static enum err answer(const struct harvest *harvest, int *ret_done, struct fault *fault)
{
    *ret_done = harvest->done;
    if (harvest->done > 0 || harvest->first == OK)
        return OK;
    if (fault != NULL)
        *fault = harvest->fault;
    return harvest->first;
}

static enum err read_todo(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct lists *lists = argument;
    return q_closure_todo(db, arena, (struct closure_todo_in){.state = lists->state,
        .after_closure = lists->after_closure, .after_start = lists->after_start, .after_visit = lists->after_visit},
        &lists->todo, fault);
}

static enum err read_bookings(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct lists *lists = argument;
    return q_closure_bookings_todo(db, arena, (struct closure_bookings_todo_in){.after_closure = lists->after_closure,
        .after_booking = lists->after_visit}, &lists->bookings, fault);
}

static enum err work_visits(struct service *service, struct arena *arena, struct harvest *harvest, struct fault *fault)
{
    struct lists lists = {.service = service, .state = S("todo")};
    enum err err = service_read(service, arena, read_todo, &lists, fault);
    while (err == OK && lists.todo.n > 0) {
        for (size_t i = 0; i < lists.todo.n; i++) {
            const struct closure_todo_row *todo = &lists.todo.p[i];
            struct row row = {.service = service, .closure_id = todo->closure_id, .visit_id = todo->visit_id};
            struct fault own = {.err = OK};
            enum err one = service_write(service, arena, row_command, todo->start_at, &row, &own);
            reap(harvest, one, row.done, &own);
            lists.after_closure = todo->closure_id;
            lists.after_start = todo->start_at;
            lists.after_visit = todo->visit_id;
        }
        err = service_read(service, arena, read_todo, &lists, fault);
    }
    return err;
}

static enum err work_bookings(struct service *service, struct arena *arena, struct harvest *harvest, struct fault *fault)
{
    struct lists lists = {.service = service};
    enum err err = service_read(service, arena, read_bookings, &lists, fault);
    while (err == OK && lists.bookings.n > 0) {
        for (size_t i = 0; i < lists.bookings.n; i++) {
            struct booking booking = {.service = service, .todo = &lists.bookings.p[i]};
            struct fault own = {.err = OK};
            enum err one = service_write(service, arena, booking_command, booking.todo->start_at, &booking, &own);
            reap(harvest, one, booking.done, &own);
            lists.after_closure = booking.todo->closure_id;
            lists.after_visit = booking.todo->booking_id;
        }
        err = service_read(service, arena, read_bookings, &lists, fault);
    }
    return err;
}

/* Slots that were made, or opened, in a time that is closed. */
static enum err cover_one(struct db *db, int64_t id, int64_t monument_id, instant from_at, instant until_at,
                          struct str reason_fr, struct str reason_en, instant now, struct fault *fault)
{
    enum err err = q_closure_slots_note(db, (struct closure_slots_note_in){.closure_id = id, .monument_id = monument_id,
        .from_at = from_at, .until_at = until_at, .now = now}, NULL, fault);
    if (err == OK)
        err = q_closure_slots_close(db, (struct closure_slots_close_in){.closure_id = id, .monument_id = monument_id,
            .from_at = from_at, .until_at = until_at, .reason_fr = reason_fr, .reason_en = reason_en}, NULL, fault);
    if (err == OK)
        err = q_closure_visits_list(db, (struct closure_visits_list_in){.closure_id = id}, NULL, fault);
    if (err == OK)
        err = q_closure_bookings_list(db, (struct closure_bookings_list_in){.closure_id = id}, NULL, fault);
    return err == OK ? q_closure_work_again(db, (struct closure_work_again_in){.id = id}, NULL, fault) : err;
}

enum err closure_cover(struct db *db, struct arena *arena, int64_t monument_id, instant from_at, instant until_at,
                       instant now, struct fault *fault)
{
    struct closures_over_list list;
    enum err err = q_closures_over(db, arena, (struct closures_over_in){.monument_id = monument_id, .from_at = from_at,
        .until_at = until_at}, &list, fault);
    for (size_t i = 0; err == OK && i < list.n; i++) {
        const struct closures_over_row *row = &list.p[i];
        err = cover_one(db, row->id, row->monument_id, row->from_at, row->until_at, row->reason_fr, row->reason_en, now,
                        fault);
    }
    return err;
}

static enum err read_ends(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct lists *lists = argument;
    enum err err = q_closures_to_cover(db, arena, (struct closures_to_cover_in){.now = service_now(lists->service)},
                                       &lists->cover, fault);
    return err == OK ? q_closures_working(db, arena, &lists->working, fault) : err;
}

struct ending {
    struct service *service;
    int64_t id;
    const struct closures_to_cover_row *cover;
};

/* What came into the slots in any other way is listed before the closure is done. */
static enum err end_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    struct ending *ending = argument;
    enum err err = q_closure_visits_list(db, (struct closure_visits_list_in){.closure_id = ending->id}, NULL, fault);
    if (err == OK)
        err = q_closure_bookings_list(db, (struct closure_bookings_list_in){.closure_id = ending->id}, NULL, fault);
    if (err == OK)
        err = q_closure_finish(db, (struct closure_finish_in){.id = ending->id, .now = service_now(ending->service)}, NULL,
                               fault);
    return err;
}

static enum err cover_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct closures_to_cover_row *row = ((struct ending *)argument)->cover;
    (void)arena;
    return cover_one(db, row->id, row->monument_id, row->from_at, row->until_at, row->reason_fr, row->reason_en,
                     service_now(((struct ending *)argument)->service), fault);
}

static enum err work_ends(struct service *service, struct arena *arena, struct harvest *harvest, struct fault *fault)
{
    struct lists lists = {.service = service};
    enum err err = service_read(service, arena, read_ends, &lists, fault);
    for (size_t i = 0; err == OK && i < lists.cover.n; i++) {
        struct ending ending = {.service = service, .cover = &lists.cover.p[i]};
        struct fault own = {.err = OK};
        reap(harvest, service_write(service, arena, cover_command, ending.cover->from_at, &ending, &own), false, &own);
    }
    for (size_t i = 0; err == OK && i < lists.working.n; i++) {
        struct ending ending = {.service = service, .id = lists.working.p[i].id};
        struct fault own = {.err = OK};
        reap(harvest, service_write(service, arena, end_command, 0, &ending, &own), false, &own);
    }
    return err;
}

enum err closure_work(struct service *service, struct arena *arena, int *ret_done, struct fault *fault)
{
    struct harvest harvest = {.first = OK};
    enum err err = work_visits(service, arena, &harvest, fault);
    if (err == OK)
        err = work_bookings(service, arena, &harvest, fault);
    if (err == OK)
        err = work_ends(service, arena, &harvest, fault);
    return err == OK ? answer(&harvest, ret_done, fault) : err;
}

static enum err read_late(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    return q_closure_late_money(db, arena, &((struct lists *)argument)->late, fault);
}

enum err closure_settle(struct service *service, struct arena *arena, int *ret_done, struct fault *fault)
{
    struct harvest harvest = {.first = OK};
    struct lists lists = {.service = service, .state = S("told")};
    enum err err = service_read(service, arena, read_todo, &lists, fault);
    while (err == OK && lists.todo.n > 0) {
        for (size_t i = 0; i < lists.todo.n; i++) {
            const struct closure_todo_row *todo = &lists.todo.p[i];
            struct fault own = {.err = OK};
            bool done = false;
            enum err one = settle_row(service, arena, todo, &done, &own);
            reap(&harvest, one, done, &own);
            lists.after_closure = todo->closure_id;
            lists.after_start = todo->start_at;
            lists.after_visit = todo->visit_id;
        }
        err = service_read(service, arena, read_todo, &lists, fault);
    }
    if (err == OK)
        err = service_read(service, arena, read_late, &lists, fault);
    for (size_t i = 0; err == OK && i < lists.late.n; i++) {
        struct late late = {.service = service, .money = &lists.late.p[i]};
        struct fault own = {.err = OK};
        reap(&harvest, service_write(service, arena, late_command, 0, &late, &own), true, &own);
    }
    return err == OK ? answer(&harvest, ret_done, fault) : err;
}
