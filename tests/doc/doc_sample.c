/* Writes the sample documents into a folder, with what their codes must say beside them, for tests/doc/check.mjs and
 * for looking at. «doc_sample FOLDER», or «doc_sample --bench» for pages a second. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/limits.h"
#include "doc/confirmation.h"
#include "doc/invoice.h"
#include "doc/manual.h"
#include "doc/ticket.h"
#include "samples.h"

static void die(const char *what, const struct fault *fault)
{
    (void)fprintf(stderr, "doc_sample: %s: %s\n", what, fault != NULL ? fault->text : strerror(errno));
    exit(1);
}

static void save(const char *folder, const char *name, struct str bytes)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.p, 1, bytes.n, file) != bytes.n || fclose(file) != 0)
        die(path, NULL);
}

static void save_tickets(const struct doc_fonts *fonts, const char *folder, const char *name, struct ticket_sheet sheet)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES), codes = buf_new(LIMIT_PDF_BYTES);
    struct fault fault;
    if (doc_ticket_pdf(fonts, &sheet, &out, &fault) != OK)
        die(name, &fault);
    char file[256];
    (void)snprintf(file, sizeof file, "%s.pdf", name);
    save(folder, file, buf_view(&out));
    for (size_t i = 0; i < sheet.ticket_count; i++) {
        buf_str(&codes, sheet.tickets[i].qr);
        buf_char(&codes, '\n');
    }
    (void)snprintf(file, sizeof file, "%s.codes", name);
    save(folder, file, buf_view(&codes));
    buf_free(&out);
    buf_free(&codes);
}

static void save_invoice(const struct doc_fonts *fonts, const char *folder, const char *name,
                         struct invoice_sheet sheet)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct fault fault;
    if (doc_invoice_pdf(fonts, &sheet, &out, &fault) != OK)
        die(name, &fault);
    save(folder, name, buf_view(&out));
    buf_free(&out);
}

static void save_manual(const struct doc_fonts *fonts, const char *folder, const char *name, struct manual_sheet sheet)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct fault fault;
    if (doc_manual_pdf(fonts, &sheet, &out, &fault) != OK)
        die(name, &fault);
    save(folder, name, buf_view(&out));
    buf_free(&out);
}

static void save_confirmation(const struct doc_fonts *fonts, const char *folder, const char *name,
                              struct confirmation_sheet sheet)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct fault fault;
    if (doc_confirmation_pdf(fonts, &sheet, &out, &fault) != OK)
        die(name, &fault);
    save(folder, name, buf_view(&out));
    buf_free(&out);
}

/* The processor's time, which other work on the machine disturbs less than the wall's. */
static int64_t processor_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void bench(const struct doc_fonts *fonts, struct arena *arena, size_t count, int rounds)
{
    struct ticket_sheet sheet = sample_group(arena, count);
    int64_t best = INT64_MAX;
    size_t size = 0;
    for (int i = 0; i < rounds; i++) {
        struct buf out = buf_new(LIMIT_PDF_BYTES);
        int64_t start = processor_us();
        if (doc_ticket_pdf(fonts, &sheet, &out, NULL) != OK)
            die("bench", NULL);
        int64_t took = processor_us() - start;
        best = took < best ? took : best;
        size = out.n;
        buf_free(&out);
    }
    printf("%zu tickets: %zu bytes, %.2f ms, %.0f pages/s\n", count, size, (double)best / 1000,
           (double)count * 1e6 / (double)best);
}

int main(int argc, char **argv)
{
    struct doc_fonts *fonts;
    struct fault fault;
    if (argc != 2)
        return 2;
    if (doc_fonts_open(NULL, &fonts, &fault) != OK)
        die("fonts", &fault);
    struct arena *arena = arena_new();
    if (strcmp(argv[1], "--bench") == 0) {
        bench(fonts, arena, 1, 300);
        bench(fonts, arena, 35, 100);
        bench(fonts, arena, 1000, 5);
    } else {
        const char *folder = argv[1];
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            die(folder, NULL);
        save_tickets(fonts, folder, "ticket-group", sample_group(arena, 35));
        save_tickets(fonts, folder, "ticket-scripts", sample_scripts(arena));
        save_tickets(fonts, folder, "ticket-undated", sample_undated(arena, 2));
        save_tickets(fonts, folder, "ticket-crowded", sample_crowded(arena));
        save_invoice(fonts, folder, "invoice-3.pdf", sample_invoice(arena, 3));
        save_invoice(fonts, folder, "invoice-80.pdf", sample_invoice(arena, 80));
        save_invoice(fonts, folder, "invoice-pro-forma.pdf", sample_pro_forma(arena));
        save_confirmation(fonts, folder, "confirmation.pdf", sample_confirmation(arena));
        save_confirmation(fonts, folder, "confirmation-crowded.pdf", sample_confirmation_crowded(arena));
        save_manual(fonts, folder, "manual.pdf", sample_manual(arena, 101));
    }
    arena_free(&arena);
    doc_fonts_free(&fonts);
    return 0;
}
