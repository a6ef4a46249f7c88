/* The text of an EPC QR code (EPC069-12, version 002): the customer's banking application reads payee, amount and
 * reference of a transfer from the pro forma instead of having them typed (CRT-4). */
#ifndef GUICHET_DOMAIN_EPC_H
#define GUICHET_DOMAIN_EPC_H

#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

enum {
    EPC_NAME_MAX = 70,    /* characters of the payee's name */
    EPC_TEXT_MAX = 140,   /* characters of the free text */
    EPC_PAYLOAD_MAX = 331 /* bytes of the whole; fits QR version 13 at level M */
};

struct epc_transfer {
    struct str name;     /* of the payee */
    struct str iban;     /* of the payee; blanks are fine */
    struct str bic;      /* 8 or 11 characters, or empty: inside the European Economic Area it may be */
    struct cents amount; /* 0.01 to 999 999 999.99 euros */
    struct str rf;       /* ISO 11649, blanks are fine; or … */
    struct str text;     /* … a free text. Never both; both may be empty */
};

/* The payload in the arena, UTF-8 with LF, to be encoded at error level M by the room that draws. ERR_INPUT with the
 * field that is wrong, ERR_LIMIT when the whole is too long. */
enum err epc_payload(struct arena *arena, const struct epc_transfer *transfer, struct str *ret_payload,
                     struct fault *fault);

#endif
