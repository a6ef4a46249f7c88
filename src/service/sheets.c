/* Sheets: tickets and invoices as texts. */
#include "service/sheets.h"

#include "domain/leader.h"
#include "domain/reference.h"
#include "domain/vat.h"
#include "service/gate_key.h"
#include "service/pass_booking.h"
#include "service/pricing.h"
#include "service/settings.h"
#include "service/sheets_parts.h"
#include "store/queries.h"
#include "text/format.h"
#include "text/message.h"

#define T(key) msg_text(arena, lang, MSG_##key)

/* Runs a formatter of text/format.h into the arena. */
static struct str taken(struct arena *arena, struct buf *buf)
{
    struct str text = str_dup(arena, buf_view(buf));
    buf_clear(buf);
    return text;
}

struct writer_of_text {
    struct arena *arena;
    enum lang lang;
    struct buf buf;
};

static struct str day_text(struct writer_of_text *w, day_number day)
{
    format_day(&w->buf, w->lang, day);
    return taken(w->arena, &w->buf);
}

static struct str minute_text(struct writer_of_text *w, int minute)
{
    format_minute(&w->buf, minute);
    return taken(w->arena, &w->buf);
}

static struct str money_text(struct writer_of_text *w, int64_t value)
{
    format_money(&w->buf, w->lang, cents(value));
    return taken(w->arena, &w->buf);
}

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

/* ---- Tickets ---------------------------------------------------------------------------------------------------- */

static struct ticket_labels ticket_labels(struct arena *arena, enum lang lang, struct str ref)
{
    return (struct ticket_labels){
        .title = msg_text(arena, lang, MSG_ticket_title, ARG("ref", ref)),
        .kind = T(ticket_kind_group), .page = T(ticket_page), .date = T(ticket_date), .time = T(ticket_time),
        .valid = T(ticket_valid_until), .number = T(ticket_number), .tariff = T(ticket_tariff), .price = T(ticket_price),
        .holder = T(ticket_holder), .organisation = T(ticket_organisation), .group = T(ticket_group),
        .leader = T(ticket_leader), .persons = T(ticket_persons), .order = T(ticket_order),
        .conditions = T(ticket_conditions), .contact = T(ticket_contact), .qr_alt = T(ticket_qr_alt)};
}

static struct sheet_texts texts(struct arena *arena, const struct str *from, size_t count)
{
    struct str *p = ARENA_ARRAY(arena, count + 1, struct str);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (!str_empty(from[i]))
            p[n++] = from[i];
    return (struct sheet_texts){p, n};
}

static struct sheet_texts ticket_conditions(struct arena *arena, enum lang lang, const struct ticket_sheet *sheet,
                                            bool proof)
{
    struct str lines[] = {
        sheet->kind == SHEET_UNDATED ? T(ticket_condition_undated)
        : sheet->kind == SHEET_DATED ? T(ticket_condition_dated) : T(ticket_condition_slot),
        T(ticket_condition_one_person), T(ticket_condition_together),
        proof ? T(ticket_condition_proof) : (struct str){0}, T(ticket_condition_no_refund), T(ticket_condition_closure)};
    return texts(arena, lines, sizeof lines / sizeof *lines);
}

struct ticket_reading {
    struct order_by_id_row order;
    struct order_visits_row visit;
    struct tickets_of_visit_list tickets;
    struct settings settings;
    struct str *codes; /* signed, one a ticket */
    struct pass_numbers passes;
};

static enum err ticket_rows(struct db *db, struct arena *arena, int64_t order_id, int64_t visit_id,
                            struct ticket_reading *rows, struct fault *fault)
{
    struct order_visits_list visits;
    enum err err = settings_read(db, arena, &rows->settings, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &rows->order, NULL, fault);
    if (err == OK)
        err = q_order_visits(db, arena, (struct order_visits_in){.order_id = order_id}, &visits, fault);
    if (err != OK)
        return err;
    bool found = false;
    for (size_t i = 0; i < visits.n; i++)
        if (visits.p[i].id == visit_id) {
            rows->visit = visits.p[i];
            found = true;
        }
    if (!found || !str_eq(rows->order.state, S("confirmed")))
        return fault_set(fault, ERR_NOT_FOUND, "tickets");
    err = q_tickets_of_visit(db, arena, (struct tickets_of_visit_in){.visit_id = visit_id, .order_id = order_id},
                             &rows->tickets, fault);
    if (err == OK && rows->tickets.n == 0)
        return fault_set(fault, ERR_NOT_FOUND, "tickets");
    return err != OK ? err : pass_numbers_read(db, arena, visit_id, &rows->passes, fault);
}

