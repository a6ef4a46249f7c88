/* The sales manual. It is laid out twice: the table of contents, which comes first, names the pages of what comes
 * after. */
#include "doc/manual.h"

#include "doc/theme.h"

enum { MAX_ENTRIES = 1000, MAX_STEPS = 40, MAX_RULES = 100, PARAGRAPH_LINES = 30 };

static const double BOTTOM = 782, TOP = 76;
static const double GUTTER = 24;
#define COLUMN_WIDTH ((TEXT_WIDTH - GUTTER) / 2)

static const struct pdf_color COVER_ARCH = {0x2b, 0x64, 0x73}, COVER_TEXT = {0xdc, 0xe9, 0xec};

struct layout {
    struct pdf *pdf;
    struct arena *arena;
    const struct manual_sheet *sheet;
    int *pages; /* of each entry, counted from 0; 0 while they are being found out */
    double y;
};

/* ---- Pages. ---- */

static void begin_page(struct layout *l)
{
    pdf_page_begin(l->pdf, A4_WIDTH, A4_HEIGHT);
    l->y = TOP;
}

static void end_page(struct layout *l)
{
    struct pdf *pdf = l->pdf;
    const struct pdf_style style = theme_sans(8, COLOR_MUTED), number = theme_bold(9, COLOR_ACCENT);
    double y = A4_HEIGHT - 32;
    pdf_artifact(pdf);
    pdf_rect(pdf, COLOR_ACCENT, 0, 0, A4_WIDTH, 7);
    theme_arch(pdf, COLOR_ACCENT, MARGIN, 28, 13, 17);
    pdf_text(pdf, &style, MARGIN + 21, 41, PDF_LEFT, l->sheet->network);
    pdf_text(pdf, &style, A4_WIDTH - MARGIN, 41, PDF_RIGHT, l->sheet->title);
    pdf_line(pdf, COLOR_RULE, 0.6, 0, MARGIN, y - 14, A4_WIDTH - MARGIN, y - 14);
    pdf_text(pdf, &style, MARGIN, y, PDF_LEFT, l->sheet->edition);
    pdf_text(pdf, &number, A4_WIDTH - MARGIN, y, PDF_RIGHT, str_format(l->arena, "%d", pdf_page_count(pdf)));
    pdf_artifact_end(pdf);
    pdf_page_end(pdf);
}

static void next_page(struct layout *l)
{
    end_page(l);
    begin_page(l);
}

static void need(struct layout *l, double height)
{
    if (l->y + height > BOTTOM && l->y > TOP)
        next_page(l);
}

/* ---- Pieces. ---- */

static void paragraph(struct layout *l, enum pdf_tag tag, const struct pdf_style *style, double x, double width,
                      double leading, struct str text)
{
    struct pdf_block block = {
        .style = style, .x = x, .width = width, .leading = leading, .max_lines = PARAGRAPH_LINES};
    int lines = pdf_block_lines(l->pdf, &block, text);
    if (lines == 0)
        return;
    need(l, lines * leading);
    block.y = l->y + style->size;
    pdf_begin(l->pdf, tag);
    pdf_block_draw(l->pdf, &block, text);
    pdf_end(l->pdf);
    l->y += lines * leading;
}

static void heading(struct layout *l, struct str text, double keep)
{
    const struct pdf_style style = theme_serif(21, COLOR_ACCENT);
    need(l, 44 + keep);
    l->y += l->y > TOP ? 14 : 0;
    pdf_bookmark(l->pdf, 1, l->y - 6, text);
    paragraph(l, PDF_H2, &style, MARGIN, TEXT_WIDTH, 26, text);
    l->y += 12;
}

/* ---- The cover. ---- */

