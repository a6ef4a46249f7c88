/* From the texts of a camt.053 to bookings: amounts, days, sides, and what a booking of several payments stands for. */
#include <string.h>

#include "bank/camt053.h"
#include "base/limits.h"
#include "domain/checks.h"

/* A decimal without sign as ISO 20022 has it, at most five places after the point of which the last three are zeros. */
static bool read_decimal(struct str s, int64_t *ret_cents)
{
    int64_t value = 0;
    int places = -1;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' && places < 0 && i != 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9' || places == 5 || (places >= 2 && c != '0'))
            return false;
        if (places < 2)
            value = value * 10 + (c - '0');
        places += places >= 0;
        if (value > BANK_AMOUNT_MAX)
            return false;
    }
    for (int i = places < 0 ? 0 : places; i < 2; i++)
        value *= 10;
    if (s.n == 0 || places == 0 || value > BANK_AMOUNT_MAX)
        return false;
    *ret_cents = value;
    return true;
}

/* Signed by its side; false when amount or side make no sense or the currency is another. */
static bool read_amount(const struct camt_value *amount, struct str side, struct str currency, struct cents *ret_amount)
{
    int64_t value;
    bool credit = str_eq(side, S("CRDT"));
    if ((!credit && !str_eq(side, S("DBIT"))) || !read_decimal(amount->text, &value) ||
        !str_eq(amount->currency, currency))
        return false;
    *ret_amount = cents(credit ? value : -value);
    return true;
}

/* A date, or the date of a time stamp. */
static bool read_day(struct str s, day_number *ret_day)
{
    return day_parse(str_sub(s, 0, 10), ret_day);
}

/* The account's own currency; a bank that leaves it out says it with each balance. */
static struct str currency_of(const struct camt_statement *statement)
{
    const struct str known[] = {statement->currency.text, statement->opening.amount.currency,
                                statement->previous.amount.currency, statement->first_interim.amount.currency};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].n != 0)
            return known[i];
    return S("");
}

/* ---- a booking ---- */

enum err camt_add_payment(struct bank_build *build, struct camt_booking *booking, const struct camt_payment *payment)
{
    if (booking->payment_count == LIMIT_BANK_ENTRIES)
        return bank_fail(build, BANK_TOO_LARGE, booking->line, build->bookings + 1, "more than %d payments",
                         LIMIT_BANK_ENTRIES);
    if (booking->payment_count == booking->payment_capacity) {
        booking->payment_capacity = booking->payment_capacity == 0 ? 1 : booking->payment_capacity * 2;
        struct camt_payment *more = ARENA_ARRAY(build->work, booking->payment_capacity, struct camt_payment);
        if (booking->payment_count != 0)
            memcpy(more, booking->payments, booking->payment_count * sizeof more[0]);
        booking->payments = more;
    }
    booking->payments[booking->payment_count++] = *payment;
    return OK;
}

/* Reads what belongs to the booking as a whole. */
static enum err common_part(struct bank_build *build, struct str currency, const struct camt_booking *booking,
                            struct bank_entry *entry)
{
    size_t number = build->bookings + 1;
    if (!read_amount(&booking->amount, booking->side.text, currency, &entry->amount))
        return bank_fail(build, BANK_FIELD, booking->line, number, "amount «%.20s %.3s» or side «%.10s»",
                         booking->amount.text.n == 0 ? "" : booking->amount.text.p,
                         booking->amount.currency.n == 0 ? "" : booking->amount.currency.p,
                         booking->side.text.n == 0 ? "" : booking->side.text.p);
    bool is_booked = read_day(booking->booked.text, &entry->booked);
    bool is_valued = read_day(booking->valued.text, &entry->valued);
    if ((!is_booked && (!is_valued || booking->booked.text.n != 0)) || (!is_valued && booking->valued.text.n != 0))
        return bank_fail(build, BANK_FIELD, booking->line, number, "the booking or value day");
    entry->booked = is_booked ? entry->booked : entry->valued;
    entry->valued = is_valued ? entry->valued : entry->booked;
    entry->index = build->bookings;
    entry->position = booking->line;
    entry->credit = str_eq(booking->side.text, S("CRDT"));
    entry->reversal = str_eq(booking->reversal.text, S("true")) || str_eq(booking->reversal.text, S("1"));
    entry->entry_reference = booking->reference.text;
    entry->servicer_reference = booking->servicer_reference.text;
    return OK;
}

