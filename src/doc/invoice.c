/* The invoice: parties, facts, one table of lines that runs over as many pages as it needs, sums, legal lines. It is
 * laid out twice, because the foot of the first page names the number of the last. */
#include "doc/invoice.h"

#include "doc/qr.h"
#include "doc/theme.h"

enum {
    MAX_LINES = 4000,
    MAX_FACTS = 24,
    MAX_SUMS = 12, /* VAT rows, and amounts: they stand side by side on one page */
    MAX_COLUMNS = 5,
    DESCRIPTION_LINES = 6,
    WHY_LINES = 3
};

static const double CODE_SIZE = 104; /* of the code for a transfer: at most 69 modules of half a millimetre */
static const double BOTTOM = 776; /* nothing but the foot below */
static const double ROW_PADDING = 7;

struct column {
    struct str heading;
    double x, width; /* text is aligned within; all but the first to the right */
};

struct layout {
    struct pdf *pdf;
    struct arena *arena;
    const struct invoice_sheet *sheet;
    const struct qr *code; /* NULL: none */
    double tail_width;     /* of the paragraphs below the sums */
    int page_total; /* 0 while it is being found out */
    double y;
    struct column columns[MAX_COLUMNS];
    int column_count;
    bool has_vat;
};

/* ---- Pages. ---- */

static struct str document_name(const struct layout *l)
{
    const struct invoice_sheet *s = l->sheet;
    return str_empty(s->number) ? s->title : str_format(l->arena, "%.*s %.*s", STR_ARG(s->title), STR_ARG(s->number));
}

static void begin_page(struct layout *l)
{
    pdf_page_begin(l->pdf, A4_WIDTH, A4_HEIGHT);
    pdf_artifact(l->pdf);
    theme_letterhead(l->pdf);
    pdf_artifact_end(l->pdf);
    l->y = 60;
}

/* The foot is pagination, which readers of the text skip. */
static void end_page(struct layout *l, bool continued)
{
    const struct pdf_style style = theme_sans(8, COLOR_MUTED);
    struct pdf *pdf = l->pdf;
    double y = A4_HEIGHT - 34;
    pdf_artifact(pdf);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, MARGIN, y - 14, A4_WIDTH - MARGIN, y - 14);
    pdf_text(pdf, &style, MARGIN, y, PDF_LEFT, document_name(l));
    if (continued)
        pdf_text(pdf, &style, A4_WIDTH / 2, y, PDF_CENTER, l->sheet->labels.continued);
    pdf_text(pdf, &style, A4_WIDTH - MARGIN, y, PDF_RIGHT,
             str_format(l->arena, "%.*s %d / %d", STR_ARG(l->sheet->labels.page), pdf_page_count(pdf), l->page_total));
    pdf_artifact_end(pdf);
    pdf_page_end(pdf);
}

static void next_page(struct layout *l)
{
    end_page(l, true);
    begin_page(l);
    pdf_artifact(l->pdf);
    theme_letterhead_text(l->pdf, l->sheet->network, document_name(l));
    pdf_artifact_end(l->pdf);
    l->y = 92;
}

/* Room for `height` more points, on this page or on the next. */
static void need(struct layout *l, double height)
{
    if (l->y + height > BOTTOM)
        next_page(l);
}

/* ---- The head. ---- */

static void draw_title(struct layout *l)
{
    struct pdf *pdf = l->pdf;
    const struct pdf_style title = theme_serif(24, COLOR_INK), number = theme_bold(12, COLOR_ACCENT);
    double right = A4_WIDTH - MARGIN;
    pdf_begin(pdf, PDF_P);
    theme_letterhead_text(pdf, l->sheet->network, S(""));
    pdf_end(pdf);
    pdf_begin(pdf, PDF_H1);
    double width = pdf_text(pdf, &title, right, 96, PDF_RIGHT, l->sheet->title);
    if (!str_empty(l->sheet->number)) {
        pdf_text(pdf, &title, right - width, 96, PDF_RIGHT, S(" "));
        pdf_text(pdf, &number, right, 115, PDF_RIGHT, l->sheet->number);
    }
    pdf_end(pdf);
}

