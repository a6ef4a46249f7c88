/* The ticket page. Its upper half is all that a gate needs: where, when, the code and the number; the lower half says
 * who and under what conditions. Dashes mark the folds: across the middle, and down the middle beside the code.
 *
 * Whatever pages share is drawn once into forms; a page of a group is then little more than its code and its number. */
#include "doc/ticket.h"

#include "base/limits.h"
#include "doc/qr.h"
#include "doc/theme.h"

enum {
    MAX_CONDITIONS = 12,
    MAX_PAIRS = 9,
    PAIR_LINES = 2,
    MAX_VARIANTS = 48 /* forms kept of texts that tickets share: tariffs, prices, roles, names */
};

static const double FOLD_Y = A4_HEIGHT / 2;
static const double QR_SIZE = 150, QR_X = A4_WIDTH - MARGIN - 150, QR_Y = 196; /* 52.9 mm */
static const double LEFT_WIDTH = 318; /* beside the code, clear of its quiet zone */
static const double COLUMN_WIDTH = 238, SECOND_COLUMN = A4_WIDTH / 2 + 13;
static const double FOOT_Y = 784;

enum variant_kind { VARIANT_SEAT, VARIANT_PROOF, VARIANT_PAIR };

struct variant {
    enum variant_kind kind;
    int slot;
    struct str text, other;
    int form;
};

/* A label with its value on the page; the value is the sheet's or, where `of_ticket`, each ticket's own. */
enum ticket_field { FIELD_NONE, FIELD_TARIFF, FIELD_PRICE, FIELD_HOLDER };
struct pair_place {
    struct str label, value;
    enum ticket_field field;
    double x, y;
    int form;
};

struct layout {
    struct pdf *pdf;
    struct arena *arena;
    const struct ticket_sheet *sheet;
    int frame, network, monument, place, when[2], note, heading, contact, seller;
    bool has_second_when, has_note, has_place, has_contact, has_seller;
    int conditions[MAX_CONDITIONS];
    int condition_count;
    struct pair_place pairs[MAX_PAIRS];
    int pair_count;
    double pairs_end;
    struct variant variants[MAX_VARIANTS];
    int variant_count;
};

static void form_begin(struct layout *l)
{
    pdf_form_begin(l->pdf, A4_WIDTH, A4_HEIGHT);
}

/* ---- The upper half. ---- */

static int draw_frame(struct layout *l)
{
    struct pdf *pdf = l->pdf;
    form_begin(l);
    theme_letterhead(pdf);
    pdf_line(pdf, COLOR_RULE, 0.6, 2.5, MARGIN, FOLD_Y, A4_WIDTH - MARGIN, FOLD_Y);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, 0, FOLD_Y, 16, FOLD_Y);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, A4_WIDTH - 16, FOLD_Y, A4_WIDTH, FOLD_Y);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, A4_WIDTH / 2, A4_HEIGHT - 16, A4_WIDTH / 2, A4_HEIGHT);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, MARGIN, FOOT_Y, A4_WIDTH - MARGIN, FOOT_Y);
    return pdf_form_end(pdf);
}

static int draw_network(struct layout *l)
{
    form_begin(l);
    theme_letterhead_text(l->pdf, l->sheet->network, l->sheet->labels.kind);
    return pdf_form_end(l->pdf);
}

/* The monument's name as large as two lines allow; returns its last baseline. */
static double draw_monument(struct layout *l)
{
    struct pdf_style style = theme_serif(30, COLOR_INK);
    struct pdf_block block = {.style = &style, .x = MARGIN, .y = 114, .width = TEXT_WIDTH, .leading = 34};
    while (style.size > 18 && pdf_block_lines(l->pdf, &block, l->sheet->monument) > 2)
        style.size -= 2;
    block.leading = style.size * 1.12;
    block.max_lines = 2;
    form_begin(l);
    int lines = pdf_block_draw(l->pdf, &block, l->sheet->monument);
    l->monument = pdf_form_end(l->pdf);
    return block.y + (lines > 1 ? block.leading : 0);
}

