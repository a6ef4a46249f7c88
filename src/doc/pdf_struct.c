/* The structure tree: elements, marks, links, bookmarks, and their writing at the end. */
#include "doc/pdf_inner.h"

static const char *const tag_names[] = {
    [PDF_DOCUMENT] = "Document", [PDF_SECT] = "Sect",   [PDF_DIV] = "Div",     [PDF_H1] = "H1",
    [PDF_H2] = "H2",             [PDF_H3] = "H3",       [PDF_P] = "P",         [PDF_FIGURE] = "Figure",
    [PDF_TABLE] = "Table",       [PDF_TR] = "TR",       [PDF_TH] = "TH",       [PDF_TD] = "TD",
    [PDF_L] = "L",               [PDF_LI] = "LI",       [PDF_LBODY] = "LBody", [PDF_LINK] = "Link",
    [PDF_TOC] = "TOC",           [PDF_TOCI] = "TOCI",
};

/* ---- Building. ---- */

static void add_kid(struct pdf *pdf, uint32_t element, enum pdf_kid_kind kind, uint32_t index)
{
    if (!PDF_ROOM(pdf, kid, 2 * PDF_MAX_ELEMENTS))
        return;
    uint32_t kid = pdf->kid_count++;
    pdf->kids[kid] = (struct pdf_kid){.kind = kind, .index = index};
    struct pdf_element *parent = &pdf->elements[element];
    if (parent->first == 0)
        parent->first = kid;
    else
        pdf->kids[parent->last].next = kid;
    parent->last = kid;
}

static uint32_t innermost(const struct pdf *pdf)
{
    assert(pdf->depth > 0 && "an element must be open");
    return pdf->open[pdf->depth - 1];
}

void pdf_open(struct pdf *pdf, enum pdf_tag tag)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->depth < PDF_MAX_DEPTH && (pdf->depth > 0) == (pdf->element_count > 0) && "one outermost element");
    assert(pdf->marking == MARKING_NONE && "elements open between marks");
    if (!PDF_ROOM(pdf, element, PDF_MAX_ELEMENTS))
        return;
    uint32_t index = pdf->element_count++;
    uint32_t parent = pdf->depth > 0 ? innermost(pdf) : index;
    pdf->elements[index] = (struct pdf_element){.tag = tag, .parent = parent};
    if (parent != index)
        add_kid(pdf, parent, KID_ELEMENT, index);
    pdf->open[pdf->depth++] = index;
}

void pdf_close(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->depth > 0 && pdf->marking == MARKING_NONE);
    pdf->depth--;
}

void pdf_alt(struct pdf *pdf, struct str text, double x, double y, double width, double height)
{
    if (!utf8_valid(text))
        pdf_fail(pdf, ERR_INPUT, "pdf: alternative text is not UTF-8");
    if (pdf_failed(pdf))
        return;
    double bottom = pdf->page.height - y - height;
    struct buf attributes = buf_new(PDF_TEXT_MAX * 4 + 256);
    buf_c(&attributes, "/Alt");
    pdf_put_text(&attributes, text);
    buf_c(&attributes, "/A<</O/Layout/BBox[");
    pdf_put_numbers(&attributes, (const double[]){x, bottom, x + width, bottom + height}, 4, "]>>");
    if (attributes.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: alternative text is too long");
    pdf->elements[innermost(pdf)].attributes = str_dup(pdf->arena, buf_view(&attributes));
    buf_free(&attributes);
}

void pdf_scope(struct pdf *pdf, enum pdf_scope scope)
{
    if (pdf_failed(pdf))
        return;
    pdf->elements[innermost(pdf)].attributes =
        scope == PDF_SCOPE_COLUMN ? S("/A<</O/Table/Scope/Column>>") : S("/A<</O/Table/Scope/Row>>");
}

void pdf_mark(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->marking == MARKING_NONE && pdf->current_page >= 0);
    if (!PDF_ROOM(pdf, mark, PDF_MAX_ELEMENTS))
        return;
    uint32_t element = innermost(pdf), mark = pdf->mark_count++;
    pdf->marks[mark] = (struct pdf_mark_entry){.element = element, .page = (uint32_t)pdf->current_page};
    add_kid(pdf, element, KID_MARK, mark);
    struct buf *out = &pdf->page.bytes;
    buf_char(out, '/');
    buf_c(out, tag_names[pdf->elements[element].tag]);
    buf_c(out, "<</MCID ");
    buf_int(out, mark - pdf->pages[pdf->current_page].first_mark);
    buf_c(out, ">>BDC\n");
    pdf->marking = MARKING_ELEMENT;
}

