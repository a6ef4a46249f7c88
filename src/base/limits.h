/* Every maximum of the product in one place. A buffer, list or body that is not here has its bound beside it. */
#ifndef GUICHET_BASE_LIMITS_H
#define GUICHET_BASE_LIMITS_H

enum {
    LIMIT_REQUEST_BODY = 256 * 1024,     /* bytes of a form post */
    LIMIT_FORM_FIELDS = 400,             /* fields in one form */
    LIMIT_UPLOAD = 9 * 1024 * 1024,      /* bytes of a form post with files, where a page takes files */
    LIMIT_UPLOAD_FILES = 20,             /* files in one of them */
    LIMIT_UPLOADS_AT_ONCE = 8,           /* posts above LIMIT_REQUEST_BODY that are read at the same time */
    LIMIT_RESPONSE = 8 * 1024 * 1024,    /* bytes of one answer */
    LIMIT_URL = 4096,                    /* path and query */
    LIMIT_TEXT_FIELD = 400,              /* characters a person may type in a one-line field */
    LIMIT_EMAIL = 254,
    LIMIT_PASSWORD = 256,
    LIMIT_MAIL_BYTES = 8 * 1024 * 1024,  /* one composed message */
    LIMIT_PDF_BYTES = 8 * 1024 * 1024,   /* one document */
    LIMIT_CART_VISITS = 40,              /* visits in one cart */
    LIMIT_VISIT_PERSONS = 1000,          /* persons asked for at once */
    LIMIT_ORDER_TICKETS = 2000,          /* tickets of one order */
    LIMIT_LIST = 500,                    /* rows of any list page */
    LIMIT_LEADERS = 500,                 /* accompanying persons of an organisation */
    LIMIT_CONTACTS = 500,
    LIMIT_MONTH_SLOTS = 3100,            /* slots of one monument in one month: every 15 minutes, round the clock */
    LIMIT_BANK_FILE = 8 * 1024 * 1024,   /* bytes of one statement file of the bank */
    LIMIT_BANK_ENTRIES = 20000,          /* payments in one of them */
    LIMIT_CONNECTIONS = 512,             /* open HTTP connections */
    LIMIT_CONNECTIONS_A_PEER = 256,
    LIMIT_WRITE_QUEUE = 1024,            /* commands waiting for the writer; beyond, callers are told to come back */
    LIMIT_WRITE_BATCH = 256
};

#endif