static void draw_place(struct layout *l, double y)
{
    const struct pdf_style city = theme_bold(10.5, COLOR_MUTED), address = theme_sans(10.5, COLOR_MUTED);
    l->has_place = !str_empty(l->sheet->city) || !str_empty(l->sheet->address);
    if (!l->has_place)
        return;
    form_begin(l);
    double x = MARGIN + pdf_text(l->pdf, &city, MARGIN, y, PDF_LEFT, l->sheet->city);
    if (x > MARGIN && !str_empty(l->sheet->address))
        x += pdf_text(l->pdf, &address, x, y, PDF_LEFT, S("  \xC2\xB7  "));
    const struct pdf_block block = {
        .style = &address, .x = x, .y = y, .width = A4_WIDTH - MARGIN - x, .leading = 13, .max_lines = 1};
    pdf_block_draw(l->pdf, &block, l->sheet->address);
    l->place = pdf_form_end(l->pdf);
}

/* Date and time, or the day until which the ticket is valid: the largest thing on the page after the code. */
static void draw_when(struct layout *l)
{
    const struct ticket_sheet *sheet = l->sheet;
    const struct pdf_style time = theme_bold(44, COLOR_ACCENT), note = theme_sans(10, COLOR_INK);
    bool slot = sheet->kind == SHEET_SLOT && !str_empty(sheet->time);
    bool undated = sheet->kind == SHEET_UNDATED;
    struct str text = undated ? sheet->valid_until : sheet->date;
    struct pdf_style day = slot ? theme_bold(21, COLOR_INK) : theme_bold(30, COLOR_ACCENT);
    while (day.size > 16 && pdf_text_width(l->pdf, &day, text) > LEFT_WIDTH)
        day.size -= 1;
    double y = QR_Y + 10;
    form_begin(l);
    y += theme_pair(l->pdf, MARGIN, y, LEFT_WIDTH, 2, &day, undated ? sheet->labels.valid : sheet->labels.date, text);
    l->when[0] = pdf_form_end(l->pdf);
    l->has_second_when = slot;
    if (slot) {
        y += 26;
        form_begin(l);
        y += theme_pair(l->pdf, MARGIN, y, LEFT_WIDTH, 1, &time, sheet->labels.time, sheet->time);
        l->when[1] = pdf_form_end(l->pdf);
    }
    l->has_note = !str_empty(sheet->validity_note);
    if (l->has_note) {
        const struct pdf_block block = {
            .style = &note, .x = MARGIN, .y = y + 25, .width = LEFT_WIDTH, .leading = 13.5, .max_lines = 2};
        form_begin(l);
        pdf_block_draw(l->pdf, &block, sheet->validity_note);
        l->note = pdf_form_end(l->pdf);
    }
}

/* ---- The lower half. ---- */

static void add_pair(struct layout *l, struct str label, struct str value, enum ticket_field field, bool wanted)
{
    if (!wanted || l->pair_count == MAX_PAIRS)
        return;
    l->pairs[l->pair_count++] = (struct pair_place){.label = label, .value = value, .field = field};
}

static struct pdf_style pair_style(void)
{
    return theme_sans(11, COLOR_INK);
}

static int draw_pair(struct layout *l, const struct pair_place *pair, struct str value, double *ret_height)
{
    const struct pdf_style style = pair_style();
    form_begin(l);
    double height = theme_pair(l->pdf, pair->x, pair->y, COLUMN_WIDTH, PAIR_LINES, &style, pair->label, value);
    if (ret_height != NULL)
        *ret_height = height;
    return pdf_form_end(l->pdf);
}

static void collect_pairs(struct layout *l)
{
    const struct ticket_sheet *s = l->sheet;
    bool holders = false, prices = false;
    for (size_t i = 0; i < s->ticket_count; i++) {
        holders = holders || !str_empty(s->tickets[i].holder);
        prices = prices || !str_empty(s->tickets[i].price);
    }
    add_pair(l, s->labels.tariff, S(""), FIELD_TARIFF, true);
    add_pair(l, s->labels.price, S(""), FIELD_PRICE, prices);
    add_pair(l, s->labels.holder, S(""), FIELD_HOLDER, holders);
    add_pair(l, s->labels.organisation, s->organisation, FIELD_NONE, !str_empty(s->organisation));
    add_pair(l, s->labels.group, s->group, FIELD_NONE, !str_empty(s->group));
    add_pair(l, s->labels.leader, s->leader, FIELD_NONE, !str_empty(s->leader));
    add_pair(l, s->labels.persons, s->persons, FIELD_NONE, !str_empty(s->persons));
    add_pair(l, s->labels.order, s->order, FIELD_NONE, !str_empty(s->order));
}

