/* What the reader of camt.053 gathers as text, before it is judged as a whole (camt053_entry.c). For this room alone.
 *
 * Texts live in the build's result arena; lists of a booking and its payments in its working arena, which is emptied
 * when the next booking begins. */
#ifndef GUICHET_BANK_CAMT053_H
#define GUICHET_BANK_CAMT053_H

#include "bank/parts.h"

struct camt_value {
    struct str text;
    struct str currency; /* the attribute of an amount */
    int64_t line;
};

struct camt_balance {
    struct camt_value code, amount, side;
    int64_t line;
};

struct camt_operation {
    struct camt_value domain, family, subfamily, own;
};

struct camt_party {
    struct camt_value name, ultimate, iban;
};

struct camt_payment {
    struct camt_value end_to_end, servicer_reference, amount, transaction_amount, side, return_reason;
    struct camt_operation operation;
    struct camt_party debtor, creditor;
    struct bank_list structured, text;
};

struct camt_booking {
    struct camt_value reference, amount, side, reversal, status, status_code, booked, valued, servicer_reference;
    struct camt_value information;
    struct camt_operation operation;
    struct camt_payment *payments;
    size_t payment_count, payment_capacity;
    int64_t line;
};

/* Of the balances those that can open or close a page: the interim ones stand in where a statement has several. */
struct camt_statement {
    struct camt_value id, electronic_sequence, legal_sequence, iban, other_account, currency;
    struct camt_balance opening, previous, closing, first_interim, last_interim;
    size_t interims;
    int64_t line;
};

void camt_add_balance(struct camt_statement *statement, const struct camt_balance *balance);
enum err camt_add_payment(struct bank_build *build, struct camt_booking *booking, const struct camt_payment *payment);
enum err camt_end_booking(struct bank_build *build, const struct camt_statement *statement,
                          const struct camt_booking *booking);
enum err camt_end_statement(struct bank_build *build, const struct camt_statement *statement);

#endif