/* Arches in a row along the lower edge of the panel, like a bridge. */
static void draw_bridge(struct pdf *pdf, double bottom)
{
    enum { ARCHES = 5 };
    const double width = A4_WIDTH / ARCHES, pier = 15, r = (width - pier) / 2, top = bottom - 186, k = r * 0.4477;
    pdf_move(pdf, 0, bottom);
    pdf_to(pdf, 0, top);
    pdf_to(pdf, A4_WIDTH, top);
    pdf_to(pdf, A4_WIDTH, bottom);
    for (int i = 0; i < ARCHES; i++) {
        double x = i * width + pier / 2, crown = top + 34, right = x + 2 * r;
        pdf_move(pdf, x, bottom);
        pdf_to(pdf, x, crown + r);
        pdf_curve(pdf, x, crown + k, x + k, crown, x + r, crown);
        pdf_curve(pdf, right - k, crown, right, crown + k, right, crown + r);
        pdf_to(pdf, right, bottom);
    }
    pdf_fill(pdf, COVER_ARCH);
    pdf_rect(pdf, COVER_ARCH, 0, top - 14, A4_WIDTH, 7);
}

static void draw_cover(struct layout *l)
{
    struct pdf *pdf = l->pdf;
    const struct manual_sheet *s = l->sheet;
    const double panel = 560;
    const struct pdf_style network = theme_bold(13, COLOR_WHITE), title = theme_serif(46, COLOR_WHITE);
    const struct pdf_style subtitle = theme_sans(17, COVER_TEXT), edition = theme_bold(11, COLOR_ACCENT);
    const struct pdf_style text = theme_sans(10.5, COLOR_INK);
    begin_page(l);
    pdf_artifact(pdf);
    pdf_rect(pdf, COLOR_ACCENT, 0, 0, A4_WIDTH, panel);
    draw_bridge(pdf, panel);
    theme_arch(pdf, COLOR_WHITE, MARGIN, 58, 24, 31);
    pdf_artifact_end(pdf);
    pdf_begin(pdf, PDF_P);
    pdf_text(pdf, &network, MARGIN + 38, 80, PDF_LEFT, s->network);
    pdf_end(pdf);
    l->y = 176;
    paragraph(l, PDF_H1, &title, MARGIN, TEXT_WIDTH, 52, s->title);
    l->y += 14;
    paragraph(l, PDF_P, &subtitle, MARGIN, TEXT_WIDTH - 60, 24, s->subtitle);
    l->y = panel + 44;
    paragraph(l, PDF_P, &edition, MARGIN, TEXT_WIDTH, 15, s->edition);
    l->y += 14;
    for (size_t i = 0; i < s->contact.n && i < 8; i++)
        paragraph(l, PDF_P, &text, MARGIN, TEXT_WIDTH, 15, s->contact.p[i]);
    pdf_page_end(pdf);
}

/* ---- How to book. ---- */

static void draw_step(struct layout *l, size_t i)
{
    const struct manual_step *step = &l->sheet->steps[i];
    const struct pdf_style title = theme_bold(11.5, COLOR_INK), text = theme_sans(10, COLOR_INK);
    const struct pdf_style number = theme_bold(11, COLOR_WHITE);
    const double x = MARGIN + 38, width = TEXT_WIDTH - 38;
    struct pdf_block measure = {.style = &text, .width = width, .leading = 14.5, .max_lines = PARAGRAPH_LINES};
    need(l, 22 + pdf_block_lines(l->pdf, &measure, step->text) * measure.leading);
    pdf_artifact(l->pdf);
    pdf_round_rect(l->pdf, COLOR_ACCENT, MARGIN, l->y - 3, 23, 23, 11.5);
    pdf_text(l->pdf, &number, MARGIN + 11.5, l->y + 12.4, PDF_CENTER, str_format(l->arena, "%zu", i + 1));
    pdf_artifact_end(l->pdf);
    paragraph(l, PDF_H3, &title, x, width, 17, step->title);
    l->y += 2;
    paragraph(l, PDF_P, &text, x, width, 14.5, step->text);
    l->y += 15;
}

static void draw_booking(struct layout *l)
{
    const struct manual_sheet *s = l->sheet;
    const struct pdf_style text = theme_sans(10.5, COLOR_INK);
    begin_page(l);
    heading(l, s->labels.booking_heading, 60);
    for (size_t i = 0; i < s->intro.n && i < MAX_STEPS; i++) {
        paragraph(l, PDF_P, &text, MARGIN, TEXT_WIDTH, 15.5, s->intro.p[i]);
        l->y += 8;
    }
    l->y += 8;
    for (size_t i = 0; i < s->step_count; i++)
        draw_step(l, i);
}

