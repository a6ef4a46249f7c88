/* Tickets, invoices and the manual as functions: what they refuse, their maxima, and that the same sheet gives the same
 * bytes, in any thread. */
#include <pthread.h>

#include "base/limits.h"
#include "doc/invoice.h"
#include "doc/manual.h"
#include "doc/ticket.h"
#include "samples.h"
#include "unit.h"

struct world {
    struct doc_fonts *fonts;
    struct arena *arena;
    struct buf out;
};

static int open_world(void **state)
{
    static struct world world;
    world = (struct world){.arena = arena_new(), .out = buf_new(LIMIT_PDF_BYTES)};
    *state = &world;
    return doc_fonts_open(NULL, &world.fonts, NULL) == OK ? 0 : -1;
}

static int close_world(void **state)
{
    struct world *world = *state;
    doc_fonts_free(&world->fonts);
    arena_free(&world->arena);
    buf_free(&world->out);
    return 0;
}

static enum err tickets(struct world *world, const struct ticket_sheet *sheet)
{
    buf_clear(&world->out);
    enum err err = doc_ticket_pdf(world->fonts, sheet, &world->out, NULL);
    assert_true((err == OK) == (world->out.n > 0));
    return err;
}

static void the_same_sheet_gives_the_same_bytes(void **state)
{
    struct world *world = *state;
    struct ticket_sheet sheet = sample_scripts(world->arena);
    assert_int_equal(tickets(world, &sheet), OK);
    struct str first = str_dup(world->arena, buf_view(&world->out));
    assert_int_equal(tickets(world, &sheet), OK);
    assert_true(str_eq(first, buf_view(&world->out)));
    sheet.order = S("GU-OTHER");
    assert_int_equal(tickets(world, &sheet), OK);
    assert_false(str_eq(first, buf_view(&world->out)));
}

static void the_invoice_too(void **state)
{
    struct world *world = *state;
    struct invoice_sheet sheet = sample_invoice(world->arena, 30);
    buf_clear(&world->out);
    assert_int_equal(doc_invoice_pdf(world->fonts, &sheet, &world->out, NULL), OK);
    size_t size = world->out.n;
    assert_int_equal(doc_invoice_pdf(world->fonts, &sheet, &world->out, NULL), OK); /* appends */
    assert_int_equal(world->out.n, 2 * size);
    assert_memory_equal(world->out.p, world->out.p + size, size);
}

static void many_tickets_and_one_too_many(void **state)
{
    struct world *world = *state;
    struct ticket_sheet sheet = sample_group(world->arena, LIMIT_ORDER_TICKETS + 1);
    assert_int_equal(tickets(world, &sheet), ERR_LIMIT);
    sheet.ticket_count = LIMIT_ORDER_TICKETS;
    assert_int_equal(tickets(world, &sheet), OK);
    sheet.ticket_count = 0;
    assert_int_equal(tickets(world, &sheet), ERR_INPUT);
}

static void a_group_stays_small(void **state)
{
    struct world *world = *state;
    struct ticket_sheet sheet = sample_group(world->arena, 35);
    assert_int_equal(tickets(world, &sheet), OK);
    assert_true(world->out.n < 120 * 1000);
}

static void broken_sheets_are_refused(void **state)
{
    struct world *world = *state;
    struct ticket_sheet sheet = sample_group(world->arena, 2);
    struct str *const texts[] = {&sheet.labels.title, &sheet.monument, &sheet.address, &sheet.date,   &sheet.leader,
                                 &sheet.seller,       &sheet.network,  &sheet.time,    &sheet.labels.qr_alt};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str good = *texts[i];
        *texts[i] = S("\xC3(");
        assert_int_equal(tickets(world, &sheet), ERR_INPUT);
        *texts[i] = good;
    }
    assert_int_equal(tickets(world, &sheet), OK);
    struct sheet_ticket broken[2] = {sheet.tickets[0], sheet.tickets[1]};
    sheet.tickets = broken;
    broken[1].qr = S("");
    assert_int_equal(tickets(world, &sheet), ERR_INPUT);
    broken[1] = broken[0];
    broken[1].number = S("12\xFF");
    assert_int_equal(tickets(world, &sheet), ERR_INPUT);
}

