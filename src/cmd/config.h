/* The process's settings from its environment: where things are and whom to talk to. Rules of the network are not here
 * but in the database (`guichet settings`). One table in config.c makes the parser and `guichet help` alike. */
#ifndef GUICHET_CMD_CONFIG_H
#define GUICHET_CMD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

struct config {
    const char *mode;   /* "demonstration" or "production" */
    const char *data;   /* folder of the database file, the mails of the demonstration, the key */
    const char *db;     /* empty: guichet.db in `data` */
    const char *listen;
    int64_t port;
    const char *public_url;
    const char *trusted_proxy;
    const char *clock;  /* file of the movable clock; refused in production */
    const char *secret; /* 64 hexadecimal digits; empty: kept in `data` */
    const char *fonts;
    const char *log;
    const char *smtp_host, *smtp_tls, *smtp_user, *smtp_password;
    int64_t smtp_port;
    const char *pay_url, *pay_page_origin, *pay_key, *pay_webhook_secret, *pay_webhook_secret_previous;
    int64_t standin_port;
    int64_t readers; /* read connections */

    bool production;
};

/* Texts live in `arena` or in the environment. ERR_INPUT: the fault says which variable and what is expected. */
enum err config_read(struct arena *arena, struct config *ret_config, struct fault *fault);

/* One line a variable. */
void config_help(FILE *out);

#endif