static struct str field_of(const struct sheet_ticket *ticket, enum ticket_field field)
{
    return field == FIELD_TARIFF ? ticket->tariff : field == FIELD_PRICE ? ticket->price : ticket->holder;
}

/* The height that the tickets' own values need in this place. */
static double tallest_value(struct layout *l, const struct pair_place *pair)
{
    const struct pdf_style style = pair_style();
    const struct pdf_block block = {.style = &style, .width = COLUMN_WIDTH, .max_lines = PAIR_LINES};
    int lines = 1;
    struct str before = S("");
    for (size_t i = 0; i < l->sheet->ticket_count && lines < PAIR_LINES; i++) {
        struct str value = field_of(&l->sheet->tickets[i], pair->field);
        int own = str_eq(value, before) ? 1 : pdf_block_lines(l->pdf, &block, value);
        lines = own > lines ? own : lines;
        before = value;
    }
    return theme_pair_height(&style, lines);
}

/* Two columns; a row is as high as its higher value. */
static void draw_pairs(struct layout *l)
{
    double y = FOLD_Y + 32;
    collect_pairs(l);
    for (int i = 0; i < l->pair_count; i += 2) {
        double height = 0;
        for (int k = i; k < i + 2 && k < l->pair_count; k++) {
            struct pair_place *pair = &l->pairs[k];
            double own;
            pair->x = k == i ? MARGIN : SECOND_COLUMN;
            pair->y = y;
            if (pair->field == FIELD_NONE)
                pair->form = draw_pair(l, pair, pair->value, &own);
            else
                own = tallest_value(l, pair);
            height = own > height ? own : height;
        }
        y += height + 21;
    }
    l->pairs_end = y - 21;
}

static double condition_height(struct layout *l, const struct pdf_block *block, struct str text)
{
    return pdf_block_lines(l->pdf, block, text) * block->leading + 4;
}

/* How many conditions go to the first of two columns so that neither is longer than need be; their larger height. */
static int balance(struct layout *l, const struct pdf_block *block, double *ret_height)
{
    double heights[MAX_CONDITIONS], total = 0, first = 0;
    for (int i = 0; i < l->condition_count; i++)
        total += heights[i] = condition_height(l, block, l->sheet->conditions.p[i]);
    int count = 0;
    while (count < l->condition_count && first < total / 2)
        first += heights[count++];
    *ret_height = first > total - first ? first : total - first;
    return count;
}

static void draw_conditions(struct layout *l)
{
    size_t given = l->sheet->conditions.n;
    l->condition_count = given < MAX_CONDITIONS ? (int)given : MAX_CONDITIONS;
    if (l->condition_count == 0)
        return;
    const struct pdf_style heading = theme_bold(9.5, COLOR_ACCENT);
    double top = l->pairs_end + 36, height = 0;
    /* As large as there is room for; 8 points is the least that is kind to readers. */
    struct pdf_style style = theme_sans(9.5, COLOR_INK);
    struct pdf_block block = {.style = &style, .width = COLUMN_WIDTH, .leading = 9.5 * 1.35};
    int first = balance(l, &block, &height);
    while (style.size > 8 && top + 20 + height > FOOT_Y) {
        style.size -= 0.5;
        block.leading = style.size * (style.size > 8 ? 1.35 : 1.25);
        first = balance(l, &block, &height);
    }
    form_begin(l);
    pdf_text(l->pdf, &heading, MARGIN, top, PDF_LEFT, l->sheet->labels.conditions);
    l->heading = pdf_form_end(l->pdf);
    double y = top + 18;
    for (int i = 0; i < l->condition_count; i++) {
        if (i == first)
            y = top + 18;
        block.x = i < first ? MARGIN : SECOND_COLUMN;
        block.y = y;
        form_begin(l);
        y += pdf_block_draw(l->pdf, &block, l->sheet->conditions.p[i]) * block.leading + 4;
        l->conditions[i] = pdf_form_end(l->pdf);
    }
}