void pdf_mark_end(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->marking == MARKING_ELEMENT);
    buf_c(&pdf->page.bytes, "EMC\n");
    pdf->marking = MARKING_NONE;
}

void pdf_artifact(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->marking == MARKING_NONE && pdf->current_page >= 0);
    buf_c(&pdf->page.bytes, "/Artifact BMC\n");
    pdf->marking = MARKING_ARTIFACT;
}

void pdf_artifact_end(struct pdf *pdf)
{
    if (pdf_failed(pdf))
        return;
    assert(pdf->marking == MARKING_ARTIFACT);
    buf_c(&pdf->page.bytes, "EMC\n");
    pdf->marking = MARKING_NONE;
}

void pdf_begin(struct pdf *pdf, enum pdf_tag tag)
{
    pdf_open(pdf, tag);
    pdf_mark(pdf);
}

void pdf_end(struct pdf *pdf)
{
    pdf_mark_end(pdf);
    pdf_close(pdf);
}

/* ---- Links and bookmarks. ---- */

static void add_link(struct pdf *pdf, struct pdf_annotation link, double x, double y, double width, double height)
{
    if (!utf8_valid(link.uri) || !utf8_valid(link.description))
        pdf_fail(pdf, ERR_INPUT, "pdf: a link is not UTF-8");
    if (pdf_failed(pdf) || !PDF_ROOM(pdf, annotation, PDF_MAX_ELEMENTS))
        return;
    assert(pdf->current_page >= 0 && pdf->elements[innermost(pdf)].tag == PDF_LINK);
    link.page = pdf->current_page;
    link.x1 = x;
    link.x2 = x + width;
    link.y1 = pdf->page.height - y - height;
    link.y2 = pdf->page.height - y;
    link.element = innermost(pdf);
    link.object = pdf_object_new(pdf);
    link.uri = str_dup(pdf->arena, link.uri);
    link.description = str_dup(pdf->arena, link.description);
    add_kid(pdf, link.element, KID_ANNOTATION, pdf->annotation_count);
    pdf->annotations[pdf->annotation_count++] = link;
}

void pdf_link_uri(struct pdf *pdf, double x, double y, double width, double height, struct str uri,
                  struct str description)
{
    add_link(pdf, (struct pdf_annotation){.uri = uri, .target = -1, .description = description}, x, y, width, height);
}

void pdf_link_page(struct pdf *pdf, double x, double y, double width, double height, int page, struct str description)
{
    if (pdf_failed(pdf))
        return;
    pdf_page_object(pdf, page);
    add_link(pdf, (struct pdf_annotation){.target = page, .description = description}, x, y, width, height);
}

void pdf_bookmark(struct pdf *pdf, int level, double y, struct str title)
{
    if (!utf8_valid(title))
        pdf_fail(pdf, ERR_INPUT, "pdf: a bookmark is not UTF-8");
    if (pdf_failed(pdf) || !PDF_ROOM(pdf, bookmark, PDF_MAX_ELEMENTS))
        return;
    assert(pdf->current_page >= 0 && level >= 1);
    pdf->bookmarks[pdf->bookmark_count++] = (struct pdf_bookmark_entry){
        .level = level, .page = pdf->current_page, .y = pdf->page.height - y, .title = str_dup(pdf->arena, title)};
}

/* ---- Writing. ---- */

void pdf_write_page_annotations(struct pdf *pdf, int page, struct buf *out)
{
    bool any = false;
    /* Links are added in the order of pages: those of this page are the last ones. */
    uint32_t i = pdf->annotation_count;
    while (i > 0 && pdf->annotations[i - 1].page == page)
        i--;
    for (; i < pdf->annotation_count; i++) {
        buf_c(out, any ? " " : "/Annots[");
        pdf_put_reference(out, pdf->annotations[i].object);
        any = true;
    }
    if (any)
        buf_char(out, ']');
}

/* An address in a string of ASCII: anything else and the string's own delimiters are percent-encoded. */
static void put_uri(struct buf *out, struct str uri)
{
    buf_char(out, '(');
    for (size_t i = 0; i < uri.n; i++) {
        unsigned char c = (unsigned char)uri.p[i];
        if (c <= ' ' || c >= 0x7F || c == '(' || c == ')' || c == '\\')
            buf_format(out, "%%%02X", c);
        else
            buf_char(out, (char)c);
    }
    buf_char(out, ')');
}

