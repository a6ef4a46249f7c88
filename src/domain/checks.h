/* Shapes of what people type: e-mail, registration and VAT numbers, phone, IBAN, password (ACC-1, COM-1).
 *
 * These say whether a text can be what it claims to be, not whether it exists. Normalise first where a function is
 * given for it: people type spaces. */
#ifndef GUICHET_DOMAIN_CHECKS_H
#define GUICHET_DOMAIN_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* One address in ASCII, local part of at most 64 and the whole of at most LIMIT_EMAIL bytes, a domain with a dot. */
bool check_email(struct str email);

/* What two spellings of one address have in common: trimmed, lower case. Accounts are compared by it (ACC-2). */
struct str email_key(struct arena *arena, struct str email);

/* Upper case without blanks, dots and hyphens: for registration numbers, VAT numbers and IBANs. */
struct str normal_number(struct arena *arena, struct str typed);

/* 14 digits with a Luhn sum (or La Poste's own rule for its establishments). */
bool check_siret(struct str siret);
/* 9 digits with a Luhn sum. */
bool check_siren(struct str siren);
/* The first 9 digits of a SIRET. */
struct str siren_of(struct str siret);

/* A VAT number of the Union by its country's shape (Northern Ireland's XI too); for France the key is checked as well. */
bool check_vat_number(struct str number);

/* Keeps a leading + and the digits of what was typed; «(0)» after a country code goes. Empty when other characters
 * than blanks . - / ( ) stand between. */
struct str normal_phone(struct arena *arena, struct str typed);
/* An optional + and 6 to 15 digits. */
bool check_phone(struct str phone);

/* Normalised IBAN: country, length of 15 to 34, remainder 1 modulo 97; French ones have 27 characters. */
bool check_iban(struct str iban);

enum password_answer { PASSWORD_GOOD, PASSWORD_SHORT, PASSWORD_LONG, PASSWORD_IS_EMAIL, PASSWORD_NOT_TEXT };

enum { PASSWORD_MIN = 12 };

/* At least `min_length` characters, at most LIMIT_PASSWORD bytes, not the e-mail in any letter case. */
enum password_answer check_password(struct str password, struct str email, size_t min_length);

#endif
