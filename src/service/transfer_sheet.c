/* The pro forma of an order that waits for its transfer, and credit notes. */
#include "service/billing.h"
#include "service/documents.h"
#include "service/sheets_parts.h"
#include "service/transfer_parts.h"
#include "text/format.h"
#include "text/message.h"

#define T(key, ...) msg_text(arena, lang, MSG_##key __VA_OPT__(, ) __VA_ARGS__)

enum { FACTS = 5, AMOUNTS = 3, PAYMENT_LINES = 8, MENTIONS = 24 };

static struct str text_of(struct arena *arena, struct buf *buf)
{
    struct str text = str_dup(arena, buf_view(buf));
    buf_free(buf);
    return text;
}

static struct str day_text(struct arena *arena, enum lang lang, day_number day)
{
    struct buf buf = buf_new(200);
    format_day(&buf, lang, day);
    return text_of(arena, &buf);
}

static struct str money_text(struct arena *arena, enum lang lang, struct cents amount)
{
    struct buf buf = buf_new(100);
    format_money(&buf, lang, amount);
    return text_of(arena, &buf);
}

/* The facts of an invoice, and one or two more. */
static struct invoice_fact *more_facts(struct arena *arena, struct invoice_sheet *sheet)
{
    struct invoice_fact *facts = ARENA_ARRAY(arena, sheet->fact_count + FACTS, struct invoice_fact);
    for (size_t i = 0; i < sheet->fact_count; i++)
        facts[i] = sheet->facts[i];
    sheet->facts = facts;
    return facts;
}

/* One mention before those of the VAT. */
static void mention_first(struct arena *arena, struct invoice_sheet *sheet, struct str mention)
{
    struct str *mentions = ARENA_ARRAY(arena, sheet->mentions.n + 1, struct str);
    mentions[0] = mention;
    for (size_t i = 0; i < sheet->mentions.n; i++)
        mentions[i + 1] = sheet->mentions.p[i];
    sheet->mentions = (struct sheet_texts){mentions, sheet->mentions.n + 1};
}

/* ---- Pro forma -------------------------------------------------------------------------------------------------- */

static void fill_proforma(struct arena *arena, enum lang lang, const struct transfer_view *view,
                          struct invoice_sheet *sheet)
{
    struct str left = money_text(arena, lang, view->left), last = day_text(arena, lang, view->due_day);
    sheet->title = T(proforma_title);
    struct invoice_fact *facts = more_facts(arena, sheet);
    facts[sheet->fact_count++] = (struct invoice_fact){T(proforma_rf), view->rf};
    facts[sheet->fact_count++] = (struct invoice_fact){T(proforma_due_last), last};

    struct invoice_amount *amounts = ARENA_ARRAY(arena, AMOUNTS, struct invoice_amount);
    size_t count = 0;
    if (view->received.v > 0) {
        amounts[count++] = (struct invoice_amount){T(invoice_total_all), money_text(arena, lang, view->total), false};
        amounts[count++] = (struct invoice_amount){T(proforma_received), money_text(arena, lang, view->received),
                                                   false};
    }
    amounts[count++] = (struct invoice_amount){T(proforma_left), left, true};
    sheet->amounts = amounts;
    sheet->amount_count = count;

    struct str *lines = ARENA_ARRAY(arena, PAYMENT_LINES, struct str);
    size_t n = 0;
    lines[n++] = T(proforma_how, ARG("amount", left));
    lines[n++] = T(proforma_payee, ARG("name", view->payee));
    lines[n++] = T(proforma_bank, ARG("bank", view->bank));
    lines[n++] = T(proforma_iban, ARG("iban", view->iban));
    lines[n++] = T(proforma_bic, ARG("bic", view->bic));
    lines[n++] = T(proforma_reference, ARG("rf", view->rf));
    lines[n++] = T(proforma_deadline, ARG("day", last));
    sheet->payment = (struct sheet_texts){lines, n};
    sheet->paid = (struct str){0};
    sheet->qr = view->epc;
    sheet->qr_alt = T(proforma_qr_alt, ARG("amount", left), ARG("rf", view->rf));
    sheet->qr_label = T(proforma_qr_label);
    mention_first(arena, sheet, T(proforma_not_invoice));
}

enum err proforma_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                             enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault)
{
    struct transfer_view view;
    enum err err = transfer_view_read(service, db, arena, order_id, &view, fault);
    if (err != OK)
        return err;
    if (!view.is || !view.waits || view.asked)
        return fault_set(fault, ERR_NOT_FOUND, "no transfer is waited for");
    struct billed billed = {.issued_at = service_now(service)};
    struct settings settings;
    err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &billed.order, NULL, fault);
    if (err == OK)
        err = q_order_lines(db, arena, (struct order_lines_in){.order_id = order_id}, &billed.rows, fault);
    if (err == OK)
        err = billing_buyer(db, arena, billed.order.organisation_id, &billed.buyer, fault);
    if (err != OK)
        return err;
    billed.seller = billing_seller(arena, &settings);
    struct invoice_sheet sheet;
    err = billed_sheet_fill(service, db, arena, &billed, lang, &sheet, fault);
    if (err != OK)
        return err;
    fill_proforma(arena, lang, &view, &sheet);
    *ret_sheet = sheet;
    return OK;
}

