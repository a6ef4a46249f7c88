/* Pages, forms and the drawing of shapes. */
#include "doc/pdf_inner.h"

/* How far a curve's handles reach for a quarter of a circle of radius 1. */
static const double QUARTER = 0.5523;

void pdf_content_unknown(struct pdf_content *content)
{
    content->fill_known = false;
    content->face = PDF_NO_FACE;
    content->tracking_known = false;
}

static void content_start(struct pdf_content *content, double height)
{
    buf_clear(&content->bytes);
    content->height = height;
    pdf_content_unknown(content);
}

struct pdf_content *pdf_drawing(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return NULL;
    assert(pdf->now != NULL && "drawing needs a page or a form");
    assert(pdf->marking != MARKING_NONE && "what is drawn is content of an element or an artifact");
    return pdf->now;
}

/* ---- Pages. ---- */

int pdf_page_object(struct pdf *pdf, int page)
{
    assert(page >= 0);
    while (pdf->page_count <= (uint32_t)page) {
        if (!PDF_ROOM(pdf, page, PDF_MAX_PAGES))
            return 0;
        int object = pdf_object_new(pdf);
        if (pdf_failed(pdf))
            return 0;
        pdf->pages[pdf->page_count++] = (struct pdf_page){.object = object};
    }
    return pdf->pages[page].object;
}

int pdf_page_count(const struct pdf *pdf)
{
    return pdf->pages_begun;
}

void pdf_page_begin(struct pdf *pdf, double width, double height)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->current_page < 0 && "pages do not nest");
    pdf_page_object(pdf, pdf->pages_begun);
    if (pdf_failed(pdf))
        return;
    pdf->current_page = pdf->pages_begun++;
    struct pdf_page *page = &pdf->pages[pdf->current_page];
    page->width = width;
    page->height = height;
    page->first_mark = pdf->mark_count;
    content_start(&pdf->page, height);
    pdf->now = &pdf->page;
}

void pdf_page_end(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->current_page >= 0 && pdf->marking == MARKING_NONE && "a page ends with its marks closed");
    if (pdf->page.bytes.overflowed) {
        pdf_fail(pdf, ERR_LIMIT, "pdf: page %d is too long", pdf->pages_begun);
        return;
    }
    struct pdf_page *page = &pdf->pages[pdf->current_page];
    page->mark_count = pdf->mark_count - page->first_mark;
    int content = pdf_object_new(pdf);
    pdf_write_stream(pdf, content, S(""), buf_view(&pdf->page.bytes), false);

    struct buf text = buf_new(64 * 1024);
    buf_format(&text, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 ", pdf->page_tree);
    pdf_put_number(&text, page->width);
    buf_char(&text, ' ');
    pdf_put_number(&text, page->height);
    buf_format(&text, "]/Resources %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S", pdf->resources, content,
               pdf->current_page);
    pdf_write_page_annotations(pdf, pdf->current_page, &text);
    buf_c(&text, ">>");
    pdf_write_small(pdf, page->object, buf_view(&text));
    if (text.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: too many links on a page");
    buf_free(&text);
    pdf->current_page = -1;
    pdf->now = NULL;
}

/* ---- Forms. ---- */

void pdf_form_begin(struct pdf *pdf, double width, double height)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->marking == MARKING_NONE && pdf->now != &pdf->form && "a form stands by itself");
    content_start(&pdf->form, height);
    pdf->now = &pdf->form;
    pdf->marking = MARKING_FORM;
    if (!PDF_ROOM(pdf, form, PDF_MAX_FORMS))
        return;
    pdf->forms[pdf->form_count] = pdf_object_new(pdf);
    pdf->form_width = width;
}

