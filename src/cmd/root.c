/* Root: opening everything in order, closing it in the opposite order. */
#include "cmd/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doc/confirmation.h"
#include "doc/invoice.h"
#include "doc/manual.h"
#include "doc/qr.h"
#include "doc/ticket.h"
#include "mail/maildir.h"
#include "mail/smtp.h"
#include "pay/stripe.h"
#include "service/documents.h"
#include "service/gate_key.h"
#include "service/settings.h"

struct root {
    struct arena *arena;
    struct service service;
    struct maildir *maildir;
    struct smtp *smtp;
    struct mailer mailer;
    struct stripe *stripe;
    struct payer payer;
    struct doc_fonts *fonts;
    struct documents documents;
};

/* ---- The key ---------------------------------------------------------------------------------------------------- */

static bool key_from_hex(struct str hex, unsigned char key[32])
{
    if (hex.n != 64)
        return false;
    for (size_t i = 0; i < 32; i++) {
        char digits[3] = {hex.p[2 * i], hex.p[2 * i + 1], '\0'};
        char *end = NULL;
        key[i] = (unsigned char)strtoul(digits, &end, 16);
        if (*end != '\0')
            return false;
    }
    return true;
}

/* Made once, readable by the owner only; O_EXCL so that two processes that start at once agree on one key. */
static enum err key_file(const struct config *config, struct root *root, struct fault *fault)
{
    const char *path = str_format(root->arena, "%s/secret.key", config->data).p;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        unsigned char key[32];
        random_fill(&root->service.random, key, sizeof key);
        struct str hex = str_hex(root->arena, key, sizeof key);
        bool written = write(file, hex.p, hex.n) == (ssize_t)hex.n && fsync(file) == 0;
        close(file);
        if (!written) {
            unlink(path);
            return fault_set(fault, ERR_IO, "%s could not be written", path);
        }
    } else if (errno != EEXIST) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    char hex[65] = {0};
    file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file >= 0 ? read(file, hex, 64) : -1;
    if (file >= 0)
        close(file);
    if (size != 64 || !key_from_hex(str_of(hex), root->service.secret))
        return fault_set(fault, ERR_IO, "%s does not hold a key of 64 hexadecimal digits", path);
    return OK;
}

static enum err read_key(const struct config *config, struct root *root, struct fault *fault)
{
    if (*config->secret == '\0')
        return key_file(config, root, fault);
    if (!key_from_hex(str_of(config->secret), root->service.secret))
        return fault_set(fault, ERR_INPUT, "GUICHET_SECRET must be 64 hexadecimal digits");
    return OK;
}

/* ---- Data ------------------------------------------------------------------------------------------------------- */

static enum err make_folder(const char *path, struct fault *fault)
{
    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    return OK;
}

static enum err migrate(const struct config *config, struct fault *fault)
{
    struct db *db = NULL;
    enum err err = db_open(config->db, &db, fault);
    if (err != OK)
        return err;
    int applied = 0;
    err = db_migrate(db, &applied, fault);
    db_close(&db);
    return err;
}

static enum err open_data(const struct config *config, struct root *root, struct fault *fault)
{
    struct service *service = &root->service;
    enum err err = make_folder(config->data, fault);
    if (err == OK)
        err = read_key(config, root, fault);
    if (err == OK)
        err = migrate(config, fault);
    if (err == OK)
        err = db_pool_open(config->db, (size_t)config->readers, &service->reads, fault);
    if (err == OK)
        err = writer_start(config->db, &service->writer, fault);
    struct settings settings;
    if (err == OK)
        err = settings_load(service, root->arena, &settings, fault);
    if (err == OK)
        service->zone = settings.zone;
    return err == OK ? gate_key_ensure(service, root->arena, fault) : err;
}

/* ---- The world outside ------------------------------------------------------------------------------------------ */

static enum err print_tickets(void *context, const struct ticket_sheet *sheet, struct buf *out, struct fault *fault)
{
    return doc_ticket_pdf(context, sheet, out, fault);
}

static enum err print_invoice(void *context, const struct invoice_sheet *sheet, struct buf *out, struct fault *fault)
{
    return doc_invoice_pdf(context, sheet, out, fault);
}

static enum err print_manual(void *context, const struct manual_sheet *sheet, struct buf *out, struct fault *fault)
{
    return doc_manual_pdf(context, sheet, out, fault);
}

static enum err print_confirmation(void *context, const struct confirmation_sheet *sheet, struct buf *out,
                                   struct fault *fault)
{
    return doc_confirmation_pdf(context, sheet, out, fault);
}