static void draw_foot(struct layout *l)
{
    const struct ticket_sheet *s = l->sheet;
    const struct pdf_style strong = theme_bold(8.5, COLOR_ACCENT), style = theme_sans(8.5, COLOR_INK);
    const struct pdf_style small = theme_sans(8, COLOR_MUTED);
    l->has_contact = s->contact.n > 0;
    if (l->has_contact) {
        form_begin(l);
        double x = MARGIN + pdf_text(l->pdf, &strong, MARGIN, FOOT_Y + 15, PDF_LEFT, s->labels.contact);
        x += pdf_text(l->pdf, &style, x, FOOT_Y + 15, PDF_LEFT, S("   "));
        struct str line = S("");
        for (size_t i = 0; i < s->contact.n && i < 4; i++)
            line = str_format(l->arena, "%.*s%s%.*s", STR_ARG(line), i == 0 ? "" : "  \xC2\xB7  ",
                              STR_ARG(s->contact.p[i]));
        const struct pdf_block block = {.style = &style, .x = x, .y = FOOT_Y + 15, .width = A4_WIDTH - MARGIN - x,
                                        .leading = 11, .max_lines = 1};
        pdf_block_draw(l->pdf, &block, line);
        l->contact = pdf_form_end(l->pdf);
    }
    l->has_seller = !str_empty(s->seller);
    if (l->has_seller) {
        const struct pdf_block block = {.style = &small, .x = MARGIN, .y = FOOT_Y + 28, .width = TEXT_WIDTH,
                                        .leading = 10, .max_lines = 2};
        form_begin(l);
        pdf_block_draw(l->pdf, &block, s->seller);
        l->seller = pdf_form_end(l->pdf);
    }
}

/* ---- What tickets of a group share without all being the same. ---- */

/* The form kept for this text, or -1. */
static int variant_find(const struct layout *l, enum variant_kind kind, int slot, struct str text)
{
    for (int i = 0; i < l->variant_count; i++)
        if (l->variants[i].kind == kind && l->variants[i].slot == slot && str_eq(l->variants[i].text, text))
            return l->variants[i].form;
    return -1;
}

static int variant_keep(struct layout *l, enum variant_kind kind, int slot, struct str text, int form)
{
    if (l->variant_count < MAX_VARIANTS)
        l->variants[l->variant_count++] = (struct variant){.kind = kind, .slot = slot, .text = text, .form = form};
    return form;
}

static int proof_form(struct layout *l, struct str text)
{
    int form = variant_find(l, VARIANT_PROOF, 0, text);
    if (form >= 0)
        return form;
    const struct pdf_style style = theme_bold(11, COLOR_WHITE);
    struct pdf_block block = {.style = &style, .width = LEFT_WIDTH - 62, .leading = 14, .max_lines = 2};
    double height = pdf_block_lines(l->pdf, &block, text) > 1 ? 42 : 32, top = FOLD_Y - 14 - height;
    form_begin(l);
    pdf_round_rect(l->pdf, COLOR_ACCENT, MARGIN, top, LEFT_WIDTH, height, 4);
    /* A card with a face and two lines of text. */
    double x = MARGIN + 12, y = top + height / 2 - 8;
    pdf_round_rect(l->pdf, COLOR_WHITE, x, y, 24, 16, 2);
    pdf_round_rect(l->pdf, COLOR_ACCENT, x + 4, y + 3.5, 4.4, 4.4, 2.2);
    pdf_round_rect(l->pdf, COLOR_ACCENT, x + 3, y + 8.7, 6.4, 4, 1.8);
    pdf_rect(l->pdf, COLOR_ACCENT, x + 12.5, y + 5, 8.5, 1.5);
    pdf_rect(l->pdf, COLOR_ACCENT, x + 12.5, y + 9, 6, 1.5);
    block.x = MARGIN + 48;
    block.y = top + (height > 32 ? 17.5 : 20);
    pdf_block_draw(l->pdf, &block, text);
    return variant_keep(l, VARIANT_PROOF, 0, text, pdf_form_end(l->pdf));
}

