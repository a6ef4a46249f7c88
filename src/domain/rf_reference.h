/* Creditor references after ISO 11649 («RF91 2026 0004 217»): what a customer quotes in a bank transfer, so that the
 * money finds its order (CRT-4, CRT-5). Payers retype them into a free text, with blanks anywhere and in small letters;
 * the two check digits tell a reference from anything else. */
#ifndef GUICHET_DOMAIN_RF_REFERENCE_H
#define GUICHET_DOMAIN_RF_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
    RF_BODY_MAX = 21,                  /* characters after the check digits */
    RF_SIZE = 4 + RF_BODY_MAX + 1,     /* bytes of a reference in the stored form, with its NUL */
    RF_DISPLAY = RF_SIZE + RF_SIZE / 4 /* … of one in groups of four */
};

/* The reference whose body is `body`, 1 to RF_BODY_MAX of 0-9 and A-Z; false when it is something else. */
bool rf_make(struct str body, char ret_rf[RF_SIZE]);

/* Our own form: the body is the year in four digits and the order's number in at least seven. Digits alone, since those
 * are what people retype without a slip and what every bank lets through. False when the year is not from 2000 to 9999
 * or the number not from 1 to 17 digits. */
bool rf_of_order(int year, int64_t number, char ret_rf[RF_SIZE]);

/* Whether `rf` is a reference in the stored form: capitals, no blanks, right check digits. */
bool rf_check(struct str rf);

/* Reads a field that holds a reference and nothing else. Blanks, hyphens, dots and small letters are fine. */
bool rf_parse(struct str typed, char ret_rf[RF_SIZE]);

struct rf_found {
    char rf[RF_SIZE]; /* in the stored form */
    size_t start;     /* the byte of the text where its R stands */
};

/* Finds references in a free text and returns how many, at most `max`, in the order in which they stand. Where words
 * that follow could belong to the reference, each reading whose check digits are right is one of the found, with the
 * same `start`: the caller knows which references exist. */
size_t rf_find(struct str text, size_t max, struct rf_found *ret_found);

/* «RF91 2026 0004 217». `rf` is in the stored form; false when it is longer than any. */
bool rf_display(struct str rf, char ret_display[RF_DISPLAY]);

/* Bytes of the blank, hyphen, dot or line end at `at` that may stand inside a reference; 0 when there is none. */
size_t rf_separator(struct str text, size_t at);

#endif