/* The pass that this ticket stands for, so that the gate can compare (PMP-1); empty when it is none's. */
static struct str pass_of(const struct ticket_reading *rows, size_t index)
{
    size_t before = 0;
    if (!str_eq(rows->tickets.p[index].tariff_code, S("pass")))
        return S("");
    for (size_t i = 0; i < index; i++)
        before += str_eq(rows->tickets.p[i].tariff_code, S("pass"));
    return before < rows->passes.n ? rows->passes.p[before] : S("");
}

/* What the gate reads, also without a network (TKT-6). Signed anew for each printing: the same ticket gives the same code. */
static enum err sign_codes(const struct service *service, struct db *db, struct arena *arena, struct ticket_reading *rows,
                           struct fault *fault)
{
    struct gate_signer signer;
    enum err err = gate_signer_read(service, db, arena, &signer, fault);
    if (err != OK)
        return err;
    rows->codes = ARENA_ARRAY(arena, rows->tickets.n, struct str);
    for (size_t i = 0; err == OK && i < rows->tickets.n; i++) {
        const struct tickets_of_visit_row *row = &rows->tickets.p[i];
        struct ticket_code code = {.monument_id = rows->visit.monument_id, .tariff = ticket_code_tariff(row->tariff_code),
                                   .from = row->valid_from, .until = row->valid_until};
        if (!ticket_kind_parse(rows->visit.kind, &code.kind) || !ticket_role_parse(row->role, &code.role) ||
            !ticket_number_parse(row->number, code.number))
            err = fault_set(fault, ERR_BUG, "ticket %.*s", STR_ARG(row->number));
        else
            err = gate_sign(&signer, arena, &code, &rows->codes[i], fault);
    }
    gate_signer_wipe(&signer);
    return err;
}

static struct sheet_ticket one_ticket(struct writer_of_text *w, const struct ticket_reading *rows, size_t index,
                                      struct str leader_name)
{
    struct arena *arena = w->arena;
    enum lang lang = w->lang;
    const struct tickets_of_visit_row *row = &rows->tickets.p[index];
    char display[TICKET_NUMBER_DISPLAY];
    enum ticket_role role = ROLE_VISITOR;
    (void)ticket_role_parse(row->role, &role);
    struct sheet_ticket ticket = {
        .number = ticket_number_display(row->number, display) ? str_dup(arena, str_of(display)) : row->number,
        .qr = rows->codes[index],
        .tariff = tariff_label(arena, lang, row->tariff_code),
        .price = row->price_cents == 0 ? T(ticket_free) : money_text(w, row->price_cents),
        .role = role == ROLE_GUIDE ? SHEET_GUIDE : role == ROLE_LEADER ? SHEET_LEADER : SHEET_VISITOR,
        .seq = (int)row->position, .total = (int)rows->tickets.n};
    if (role == ROLE_GUIDE) {
        ticket.role_label = T(ticket_role_guide);
        ticket.tariff = T(tariff_guide_free);
        ticket.proof = str_empty(rows->visit.leader_card.v)
                           ? T(ticket_proof_required)
                           : msg_text(arena, lang, MSG_ticket_proof_card, ARG("number", rows->visit.leader_card.v));
        ticket.holder = leader_name;
    } else if (role == ROLE_LEADER) {
        ticket.role_label = T(ticket_role_leader);
        if (row->price_cents == 0)
            ticket.tariff = T(tariff_leader_free);
        ticket.holder = leader_name;
    } else {
        ticket.role_label = T(ticket_role_visitor);
    }
    struct str pass = pass_of(rows, index);
    if (!str_empty(pass))
        ticket.proof = msg_text(arena, lang, MSG_ticket_pass_number, ARG("number", pass));
    return ticket;
}

