/* The second factor on pages: its code, its secret as text and picture; see factor.h. */
#include "web/account/factor.h"

#include "service/documents.h"
#include "web/app.h"

enum { QR_MOST = 32 * 1024, GROUP = 4, SECRET_MOST = 128 };

const struct field_spec code_specs[1] = {
    F_TEXT(struct code_form, code, "code", MSG_factor_code, .required = true, .max = 20, .hint = MSG_factor_code_hint,
           .autocomplete = "one-time-code"),
};
const struct field_spec app_code_specs[1] = {
    F_TEXT(struct code_form, code, "code", MSG_factor_code, .required = true, .max = 20,
           .hint = MSG_factor_app_code_hint, .autocomplete = "one-time-code"),
};

static struct str grouped(const struct page *page, struct str secret)
{
    struct buf out = buf_new(2 * SECRET_MOST);
    for (size_t at = 0; at < secret.n; at += GROUP) {
        if (at > 0)
            buf_char(&out, ' ');
        buf_str(&out, str_sub(secret, at, GROUP));
    }
    struct str shown = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return shown;
}

enum err factor_show(const struct page *page, const struct factor_setup *setup, struct factor_view *ret_view,
                     struct fault *fault)
{
    const struct documents *documents = page_service(page)->documents;
    struct factor_view view = {.secret = grouped(page, setup->secret)};
    struct str label = msg_text(page->arena, page->lang, MSG_factor_qr_alt);
    struct buf svg = buf_new(QR_MOST);
    enum err err = documents->qr_svg(documents->context, setup->uri, label, &svg, fault);
    if (err == OK && svg.overflowed)
        err = fault_set(fault, ERR_BUG, "a QR code of more than %d bytes", QR_MOST);
    if (err == OK) {
        view.qr.s = str_dup(page->arena, buf_view(&svg));
        *ret_view = view;
    }
    buf_free(&svg);
    return err;
}
