/* What the QR code of a ticket holds (TKT-6): enough to judge it at a gate that has no network, and a signature.
 *
 * The code is 82 bytes, 18 of the ticket and the 64 of an Ed25519 signature, written as one number of 198 digits: QR
 * codes pack three digits into ten bits, so nothing is lost to the spelling (base45 would need a larger symbol), and a
 * hand scanner that speaks as a keyboard of another country still types digits right. A ticket's number alone has 13
 * digits, so the two are never mistaken for each other. */
#ifndef GUICHET_DOMAIN_TICKET_CODE_H
#define GUICHET_DOMAIN_TICKET_CODE_H

#include "base/civil.h"
#include "base/crypto.h"
#include "domain/leader.h"
#include "domain/reference.h"

enum {
    TICKET_CODE_VERSION = 2, /* 1 was text: «G1.number.secret» */
    TICKET_CODE_BODY = 18,
    TICKET_CODE_DIGITS = 198,
    TICKET_CODE_SIZE = TICKET_CODE_DIGITS + 1,
    TICKET_CODE_MESSAGE = 32 /* what is signed: a word that no other signature of ours begins with, and the body */
};

enum ticket_kind { TICKET_SLOT, TICKET_DATED, TICKET_UNDATED };
enum { TICKET_KINDS = TICKET_UNDATED + 1 };

/* «slot», «dated», «undated», as in the column visit.kind. */
const char *ticket_kind_name(enum ticket_kind kind);
bool ticket_kind_parse(struct str name, enum ticket_kind *ret_kind);

struct ticket_code {
    int key_id;                      /* 1 to 255: which key signed */
    char number[TICKET_NUMBER_SIZE]; /* with its check digit */
    int64_t monument_id;
    enum ticket_kind kind;
    enum ticket_role role;
    int tariff;          /* of ticket_code_tariff */
    instant from, until; /* both included; written with the minute, `from` rounded down, `until` up */
};

/* 1, 2, 3 for `full`, `group`, `school`, 0 for any other. */
int ticket_code_tariff(struct str tariff_code);
/* The other way round; empty for 0 and what nobody knows yet. */
struct str ticket_code_tariff_name(int tariff);

/* false when something does not fit: ids, times before 1970 or a validity of more than thirty years. */
bool ticket_code_pack(const struct ticket_code *code, unsigned char ret_body[TICKET_CODE_BODY]);
/* false when it is of another version or holds what no ticket has. Says nothing of the signature. */
bool ticket_code_unpack(const unsigned char body[TICKET_CODE_BODY], struct ticket_code *ret_code);

void ticket_code_message(const unsigned char body[TICKET_CODE_BODY], unsigned char ret_message[TICKET_CODE_MESSAGE]);

void ticket_code_write(const unsigned char body[TICKET_CODE_BODY], const unsigned char signature[CRYPTO_SIGNATURE],
                       char ret_digits[TICKET_CODE_SIZE]);
/* false when it is not a number of so many digits that fits. Blanks around it are ignored. */
bool ticket_code_read(struct str digits, unsigned char ret_body[TICKET_CODE_BODY],
                      unsigned char ret_signature[CRYPTO_SIGNATURE]);

#endif
