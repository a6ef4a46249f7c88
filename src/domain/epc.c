/* Every field is one line, so a line end inside a field would move all that follows: it is refused. */
#include "domain/epc.h"

#include "domain/checks.h"
#include "domain/rf_reference.h"

static bool is_capital_or_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Country in the fifth and sixth place, the rest capitals and digits. */
static bool check_bic(struct str bic)
{
    if (bic.n != 8 && bic.n != 11)
        return false;
    for (size_t i = 0; i < bic.n; i++)
        if (!is_capital_or_digit(bic.p[i]) || ((i == 4 || i == 5) && bic.p[i] < 'A'))
            return false;
    return true;
}

static bool is_line(struct str s, size_t max_characters)
{
    if (!utf8_valid(s) || utf8_length(s) > max_characters)
        return false;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029)
            return false;
    }
    return true;
}

/* What is wrong, or NULL. `iban` and `bic` are normalised. */
static const char *wrong_field(const struct epc_transfer *transfer, struct str name, struct str iban, struct str bic)
{
    if (name.n == 0 || !is_line(name, EPC_NAME_MAX))
        return "name";
    if (!check_iban(iban))
        return "IBAN";
    if (bic.n != 0 && !check_bic(bic))
        return "BIC";
    if (transfer->amount.v < 1 || transfer->amount.v > INT64_C(99999999999))
        return "amount";
    if (transfer->rf.n != 0 && transfer->text.n != 0)
        return "reference beside a text";
    return is_line(transfer->text, EPC_TEXT_MAX) ? NULL : "text";
}

enum err epc_payload(struct arena *arena, const struct epc_transfer *transfer, struct str *ret_payload,
                     struct fault *fault)
{
    struct str name = str_trim(transfer->name), iban = normal_number(arena, transfer->iban);
    struct str bic = normal_number(arena, transfer->bic);
    char rf[RF_SIZE] = "";
    const char *wrong = wrong_field(transfer, name, iban, bic);
    if (wrong == NULL && transfer->rf.n != 0 && !rf_parse(transfer->rf, rf))
        wrong = "reference";
    if (wrong != NULL)
        return fault_set(fault, ERR_INPUT, "EPC code: %s", wrong);
    /* The empty line is the purpose. Trailing empty lines are left out. */
    struct str payload = str_format(arena, "BCD\n002\n1\nSCT\n%.*s\n%.*s\n%.*s\nEUR%lld.%02lld", STR_ARG(bic),
                                    STR_ARG(name), STR_ARG(iban), (long long)(transfer->amount.v / 100),
                                    (long long)(transfer->amount.v % 100));
    if (rf[0] != '\0')
        payload = str_format(arena, "%.*s\n\n%s", STR_ARG(payload), rf);
    else if (transfer->text.n != 0)
        payload = str_format(arena, "%.*s\n\n\n%.*s", STR_ARG(payload), STR_ARG(transfer->text));
    if (payload.n > EPC_PAYLOAD_MAX)
        return fault_set(fault, ERR_LIMIT, "EPC code: %zu bytes, at most %d", payload.n, EPC_PAYLOAD_MAX);
    *ret_payload = payload;
    return OK;
}