/* Heading, name and address lines of one party; returns the height. */
static double draw_party(struct layout *l, double x, double y, double width, struct str heading, struct str name,
                         struct sheet_texts lines)
{
    const struct pdf_style label = theme_bold(8.5, COLOR_ACCENT), strong = theme_bold(11, COLOR_INK);
    const struct pdf_style text = theme_sans(9.5, COLOR_INK);
    pdf_open(l->pdf, PDF_SECT);
    pdf_begin(l->pdf, PDF_H2);
    pdf_text(l->pdf, &label, x, y, PDF_LEFT, heading);
    pdf_end(l->pdf);
    struct pdf_block block = {
        .style = &strong, .x = x, .y = y + 17, .width = width, .leading = 14, .max_lines = 3};
    pdf_begin(l->pdf, PDF_P);
    block.y += pdf_block_draw(l->pdf, &block, name) * block.leading;
    pdf_end(l->pdf);
    block.style = &text;
    block.leading = 13;
    block.max_lines = 2;
    for (size_t i = 0; i < lines.n && i < 10; i++) {
        pdf_begin(l->pdf, PDF_P);
        block.y += pdf_block_draw(l->pdf, &block, lines.p[i]) * block.leading;
        pdf_end(l->pdf);
    }
    pdf_close(l->pdf);
    return block.y - block.leading - y;
}

static void draw_parties(struct layout *l)
{
    const struct invoice_sheet *s = l->sheet;
    double half = A4_WIDTH / 2 + 14, y = 152;
    double left = draw_party(l, MARGIN, y, 220, s->labels.seller, s->seller_name, s->seller);
    double right = draw_party(l, half, y, A4_WIDTH - MARGIN - half, s->labels.buyer, s->buyer_name, s->buyer);
    l->y = y + (left > right ? left : right) + 26;
}

static void draw_facts(struct layout *l)
{
    enum { A_ROW = 4 };
    const struct pdf_style value = theme_bold(10, COLOR_INK);
    const double padding = 12, step = (TEXT_WIDTH - 2 * padding) / A_ROW;
    size_t rows = (l->sheet->fact_count + A_ROW - 1) / A_ROW;
    if (rows == 0)
        return;
    double height = 18 + 34 * (double)rows;
    pdf_artifact(l->pdf);
    pdf_round_rect(l->pdf, COLOR_TINT, MARGIN, l->y, TEXT_WIDTH, height - 4, 4);
    pdf_artifact_end(l->pdf);
    for (size_t i = 0; i < l->sheet->fact_count; i++) {
        const struct invoice_fact *fact = &l->sheet->facts[i];
        pdf_begin(l->pdf, PDF_P);
        theme_pair(l->pdf, MARGIN + padding + step * (double)(i % A_ROW), l->y + 20 + 34 * (double)(i / A_ROW),
                   step - 8, 1, &value, fact->label, fact->value);
        pdf_end(l->pdf);
    }
    l->y += height + 14;
}

/* ---- The lines. ---- */

static void add_column(struct layout *l, struct str heading, double width)
{
    l->columns[l->column_count++] = (struct column){.heading = heading, .width = width};
}

/* From the right: fixed widths for figures; the description takes what is left. */
static void plan_columns(struct layout *l)
{
    const struct invoice_labels *labels = &l->sheet->labels;
    for (size_t i = 0; i < l->sheet->line_count; i++)
        l->has_vat = l->has_vat || !str_empty(l->sheet->lines[i].vat);
    add_column(l, labels->description, 0);
    add_column(l, labels->quantity, 58);
    add_column(l, labels->unit, 72);
    if (l->has_vat)
        add_column(l, labels->vat, 74);
    add_column(l, labels->total, 80);
    double x = A4_WIDTH - MARGIN;
    for (int i = l->column_count - 1; i > 0; i--) {
        x -= l->columns[i].width;
        l->columns[i].x = x;
    }
    l->columns[0].x = MARGIN;
    l->columns[0].width = x - MARGIN;
}

static void draw_cell(struct layout *l, int column, const struct pdf_style *style, double y, struct str text)
{
    const struct column *c = &l->columns[column];
    if (column == 0)
        pdf_text(l->pdf, style, c->x, y, PDF_LEFT, text);
    else
        pdf_text(l->pdf, style, c->x + c->width, y, PDF_RIGHT, text);
}