static void ticket_when(struct writer_of_text *w, const struct service *service, const struct ticket_reading *rows,
                        struct ticket_sheet *sheet)
{
    struct arena *arena = w->arena;
    enum lang lang = w->lang;
    const struct order_visits_row *visit = &rows->visit;
    if (!visit->start_at.is) {
        sheet->kind = SHEET_UNDATED;
        sheet->labels.kind = T(ticket_kind_undated);
        sheet->valid_until = day_text(w, service_day(service, rows->tickets.p[0].valid_until));
        sheet->validity_note = T(ticket_note_undated);
        return;
    }
    struct local_time start = local_of(&service->zone, visit->start_at.v);
    sheet->date = day_text(w, start.day);
    if (visit->whole_day.v) {
        sheet->kind = SHEET_DATED;
        sheet->labels.kind = T(ticket_kind_dated);
        sheet->validity_note = T(ticket_note_dated);
    } else {
        sheet->kind = SHEET_SLOT;
        sheet->time = minute_text(w, start.minute);
        sheet->validity_note = T(ticket_note_slot);
    }
}

enum err ticket_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                           int64_t visit_id, enum lang lang, struct ticket_sheet *ret_sheet, struct fault *fault)
{
    struct ticket_reading rows;
    enum err err = ticket_rows(db, arena, order_id, visit_id, &rows, fault);
    if (err == OK)
        err = sign_codes(service, db, arena, &rows, fault);
    if (err != OK)
        return err;
    struct writer_of_text w = {.arena = arena, .lang = lang, .buf = buf_new(4096)};
    const struct order_visits_row *visit = &rows.visit;
    struct ticket_sheet sheet = {
        .labels = ticket_labels(arena, lang, rows.order.ref), .language = lang_code(lang),
        .network = settings_network_name(&rows.settings, lang), .monument = visit->monument_name, .city = visit->city,
        .organisation = rows.order.organisation_name,
        .leader = full_name(arena, visit->leader_first.v, visit->leader_last.v),
        .persons = msg_text(arena, lang, MSG_ticket_persons_value, ARG("n", visit->persons)), .order = rows.order.ref,
        .seller = str_format(arena, "%.*s – SIRET %.*s", STR_ARG(rows.settings.seller_name),
                             STR_ARG(rows.settings.seller_siret)),
        .ticket_count = rows.tickets.n};
    ticket_when(&w, service, &rows, &sheet);
    struct sheet_ticket *tickets = ARENA_ARRAY(arena, rows.tickets.n, struct sheet_ticket);
    for (size_t i = 0; i < rows.tickets.n; i++)
        tickets[i] = one_ticket(&w, &rows, i, sheet.leader);
    sheet.tickets = tickets;
    sheet.conditions = ticket_conditions(arena, lang, &sheet, str_eq(visit->leader_kind, S("guide")));
    struct str contact[] = {visit->monument_name, visit->contact_email, visit->contact_phone};
    sheet.contact = texts(arena, contact, 3);
    buf_free(&w.buf);
    *ret_sheet = sheet;
    return OK;
}

/* ---- Invoice ---------------------------------------------------------------------------------------------------- */

static struct invoice_labels invoice_labels(struct arena *arena, enum lang lang)
{
    return (struct invoice_labels){
        .seller = T(invoice_seller), .buyer = T(invoice_buyer), .description = T(invoice_description),
        .quantity = T(invoice_quantity), .unit = T(invoice_unit), .vat = T(invoice_vat), .total = T(invoice_total),
        .vat_heading = T(invoice_vat_heading), .vat_label = T(invoice_vat_label), .vat_base = T(invoice_vat_base),
        .vat_amount = T(invoice_vat_amount), .page = T(invoice_page), .continued = T(invoice_continued)};
}

/* The block as it was stored when issued: its first line is the name. */
static struct sheet_texts block_lines(struct arena *arena, struct str block, struct str *ret_name)
{
    *ret_name = str_cut(&block, '\n');
    struct str lines[8];
    size_t count = 0;
    while (!str_empty(block) && count < 8)
        lines[count++] = str_cut(&block, '\n');
    return texts(arena, lines, count);
}

