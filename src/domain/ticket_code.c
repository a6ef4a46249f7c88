/* Packing: fields of whole bytes, the highest first, so that any language reads them alike. */
#include "domain/ticket_code.h"

#include <string.h>

#include "domain/names.h"

enum {
    WHOLE = TICKET_CODE_BODY + CRYPTO_SIGNATURE,
    AT_KEY = 1, AT_NUMBER = 2, NUMBER_BYTES = 5, AT_MONUMENT = 7, MONUMENT_BYTES = 3, AT_FROM = 10, FROM_BYTES = 4,
    AT_MINUTES = 14, MINUTES_BYTES = 3, AT_KIND = 17,
    ROLES_MOST = 4, TARIFFS_MOST = 16 /* the last byte: kind · 64 + role · 16 + tariff */
};

static const char begins[TICKET_CODE_MESSAGE - TICKET_CODE_BODY] = "guichet ticket"; /* without a NUL */

static const char *const kinds[] = {"slot", "dated", "undated"};
static const char *const tariffs[] = {"", "full", "group", "school"};
enum { TARIFFS = sizeof tariffs / sizeof *tariffs };

const char *ticket_kind_name(enum ticket_kind kind)
{
    return kinds[kind];
}

bool ticket_kind_parse(struct str name, enum ticket_kind *ret_kind)
{
    int index = 0;
    if (!names_find(kinds, TICKET_KINDS, name, &index))
        return false;
    *ret_kind = (enum ticket_kind)index;
    return true;
}

int ticket_code_tariff(struct str tariff_code)
{
    for (int i = 1; i < TARIFFS; i++)
        if (str_eq(tariff_code, str_of(tariffs[i])))
            return i;
    return 0;
}

struct str ticket_code_tariff_name(int tariff)
{
    return str_of(tariff > 0 && tariff < TARIFFS ? tariffs[tariff] : "");
}

static bool put(unsigned char *at, size_t bytes, int64_t value)
{
    if (value < 0 || value >= (int64_t)1 << (8 * bytes))
        return false;
    for (size_t i = bytes; i-- > 0; value >>= 8)
        at[i] = (unsigned char)(value & 0xff);
    return true;
}

static int64_t get(const unsigned char *at, size_t bytes)
{
    int64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

bool ticket_code_pack(const struct ticket_code *code, unsigned char ret_body[TICKET_CODE_BODY])
{
    unsigned char body[TICKET_CODE_BODY] = {TICKET_CODE_VERSION};
    int64_t number = 0;
    if (!str_int(str_sub(str_of(code->number), 0, TICKET_NUMBER_SIZE - 2), &number) || code->key_id < 1 ||
        code->from < 0 || code->until < code->from || code->tariff < 0 || code->tariff >= TARIFFS_MOST)
        return false;
    int64_t from = code->from / 60, end = (code->until + 60) / 60;
    if (!put(body + AT_KEY, 1, code->key_id) || !put(body + AT_NUMBER, NUMBER_BYTES, number) ||
        !put(body + AT_MONUMENT, MONUMENT_BYTES, code->monument_id) || !put(body + AT_FROM, FROM_BYTES, from) ||
        !put(body + AT_MINUTES, MINUTES_BYTES, end - from))
        return false;
    body[AT_KIND] = (unsigned char)((int)code->kind * ROLES_MOST * TARIFFS_MOST + (int)code->role * TARIFFS_MOST +
                                    code->tariff);
    memcpy(ret_body, body, sizeof body);
    return true;
}

bool ticket_code_unpack(const unsigned char body[TICKET_CODE_BODY], struct ticket_code *ret_code)
{
    int kind = body[AT_KIND] / (ROLES_MOST * TARIFFS_MOST), role = body[AT_KIND] / TARIFFS_MOST % ROLES_MOST;
    struct ticket_code code = {.key_id = body[AT_KEY], .monument_id = get(body + AT_MONUMENT, MONUMENT_BYTES),
                               .kind = (enum ticket_kind)kind, .role = (enum ticket_role)role,
                               .tariff = body[AT_KIND] % TARIFFS_MOST, .from = get(body + AT_FROM, FROM_BYTES) * 60};
    int64_t minutes = get(body + AT_MINUTES, MINUTES_BYTES);
    code.until = code.from + minutes * 60 - 1;
    if (body[0] != TICKET_CODE_VERSION || code.key_id == 0 || kind >= TICKET_KINDS || role > ROLE_LEADER ||
        minutes == 0 || !ticket_number_make(get(body + AT_NUMBER, NUMBER_BYTES), code.number))
        return false;
    *ret_code = code;
    return true;
}

void ticket_code_message(const unsigned char body[TICKET_CODE_BODY], unsigned char ret_message[TICKET_CODE_MESSAGE])
{
    memcpy(ret_message, begins, sizeof begins);
    memcpy(ret_message + sizeof begins, body, TICKET_CODE_BODY);
}

/* Long division by ten, the last digit first: 198 passes over 82 bytes, some microseconds. */
void ticket_code_write(const unsigned char body[TICKET_CODE_BODY], const unsigned char signature[CRYPTO_SIGNATURE],
                       char ret_digits[TICKET_CODE_SIZE])
{
    unsigned char whole[WHOLE];
    memcpy(whole, body, TICKET_CODE_BODY);
    memcpy(whole + TICKET_CODE_BODY, signature, CRYPTO_SIGNATURE);
    for (size_t digit = TICKET_CODE_DIGITS; digit-- > 0;) {
        unsigned rest = 0;
        for (size_t i = 0; i < WHOLE; i++) {
            unsigned value = rest << 8 | whole[i];
            whole[i] = (unsigned char)(value / 10);
            rest = value % 10;
        }
        ret_digits[digit] = (char)('0' + rest);
    }
    ret_digits[TICKET_CODE_DIGITS] = '\0';
}

bool ticket_code_read(struct str digits, unsigned char ret_body[TICKET_CODE_BODY],
                      unsigned char ret_signature[CRYPTO_SIGNATURE])
{
    unsigned char whole[WHOLE] = {0};
    digits = str_trim(digits);
    if (digits.n != TICKET_CODE_DIGITS)
        return false;
    for (size_t digit = 0; digit < digits.n; digit++) {
        if (digits.p[digit] < '0' || digits.p[digit] > '9')
            return false;
        unsigned carry = (unsigned)(digits.p[digit] - '0');
        for (size_t i = WHOLE; i-- > 0;) {
            unsigned value = whole[i] * 10u + carry;
            whole[i] = (unsigned char)(value & 0xff);
            carry = value >> 8;
        }
        if (carry != 0) /* more than 82 bytes can hold */
            return false;
    }
    memcpy(ret_body, whole, TICKET_CODE_BODY);
    memcpy(ret_signature, whole + TICKET_CODE_BODY, CRYPTO_SIGNATURE);
    return true;
}