int pdf_form_end(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return 0;
    assert(pdf->marking == MARKING_FORM);
    if (pdf->form.bytes.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: a form is too long");
    struct buf head = buf_new(256);
    buf_c(&head, "/Type/XObject/Subtype/Form/BBox[0 0 ");
    pdf_put_number(&head, pdf->form_width);
    buf_char(&head, ' ');
    pdf_put_number(&head, pdf->form.height);
    buf_format(&head, "]/Resources %d 0 R", pdf->resources);
    pdf_write_stream(pdf, pdf->forms[pdf->form_count], buf_view(&head), buf_view(&pdf->form.bytes), false);
    buf_free(&head);
    pdf->marking = MARKING_NONE;
    pdf->now = pdf->current_page >= 0 ? &pdf->page : NULL;
    return (int)pdf->form_count++;
}

void pdf_form_place(struct pdf *pdf, int form, double dx, double dy)
{
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return;
    assert(content == &pdf->page && form >= 0 && (uint32_t)form < pdf->form_count);
    struct buf *out = &content->bytes;
    bool moved = dx != 0 || dy != 0;
    if (moved) {
        buf_c(out, "q 1 0 0 1 ");
        pdf_put_numbers(out, (const double[]){dx, -dy}, 2, "cm");
    }
    buf_c(out, "/X");
    buf_int(out, form);
    buf_c(out, moved ? " Do Q\n" : " Do\n");
}

/* ---- Shapes. ---- */

void pdf_set_fill(struct pdf_content *content, struct pdf_color color)
{
    if (content->fill_known && memcmp(&content->fill, &color, sizeof color) == 0)
        return;
    content->fill_known = true;
    content->fill = color;
    const double parts[3] = {color.r / 255.0, color.g / 255.0, color.b / 255.0};
    if (color.r == color.g && color.g == color.b)
        pdf_put_numbers(&content->bytes, parts, 1, "g");
    else
        pdf_put_numbers(&content->bytes, parts, 3, "rg");
}

void pdf_rect(struct pdf *pdf, struct pdf_color fill, double x, double y, double width, double height)
{
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return;
    pdf_set_fill(content, fill);
    pdf_put_numbers(&content->bytes, (const double[]){x, content->height - y - height, width, height}, 4, "re f");
}

void pdf_round_rect(struct pdf *pdf, struct pdf_color fill, double x, double y, double width, double height,
                    double radius)
{
    double r = radius, k = radius * (1 - QUARTER), right = x + width, bottom = y + height;
    pdf_move(pdf, x + r, y);
    pdf_to(pdf, right - r, y);
    pdf_curve(pdf, right - k, y, right, y + k, right, y + r);
    pdf_to(pdf, right, bottom - r);
    pdf_curve(pdf, right, bottom - k, right - k, bottom, right - r, bottom);
    pdf_to(pdf, x + r, bottom);
    pdf_curve(pdf, x + k, bottom, x, bottom - k, x, bottom - r);
    pdf_to(pdf, x, y + r);
    pdf_curve(pdf, x, y + k, x + k, y, x + r, y);
    pdf_fill(pdf, fill);
}

void pdf_line(struct pdf *pdf, struct pdf_color color, double thickness, double dash, double x1, double y1, double x2,
              double y2)
{
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return;
    struct buf *out = &content->bytes;
    buf_c(out, "q ");
    pdf_put_numbers(out, (const double[]){color.r / 255.0, color.g / 255.0, color.b / 255.0}, 3, "RG");
    pdf_put_numbers(out, &thickness, 1, "w");
    if (dash > 0) {
        buf_char(out, '[');
        pdf_put_number(out, dash);
        buf_c(out, "]0 d\n");
    }
    pdf_put_numbers(out, (const double[]){x1, content->height - y1}, 2, "m");
    pdf_put_numbers(out, (const double[]){x2, content->height - y2}, 2, "l S Q");
}

static void path_point(struct pdf *pdf, const double *points, size_t count, const char *operator)
{
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return;
    double flipped[6];
    for (size_t i = 0; i < count; i++)
        flipped[i] = i % 2 == 0 ? points[i] : content->height - points[i];
    pdf_put_numbers(&pdf->path, flipped, count, operator);
}

void pdf_move(struct pdf *pdf, double x, double y)
{
    path_point(pdf, (const double[]){x, y}, 2, "m");
}

void pdf_to(struct pdf *pdf, double x, double y)
{
    path_point(pdf, (const double[]){x, y}, 2, "l");
}

void pdf_curve(struct pdf *pdf, double x1, double y1, double x2, double y2, double x, double y)
{
    path_point(pdf, (const double[]){x1, y1, x2, y2, x, y}, 6, "c");
}

void pdf_fill(struct pdf *pdf, struct pdf_color color)
{
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return;
    pdf_set_fill(content, color);
    if (pdf->path.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: a path is too long");
    buf_str(&content->bytes, buf_view(&pdf->path));
    buf_c(&content->bytes, "f*\n");
    buf_clear(&pdf->path);
}

void pdf_modules(struct pdf *pdf, struct pdf_color color, double x, double y, double size, const uint8_t *modules,
                 int side)
{
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return;
    /* An inline image mask: one operator, and no gaps between modules at any zoom. In hexadecimal, so that no byte
     * of it can be taken for its end. */
    static const char digits[] = "0123456789abcdef";
    struct buf *out = &content->bytes;
    pdf_set_fill(content, color);
    buf_c(out, "q ");
    pdf_put_numbers(out, (const double[]){size, 0, 0, size, x, content->height - y - size}, 6, "cm");
    buf_format(out, "BI/W %d/H %d/IM true/BPC 1/D[1 0]/F/AHx ID ", side, side);
    for (int row = 0; row < side; row++) {
        const uint8_t *modules_of_row = modules + (size_t)row * (size_t)side;
        for (int column = 0; column < side; column += 8) {
            unsigned byte = 0;
            for (int bit = 0; bit < 8 && column + bit < side; bit++)
                byte |= (unsigned)(modules_of_row[column + bit] & 1) << (7 - bit);
            buf_put(out, (const char[2]){digits[byte >> 4], digits[byte & 15]}, 2);
        }
    }
    buf_c(out, "> EI Q\n");
}
