/* What the node suite of the mail drives: a message as JSON on standard input, composed to standard output
 * (`mail_main compose`) or sent (`mail_main smtp HOST PORT none|starttls|implicit CA-FILE|- USER|- TIMEOUT-MS`), with the
 * outcome as JSON. The password is the user's name. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "mail/compose.h"
#include "mail/smtp.h"

static struct str member(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return (struct str){json_string_value(v), json_string_length(v)};
}

/* Attachment bytes come as hexadecimal, since JSON holds text only. */
static struct str bytes_of(struct arena *arena, struct str hex)
{
    char *out = arena_alloc(arena, hex.n / 2 + 1);
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        char two[3] = {hex.p[i], hex.p[i + 1], '\0'};
        out[i / 2] = (char)strtol(two, NULL, 16);
    }
    return (struct str){out, hex.n / 2};
}

static struct mail_message message_of(struct arena *arena, const json_t *root)
{
    const json_t *files = json_object_get(root, "attachments");
    size_t count = json_array_size(files);
    struct mail_attachment *a = ARENA_ARRAY(arena, count + 1, struct mail_attachment);
    for (size_t i = 0; i < count; i++) {
        const json_t *f = json_array_get(files, i);
        a[i] = (struct mail_attachment){member(f, "name"), member(f, "type"), bytes_of(arena, member(f, "hex"))};
    }
    return (struct mail_message){
        .from = member(root, "from"), .from_name = member(root, "fromName"), .to = member(root, "to"),
        .to_name = member(root, "toName"), .reply_to = member(root, "replyTo"), .subject = member(root, "subject"),
        .envelope_from = member(root, "envelopeFrom"), .text = member(root, "text"), .html = member(root, "html"),
        .message_id = member(root, "messageId"), .date = json_integer_value(json_object_get(root, "date")),
        .attachments = a, .attachment_count = count};
}

static int compose(const struct mail_message *m)
{
    struct buf out = buf_new(LIMIT_MAIL_BYTES);
    struct fault fault = {0};
    enum err err = mail_compose(m, &out, &fault);
    if (err == OK) {
        fwrite(out.p, 1, out.n, stdout);
    } else {
        fprintf(stderr, "%s %s\n", err_name(err), fault.text);
    }
    buf_free(&out);
    return err != OK;
}

static int send_it(const struct mail_message *m, char **argv)
{
    struct smtp_settings settings = {.host = argv[2], .port = (uint16_t)atoi(argv[3]), .hello = "guichet.example"};
    settings.tls = strcmp(argv[4], "none") == 0       ? SMTP_TLS_NONE
                   : strcmp(argv[4], "implicit") == 0 ? SMTP_TLS_IMPLICIT
                                                      : SMTP_TLS_REQUIRED;
    settings.ca_file = strcmp(argv[5], "-") != 0 ? argv[5] : NULL;
    settings.user = settings.password = strcmp(argv[6], "-") != 0 ? argv[6] : NULL;
    settings.timeout_ms = atol(argv[7]);
    static const char *const words[] = {"sent", "temporary", "permanent", "uncertain"};
    struct smtp *smtp;
    struct fault fault = {0};
    enum err err = smtp_new(&settings, &smtp, &fault);
    for (int i = 0; i < 2 && err == OK; i++) { /* twice: the connection is kept, its state must be clean */
        struct mailer mailer = smtp_mailer(smtp);
        struct mail_outcome outcome;
        err = mailer.send(mailer.context, m, &outcome, &fault);
        if (err == OK) {
            json_t *line = json_pack("{s: s, s: i, s: s}", "result", words[outcome.result], "code", outcome.code,
                                     "detail", outcome.detail);
            json_dumpf(line, stdout, JSON_COMPACT);
            putchar('\n');
            json_decref(line);
        }
    }
    if (err != OK) {
        printf("{\"error\":\"%s\"}\n", err_name(err));
    } else {
        smtp_free(&smtp);
    }
    return err != OK;
}

int main(int argc, char **argv)
{
    json_t *root = json_loadf(stdin, JSON_ALLOW_NUL, NULL);
    struct arena *arena = arena_new();
    struct mail_message message = message_of(arena, root);
    int end = 2;
    if (argc == 2 && strcmp(argv[1], "compose") == 0) {
        end = compose(&message);
    } else if (argc == 8 && strcmp(argv[1], "smtp") == 0) {
        end = send_it(&message, argv);
    }
    arena_free(&arena);
    json_decref(root);
    return end;
}
