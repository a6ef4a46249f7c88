/* Structured log: one JSON object a line on standard error. Never put a password, token, key or card number in it. */
#ifndef GUICHET_BASE_LOG_H
#define GUICHET_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *name;
    bool is_text;
    struct str text;
    int64_t number;
};

#define LOG_TEXT(field_name, value) ((struct log_field){.name = (field_name), .is_text = true, .text = (value)})
#define LOG_INT(field_name, value) ((struct log_field){.name = (field_name), .number = (int64_t)(value)})

/* Writes one line in one write(2), so lines of several threads never mix. */
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count);

#define LOG(level, event, ...)                                                                                       \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                                             \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

/* Lines below this level are dropped; the only setting of the process that is global, set once at start. */
void log_threshold(enum log_level level);

#endif
