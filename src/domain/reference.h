/* Numbers that people read aloud and type: an order's reference and a ticket's number (ORD-1, TKT-1).
 * Both carry a check character, so that a slip is noticed before anything is looked up. */
#ifndef GUICHET_DOMAIN_REFERENCE_H
#define GUICHET_DOMAIN_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
    REFERENCE_RANDOM = 7,    /* characters of random_code that a reference is made of */
    REFERENCE_SIZE = 10,     /* bytes of «K7Q2-XD4M» with its NUL */
    TICKET_NUMBER_SIZE = 14, /* bytes of 12 digits, the check digit and NUL */
    TICKET_NUMBER_DISPLAY = 17
};
#define TICKET_NUMBER_MAX INT64_C(999999999999)

/* «K7Q2-XD4M» from REFERENCE_RANDOM characters of random_code's alphabet; false when `code` is something else. */
bool reference_make(struct str code, char ret_reference[REFERENCE_SIZE]);

/* Reads what a person typed: lower case, spaces and hyphens anywhere are fine. False when the length, a character or
 * the check is wrong. The result is in the stored form. */
bool reference_parse(struct str typed, char ret_reference[REFERENCE_SIZE]);

/* 13 digits as stored, from 0 to TICKET_NUMBER_MAX; false when out of range. */
bool ticket_number_make(int64_t value, char ret_number[TICKET_NUMBER_SIZE]);

/* Reads a number with any spaces or hyphens; the result is in the stored form. */
bool ticket_number_parse(struct str typed, char ret_number[TICKET_NUMBER_SIZE]);

/* «1234 5678 9012 3»: for reading. `number` is in the stored form. */
bool ticket_number_display(struct str number, char ret_display[TICKET_NUMBER_DISPLAY]);

#endif