/* ---- The rules. ---- */

enum { RULE_COLUMNS = 4 };
static const double RULE_X[RULE_COLUMNS] = {0, 138, 300, 400};
static const double RULE_WIDTH[RULE_COLUMNS] = {128, 150, 90, 88};
static const double RULE_LEADING = 13;

static void draw_rule_row(struct layout *l, const struct pdf_style styles[RULE_COLUMNS],
                          const struct str cells[RULE_COLUMNS], bool is_head)
{
    struct pdf *pdf = l->pdf;
    struct pdf_block block = {.leading = RULE_LEADING, .max_lines = 6};
    int most = 1;
    for (int i = 0; i < RULE_COLUMNS; i++) {
        block.style = &styles[i];
        block.width = RULE_WIDTH[i];
        int lines = pdf_block_lines(pdf, &block, cells[i]);
        most = lines > most ? lines : most;
    }
    double height = 16 + most * RULE_LEADING;
    need(l, height);
    pdf_artifact(pdf);
    if (is_head)
        pdf_round_rect(pdf, COLOR_ACCENT, MARGIN, l->y, TEXT_WIDTH, height, 3);
    else
        pdf_line(pdf, COLOR_RULE, 0.6, 0, MARGIN, l->y + height, A4_WIDTH - MARGIN, l->y + height);
    pdf_artifact_end(pdf);
    pdf_open(pdf, PDF_TR);
    for (int i = 0; i < RULE_COLUMNS; i++) {
        block.style = &styles[i];
        block.x = MARGIN + 10 + RULE_X[i];
        block.y = l->y + 17;
        block.width = RULE_WIDTH[i];
        pdf_open(pdf, is_head || i == 0 ? PDF_TH : PDF_TD);
        if (is_head || i == 0)
            pdf_scope(pdf, is_head ? PDF_SCOPE_COLUMN : PDF_SCOPE_ROW);
        pdf_mark(pdf);
        pdf_block_draw(pdf, &block, cells[i]);
        pdf_end(pdf);
    }
    pdf_close(pdf);
    l->y += height;
}

static void draw_rules(struct layout *l)
{
    const struct manual_sheet *s = l->sheet;
    if (s->rule_count == 0)
        return;
    const struct pdf_style head = theme_bold(9, COLOR_WHITE), name = theme_bold(9.5, COLOR_INK);
    const struct pdf_style text = theme_sans(9.5, COLOR_INK);
    heading(l, s->labels.rules_heading, 120);
    pdf_open(l->pdf, PDF_TABLE);
    draw_rule_row(l, (const struct pdf_style[]){head, head, head, head},
                  (const struct str[]){s->labels.rule_monument, s->labels.rule_mandatory, s->labels.rule_maximum,
                                       s->labels.rule_option}, true);
    for (size_t i = 0; i < s->rule_count; i++) {
        const struct manual_rule *rule = &s->rules[i];
        draw_rule_row(l, (const struct pdf_style[]){name, text, text, text},
                      (const struct str[]){rule->monument, rule->mandatory, rule->maximum, rule->option}, false);
    }
    pdf_close(l->pdf);
}

/* ---- The table of contents, in two columns. ---- */

static bool starts_region(const struct layout *l, size_t i)
{
    return i == 0 || !str_eq(l->sheet->entries[i].region, l->sheet->entries[i - 1].region);
}

