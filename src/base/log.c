/* The structured log. */
#include "base/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

enum { LINE_MAX_BYTES = 16 * 1024 };

static _Atomic int threshold = LOG_INFO;

void log_threshold(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

/* The machine's time on purpose, even when the product's clock is moved: a log is read beside other logs. */
static void put_head(struct buf *line, enum log_level level, const char *event)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    struct timespec now;
    struct tm utc;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    buf_format(line, "{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\",\"event\":", utc.tm_year + 1900,
               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, (int)(now.tv_nsec / 1000000),
               names[level]);
    buf_json(line, str_of(event));
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
    if ((int)level < atomic_load(&threshold))
        return;
    struct buf line = buf_new(LINE_MAX_BYTES);
    put_head(&line, level, event);
    for (size_t i = 0; i < count; i++) {
        buf_char(&line, ',');
        buf_json(&line, str_of(fields[i].name));
        buf_char(&line, ':');
        if (fields[i].is_text)
            buf_json(&line, fields[i].text);
        else
            buf_int(&line, fields[i].number);
    }
    buf_c(&line, "}\n");
    if (line.overflowed) { /* better the event alone than half a line, which no reader could parse */
        buf_clear(&line);
        put_head(&line, level, event);
        buf_c(&line, ",\"truncated\":1}\n");
    }
    ssize_t written;
    do
        written = write(STDERR_FILENO, line.p, line.n);
    while (written < 0 && errno == EINTR);
    buf_free(&line);
}