static struct str line_description(struct writer_of_text *w, const struct service *service,
                                   const struct order_lines_row *row)
{
    struct arena *arena = w->arena;
    enum lang lang = w->lang;
    struct str tariff = str_eq(row->role, S("visitor")) ? tariff_label(arena, lang, row->tariff_code)
                        : str_eq(row->role, S("guide")) ? T(tariff_guide_free) : T(tariff_leader_free);
    if (!row->start_at.is)
        return str_format(arena, "%.*s – %.*s", STR_ARG(row->monument_name), STR_ARG(tariff));
    format_instant_short(&w->buf, w->lang, &service->zone, row->start_at.v);
    struct str when = taken(arena, &w->buf);
    return str_format(arena, "%.*s, %.*s – %.*s", STR_ARG(row->monument_name), STR_ARG(when), STR_ARG(tariff));
}

struct regimes {
    struct vat_regime *p;
    size_t n;
};

static enum err read_regimes(struct db *db, struct arena *arena, struct regimes *ret_regimes, struct fault *fault)
{
    struct vat_regimes_list rows;
    enum err err = q_vat_regimes(db, arena, &rows, fault);
    if (err != OK)
        return err;
    struct vat_regime *p = ARENA_ARRAY(arena, rows.n + 1, struct vat_regime);
    for (size_t i = 0; i < rows.n; i++) {
        p[i] = (struct vat_regime){.code = rows.p[i].code, .rate_bp = (int)rows.p[i].rate_bp,
                                   .mention_fr = rows.p[i].mention_fr, .mention_en = rows.p[i].mention_en};
        if (!vat_category_parse(rows.p[i].category, &p[i].category))
            return fault_set(fault, ERR_BUG, "VAT category");
    }
    *ret_regimes = (struct regimes){p, rows.n};
    return OK;
}

static struct str regime_label(struct arena *arena, enum lang lang, const struct vat_regime *regime)
{
    if (regime->category == VAT_STANDARD)
        return msg_text(arena, lang, MSG_invoice_vat_rate,
                        ARG("rate", str_format(arena, "%d,%02d", regime->rate_bp / 100, regime->rate_bp % 100)));
    return regime->category == VAT_OUTSIDE ? T(invoice_vat_outside) : T(invoice_vat_exempt);
}

static void fill_lines(struct writer_of_text *w, const struct service *service, const struct order_lines_list *rows,
                       const struct regimes *regimes, struct invoice_sheet *sheet, struct vat_line *vat_lines)
{
    struct arena *arena = w->arena;
    struct invoice_line *lines = ARENA_ARRAY(arena, rows->n + 1, struct invoice_line);
    for (size_t i = 0; i < rows->n; i++) {
        const struct order_lines_row *row = &rows->p[i];
        size_t regime = 0;
        while (regime + 1 < regimes->n && !str_eq(regimes->p[regime].code, row->vat_code))
            regime++;
        vat_lines[i] = (struct vat_line){.gross = cents(row->unit_cents * row->quantity), .regime = regime};
        lines[i] = (struct invoice_line){
            .description = line_description(w, service, row),
            .why = price_why(arena, w->lang, row->why, row->why_number),
            .quantity = str_format(arena, "%lld", (long long)row->quantity),
            .unit = money_text(w, row->unit_cents), .total = money_text(w, row->unit_cents * row->quantity)};
    }
    sheet->lines = lines;
    sheet->line_count = rows->n;
}

static void fill_vat(struct writer_of_text *w, const struct regimes *regimes, const struct vat_total *totals,
                     struct invoice_sheet *sheet)
{
    struct arena *arena = w->arena;
    struct invoice_vat *vat = ARENA_ARRAY(arena, regimes->n + 1, struct invoice_vat);
    struct str *mentions = ARENA_ARRAY(arena, regimes->n + 2, struct str);
    size_t count = 0, mention_count = 0;
    for (size_t i = 0; i < regimes->n; i++) {
        if (totals[i].lines == 0)
            continue;
        vat[count++] = (struct invoice_vat){.label = regime_label(arena, w->lang, &regimes->p[i]),
                                            .base = money_text(w, totals[i].base.v), .vat = money_text(w, totals[i].vat.v)};
        struct str mention = w->lang == LANG_FR ? regimes->p[i].mention_fr : regimes->p[i].mention_en;
        if (!str_empty(mention))
            mentions[mention_count++] = mention;
    }
    mentions[mention_count++] = msg_text(arena, w->lang, MSG_invoice_mention_service);
    sheet->vat = vat;
    sheet->vat_count = count;
    sheet->mentions = (struct sheet_texts){mentions, mention_count};
}