/* ---- Credit notes ----------------------------------------------------------------------------------------------- */

static struct order_lines_list credited(struct arena *arena, const struct credit_lines_list *lines)
{
    struct order_lines_list rows = {.p = ARENA_ARRAY(arena, lines->n + 1, struct order_lines_row), .n = lines->n};
    for (size_t i = 0; i < lines->n; i++) {
        const struct credit_lines_row *line = &lines->p[i];
        rows.p[i] = (struct order_lines_row){.visit_id = line->visit_id,
                                             .position = line->position,
                                             .tariff_code = line->tariff_code,
                                             .role = line->role,
                                             .quantity = line->quantity,
                                             .unit_cents = line->unit_cents,
                                             .vat_code = line->vat_code,
                                             .monument_name = line->monument_name,
                                             .kind = line->kind,
                                             .start_at = line->start_at};
    }
    return rows;
}

static void fill_credit_note(struct arena *arena, enum lang lang, const struct credit_note_row *note,
                             struct invoice_sheet *sheet)
{
    sheet->title = T(credit_note_title);
    struct invoice_fact *facts = more_facts(arena, sheet);
    facts[sheet->fact_count++] = (struct invoice_fact){T(credit_note_of), note->invoice};
    struct invoice_amount *amounts = ARENA_ARRAY(arena, AMOUNTS, struct invoice_amount);
    amounts[0] = (struct invoice_amount){T(credit_note_total), money_text(arena, lang, cents(note->total_cents)), true};
    amounts[1] = (struct invoice_amount){T(credit_note_refunded), money_text(arena, lang, cents(note->refunded_cents)),
                                         false};
    sheet->amounts = amounts;
    sheet->amount_count = 2;
    sheet->paid = note->refunded_cents == 0 ? (struct str){0}
                  : note->by_hand > 0       ? T(credit_note_by_transfer) : T(credit_note_by_card);
    mention_first(arena, sheet, T(credit_note_mention));
}

enum err credit_note_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                                struct str number, enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault)
{
    struct credit_note_row note;
    struct credit_lines_list lines;
    struct billed billed = {0};
    bool found = false;
    enum err err = q_credit_note(db, arena, (struct credit_note_in){.order_id = order_id, .number = number}, &note,
                                 &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "credit note");
    if (err == OK)
        err = q_credit_lines(db, arena, (struct credit_lines_in){.invoice_id = note.id}, &lines, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &billed.order, NULL, fault);
    if (err != OK)
        return err;
    billed.rows = credited(arena, &lines);
    billed.number = number;
    billed.seller = note.seller;
    billed.buyer = note.buyer;
    billed.issued_at = note.issued_at;
    struct invoice_sheet sheet;
    err = billed_sheet_fill(service, db, arena, &billed, lang, &sheet, fault);
    if (err != OK)
        return err;
    fill_credit_note(arena, lang, &note, &sheet);
    *ret_sheet = sheet;
    return OK;
}

/* ---- For the customer ------------------------------------------------------------------------------------------- */

struct printing {
    struct service *service;
    const struct caller *caller;
    struct str ref, number; /* number empty: the pro forma */
    struct invoice_sheet sheet;
};

static enum err print_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct printing *p = argument;
    struct order_of_row order;
    bool found = false;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = p->ref,
        .organisation_id = p->caller->organisation_id}, &order, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err != OK)
        return err;
    return str_empty(p->number)
               ? proforma_sheet_read(p->service, db, arena, order.id, p->caller->lang, &p->sheet, fault)
               : credit_note_sheet_read(p->service, db, arena, order.id, p->number, p->caller->lang, &p->sheet, fault);
}

static enum err print(struct printing *p, struct arena *arena, struct buf *out, struct fault *fault)
{
    enum err may = permit(p->caller, TASK_INVOICES, fault);
    if (may != OK)
        return may;
    enum err err = service_read(p->service, arena, print_in, p, fault);
    if (err != OK)
        return err;
    const struct documents *documents = p->service->documents;
    return documents->invoice(documents->context, &p->sheet, out, fault);
}

enum err transfer_proforma_pdf(struct service *service, struct arena *arena, const struct caller *caller,
                               struct str ref, struct buf *out, struct fault *fault)
{
    struct printing p = {.service = service, .caller = caller, .ref = ref};
    return print(&p, arena, out, fault);
}

enum err credit_note_pdf(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                         struct str number, struct buf *out, struct fault *fault)
{
    if (str_empty(number))
        return fault_set(fault, ERR_NOT_FOUND, "credit note");
    struct printing p = {.service = service, .caller = caller, .ref = ref, .number = number};
    return print(&p, arena, out, fault);
}
