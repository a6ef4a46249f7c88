/* How values get from C into HTML: one function for each type, chosen by `_Generic`. Only generated templates include it.
 * A type that is not listed (a bool, a pointer, a struct) does not compile, which is the point. */
#ifndef GUICHET_WEB_OUT_H
#define GUICHET_WEB_OUT_H

#include "text/format.h"
#include "text/message.h"
#include "web/asset.h"
#include "web/form.h"
#include "web/page.h"

void tpl_str(struct buf *out, const struct page *page, struct str value);
void tpl_c(struct buf *out, const struct page *page, const char *value);
void tpl_html(struct buf *out, const struct page *page, struct html value);
void tpl_number(struct buf *out, const struct page *page, int64_t value);
void tpl_size(struct buf *out, const struct page *page, size_t value);
void tpl_cents(struct buf *out, const struct page *page, struct cents value);

/* Numbers are written with ASCII digits only and no grouping, because they go into attributes as well. */
#define TPL_OUT(out, page, value)                                                                                    \
    _Generic((value),                                                                                                \
        struct str: tpl_str,                                                                                         \
        const char *: tpl_c,                                                                                         \
        char *: tpl_c,                                                                                               \
        short: tpl_number,                                                                                           \
        unsigned short: tpl_number,                                                                                  \
        int: tpl_number,                                                                                             \
        unsigned: tpl_number,                                                                                        \
        long: tpl_number,                                                                                            \
        long long: tpl_number,                                                                                       \
        unsigned long: tpl_size,                                                                                     \
        struct cents: tpl_cents,                                                                                     \
        struct html: tpl_html)(out, page, value)

/* A part of an address: percent-encoded. */
void tpl_component_str(struct buf *out, const struct page *page, struct str value);
void tpl_component_c(struct buf *out, const struct page *page, const char *value);
#define TPL_COMPONENT(out, page, value)                                                                              \
    _Generic((value),                                                                                                \
        struct str: tpl_component_str,                                                                               \
        const char *: tpl_component_c,                                                                               \
        char *: tpl_component_c,                                                                                     \
        int: tpl_number,                                                                                             \
        unsigned: tpl_number,                                                                                        \
        long: tpl_number,                                                                                            \
        long long: tpl_number,                                                                                       \
        unsigned long: tpl_size)(out, page, value)

void tpl_mailto(struct buf *out, const struct page *page, struct str value);
#define TPL_MAILTO(out, page, value) _Generic((value), struct str: tpl_mailto)(out, page, value)

void tpl_safe_url(struct buf *out, const struct page *page, struct safe_url value);
#define TPL_SAFE_URL(out, page, value) _Generic((value), struct safe_url: tpl_safe_url)(out, page, value)

static inline bool tpl_has_str(struct str value)
{
    return value.n > 0;
}
static inline bool tpl_has_c(const char *value)
{
    return value != NULL && value[0] != '\0';
}
static inline bool tpl_has_html(struct html value)
{
    return value.s.n > 0;
}
static inline bool tpl_has_url(struct safe_url value)
{
    return value.s.n > 0;
}
#define TPL_HAS(value)                                                                                               \
    _Generic((value),                                                                                                \
        struct str: tpl_has_str,                                                                                     \
        const char *: tpl_has_c,                                                                                     \
        char *: tpl_has_c,                                                                                           \
        struct html: tpl_has_html,                                                                                   \
        struct safe_url: tpl_has_url)(value)

/* {{url}}: the language's prefix, «/fr». */
void tpl_lang(struct buf *out, const struct page *page);

void tpl_day(struct buf *out, const struct page *page, day_number day);
void tpl_day_short(struct buf *out, const struct page *page, day_number day);
void tpl_day_iso(struct buf *out, const struct page *page, day_number day);
void tpl_minute(struct buf *out, const struct page *page, int minute);
void tpl_at(struct buf *out, const struct page *page, instant at);
void tpl_at_short(struct buf *out, const struct page *page, instant at);
void tpl_at_iso(struct buf *out, const struct page *page, instant at);
void tpl_left(struct buf *out, const struct page *page, int64_t seconds);

/* {{field}}: the component for the field's kind. */
void tpl_any_field(struct buf *out, const struct page *page, const struct field *field);

#endif
