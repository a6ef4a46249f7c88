/* The addresses of the public ticket shop: an account cannot be opened with one of them (ACC-2).
 *
 * Only hashes under the service's secret are stored, so that the list is of no use to a thief; a change of the secret
 * means importing again. */
#ifndef GUICHET_SERVICE_PUBLIC_EMAIL_H
#define GUICHET_SERVICE_PUBLIC_EMAIL_H

#include <stdio.h>

#include "service/service.h"

struct public_email_import {
    int64_t added;
    int64_t known;     /* were there already, or twice in the file */
    int64_t bad;       /* lines whose first column is not an address */
    int64_t first_bad; /* number of the first such line; 0: none */
};

/* Reads one address a line, or the first column of a CSV file (comma, semicolon or tab), in batches. Empty lines and a
 * heading in the first line are skipped. `counts` grows with each batch that is stored, so it also says how far a
 * failed import came; it can be run again. */
enum err public_email_import(struct service *service, FILE *file, struct public_email_import *counts,
                             struct fault *fault);

/* Whether the public shop knows this address; inside a transaction that is open. */
enum err public_email_known(const struct service *service, struct db *db, struct arena *arena, struct str email,
                            bool *ret_known, struct fault *fault);

#endif