static void draw_table_head(struct layout *l, bool tagged)
{
    struct pdf *pdf = l->pdf;
    const struct pdf_style style = theme_bold(8.5, COLOR_ACCENT);
    double y = l->y + 11;
    pdf_artifact(pdf);
    pdf_line(pdf, COLOR_ACCENT, 1.2, 0, MARGIN, l->y + 18, A4_WIDTH - MARGIN, l->y + 18);
    for (int i = 0; !tagged && i < l->column_count; i++)
        draw_cell(l, i, &style, y, l->columns[i].heading);
    pdf_artifact_end(pdf);
    l->y += 18;
    if (!tagged)
        return;
    pdf_open(pdf, PDF_TR);
    for (int i = 0; i < l->column_count; i++) {
        pdf_open(pdf, PDF_TH);
        pdf_scope(pdf, PDF_SCOPE_COLUMN);
        pdf_mark(pdf);
        draw_cell(l, i, &style, y, l->columns[i].heading);
        pdf_end(pdf);
    }
    pdf_close(pdf);
}

static void draw_figures(struct layout *l, const struct invoice_line *line, double y)
{
    const struct pdf_style style = theme_sans(9.5, COLOR_INK), strong = theme_bold(9.5, COLOR_INK);
    const struct str cells[MAX_COLUMNS] = {S(""), line->quantity, line->unit, l->has_vat ? line->vat : line->total,
                                           line->total};
    for (int i = 1; i < l->column_count; i++) {
        pdf_begin(l->pdf, PDF_TD);
        draw_cell(l, i, i == l->column_count - 1 ? &strong : &style, y, cells[i]);
        pdf_end(l->pdf);
    }
}

static void draw_line(struct layout *l, const struct invoice_line *line)
{
    struct pdf *pdf = l->pdf;
    const struct pdf_style text = theme_sans(9.5, COLOR_INK), small = theme_sans(8, COLOR_MUTED);
    double width = l->columns[0].width - 8;
    struct pdf_block block = {
        .style = &text, .x = MARGIN, .width = width, .leading = 12.5, .max_lines = DESCRIPTION_LINES};
    struct pdf_block why = {.style = &small, .x = MARGIN, .width = width, .leading = 10.5, .max_lines = WHY_LINES};
    int lines = pdf_block_lines(pdf, &block, line->description), more = pdf_block_lines(pdf, &why, line->why);
    lines = lines > 0 ? lines : 1;
    double height = 2 * ROW_PADDING + lines * block.leading + more * why.leading - 2;
    if (l->y + height > BOTTOM) {
        next_page(l);
        draw_table_head(l, false);
    }
    double y = l->y + ROW_PADDING + 9;
    pdf_open(pdf, PDF_TR);
    pdf_begin(pdf, PDF_TD);
    block.y = y;
    pdf_block_draw(pdf, &block, line->description);
    if (more > 0) {
        pdf_text(pdf, &small, MARGIN, y + lines * block.leading - 0.5, PDF_LEFT, S(" "));
        why.y = y + lines * block.leading - 0.5;
        pdf_block_draw(pdf, &why, line->why);
    }
    pdf_end(pdf);
    draw_figures(l, line, y);
    pdf_close(pdf);
    l->y += height;
    pdf_artifact(pdf);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, MARGIN, l->y, A4_WIDTH - MARGIN, l->y);
    pdf_artifact_end(pdf);
}

static void draw_lines(struct layout *l)
{
    plan_columns(l);
    pdf_open(l->pdf, PDF_TABLE);
    draw_table_head(l, true);
    for (size_t i = 0; i < l->sheet->line_count && !pdf_failed(l->pdf); i++)
        draw_line(l, &l->sheet->lines[i]);
    pdf_close(l->pdf);
    l->y += 18;
}

/* ---- The sums. ---- */

static const double VAT_WIDTH = 236;