static void write_annotations(struct pdf *pdf, struct buf *text)
{
    for (uint32_t i = 0; i < pdf->annotation_count && !pdf_failed(pdf); i++) {
        const struct pdf_annotation *link = &pdf->annotations[i];
        buf_clear(text);
        buf_c(text, "<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
        pdf_put_numbers(text, (const double[]){link->x1, link->y1, link->x2, link->y2}, 4, "]");
        buf_format(text, "/StructParent %d/Contents", pdf->pages_begun + (int)i);
        pdf_put_text(text, link->description);
        if (link->target >= 0) {
            buf_format(text, "/Dest[%d 0 R/Fit]>>", pdf->pages[link->target].object);
        } else {
            buf_c(text, "/A<</S/URI/URI");
            put_uri(text, link->uri);
            buf_c(text, ">>>>");
        }
        pdf_write_small(pdf, link->object, buf_view(text));
    }
}

/* The page of an element's first own mark, which its /Pg names; -1 when it has none. */
static int element_page(const struct pdf *pdf, const struct pdf_element *element)
{
    for (uint32_t k = element->first; k != 0; k = pdf->kids[k].next)
        if (pdf->kids[k].kind == KID_MARK)
            return (int)pdf->marks[pdf->kids[k].index].page;
    return -1;
}

static void put_kid(const struct pdf *pdf, const struct pdf_kid *kid, int page, int first_object, struct buf *text)
{
    if (kid->kind == KID_ELEMENT) {
        pdf_put_reference(text, first_object + (int)kid->index);
    } else if (kid->kind == KID_ANNOTATION) {
        const struct pdf_annotation *link = &pdf->annotations[kid->index];
        buf_format(text, "<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>", link->object, pdf->pages[link->page].object);
    } else {
        const struct pdf_mark_entry *mark = &pdf->marks[kid->index];
        uint32_t id = kid->index - pdf->pages[mark->page].first_mark;
        if ((int)mark->page == page)
            buf_int(text, id);
        else
            buf_format(text, "<</Type/MCR/Pg %d 0 R/MCID %u>>", pdf->pages[mark->page].object, id);
    }
}

static void put_element(const struct pdf *pdf, uint32_t index, int root, int first_object, struct buf *text)
{
    const struct pdf_element *element = &pdf->elements[index];
    int page = element_page(pdf, element);
    buf_c(text, "<</S/");
    buf_c(text, tag_names[element->tag]);
    buf_c(text, "/P ");
    pdf_put_reference(text, element->parent == index ? root : first_object + (int)element->parent);
    buf_str(text, element->attributes);
    if (page >= 0) {
        buf_c(text, "/Pg ");
        pdf_put_reference(text, pdf->pages[page].object);
    }
    const struct pdf_kid *kid = &pdf->kids[element->first];
    if (element->first != 0) {
        bool many = kid->next != 0;
        buf_c(text, many ? "/K[" : "/K ");
        put_kid(pdf, kid, page, first_object, text);
        while (kid->next != 0) {
            kid = &pdf->kids[kid->next];
            buf_char(text, ' ');
            put_kid(pdf, kid, page, first_object, text);
        }
        if (many)
            buf_char(text, ']');
    }
    buf_c(text, ">>");
}

/* From what is on a page to its element: one array a page by mark, then one entry a link. */
static void put_parent_tree(const struct pdf *pdf, int first_object, struct buf *text)
{
    buf_c(text, "<</Nums[");
    for (int p = 0; p < pdf->pages_begun; p++) {
        const struct pdf_page *page = &pdf->pages[p];
        buf_int(text, p);
        buf_char(text, '[');
        for (uint32_t i = 0; i < page->mark_count; i++) {
            pdf_put_reference(text, first_object + (int)pdf->marks[page->first_mark + i].element);
            buf_char(text, ' ');
        }
        buf_char(text, ']');
    }
    for (uint32_t i = 0; i < pdf->annotation_count; i++) {
        buf_int(text, pdf->pages_begun + (int)i);
        buf_char(text, ' ');
        pdf_put_reference(text, first_object + (int)pdf->annotations[i].element);
        buf_char(text, ' ');
    }
    buf_c(text, "]>>");
}

static void write_elements(struct pdf *pdf, int root, struct buf *text)
{
    /* Numbered in one go, so that the cross-reference stream sees an even series. */
    int first = 0;
    for (uint32_t i = 0; i < pdf->element_count; i++) {
        int object = pdf_object_new(pdf);
        first = i == 0 ? object : first;
    }
    int parents = pdf_object_new(pdf);
    for (uint32_t i = 0; i < pdf->element_count && !pdf_failed(pdf); i++) {
        buf_clear(text);
        put_element(pdf, i, root, first, text);
        if (text->overflowed)
            pdf_fail(pdf, ERR_LIMIT, "pdf: an element is too long");
        pdf_write_small(pdf, first + (int)i, buf_view(text));
    }
    buf_clear(text);
    put_parent_tree(pdf, first, text);
    pdf_write_small(pdf, parents, buf_view(text));
    buf_clear(text);
    buf_format(text, "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", first, parents,
               pdf->pages_begun + (int)pdf->annotation_count);
    pdf_write_small(pdf, root, buf_view(text));
}

/* The bookmark after `from` at its own level under the same parent, or the count when there is none. */
static uint32_t next_sibling(const struct pdf *pdf, uint32_t from)
{
    for (uint32_t i = from + 1; i < pdf->bookmark_count; i++) {
        if (pdf->bookmarks[i].level == pdf->bookmarks[from].level)
            return i;
        if (pdf->bookmarks[i].level < pdf->bookmarks[from].level)
            break;
    }
    return pdf->bookmark_count;
}

/* «/First … /Last … /Count …» for those that begin at `first`; /Count is negative for a closed branch. */
static void put_children(const struct pdf *pdf, uint32_t first, int first_object, bool open, struct buf *text)
{
    uint32_t last = first, count = 1;
    for (uint32_t i = next_sibling(pdf, first); i < pdf->bookmark_count; i = next_sibling(pdf, i)) {
        last = i;
        count++;
    }
    buf_format(text, "/First %d 0 R/Last %d 0 R/Count %s%u", first_object + (int)first, first_object + (int)last,
               open ? "" : "-", count);
}

static void put_bookmark(const struct pdf *pdf, uint32_t i, int root, const uint32_t *parents, uint32_t previous,
                         int first_object, struct buf *text)
{
    const struct pdf_bookmark_entry *item = &pdf->bookmarks[i];
    buf_c(text, "<</Title");
    pdf_put_text(text, item->title);
    buf_c(text, "/Parent ");
    pdf_put_reference(text, parents[i] == UINT32_MAX ? root : first_object + (int)parents[i]);
    if (previous != UINT32_MAX)
        buf_format(text, "/Prev %d 0 R", first_object + (int)previous);
    uint32_t next = next_sibling(pdf, i);
    if (next < pdf->bookmark_count)
        buf_format(text, "/Next %d 0 R", first_object + (int)next);
    if (i + 1 < pdf->bookmark_count && pdf->bookmarks[i + 1].level > item->level)
        put_children(pdf, i + 1, first_object, false, text);
    buf_format(text, "/Dest[%d 0 R/XYZ 0 ", pdf->pages[item->page].object);
    pdf_put_number(text, item->y);
    buf_c(text, " null]>>");
}

static int write_outline(struct pdf *pdf, struct buf *text)
{
    uint32_t n = pdf->bookmark_count;
    uint32_t *parents = ARENA_ARRAY(pdf->arena, n, uint32_t), *previous = ARENA_ARRAY(pdf->arena, n, uint32_t);
    memset(previous, 0xFF, n * sizeof *previous);
    for (uint32_t i = 0; i < n; i++) {
        assert(i == 0 || pdf->bookmarks[i].level <= pdf->bookmarks[i - 1].level + 1);
        uint32_t parent = i;
        while (parent > 0 && pdf->bookmarks[parent - 1].level >= pdf->bookmarks[i].level)
            parent--;
        parents[i] = parent == 0 ? UINT32_MAX : parent - 1;
        uint32_t next = next_sibling(pdf, i);
        if (next < n)
            previous[next] = i;
    }
    int root = pdf_object_new(pdf), first = root + 1;
    for (uint32_t i = 0; i < n; i++)
        (void)pdf_object_new(pdf);
    for (uint32_t i = 0; i < n && !pdf_failed(pdf); i++) {
        buf_clear(text);
        put_bookmark(pdf, i, root, parents, previous[i], first, text);
        pdf_write_small(pdf, first + (int)i, buf_view(text));
    }
    buf_clear(text);
    buf_c(text, "<</Type/Outlines");
    put_children(pdf, 0, first, true, text);
    buf_c(text, ">>");
    pdf_write_small(pdf, root, buf_view(text));
    return root;
}

void pdf_write_structure(struct pdf *pdf, struct buf *catalog)
{
    assert(pdf->depth == 0 && pdf->element_count > 0 && "all elements are closed");
    struct buf text = buf_new(LIMIT_PDF_BYTES);
    int root = pdf_object_new(pdf);
    buf_format(catalog, "/StructTreeRoot %d 0 R", root);
    write_elements(pdf, root, &text);
    write_annotations(pdf, &text);
    if (pdf->bookmark_count > 0 && !pdf_failed(pdf))
        buf_format(catalog, "/Outlines %d 0 R", write_outline(pdf, &text));
    buf_free(&text);
}
