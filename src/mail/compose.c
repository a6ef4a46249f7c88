/* Composes messages; see the header. Encoded words (RFC 2047), parameter values (RFC 2231) and quoted-printable are in
 * encode.c. */
#include "mail/compose.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "mail/encode.h"

/* Neither can occur in a part: quoted-printable writes every '=' as =3D, base64 has no '_'. */
#define BOUNDARY_MIXED "=_guichet_mixed"
#define BOUNDARY_ALTERNATIVE "=_guichet_alternative"

/* Characters that may not stand in a bare address or message id; blanks, controls and other scripts neither. */
static bool plain_token(struct str s, const char *forbidden)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] <= ' ' || s.p[i] >= 127 || strchr(forbidden, s.p[i]) != NULL) {
            return false;
        }
    }
    return s.n != 0;
}

bool mail_address_ok(struct str address)
{
    size_t at = str_find(address, '@', 0);
    return plain_token(address, "<>()[],;:\\\"") && address.n <= LIMIT_EMAIL && at != SIZE_MAX && at != 0 &&
           at + 1 < address.n && str_find(address, '@', at + 1) == SIZE_MAX && address.p[0] != '-';
}

/* «type/subtype» with parameters in printable ASCII. */
static bool content_type_ok(struct str type)
{
    size_t slash = str_find(type, '/', 0);
    for (size_t i = 0; i < type.n; i++) {
        if (type.p[i] < ' ' || type.p[i] >= 127) {
            return false;
        }
    }
    return slash != SIZE_MAX && slash != 0 && slash + 1 < type.n && type.n <= 60;
}

static enum err check(const struct mail_message *m, struct fault *fault)
{
    if (!mail_address_ok(m->from) || !mail_address_ok(m->to) ||
        (m->reply_to.n != 0 && !mail_address_ok(m->reply_to)) ||
        (m->envelope_from.n != 0 && !mail_address_ok(m->envelope_from))) {
        return fault_set(fault, ERR_INPUT, "mail: an address is malformed");
    }
    if (!plain_token(m->message_id, "<>()[],;:\\\"") || m->message_id.n > 200) {
        return fault_set(fault, ERR_INPUT, "mail: the message id is malformed");
    }
    const struct str texts[] = {m->from_name, m->to_name, m->subject, m->text, m->html};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!utf8_valid(texts[i])) {
            return fault_set(fault, ERR_INPUT, "mail: a text is not UTF-8");
        }
    }
    for (size_t i = 0; i < m->attachment_count; i++) {
        if (!utf8_valid(m->attachments[i].name) || !content_type_ok(m->attachments[i].content_type)) {
            return fault_set(fault, ERR_INPUT, "mail: name or type of attachment %zu is malformed", i);
        }
    }
    return OK;
}

static void date(struct buf *out, instant at)
{
    static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    instant second = at % SECONDS_A_DAY;
    instant day_start = at / SECONDS_A_DAY;
    if (second < 0) {
        second += SECONDS_A_DAY;
        day_start--;
    }
    day_number day = (day_number)day_start;
    struct date d = date_of(day);
    buf_format(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * weekday_of(day), d.day,
               months + 3 * (d.month - 1), d.year, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void headers(struct buf *out, const struct mail_message *m)
{
    encode_address(out, "From", m->from_name, m->from);
    encode_address(out, "To", m->to_name, m->to);
    if (m->reply_to.n != 0) {
        encode_address(out, "Reply-To", (struct str){0}, m->reply_to);
    }
    encode_header(out, "Subject", m->subject);
    date(out, m->date);
    buf_format(out, "Message-ID: <%.*s>\r\n", STR_ARG(m->message_id));
    buf_c(out, "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n");
}

static void text_part(struct buf *out, const char *subtype, struct str text)
{
    buf_format(out, "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
               subtype);
    encode_quoted_printable(out, text);
}

static void texts(struct buf *out, const struct mail_message *m)
{
    if (m->html.n == 0) {
        text_part(out, "plain", m->text);
        return;
    }
    buf_c(out, "Content-Type: multipart/alternative;\r\n boundary=\"" BOUNDARY_ALTERNATIVE "\"\r\n\r\n");
    buf_c(out, "--" BOUNDARY_ALTERNATIVE "\r\n");
    text_part(out, "plain", m->text);
    buf_c(out, "--" BOUNDARY_ALTERNATIVE "\r\n");
    text_part(out, "html", m->html);
    buf_c(out, "--" BOUNDARY_ALTERNATIVE "--\r\n");
}

static void attachment(struct buf *out, const struct mail_attachment *a)
{
    buf_format(out, "--" BOUNDARY_MIXED "\r\nContent-Type: %.*s\r\nContent-Transfer-Encoding: base64\r\n"
                    "Content-Disposition: attachment", STR_ARG(a->content_type));
    encode_parameter(out, "filename", a->name);
    buf_c(out, "\r\n\r\n");
    encode_base64_lines(out, a->bytes);
}

enum err mail_compose(const struct mail_message *m, struct buf *out, struct fault *fault)
{
    enum err err = check(m, fault);
    if (err != OK) {
        return err;
    }
    headers(out, m);
    if (m->attachment_count == 0) {
        texts(out, m);
    } else {
        buf_c(out, "Content-Type: multipart/mixed;\r\n boundary=\"" BOUNDARY_MIXED "\"\r\n\r\n--" BOUNDARY_MIXED "\r\n");
        texts(out, m);
        for (size_t i = 0; i < m->attachment_count; i++) {
            attachment(out, &m->attachments[i]);
        }
        buf_c(out, "--" BOUNDARY_MIXED "--\r\n");
    }
    if (out->overflowed) {
        return fault_set(fault, ERR_LIMIT, "mail: longer than %zu bytes", out->max);
    }
    return OK;
}