static void fill_facts(struct writer_of_text *w, const struct service *service, const struct order_by_id_row *order,
                       instant issued, struct invoice_sheet *sheet)
{
    struct arena *arena = w->arena;
    enum lang lang = w->lang;
    struct invoice_fact *facts = ARENA_ARRAY(arena, 3, struct invoice_fact);
    format_day_short(&w->buf, lang, service_day(service, issued));
    facts[0] = (struct invoice_fact){T(invoice_date), taken(arena, &w->buf)};
    facts[1] = (struct invoice_fact){T(invoice_order), order->ref};
    facts[2] = (struct invoice_fact){T(invoice_buyer_person), full_name(arena, order->first_name, order->last_name)};
    sheet->facts = facts;
    sheet->fact_count = 3;
}

static void fill_amounts(struct writer_of_text *w, const struct service *service, const struct order_by_id_row *order,
                         struct invoice_sheet *sheet)
{
    struct arena *arena = w->arena;
    enum lang lang = w->lang;
    struct invoice_amount *amounts = ARENA_ARRAY(arena, 3, struct invoice_amount);
    struct str total = money_text(w, order->total_cents);
    amounts[0] = (struct invoice_amount){T(invoice_total_all), total, true};
    amounts[1] = (struct invoice_amount){T(invoice_already_paid), total, false};
    amounts[2] = (struct invoice_amount){T(invoice_left_to_pay), money_text(w, 0), false};
    sheet->amounts = amounts;
    sheet->amount_count = 3;
    if (order->total_cents > 0 && order->confirmed_at.is) {
        struct str when = day_text(w, service_day(service, order->confirmed_at.v));
        sheet->paid = str_eq(order->method, S("card")) ? msg_text(arena, lang, MSG_invoice_paid_card, ARG("date", when))
                                                       : msg_text(arena, lang, MSG_invoice_paid, ARG("date", when));
    }
}

enum err billed_sheet_fill(struct service *service, struct db *db, struct arena *arena, const struct billed *billed,
                           enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault)
{
    struct settings settings;
    struct regimes regimes = {0};
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = read_regimes(db, arena, &regimes, fault);
    if (err != OK)
        return err;
    struct writer_of_text w = {.arena = arena, .lang = lang, .buf = buf_new(4096)};
    struct invoice_sheet sheet = {.labels = invoice_labels(arena, lang), .language = lang_code(lang),
                                  .title = T(invoice_title), .number = billed->number,
                                  .network = settings_network_name(&settings, lang), .issued = billed->issued_at};
    sheet.seller = block_lines(arena, billed->seller, &sheet.seller_name);
    sheet.buyer = block_lines(arena, billed->buyer, &sheet.buyer_name);
    struct vat_line *vat_lines = ARENA_ARRAY(arena, billed->rows.n + 1, struct vat_line);
    struct vat_total *totals = ARENA_ARRAY(arena, regimes.n + 1, struct vat_total);
    fill_lines(&w, service, &billed->rows, &regimes, &sheet, vat_lines);
    vat_compute(regimes.p, regimes.n, vat_lines, billed->rows.n, totals);
    fill_vat(&w, &regimes, totals, &sheet);
    fill_facts(&w, service, &billed->order, billed->issued_at, &sheet);
    fill_amounts(&w, service, &billed->order, &sheet);
    buf_free(&w.buf);
    *ret_sheet = sheet;
    return OK;
}

enum err invoice_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                            enum lang lang, struct invoice_sheet *ret_sheet, struct fault *fault)
{
    struct billed billed = {0};
    struct invoice_of_order_row invoice;
    bool found = false;
    enum err err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &billed.order, NULL, fault);
    if (err == OK)
        err = q_invoice_of_order(db, arena, (struct invoice_of_order_in){.order_id = order_id}, &invoice, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "invoice");
    if (err == OK)
        err = q_order_lines(db, arena, (struct order_lines_in){.order_id = order_id}, &billed.rows, fault);
    if (err != OK)
        return err;
    billed.number = invoice.number;
    billed.issued_at = invoice.issued_at;
    billed.seller = invoice.seller;
    billed.buyer = invoice.buyer;
    return billed_sheet_fill(service, db, arena, &billed, lang, ret_sheet, fault);
}