static struct str operation_code(struct arena *arena, const struct camt_operation *operation)
{
    if (operation->domain.text.n == 0)
        return operation->own.text;
    return str_format(arena, "%.*s/%.*s/%.*s", STR_ARG(operation->domain.text), STR_ARG(operation->family.text),
                      STR_ARG(operation->subfamily.text));
}

/* A return or recall by the bank's code of operation: of a transfer or a direct debit. */
static bool is_return(const struct camt_operation *operation)
{
    static const char *const codes[] = {"RRTN", "RPCR", "UPDD", "PRDD"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (str_eq(operation->subfamily.text, str_of(codes[i])))
            return true;
    return false;
}

static void copy_list(struct arena *arena, const struct bank_list *list, struct bank_entry *entry)
{
    struct str *structured = ARENA_ARRAY(arena, list->n + 1, struct str);
    if (list->n != 0)
        memcpy(structured, list->items, list->n * sizeof structured[0]);
    entry->structured = structured;
    entry->structured_count = list->n;
}

/* Adds to `entry` what one payment says. */
static void payment_part(struct bank_build *build, const struct camt_booking *booking,
                         const struct camt_payment *payment, struct bank_entry *entry)
{
    struct arena *arena = build->arena;
    const struct camt_operation *operation =
        payment->operation.domain.text.n + payment->operation.own.text.n != 0 ? &payment->operation
                                                                              : &booking->operation;
    /* Of money in the other side is the debtor. */
    const struct camt_party *party = entry->credit ? &payment->debtor : &payment->creditor;
    entry->code = operation_code(arena, operation);
    entry->return_reason = payment->return_reason.text;
    entry->returned = entry->return_reason.n != 0 || is_return(operation);
    if (payment->servicer_reference.text.n != 0)
        entry->servicer_reference = payment->servicer_reference.text;
    entry->end_to_end = payment->end_to_end.text;
    entry->payer = party->name.text.n != 0 ? party->name.text : party->ultimate.text;
    entry->payer_iban = normal_number(arena, party->iban.text);
    entry->text = bank_list_join(arena, &payment->text);
    copy_list(arena, &payment->structured, entry);
}

/* Whether each payment has an amount in the account's currency and all together make the booking's; fills `amounts`.
 * Only then is it known which payment brought how much. */
static bool separable(struct str currency, const struct camt_booking *booking, struct cents total,
                      struct cents *ret_amounts)
{
    int64_t sum = 0;
    for (size_t i = 0; i < booking->payment_count; i++) {
        const struct camt_payment *payment = &booking->payments[i];
        const struct camt_value *amount = payment->amount.text.n != 0 ? &payment->amount : &payment->transaction_amount;
        struct str side = payment->side.text.n != 0 ? payment->side.text : booking->side.text;
        if (!read_amount(amount, side, currency, &ret_amounts[i]))
            return false;
        sum += ret_amounts[i].v;
    }
    return sum == total.v;
}

/* One entry for all payments of a booking, with everything that any of them says. */
static enum err add_batch(struct bank_build *build, const struct camt_booking *booking, struct bank_entry entry)
{
    struct bank_list structured = {0}, text = {0};
    bank_list_add(build->work, &text, booking->information.text);
    for (size_t i = 0; i < booking->payment_count; i++) {
        struct bank_entry one = entry;
        payment_part(build, booking, &booking->payments[i], &one);
        for (size_t j = 0; j < one.structured_count; j++)
            bank_list_add(build->work, &structured, one.structured[j]);
        bank_list_add(build->work, &structured, one.end_to_end);
        bank_list_add(build->work, &text, one.text);
        entry.code = one.code;
        entry.returned = entry.returned || one.returned;
    }
    entry.batch = true;
    entry.text = bank_list_join(build->arena, &text);
    copy_list(build->arena, &structured, &entry);
    return bank_add_entry(build, &entry);
}

static enum err add_each(struct bank_build *build, const struct camt_booking *booking, const struct bank_entry *common,
                         const struct cents *amounts)
{
    for (size_t i = 0; i < booking->payment_count; i++) {
        struct bank_entry entry = *common;
        entry.detail = i;
        entry.amount = amounts[i];
        entry.credit = amounts[i].v > 0;
        payment_part(build, booking, &booking->payments[i], &entry);
        enum err err = bank_add_entry(build, &entry);
        if (err != OK)
            return err;
    }
    return OK;
}

/* The note on the booking joins the text of its only payment. */
static enum err add_single(struct bank_build *build, const struct camt_booking *booking, struct bank_entry entry)
{
    struct camt_payment payment = booking->payment_count == 0 ? (struct camt_payment){0} : booking->payments[0];
    bank_list_add(build->work, &payment.text, booking->information.text);
    payment_part(build, booking, &payment, &entry);
    return bank_add_entry(build, &entry);
}

enum err camt_end_booking(struct bank_build *build, const struct camt_statement *statement,
                          const struct camt_booking *booking)
{
    struct bank_entry entry = {0};
    struct str currency = currency_of(statement);
    if (currency.n == 0)
        return bank_fail(build, BANK_FIELD, booking->line, build->bookings + 1, "the account's currency is not known");
    /* 001.02 writes the status itself, 001.08 a code below it; what is pending or for information moved no money. */
    struct str status = booking->status_code.text.n != 0 ? booking->status_code.text : booking->status.text;
    enum err err = common_part(build, currency, booking, &entry);
    if (err != OK)
        return err;
    if (status.n != 0 && !str_eq(status, S("BOOK"))) {
        build->bookings++;
        return OK;
    }
    struct cents *amounts = ARENA_ARRAY(build->work, booking->payment_count + 1, struct cents);
    if (booking->payment_count < 2)
        err = add_single(build, booking, entry);
    else if (separable(currency, booking, entry.amount, amounts))
        err = add_each(build, booking, &entry, amounts);
    else
        err = add_batch(build, booking, entry);
    build->bookings++;
    return err;
}

/* ---- a statement ---- */

void camt_add_balance(struct camt_statement *statement, const struct camt_balance *balance)
{
    struct str code = balance->code.text;
    if (str_eq(code, S("OPBD")))
        statement->opening = *balance;
    else if (str_eq(code, S("PRCD")))
        statement->previous = *balance;
    else if (str_eq(code, S("CLBD")))
        statement->closing = *balance;
    else if (str_eq(code, S("ITBD"))) {
        if (statement->interims++ == 0)
            statement->first_interim = *balance;
        statement->last_interim = *balance;
    }
}

/* A page in the middle of a statement begins and ends with an interim balance. */
static enum err take_balances(struct bank_build *build, const struct camt_statement *statement, struct str currency)
{
    bool opens = statement->opening.line != 0, continues = statement->previous.line != 0;
    bool closes = statement->closing.line != 0;
    const struct camt_balance *opening = opens       ? &statement->opening
                                         : continues ? &statement->previous
                                                     : &statement->first_interim;
    const struct camt_balance *closing = closes ? &statement->closing : &statement->last_interim;
    size_t interims = (opens || continues ? 0U : 1U) + (closes ? 0U : 1U);
    if (statement->interims < interims)
        return bank_fail(build, BANK_FIELD, statement->line, 0, "no opening or no closing balance (OPBD, CLBD)");
    if (!read_amount(&opening->amount, opening->side.text, currency, &build->now.opening))
        return bank_fail(build, BANK_FIELD, opening->line, 0, "the opening balance");
    if (!read_amount(&closing->amount, closing->side.text, currency, &build->now.closing))
        return bank_fail(build, BANK_FIELD, closing->line, 0, "the closing balance");
    return OK;
}

enum err camt_end_statement(struct bank_build *build, const struct camt_statement *statement)
{
    struct bank_statement *now = &build->now;
    struct str currency = currency_of(statement);
    if (currency.n != 3)
        return bank_fail(build, BANK_FIELD, statement->line, 0, "the currency");
    if (statement->id.text.n == 0 || statement->iban.text.n + statement->other_account.text.n == 0)
        return bank_fail(build, BANK_FIELD, statement->line, 0, "a statement without its number or account");
    enum err err = take_balances(build, statement, currency);
    if (err != OK)
        return err;
    now->id = statement->id.text;
    now->currency = currency;
    now->is_iban = statement->iban.text.n != 0;
    now->account = now->is_iban ? normal_number(build->arena, statement->iban.text) : statement->other_account.text;
    struct str sequence = statement->electronic_sequence.text.n != 0 ? statement->electronic_sequence.text
                                                                     : statement->legal_sequence.text;
    if (!str_int(sequence, &now->sequence))
        now->sequence = 0;
    return bank_end_statement(build, statement->line);
}