static enum err draw_qr(void *context, struct str payload, struct str label, struct buf *out, struct fault *fault)
{
    (void)context;
    return qr_svg(out, payload, label, fault);
}

static enum err open_documents(const struct config *config, struct root *root, struct fault *fault)
{
    enum err err = doc_fonts_open(*config->fonts == '\0' ? NULL : config->fonts, &root->fonts, fault);
    if (err != OK)
        return err;
    root->documents = (struct documents){.context = root->fonts, .tickets = print_tickets, .invoice = print_invoice,
                                         .manual = print_manual, .confirmation = print_confirmation,
                                         .qr_svg = draw_qr};
    root->service.documents = &root->documents;
    return OK;
}

static const char *or_null(const char *text)
{
    return *text == '\0' ? NULL : text;
}

static enum err open_mail(const struct config *config, struct root *root, struct fault *fault)
{
    enum err err = OK;
    if (*config->smtp_host != '\0') {
        struct smtp_settings settings = {.host = config->smtp_host, .port = (uint16_t)config->smtp_port,
            .tls = strcmp(config->smtp_tls, "implicit") == 0 ? SMTP_TLS_IMPLICIT
                   : strcmp(config->smtp_tls, "none") == 0   ? SMTP_TLS_NONE : SMTP_TLS_REQUIRED,
            .user = or_null(config->smtp_user), .password = or_null(config->smtp_password)};
        err = smtp_new(&settings, &root->smtp, fault);
        if (err == OK)
            root->mailer = smtp_mailer(root->smtp);
    } else if (config->production) {
        return fault_set(fault, ERR_INPUT, "GUICHET_SMTP_HOST is needed in production");
    } else {
        err = maildir_open(str_format(root->arena, "%s/mail", config->data).p, &root->maildir, fault);
        if (err == OK)
            root->mailer = maildir_mailer(root->maildir);
    }
    root->service.mailer = &root->mailer;
    return err;
}

static enum err open_payment(const struct config *config, struct root *root, struct fault *fault)
{
    if (*config->pay_key == '\0' || *config->pay_webhook_secret == '\0')
        return fault_set(fault, ERR_INPUT, "GUICHET_PAY_KEY and GUICHET_PAY_WEBHOOK_SECRET are needed");
    struct stripe_settings settings = {
        .base_url = or_null(config->pay_url), .page_origin = or_null(config->pay_page_origin), .key = config->pay_key,
        .webhook_secret = config->pay_webhook_secret,
        .webhook_secret_previous = or_null(config->pay_webhook_secret_previous)};
    enum err err = stripe_new(&settings, &root->stripe, fault);
    if (err != OK)
        return err;
    root->payer = stripe_payer(root->stripe);
    root->service.payer = &root->payer;
    return OK;
}

enum err root_open(const struct config *config, unsigned what, struct root **ret_root, struct fault *fault)
{
    struct root *root = calloc(1, sizeof *root);
    if (root == NULL)
        return fault_set(fault, ERR_BUG, "out of memory");
    root->arena = arena_new();
    root->service = (struct service){
        .clock = *config->clock == '\0' ? clock_system() : clock_movable(config->clock), .random = random_system(),
        .public_url = str_of(config->public_url), .demonstration = !config->production};
    enum err err = crypto_init(fault);
    if (err == OK) {
        root->service.passwords = password_gate_new(0, 64);
        err = open_data(config, root, fault);
    }
    if (err == OK && (what & ROOT_WITH_OUTSIDE) != 0) {
        err = open_documents(config, root, fault);
        if (err == OK)
            err = open_mail(config, root, fault);
        if (err == OK)
            err = open_payment(config, root, fault);
    }
    if (err != OK)
        root_close(&root);
    else
        *ret_root = root;
    return err;
}

void root_close(struct root **root)
{
    if (*root == NULL)
        return;
    struct root *r = *root;
    writer_stop(&r->service.writer);
    db_pool_close(&r->service.reads);
    password_gate_free(&r->service.passwords);
    stripe_free(&r->stripe);
    smtp_free(&r->smtp);
    maildir_close(&r->maildir);
    doc_fonts_free(&r->fonts);
    crypto_wipe(r->service.secret, sizeof r->service.secret);
    arena_free(&r->arena);
    free(r);
    *root = NULL;
}

struct service *root_service(struct root *root)
{
    return &root->service;
}

struct maildir *root_maildir(struct root *root)
{
    return root->maildir;
}
