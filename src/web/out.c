/* The functions that generated templates write values with; see out.h. */
#include "web/out.h"

#include "web/templates.h"

void tpl_str(struct buf *out, const struct page *page, struct str value)
{
    (void)page;
    buf_html(out, value);
}

void tpl_c(struct buf *out, const struct page *page, const char *value)
{
    (void)page;
    buf_html(out, str_of(value));
}

void tpl_html(struct buf *out, const struct page *page, struct html value)
{
    (void)page;
    buf_str(out, value.s);
}

void tpl_number(struct buf *out, const struct page *page, int64_t value)
{
    (void)page;
    buf_int(out, value);
}

void tpl_size(struct buf *out, const struct page *page, size_t value)
{
    (void)page;
    buf_int(out, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

void tpl_cents(struct buf *out, const struct page *page, struct cents value)
{
    format_money(out, page->lang, value);
}

void tpl_component_str(struct buf *out, const struct page *page, struct str value)
{
    (void)page;
    buf_url(out, value);
}

void tpl_component_c(struct buf *out, const struct page *page, const char *value)
{
    (void)page;
    buf_url(out, str_of(value));
}

/* RFC 6068: everything but the at sign is encoded. */
void tpl_mailto(struct buf *out, const struct page *page, struct str value)
{
    (void)page;
    struct str rest = value;
    while (rest.n > 0) {
        size_t before = rest.n;
        struct str part = str_cut(&rest, '@');
        buf_url(out, part);
        if (part.n < before)
            buf_char(out, '@');
    }
}

void tpl_safe_url(struct buf *out, const struct page *page, struct safe_url value)
{
    (void)page;
    buf_html(out, value.s);
}

void tpl_lang(struct buf *out, const struct page *page)
{
    buf_char(out, '/');
    buf_str(out, lang_code(page->lang));
}

void tpl_day(struct buf *out, const struct page *page, day_number day)
{
    format_day(out, page->lang, day);
}

void tpl_day_short(struct buf *out, const struct page *page, day_number day)
{
    format_day_short(out, page->lang, day);
}

void tpl_day_iso(struct buf *out, const struct page *page, day_number day)
{
    buf_str(out, day_iso(page->arena, day));
}

void tpl_minute(struct buf *out, const struct page *page, int minute)
{
    (void)page;
    format_minute(out, minute);
}

void tpl_at(struct buf *out, const struct page *page, instant at)
{
    format_instant(out, page->lang, page->zone, at);
}

void tpl_at_short(struct buf *out, const struct page *page, instant at)
{
    format_instant_short(out, page->lang, page->zone, at);
}

void tpl_at_iso(struct buf *out, const struct page *page, instant at)
{
    format_instant_iso(out, page->zone, at);
}

void tpl_left(struct buf *out, const struct page *page, int64_t seconds)
{
    format_left(out, page->lang, seconds);
}

void tpl_any_field(struct buf *out, const struct page *page, const struct field *field)
{
    switch (field->spec->kind) {
    case FIELD_LONG_TEXT:
        tpl_textarea_field(out, page, field);
        break;
    case FIELD_BOOL:
        tpl_checkbox_field(out, page, field);
        break;
    case FIELD_CHOICE:
        if (field->spec->radio)
            tpl_radio_field(out, page, field);
        else
            tpl_select_field(out, page, field);
        break;
    case FIELD_IDS:
        tpl_ids_field(out, page, field);
        break;
    default:
        tpl_field(out, page, field);
    }
}