static void an_empty_sheet_is_still_a_page(void **state)
{
    struct world *world = *state;
    const struct sheet_ticket ticket = {.qr = S("x")};
    const struct ticket_sheet sheet = {
        .labels.title = S("t"), .language = S("fr"), .tickets = &ticket, .ticket_count = 1};
    assert_int_equal(tickets(world, &sheet), OK);
}

static void no_fonts_is_an_error_not_a_crash(void **state)
{
    struct world *world = *state;
    const struct ticket_sheet group = sample_group(world->arena, 3);
    const struct invoice_sheet invoice = sample_invoice(world->arena, 3);
    const struct manual_sheet manual = sample_manual(world->arena, 3);
    struct fault fault;
    buf_clear(&world->out);
    assert_int_equal(doc_ticket_pdf(NULL, &group, &world->out, &fault), ERR_BUG);
    assert_int_equal(doc_invoice_pdf(NULL, &invoice, &world->out, &fault), ERR_BUG);
    assert_int_equal(doc_manual_pdf(NULL, &manual, &world->out, &fault), ERR_BUG);
    assert_int_equal(world->out.n, 0);
}

static void invoices_and_manuals_have_maxima(void **state)
{
    struct world *world = *state;
    struct invoice_sheet invoice = sample_invoice(world->arena, 1);
    buf_clear(&world->out);
    invoice.line_count = 0;
    assert_int_equal(doc_invoice_pdf(world->fonts, &invoice, &world->out, NULL), ERR_INPUT);
    invoice.line_count = 4001;
    assert_int_equal(doc_invoice_pdf(world->fonts, &invoice, &world->out, NULL), ERR_LIMIT);
    invoice.line_count = 1;
    invoice.vat_count = 13;
    assert_int_equal(doc_invoice_pdf(world->fonts, &invoice, &world->out, NULL), ERR_LIMIT);
    struct manual_sheet manual = sample_manual(world->arena, 0);
    assert_int_equal(doc_manual_pdf(world->fonts, &manual, &world->out, NULL), OK);
    manual.entry_count = 1001;
    assert_int_equal(doc_manual_pdf(world->fonts, &manual, &world->out, NULL), ERR_LIMIT);
    manual = sample_manual(world->arena, 4);
    manual.title = S("\xFF");
    assert_int_equal(doc_manual_pdf(world->fonts, &manual, &world->out, NULL), ERR_INPUT);
}

struct job {
    const struct doc_fonts *fonts;
    const struct ticket_sheet *sheet;
    struct buf out;
};

static void *run_job(void *argument)
{
    struct job *job = argument;
    for (int i = 0; i < 5; i++) {
        buf_clear(&job->out);
        if (doc_ticket_pdf(job->fonts, job->sheet, &job->out, NULL) != OK)
            return NULL;
    }
    return job;
}

static void threads_share_the_fonts(void **state)
{
    enum { THREADS = 4 };
    struct world *world = *state;
    struct doc_fonts *fresh; /* whose tables nobody has touched yet */
    assert_int_equal(doc_fonts_open(NULL, &fresh, NULL), OK);
    const struct ticket_sheet sheet = sample_scripts(world->arena);
    struct job jobs[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (struct job){.fonts = fresh, .sheet = &sheet, .out = buf_new(LIMIT_PDF_BYTES)};
        assert_int_equal(pthread_create(&threads[i], NULL, run_job, &jobs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
        assert_true(str_eq(buf_view(&jobs[i].out), buf_view(&jobs[0].out)));
    }
    for (int i = 0; i < THREADS; i++)
        buf_free(&jobs[i].out);
    doc_fonts_free(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_sheet_gives_the_same_bytes),
        cmocka_unit_test(the_invoice_too),
        cmocka_unit_test(many_tickets_and_one_too_many),
        cmocka_unit_test(a_group_stays_small),
        cmocka_unit_test(broken_sheets_are_refused),
        cmocka_unit_test(an_empty_sheet_is_still_a_page),
        cmocka_unit_test(no_fonts_is_an_error_not_a_crash),
        cmocka_unit_test(invoices_and_manuals_have_maxima),
        cmocka_unit_test(threads_share_the_fonts),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
