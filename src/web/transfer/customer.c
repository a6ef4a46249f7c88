/* On the customer's side: virement at validation, the order that waits, its documents, what goes back (CRT-4). */
#include "base/limits.h"
#include "service/documents.h"
#include "templates.h"
#include "web/transfer/common.h"
#include "web/transfer/pages.h"

bool transfer_choice_fill(struct page *page, struct str service_email, bool chosen, struct transfer_choice *ret_choice)
{
    struct caller caller = page_caller(page);
    struct transfer_terms terms;
    struct fault fault = {.err = OK};
    enum err err = transfer_offer(page_service(page), page->arena, &caller, &terms, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    *ret_choice = (struct transfer_choice){
        .allowed = terms.refusal == REFUSED_NOT && terms.allowed,
        .asked = terms.refusal == REFUSED_NOT && !terms.allowed,
        .late = terms.refusal == REFUSED_TRANSFER_LATE,
        .chosen = chosen && terms.refusal == REFUSED_NOT,
        .last_day = service_day(page_service(page), terms.due_at - 1),
        .refused = terms.refusal == REFUSED_TRANSFER_ASKED ? refusal_message(terms.refusal) : MSG_none,
        .service_email = service_email};
    return true;
}

bool transfer_box_fill(struct page *page, struct str ref, struct str service_email, struct transfer_box *ret_box)
{
    struct caller caller = page_caller(page);
    struct transfer_box box = {.ref = ref, .service_email = service_email, .now = page->now};
    struct fault fault = {.err = OK};
    enum err err = transfer_of_order(page_service(page), page->arena, &caller, ref, &box.t, &fault);
    if (err == OK && !str_empty(box.t.epc)) {
        const struct documents *documents = page_service(page)->documents;
        struct buf svg = buf_new(256 * 1024);
        struct str label = msg_text(page->arena, page->lang, MSG_proforma_qr_alt, ARG("amount", box.t.left),
                                    ARG("rf", box.t.rf));
        err = documents->qr_svg(documents->context, box.t.epc, label, &svg, &fault);
        if (err == OK)
            box.qr = (struct html){str_dup(page->arena, buf_view(&svg))};
        buf_free(&svg);
    }
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    *ret_box = box;
    return true;
}

bool refund_box_fill(struct page *page, struct str ref, struct refund_box *ret_box)
{
    struct caller caller = page_caller(page);
    struct refund_views views;
    struct fault fault = {.err = OK};
    enum err err = refund_of_order(page_service(page), page->arena, &caller, ref, &views, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    struct refund_box box = {
        .p = ARENA_ARRAY(page->arena, views.n + 1, struct refund_line_view), .n = views.n, .ref = ref};
    for (size_t i = 0; i < views.n; i++) {
        const struct refund_view *refund = &views.p[i];
        bool credit_only = refund->amount.v == 0;
        box.p[i] = (struct refund_line_view){
            .refund = refund, .ref = ref,
            .state = credit_only ? MSG_refund_state_credit : refund->done ? MSG_refund_state_done
                     : refund->failed                                     ? MSG_refund_state_failed
                     : refund->by_transfer                                ? MSG_refund_state_to_transfer
                                                                          : MSG_refund_state_under_way,
            .tone = refund->done ? "ok" : refund->failed ? "bad" : "warn"};
    }
    *ret_box = box;
    return true;
}

/* ---- Documents -------------------------------------------------------------------------------------------------- */

static void send_pdf(struct page *page, struct str ref, struct str number)
{
    struct caller caller = page_caller(page);
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    struct fault fault = {.err = OK};
    enum err err = str_empty(number)
                       ? transfer_proforma_pdf(page_service(page), page->arena, &caller, ref, &pdf, &fault)
                       : credit_note_pdf(page_service(page), page->arena, &caller, ref, number, &pdf, &fault);
    struct str name = str_empty(number) ? str_format(page->arena, "proforma-%.*s.pdf", STR_ARG(ref))
                                        : str_format(page->arena, "%s-%.*s.pdf",
                                                     page->lang == LANG_FR ? "avoir" : "credit-note", STR_ARG(number));
    if (err != OK)
        page_fail(page, err, &fault);
    else
        page_document(page, "application/pdf", name, true, str_dup(page->arena, buf_view(&pdf)));
    buf_free(&pdf);
}

void proforma_pdf(struct page *page)
{
    struct str ref;
    if (transfer_captured_ref(page, &ref))
        send_pdf(page, ref, (struct str){NULL, 0});
}

void credit_note_document(struct page *page)
{
    struct str ref, number = page_capture(page, "number");
    if (!transfer_captured_ref(page, &ref))
        return;
    if (str_ends(number, S(".pdf")))
        number = str_sub(number, 0, number.n - 4);
    if (str_empty(number))
        page_error(page, 404);
    else
        send_pdf(page, ref, number);
}

void transfer_given_up(struct page *page)
{
    struct str ref;
    if (!transfer_captured_ref(page, &ref))
        return;
    struct caller caller = page_caller(page);
    bool done = false;
    struct fault fault = {.err = OK};
    enum err err = transfer_give_up(page_service(page), page->arena, &caller, ref, &done, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, done ? FLASH_INFO : FLASH_ERROR, done ? MSG_transfer_given_up : MSG_transfer_not_given_up);
    page_redirect(page, page_url(page, "/commandes/{}", ref));
}