static void draw_vat_row(struct layout *l, enum pdf_tag tag, const struct pdf_style *style, double y,
                         const struct invoice_vat *row)
{
    const struct str cells[] = {row->label, row->base, row->vat};
    const double right[] = {0, MARGIN + VAT_WIDTH - 62, MARGIN + VAT_WIDTH};
    struct pdf_block block = {.style = style, .x = MARGIN, .y = y, .width = VAT_WIDTH - 125, .leading = 11,
                              .max_lines = 1};
    pdf_open(l->pdf, PDF_TR);
    for (int i = 0; i < 3; i++) {
        pdf_open(l->pdf, tag);
        if (tag == PDF_TH)
            pdf_scope(l->pdf, PDF_SCOPE_COLUMN);
        pdf_mark(l->pdf);
        if (i == 0)
            pdf_block_draw(l->pdf, &block, cells[i]);
        else
            pdf_text(l->pdf, style, right[i], y, PDF_RIGHT, cells[i]);
        pdf_end(l->pdf);
    }
    pdf_close(l->pdf);
}

static double draw_vat(struct layout *l)
{
    const struct invoice_sheet *s = l->sheet;
    if (s->vat_count == 0)
        return 0;
    const struct pdf_style heading = theme_bold(8.5, COLOR_ACCENT), head = theme_sans(8.5, COLOR_MUTED);
    const struct pdf_style text = theme_sans(9, COLOR_INK);
    const struct invoice_vat labels = {s->labels.vat_label, s->labels.vat_base, s->labels.vat_amount};
    double y = l->y + 10;
    pdf_begin(l->pdf, PDF_H2);
    pdf_text(l->pdf, &heading, MARGIN, y, PDF_LEFT, s->labels.vat_heading);
    pdf_end(l->pdf);
    y += 17;
    pdf_open(l->pdf, PDF_TABLE);
    draw_vat_row(l, PDF_TH, &head, y, &labels);
    for (size_t i = 0; i < s->vat_count; i++) {
        y += 15;
        draw_vat_row(l, PDF_TD, &text, y, &s->vat[i]);
    }
    pdf_close(l->pdf);
    return y - l->y;
}

/* Ordinary sums in a column on the right; the one that matters white on the accent. */
static double draw_amounts(struct layout *l)
{
    const struct pdf_style text = theme_sans(9.5, COLOR_INK), strong = theme_bold(11.5, COLOR_WHITE);
    const double left = A4_WIDTH - MARGIN - 226, right = A4_WIDTH - MARGIN;
    double y = l->y;
    for (size_t i = 0; i < l->sheet->amount_count; i++) {
        const struct invoice_amount *amount = &l->sheet->amounts[i];
        const struct pdf_style *style = amount->strong ? &strong : &text;
        double height = amount->strong ? 28 : 18, base = y + (amount->strong ? 18 : 12);
        if (amount->strong) {
            pdf_artifact(l->pdf);
            pdf_round_rect(l->pdf, COLOR_ACCENT, left, y, right - left, 26, 3);
            pdf_artifact_end(l->pdf);
        }
        pdf_begin(l->pdf, PDF_P);
        double after = pdf_text(l->pdf, style, left + 10, base, PDF_LEFT, amount->label);
        pdf_text(l->pdf, style, left + 10 + after, base, PDF_LEFT, S(" "));
        pdf_text(l->pdf, style, right - 10, base, PDF_RIGHT, amount->amount);
        pdf_end(l->pdf);
        y += height;
    }
    return y - l->y;
}

static void draw_sums(struct layout *l)
{
    double vat = l->sheet->vat_count > 0 ? 27 + 15 * (double)l->sheet->vat_count : 0;
    double amounts = 28 * (double)l->sheet->amount_count;
    need(l, vat > amounts ? vat : amounts);
    vat = draw_vat(l);
    amounts = draw_amounts(l);
    l->y += (vat > amounts ? vat : amounts) + 28;
}

static void draw_paragraph(struct layout *l, const struct pdf_style *style, double leading, struct str text)
{
    struct pdf_block block = {.style = style, .x = MARGIN, .width = l->tail_width, .leading = leading, .max_lines = 8};
    need(l, pdf_block_lines(l->pdf, &block, text) * leading);
    block.y = l->y + style->size;
    pdf_begin(l->pdf, PDF_P);
    int lines = pdf_block_draw(l->pdf, &block, text);
    pdf_end(l->pdf);
    l->y += lines * leading + 2;
}

