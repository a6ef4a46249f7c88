/* Which order a transfer that arrived belongs to (CRT-5, OPS-5).
 *
 * A reference decides, never an amount alone. Money that fits exactly confirms by itself; anything else is a state that
 * a person sees: a part, too much, a second payment of the same, a likely match, several orders in one text. */
#ifndef GUICHET_DOMAIN_BANK_MATCH_H
#define GUICHET_DOMAIN_BANK_MATCH_H

#include <stdbool.h>

#include "base/money.h"
#include "base/str.h"

/* What the bank says of one payment. */
struct bank_transfer {
    struct cents amount;          /* what arrived, in euros; when not positive there is nothing to match */
    bool returned;                /* our own money that came back, or a reversal: no customer's payment */
    bool batch;                   /* several payments that the bank did not separate: for a person */
    const struct str *references; /* what the payer put into the structured field, and his end-to-end references */
    size_t reference_count;
    struct str text;              /* all free text */
    struct str payer_iban;        /* normalised; may be empty */
};

/* An order that money may be for. Settled and expired ones of late belong among them: a second payment quotes an order
 * with nothing due, a late one an order that expired. */
struct match_candidate {
    int64_t order_id;
    struct str reference;          /* «K7Q2-XD4M» */
    struct str rf;                 /* in the stored form; may be empty */
    struct str document;           /* the number of the pro forma or invoice, with a letter in it; may be empty */
    struct cents due;              /* still to be paid; 0 when it is settled or no longer wanted */
    const struct str *payer_ibans; /* normalised; from which this customer has paid before */
    size_t payer_iban_count;
};

enum bank_match_kind {
    MATCH_NONE,     /* nothing points to an order, or to one that is not a candidate */
    MATCH_EXACT,    /* names one order, and the amount is what is due: settle it */
    MATCH_PART,     /* names one order, and less than is due arrived */
    MATCH_OVER,     /* names one order, and more arrived than is due; nothing was due when it is a second payment */
    MATCH_PROPOSED, /* names none; the account is known and exactly one of its orders has this amount due */
    MATCH_REVIEW    /* names several, or could not be separated: a person decides */
};

enum { MATCH_NAMED = 8 /* orders that a result lists at most */ };

struct bank_match {
    enum bank_match_kind kind;
    size_t named[MATCH_NAMED]; /* indexes of the candidates; one of them for EXACT, PART, OVER and PROPOSED */
    size_t named_count;
    bool unknown_reference;    /* an RF reference with right check digits that no candidate has */
    struct cents settles;      /* EXACT, PART, OVER: how much of the amount pays what is due … */
    struct cents excess;       /* … and what remains of it, to be kept as a credit or sent back */
};

/* `exact`, `part`, `over`, `proposed`, `review`, `none`. */
const char *bank_match_name(enum bank_match_kind kind);

/* Matches one transfer. The caller goes through a file entry by entry and lowers `due` after each that was settled, so
 * that a second payment in the same file is seen as one. */
struct bank_match bank_match_of(const struct bank_transfer *transfer, const struct match_candidate *candidates,
                                size_t count);

#endif
