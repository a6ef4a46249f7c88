/* Statement files of the bank: what arrived on the network's account (CRT-5, OPS-5).
 *
 * Two formats are read, both given by every French bank: camt.053 (ISO 20022, versions 001.02 to 001.08) and CFONB120
 * (records of 120 bytes). A file comes from outside and is believed only when its balances add up; a reader takes all
 * of it or nothing. Everything that is returned lives in the caller's arena, is UTF-8 and without control characters. */
#ifndef GUICHET_BANK_STATEMENT_H
#define GUICHET_BANK_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"
#include "domain/bank_match.h"

enum bank_format { BANK_CAMT053, BANK_CFONB120 };

/* A detail record of CFONB120 as it stands: qualifiers repeat, and banks have some of their own. */
struct bank_note {
    struct str qualifier; /* «NPY», «LCC» … */
    struct str text;
};

/* One payment. A booking that the bank made of several payments gives one entry for each, when it says their amounts. */
struct bank_entry {
    size_t index;              /* of the booking in its statement, from 0 */
    size_t detail;             /* of the payment in its booking, from 0 */
    int64_t position;          /* line of the XML file or number of the record where the booking begins, from 1 */
    day_number booked;
    day_number valued;         /* the booking day when the bank names no other */
    struct cents amount;       /* money in is positive, money out negative */
    bool credit;               /* money in */
    bool reversal;             /* the bank takes back a booking of its own */
    bool returned;             /* a payment came back, or was rejected: `return_reason` may say why */
    bool batch;                /* stands for several payments whose amounts the bank does not say */
    struct str code;           /* the bank's kind of operation: «PMNT/RCDT/ESCT», or CFONB's two characters */
    struct str return_reason;  /* the bank's code */
    struct str entry_reference;
    struct str servicer_reference;
    struct str end_to_end;     /* what the payer's side called it; often «NOTPROVIDED» */
    const struct str *structured; /* structured references as they stand */
    size_t structured_count;
    struct str text;           /* all free text, joined by blanks */
    struct str payer;          /* who paid; of money out, who received it. May be empty */
    struct str payer_iban;     /* normalised; CFONB120 seldom has one */
    const struct bank_note *notes; /* CFONB120 alone */
    size_t note_count;
    struct str key;            /* 64 hexadecimal digits that are the same whenever this entry is read again */
};

struct bank_statement {
    struct str account;  /* the IBAN, or what the bank gives in its place */
    bool is_iban;        /* whether `account` is one, normalised. From CFONB120 it is computed, for France */
    struct str id;       /* CFONB120 has none: its two days stand for it */
    int64_t sequence;    /* the bank's running number, 0 when it gives none */
    struct str currency; /* «EUR» */
    struct cents opening, closing; /* opening + all amounts = closing, or the file was refused */
    const struct bank_entry *entries;
    size_t entry_count;
};

struct bank_file {
    enum bank_format format;
    struct str hash; /* SHA-256 of the bytes in hexadecimal: the same file again */
    const struct bank_statement *statements; /* at least one */
    size_t statement_count;
};

/* What is wrong with a file, for the words of a page. */
enum bank_trouble {
    BANK_UNKNOWN,   /* neither of the formats */
    BANK_TOO_LARGE, /* more than LIMIT_BANK_FILE bytes or LIMIT_BANK_ENTRIES entries */
    BANK_DAMAGED,   /* cut off or not well-formed */
    BANK_FORBIDDEN, /* a document type or entities, which no bank sends */
    BANK_FIELD,     /* a part that is needed is missing or makes no sense */
    BANK_BALANCE    /* opening balance and entries do not give the closing balance */
};

struct bank_problem {
    enum bank_trouble trouble;
    int64_t position; /* line of the XML file or number of the record, 0 when it is the file as a whole */
    size_t entry;     /* number of the booking in its statement, from 1; 0 outside of bookings */
    struct fault fault; /* in English, with the position and what was found */
};

/* `camt053`, `cfonb120`; `unknown`, `too-large`, `damaged`, `forbidden`, `field`, `balance`. */
const char *bank_format_name(enum bank_format format);
const char *bank_trouble_name(enum bank_trouble trouble);

/* Reads a file of either format, whatever its name. ERR_LIMIT when it is too large, else ERR_INPUT; `problem` (may be
 * NULL) then says what is wrong. Needs no network and reads no other file. Safe from several threads. */
enum err bank_read_any(struct arena *arena, struct str bytes, struct bank_file *ret_file, struct bank_problem *problem);
/* The same for one format each. */
enum err bank_read_camt053(struct arena *arena, struct str bytes, struct bank_file *ret_file,
                           struct bank_problem *problem);
enum err bank_read_cfonb120(struct arena *arena, struct str bytes, struct bank_file *ret_file,
                            struct bank_problem *problem);

/* The entry as the matching rule wants it; it points into the entry. The currency is the caller's to look at: the rule
 * knows euros alone. */
struct bank_transfer bank_transfer_of(struct arena *arena, const struct bank_entry *entry);

#endif