static void draw_contents_line(struct layout *l, size_t i, double x)
{
    struct pdf *pdf = l->pdf;
    const struct manual_entry *entry = &l->sheet->entries[i];
    const struct pdf_style style = theme_sans(9, COLOR_INK), number = theme_bold(9, COLOR_ACCENT);
    const struct pdf_block block = {
        .style = &style, .x = x, .y = l->y + 9, .width = COLUMN_WIDTH - 28, .leading = 12, .max_lines = 1};
    struct str page = str_format(l->arena, "%d", l->pages[i] + 1);
    struct str said = str_format(l->arena, "%.*s, %.*s %.*s", STR_ARG(entry->name), STR_ARG(l->sheet->labels.page),
                                 STR_ARG(page));
    pdf_open(pdf, PDF_TOCI);
    pdf_open(pdf, PDF_LINK);
    pdf_mark(pdf);
    pdf_block_draw(pdf, &block, entry->name);
    pdf_text(pdf, &number, x + COLUMN_WIDTH - pdf_text_width(pdf, &number, page), l->y + 9, PDF_RIGHT, S(" "));
    pdf_text(pdf, &number, x + COLUMN_WIDTH, l->y + 9, PDF_RIGHT, page);
    pdf_mark_end(pdf);
    pdf_link_page(pdf, x, l->y - 1, COLUMN_WIDTH, 13, l->pages[i], said);
    pdf_close(pdf);
    pdf_close(pdf);
    l->y += 13.2;
}

/* The next column, or the first one of the next page. */
static void next_column(struct layout *l, int *column, double *top)
{
    if (*column == 1) {
        next_page(l);
        *top = TOP;
    }
    *column = 1 - *column;
    l->y = *top;
}

static void draw_contents(struct layout *l)
{
    const struct pdf_style region = theme_bold(9.5, COLOR_ACCENT);
    next_page(l);
    heading(l, l->sheet->labels.contents, 100);
    double top = l->y;
    int column = 0;
    bool open = false;
    for (size_t i = 0; i < l->sheet->entry_count; i++) {
        bool starts = starts_region(l, i);
        if (l->y + (starts ? 46 : 14) > BOTTOM)
            next_column(l, &column, &top);
        double x = MARGIN + column * (COLUMN_WIDTH + GUTTER);
        if (starts) {
            if (open)
                pdf_close(l->pdf);
            l->y += l->y > top ? 9 : 0;
            pdf_begin(l->pdf, PDF_H3);
            pdf_text(l->pdf, &region, x, l->y + 10, PDF_LEFT, l->sheet->entries[i].region);
            pdf_end(l->pdf);
            pdf_artifact(l->pdf);
            pdf_line(l->pdf, COLOR_RULE, 0.6, 0, x, l->y + 15, x + COLUMN_WIDTH, l->y + 15);
            pdf_artifact_end(l->pdf);
            l->y += 19;
            pdf_open(l->pdf, PDF_TOC);
            open = true;
        }
        draw_contents_line(l, i, x);
    }
    if (open)
        pdf_close(l->pdf);
}

/* ---- The monuments. ---- */

enum { FACT_LINES = 4, ENTRY_FACTS = 5 };

struct fact {
    struct str label, value;
    double height;
};

/* Those that say something, in reading order, with their heights. */
static int entry_facts(struct layout *l, const struct manual_entry *entry, const struct pdf_style *style,
                       struct fact facts[ENTRY_FACTS])
{
    const struct manual_labels *labels = &l->sheet->labels;
    const struct fact all[ENTRY_FACTS] = {{labels->hours, entry->hours, 0},
                                          {labels->closing, entry->closing, 0},
                                          {labels->prices, entry->prices, 0},
                                          {labels->booking, entry->booking, 0},
                                          {labels->contact, entry->contact, 0}};
    const struct pdf_block block = {.style = style, .width = COLUMN_WIDTH, .leading = 1, .max_lines = FACT_LINES};
    int count = 0;
    for (int i = 0; i < ENTRY_FACTS; i++) {
        if (str_empty(all[i].value))
            continue;
        facts[count] = all[i];
        facts[count].height = theme_pair_height(style, pdf_block_lines(l->pdf, &block, all[i].value));
        count++;
    }
    return count;
}

static double row_height(const struct fact *facts, int count, int i)
{
    double first = facts[i].height, second = i + 1 < count ? facts[i + 1].height : 0;
    return (first > second ? first : second) + 15;
}

static void draw_facts(struct layout *l, const struct fact *facts, int count, const struct pdf_style *style)
{
    for (int i = 0; i < count; i += 2) {
        for (int k = i; k < i + 2 && k < count; k++) {
            double x = k == i ? MARGIN : MARGIN + COLUMN_WIDTH + GUTTER;
            pdf_begin(l->pdf, PDF_P);
            theme_pair(l->pdf, x, l->y + 8, COLUMN_WIDTH, FACT_LINES, style, facts[k].label, facts[k].value);
            pdf_end(l->pdf);
        }
        l->y += row_height(facts, count, i);
    }
}