/* On the right of the bank details, with its words below. */
static void draw_code(struct layout *l)
{
    const struct pdf_style label = theme_sans(8, COLOR_MUTED);
    double x = A4_WIDTH - MARGIN - CODE_SIZE;
    pdf_open(l->pdf, PDF_FIGURE);
    pdf_alt(l->pdf, l->sheet->qr_alt, x, l->y, CODE_SIZE, CODE_SIZE);
    pdf_mark(l->pdf);
    pdf_modules(l->pdf, COLOR_BLACK, x, l->y, CODE_SIZE, l->code->modules, l->code->side);
    pdf_end(l->pdf);
    pdf_begin(l->pdf, PDF_P);
    pdf_text(l->pdf, &label, x + CODE_SIZE / 2, l->y + CODE_SIZE + 14, PDF_CENTER, l->sheet->qr_label);
    pdf_end(l->pdf);
}

static void draw_payment(struct layout *l)
{
    const struct invoice_sheet *s = l->sheet;
    const struct pdf_style text = theme_sans(9.5, COLOR_INK);
    double below = 0;
    if (l->code != NULL) {
        need(l, CODE_SIZE + 24);
        draw_code(l);
        below = l->y + CODE_SIZE + 24;
        l->tail_width = TEXT_WIDTH - CODE_SIZE - 24;
    }
    for (size_t i = 0; i < s->payment.n && i < 20; i++)
        draw_paragraph(l, &text, 13, s->payment.p[i]);
    l->tail_width = TEXT_WIDTH;
    l->y += s->payment.n > 0 ? 8 : 0;
    if (l->y < below)
        l->y = below;
}

static void draw_tail(struct layout *l)
{
    const struct invoice_sheet *s = l->sheet;
    const struct pdf_style strong = theme_bold(10.5, COLOR_ACCENT);
    const struct pdf_style small = theme_sans(8, COLOR_MUTED);
    if (!str_empty(s->paid)) {
        draw_paragraph(l, &strong, 14, s->paid);
        l->y += 6;
    }
    draw_payment(l);
    for (size_t i = 0; i < s->mentions.n && i < 40; i++)
        draw_paragraph(l, &small, 10.5, s->mentions.p[i]);
}

/* ---- The whole. ---- */

static void lay_out(struct layout *l)
{
    pdf_open(l->pdf, PDF_DOCUMENT);
    begin_page(l);
    draw_title(l);
    draw_parties(l);
    draw_facts(l);
    draw_lines(l);
    draw_sums(l);
    draw_tail(l);
    end_page(l, false);
    pdf_close(l->pdf);
}

enum err doc_invoice_pdf(const struct doc_fonts *fonts, const struct invoice_sheet *sheet, struct buf *out,
                         struct fault *fault)
{
    if (sheet->line_count == 0 || sheet->line_count > MAX_LINES)
        return fault_set(fault, sheet->line_count == 0 ? ERR_INPUT : ERR_LIMIT, "invoice: %zu lines",
                         sheet->line_count);
    if (sheet->fact_count > MAX_FACTS || sheet->vat_count > MAX_SUMS || sheet->amount_count > MAX_SUMS)
        return fault_set(fault, ERR_LIMIT, "invoice: more facts, VAT rows or amounts than a page holds");
    struct qr code;
    bool coded = !str_empty(sheet->qr);
    if (coded) {
        enum err encoded = qr_encode(sheet->qr, &code, fault);
        if (encoded != OK)
            return encoded;
    }
    struct arena *arena = arena_new();
    struct layout l = {.arena = arena, .sheet = sheet};
    const struct pdf_info info = {.title = document_name(&l),
                                  .language = sheet->language,
                                  .author = sheet->seller_name,
                                  .created = sheet->issued};
    enum err err = OK;
    int pages = 0;
    for (int pass = 0; pass < 2; pass++) {
        l = (struct layout){.pdf = pdf_new(fonts, &info), .arena = arena, .sheet = sheet, .page_total = pages,
                            .code = coded ? &code : NULL, .tail_width = TEXT_WIDTH};
        lay_out(&l);
        pages = pdf_page_count(l.pdf);
        if (pass == 1 || pdf_failed(l.pdf))
            err = pdf_finish(l.pdf, out, fault);
        pdf_free(&l.pdf);
        if (err != OK)
            break;
    }
    arena_free(&arena);
    return err;
}
