/* Amounts, addresses and words of this area. */
#include "web/transfer/common.h"

#include "base/buf.h"
#include "domain/reference.h"

enum { LONGEST_KEY = 80, MOST_EUROS = 10000000 };

bool amount_parse(struct str typed, struct cents *ret_amount)
{
    int64_t euros = 0, rest = 0;
    int decimals = -1, digits = 0;
    for (size_t at = 0; at < typed.n;) {
        uint32_t c = utf8_next(typed, &at);
        if (c == ' ' || c == 0xA0 || c == 0x202F || c == 0x20AC || c == '\t')
            continue;
        if ((c == ',' || c == '.') && decimals < 0 && digits > 0) {
            decimals = 0;
        } else if (c >= '0' && c <= '9' && decimals < 2 && euros < MOST_EUROS) {
            digits++;
            if (decimals < 0) {
                euros = euros * 10 + (int64_t)(c - '0');
            } else {
                rest = rest * 10 + (int64_t)(c - '0');
                decimals++;
            }
        } else {
            return false;
        }
    }
    int64_t amount = euros * 100 + (decimals == 1 ? rest * 10 : rest);
    if (digits == 0 || decimals == 0 || amount <= 0)
        return false;
    *ret_amount = cents(amount);
    return true;
}

struct str amount_typed(struct page *page, struct cents amount)
{
    return str_format(page->arena, "%lld%c%02lld", (long long)(amount.v / 100), page->lang == LANG_FR ? ',' : '.',
                      (long long)(amount.v % 100));
}

bool transfer_captured_ref(struct page *page, struct str *ret_ref)
{
    char reference[REFERENCE_SIZE];
    if (!reference_parse(page_capture(page, "ref"), reference)) {
        page_error(page, 404);
        return false;
    }
    *ret_ref = str_dup(page->arena, str_of(reference));
    return true;
}

bool transfer_captured_id(struct page *page, int64_t *ret_id)
{
    if (str_int(page_capture(page, "id"), ret_id))
        return true;
    page_error(page, 404);
    return false;
}

enum msg transfer_word(const char *group, struct str word)
{
    struct buf key = buf_new(LONGEST_KEY);
    buf_c(&key, "transfer.");
    buf_c(&key, group);
    buf_char(&key, '_');
    for (size_t i = 0; i < word.n; i++)
        buf_char(&key, word.p[i] == '-' ? '_' : word.p[i]);
    enum msg message = MSG_none;
    (void)msg_find(buf_view(&key), &message);
    buf_free(&key);
    return message;
}
