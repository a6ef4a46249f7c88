/* The log: what a line looks like, that levels drop, that nothing breaks a line. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "unit.h"

/* What `write_lines` sent to standard error, NUL-terminated. */
static void captured(void (*write_lines)(void), char *ret_text, size_t size)
{
    char path[] = "/tmp/guichet-log-XXXXXX";
    int file = mkstemp(path), kept = dup(STDERR_FILENO);
    assert_true(file >= 0 && kept >= 0);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    write_lines();
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    ssize_t n = pread(file, ret_text, size - 1, 0);
    assert_true(n >= 0);
    ret_text[n] = '\0';
    (void)close(kept);
    (void)close(file);
    (void)unlink(path);
}

static void two_lines(void)
{
    log_threshold(LOG_INFO);
    LOG(LOG_DEBUG, "dropped", LOG_INT("n", 1));
    LOG(LOG_INFO, "request", LOG_TEXT("path", S("/fr/\n\"<x>")), LOG_INT("status", 200));
    log_threshold(LOG_ERROR);
    LOG(LOG_WARNING, "dropped too", LOG_INT("n", 1));
    log_threshold(LOG_INFO);
}

static void lines_are_json(void **state)
{
    (void)state;
    char text[1000];
    captured(two_lines, text, sizeof text);
    struct str rest = str_of(text);
    struct str line = str_cut(&rest, '\n');
    assert_str(rest, "");
    assert_true(str_starts(line, S("{\"at\":\"20")));
    assert_true(str_ends(line, S("Z\",\"level\":\"info\",\"event\":\"request\",\"path\":\"/fr/\\n\\\"\\u003cx\\u003e\","
                                 "\"status\":200}")));
}

static void one_long_line(void)
{
    static char bytes[64 * 1024];
    memset(bytes, 'x', sizeof bytes);
    LOG(LOG_ERROR, "long", LOG_TEXT("text", ((struct str){bytes, sizeof bytes})));
}

static void a_long_line_stays_json(void **state)
{
    (void)state;
    char text[1000];
    captured(one_long_line, text, sizeof text);
    assert_true(str_ends(str_of(text), S("\"event\":\"long\",\"truncated\":1}\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_json), cmocka_unit_test(a_long_line_stays_json)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