static int seat_form(struct layout *l, struct str role)
{
    int form = variant_find(l, VARIANT_SEAT, 0, role);
    if (form >= 0)
        return form;
    const struct pdf_style style = theme_sans(9.5, COLOR_MUTED);
    form_begin(l);
    pdf_text(l->pdf, &style, A4_WIDTH - MARGIN, 60, PDF_RIGHT, role);
    return variant_keep(l, VARIANT_SEAT, 0, role, pdf_form_end(l->pdf));
}

static int pair_form(struct layout *l, int pair, const struct sheet_ticket *ticket)
{
    const struct pair_place *place = &l->pairs[pair];
    if (place->field == FIELD_NONE)
        return place->form;
    struct str value = field_of(ticket, place->field);
    if (str_empty(value))
        return -1;
    int form = variant_find(l, VARIANT_PAIR, pair, value);
    if (form >= 0)
        return form;
    return variant_keep(l, VARIANT_PAIR, pair, value, draw_pair(l, place, value, NULL));
}

/* ---- A page. ---- */

static void place_in(struct layout *l, enum pdf_tag tag, int form)
{
    pdf_begin(l->pdf, tag);
    pdf_form_place(l->pdf, form, 0, 0);
    pdf_end(l->pdf);
}

static void draw_sequence(struct layout *l, const struct sheet_ticket *ticket)
{
    if (ticket->total < 1)
        return;
    const struct pdf_style label = theme_sans(9.5, COLOR_MUTED), count = theme_bold(13, COLOR_INK);
    struct str text = str_format(l->arena, "%d / %d", ticket->seq, ticket->total);
    double right = A4_WIDTH - MARGIN, width = pdf_text_width(l->pdf, &count, text);
    struct str before = str_format(l->arena, "%.*s ", STR_ARG(l->sheet->labels.page));
    pdf_begin(l->pdf, PDF_P);
    pdf_text(l->pdf, &label, right - width - 3, 46, PDF_RIGHT, before);
    pdf_text(l->pdf, &count, right - width, 46, PDF_LEFT, text);
    pdf_end(l->pdf);
}

static bool is_one_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= 'a' && s.p[i] <= 'z')))
            return false;
    return s.n > 6;
}

/* «2611480033» as «2611 4800 33»: what is read aloud and typed is grouped; what is copied is not. */
static struct str grouped(struct arena *arena, struct str number)
{
    struct str done = S("");
    for (size_t at = 0; at < number.n; at += 4) {
        struct str part = str_sub(number, at, 4);
        done = str_format(arena, "%.*s%s%.*s", STR_ARG(done), at == 0 ? "" : " ", STR_ARG(part));
    }
    return done;
}

static void draw_code(struct layout *l, const struct sheet_ticket *ticket, const struct qr *qr)
{
    struct pdf *pdf = l->pdf;
    const struct pdf_style label = theme_sans(8.5, COLOR_MUTED);
    struct pdf_style number = theme_bold(15, COLOR_INK);
    struct str alt = str_format(l->arena, "%.*s %.*s", STR_ARG(l->sheet->labels.qr_alt), STR_ARG(ticket->number));
    pdf_open(pdf, PDF_FIGURE);
    pdf_alt(pdf, alt, QR_X, QR_Y, QR_SIZE, QR_SIZE);
    pdf_mark(pdf);
    pdf_modules(pdf, COLOR_BLACK, QR_X, QR_Y, QR_SIZE, qr->modules, qr->side);
    pdf_end(pdf);

    double middle = QR_X + QR_SIZE / 2;
    bool group = is_one_word(ticket->number);
    struct str text = group ? grouped(l->arena, ticket->number) : ticket->number;
    struct str before = str_format(l->arena, "%.*s ", STR_ARG(l->sheet->labels.number));
    while (number.size > 8 && pdf_text_width(pdf, &number, text) > QR_SIZE + 36)
        number.size -= 1;
    pdf_begin(pdf, PDF_P);
    pdf_text(pdf, &label, middle, QR_Y + QR_SIZE + 34, PDF_CENTER, before);
    if (group)
        pdf_text_as(pdf, &number, middle, QR_Y + QR_SIZE + 53, PDF_CENTER, text, ticket->number);
    else
        pdf_text(pdf, &number, middle, QR_Y + QR_SIZE + 53, PDF_CENTER, text);
    pdf_end(pdf);
}