static void draw_entry(struct layout *l, size_t i)
{
    const struct manual_entry *entry = &l->sheet->entries[i];
    const struct pdf_style name = theme_serif(14, COLOR_INK), place = theme_sans(9, COLOR_MUTED);
    const struct pdf_style text = theme_sans(9.5, COLOR_INK), value = theme_sans(9, COLOR_INK);
    struct fact facts[ENTRY_FACTS];
    int count = entry_facts(l, entry, &value, facts);
    struct pdf_block block = {.style = &name, .width = TEXT_WIDTH, .leading = 17, .max_lines = PARAGRAPH_LINES};
    double height = 17.0 * pdf_block_lines(l->pdf, &block, entry->name) + 30;
    block.style = &text;
    height += 13.0 * pdf_block_lines(l->pdf, &block, entry->summary);
    for (int k = 0; k < count; k += 2)
        height += row_height(facts, count, k);
    bool starts = starts_region(l, i);
    if (starts)
        heading(l, entry->region, height);
    else
        need(l, height);
    if (!starts && l->y > TOP) {
        pdf_artifact(l->pdf);
        pdf_line(l->pdf, COLOR_RULE, 0.6, 0, MARGIN, l->y, A4_WIDTH - MARGIN, l->y);
        pdf_artifact_end(l->pdf);
        l->y += 10;
    }
    l->pages[i] = pdf_page_count(l->pdf) - 1;
    pdf_open(l->pdf, PDF_SECT);
    pdf_bookmark(l->pdf, 2, l->y - 6, entry->name);
    paragraph(l, PDF_H3, &name, MARGIN, TEXT_WIDTH, 17, entry->name);
    struct str line = str_empty(entry->kind) ? entry->place
                                             : str_format(l->arena, "%.*s  \xC2\xB7  %.*s", STR_ARG(entry->place),
                                                          STR_ARG(entry->kind));
    paragraph(l, PDF_P, &place, MARGIN, TEXT_WIDTH, 13, line);
    l->y += 2;
    paragraph(l, PDF_P, &text, MARGIN, TEXT_WIDTH, 13, entry->summary);
    l->y += 6;
    draw_facts(l, facts, count, &value);
    pdf_close(l->pdf);
}

static void draw_entries(struct layout *l)
{
    next_page(l);
    for (size_t i = 0; i < l->sheet->entry_count && !pdf_failed(l->pdf); i++)
        draw_entry(l, i);
}

/* ---- The whole. ---- */

static void lay_out(struct layout *l)
{
    pdf_open(l->pdf, PDF_DOCUMENT);
    draw_cover(l);
    draw_booking(l);
    draw_rules(l);
    if (l->sheet->entry_count > 0) {
        draw_contents(l);
        draw_entries(l);
    }
    end_page(l);
    pdf_close(l->pdf);
}

enum err doc_manual_pdf(const struct doc_fonts *fonts, const struct manual_sheet *sheet, struct buf *out,
                        struct fault *fault)
{
    if (sheet->entry_count > MAX_ENTRIES || sheet->step_count > MAX_STEPS || sheet->rule_count > MAX_RULES)
        return fault_set(fault, ERR_LIMIT, "manual: more entries, steps or rules than a manual holds");
    struct arena *arena = arena_new();
    struct layout l = {.arena = arena, .sheet = sheet, .pages = ARENA_ARRAY(arena, sheet->entry_count, int)};
    const struct pdf_info info = {.title = sheet->title, .language = sheet->language, .author = sheet->network};
    enum err err = OK;
    for (int pass = 0; pass < 2 && err == OK; pass++) {
        l.pdf = pdf_new(fonts, &info);
        lay_out(&l);
        if (pass == 1 || pdf_failed(l.pdf))
            err = pdf_finish(l.pdf, out, fault);
        pdf_free(&l.pdf);
    }
    arena_free(&arena);
    return err;
}
