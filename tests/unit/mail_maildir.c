/* The maildir: written whole, listed newest first, read back, and closed to names that lead elsewhere. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/limits.h"
#include "mail/maildir.h"

struct place {
    char path[64];
    struct maildir *maildir;
    struct arena *arena;
};

static int place_setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    strcpy(p->path, "/tmp/guichet-maildir-XXXXXX");
    *state = p;
    p->arena = arena_new();
    return mkdtemp(p->path) == NULL || maildir_open(p->path, &p->maildir, NULL) != OK;
}

static int place_teardown(void **state)
{
    struct place *p = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", p->path);
    maildir_close(&p->maildir);
    arena_free(&p->arena);
    int left = system(command);
    free(p);
    return left;
}

static struct mail_message message(struct arena *arena, int number)
{
    return (struct mail_message){.from = S("billets@guichet.example"), .to = S("camille@agence.example"),
                                 .subject = str_format(arena, "Message %d", number), .text = S("Bonjour\n"),
                                 .message_id = str_format(arena, "m.%d@guichet.example", number), .date = 1795000000};
}

static void send(struct place *p, const struct mail_message *m)
{
    struct mailer mailer = maildir_mailer(p->maildir);
    struct mail_outcome outcome = {.result = MAIL_PERMANENT};
    assert_int_equal(mailer.send(mailer.context, m, &outcome, NULL), OK);
    assert_int_equal(outcome.result, MAIL_SENT);
}

static struct maildir_list list(struct place *p, size_t offset, size_t limit)
{
    struct maildir_list l = {0};
    assert_int_equal(maildir_list(p->maildir, p->arena, offset, limit, &l, NULL), OK);
    return l;
}

static void newest_first_with_bounds(void **state)
{
    struct place *p = *state;
    assert_int_equal(list(p, 0, 10).n, 0);
    for (int i = 1; i <= 12; i++) {
        struct mail_message m = message(p->arena, i);
        send(p, &m);
    }
    struct maildir_list l = list(p, 0, 5);
    assert_int_equal(l.n, 5);
    assert_int_equal(l.total, 12);
    assert_str(l.p[0].headers.subject, "Message 12");
    assert_str(l.p[4].headers.subject, "Message 8");
    l = list(p, 10, 5);
    assert_int_equal(l.n, 2);
    assert_str(l.p[1].headers.subject, "Message 1");
    assert_int_equal(list(p, 12, 5).n, 0);
    assert_int_equal(list(p, SIZE_MAX, SIZE_MAX).n, 0);
    assert_int_equal(list(p, 0, SIZE_MAX).n, 12);
}

static void the_same_message_twice_is_one(void **state)
{
    struct place *p = *state;
    struct mail_message m = message(p->arena, 1);
    send(p, &m);
    send(p, &m);
    assert_int_equal(list(p, 0, 10).total, 1);
}

static void reads_back(void **state)
{
    struct place *p = *state;
    struct mail_attachment file = {S("billets été.pdf"), S("application/pdf"), S("%PDF-1.7\n\0binary")};
    struct mail_message m = message(p->arena, 1);
    m.html = S("<p>Bonjour</p>");
    m.attachments = &file;
    m.attachment_count = 1;
    send(p, &m);
    struct str id = list(p, 0, 1).p[0].id;
    struct mail_read r;
    assert_int_equal(maildir_read(p->maildir, p->arena, id, &r, NULL), OK);
    assert_str(r.headers.subject, "Message 1");
    assert_str(r.text, "Bonjour");
    assert_str(r.html, "<p>Bonjour</p>");
    assert_int_equal(r.attachment_count, 1);
    assert_str(r.attachments[0].name, "billets été.pdf");
    assert_true(str_eq(r.attachments[0].bytes, file.bytes));
    struct str bytes;
    assert_int_equal(maildir_bytes(p->maildir, p->arena, id, &bytes, NULL), OK);
    assert_true(str_starts(bytes, S("From: <billets@guichet.example>\r\n")));
}

static void only_its_own_names(void **state)
{
    struct place *p = *state;
    static const char *const bad[] = {"", ".", "..", "../tmp/x", "a/b", "absent", ".hidden", "a b", "é", "/etc/passwd"};
    struct mail_read r;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(maildir_read(p->maildir, p->arena, str_of(bad[i]), &r, NULL), ERR_NOT_FOUND);
    }
    assert_int_equal(maildir_read(p->maildir, p->arena, (struct str){"a\0b", 3}, &r, NULL), ERR_NOT_FOUND);
    char path[128];
    snprintf(path, sizeof path, "%s/new/link", p->path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_not_equal(maildir_read(p->maildir, p->arena, S("link"), &r, NULL), OK);
    snprintf(path, sizeof path, "%s/new/folder", p->path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(maildir_read(p->maildir, p->arena, S("folder"), &r, NULL), ERR_NOT_FOUND);
    assert_int_equal(list(p, 0, 10).total, 0);
}

static void says_when_it_cannot(void **state)
{
    struct place *p = *state;
    struct mailer mailer = maildir_mailer(p->maildir);
    struct mail_message m = message(p->arena, 1);
    struct mail_outcome outcome;
    m.to = S("nobody");
    assert_int_equal(mailer.send(mailer.context, &m, &outcome, NULL), ERR_INPUT);
    m = message(p->arena, 1);
    char path[128], away[128];
    snprintf(path, sizeof path, "%s/new", p->path);
    snprintf(away, sizeof away, "%s/old", p->path);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(mailer.send(mailer.context, &m, &outcome, NULL), OK);
    assert_int_equal(outcome.result, MAIL_TEMPORARY);
    assert_true(outcome.detail[0] != '\0');
    struct maildir_list l;
    assert_int_equal(maildir_list(p->maildir, p->arena, 0, 1, &l, NULL), ERR_IO);
    struct maildir *none;
    assert_int_equal(maildir_open("/tmp/no/such/place", &none, NULL), ERR_IO);
}

int main(void)
{
#define WITH_PLACE(f) cmocka_unit_test_setup_teardown(f, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        WITH_PLACE(newest_first_with_bounds), WITH_PLACE(the_same_message_twice_is_one), WITH_PLACE(reads_back),
        WITH_PLACE(only_its_own_names),       WITH_PLACE(says_when_it_cannot),
    };
    return crypto_init(NULL) != OK || cmocka_run_group_tests(tests, NULL, NULL);
}