static void draw_lower_half(struct layout *l, const int *pairs)
{
    for (int i = 0; i < l->pair_count; i++)
        if (pairs[i] >= 0)
            place_in(l, PDF_P, pairs[i]);
    if (l->condition_count > 0)
        place_in(l, PDF_H2, l->heading);
    for (int i = 0; i < l->condition_count; i++)
        place_in(l, PDF_P, l->conditions[i]);
    if (l->has_contact)
        place_in(l, PDF_P, l->contact);
    if (l->has_seller)
        place_in(l, PDF_P, l->seller);
}

static void draw_page(struct layout *l, const struct sheet_ticket *ticket)
{
    struct fault fault;
    struct qr qr;
    enum err err = qr_encode(ticket->qr, &qr, &fault);
    if (err != OK) {
        pdf_fail(l->pdf, err, "ticket: %s", fault.text);
        return;
    }
    int proof = str_empty(ticket->proof) ? -1 : proof_form(l, ticket->proof);
    int role = str_empty(ticket->role_label) ? -1 : seat_form(l, ticket->role_label);
    int pairs[MAX_PAIRS];
    for (int i = 0; i < l->pair_count; i++)
        pairs[i] = pair_form(l, i, ticket);

    pdf_page_begin(l->pdf, A4_WIDTH, A4_HEIGHT);
    pdf_open(l->pdf, PDF_SECT);
    pdf_artifact(l->pdf);
    pdf_form_place(l->pdf, l->frame, 0, 0);
    pdf_artifact_end(l->pdf);
    place_in(l, PDF_P, l->network);
    draw_sequence(l, ticket);
    if (role >= 0)
        place_in(l, PDF_P, role);
    place_in(l, PDF_H1, l->monument);
    if (l->has_place)
        place_in(l, PDF_P, l->place);
    place_in(l, PDF_P, l->when[0]);
    if (l->has_second_when)
        place_in(l, PDF_P, l->when[1]);
    if (l->has_note)
        place_in(l, PDF_P, l->note);
    if (proof >= 0)
        place_in(l, PDF_P, proof);
    draw_code(l, ticket, &qr);
    draw_lower_half(l, pairs);
    pdf_close(l->pdf);
    pdf_page_end(l->pdf);
}

static void draw_shared(struct layout *l)
{
    l->frame = draw_frame(l);
    l->network = draw_network(l);
    double y = draw_monument(l);
    draw_place(l, y + 21);
    draw_when(l);
    draw_pairs(l);
    draw_conditions(l);
    draw_foot(l);
}

enum err doc_ticket_pdf(const struct doc_fonts *fonts, const struct ticket_sheet *sheet, struct buf *out,
                        struct fault *fault)
{
    if (sheet->ticket_count == 0 || sheet->ticket_count > LIMIT_ORDER_TICKETS)
        return fault_set(fault, sheet->ticket_count == 0 ? ERR_INPUT : ERR_LIMIT, "ticket: %zu tickets",
                         sheet->ticket_count);
    const struct pdf_info info = {
        .title = sheet->labels.title, .language = sheet->language, .author = sheet->network};
    struct layout l = {.pdf = pdf_new(fonts, &info), .arena = arena_new(), .sheet = sheet};
    pdf_open(l.pdf, PDF_DOCUMENT);
    draw_shared(&l);
    for (size_t i = 0; i < sheet->ticket_count && !pdf_failed(l.pdf); i++)
        draw_page(&l, &sheet->tickets[i]);
    pdf_close(l.pdf);
    enum err err = pdf_finish(l.pdf, out, fault);
    pdf_free(&l.pdf);
    arena_free(&l.arena);
    return err;
}
