/* First all that the transfer names is collected, then one look at the collection decides. */
#include "domain/bank_match.h"

#include <string.h>

#include "domain/rf_reference.h"

enum { FOUND_MAX = 32 /* references that one text may hold; with more it goes to a person */ };

struct found {
    const struct match_candidate *candidates;
    size_t count;
    size_t named[MATCH_NAMED];
    size_t named_count;
    bool more; /* than can be listed */
    bool unknown_reference;
};

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void name_candidate(struct found *found, size_t index)
{
    for (size_t i = 0; i < found->named_count; i++)
        if (found->candidates[found->named[i]].order_id == found->candidates[index].order_id)
            return;
    if (found->named_count == MATCH_NAMED)
        found->more = true;
    else
        found->named[found->named_count++] = index;
}

static bool name_by_rf(struct found *found, struct str rf)
{
    bool known = false;
    for (size_t i = 0; i < found->count; i++)
        if (found->candidates[i].rf.n != 0 && str_eq(found->candidates[i].rf, rf)) {
            name_candidate(found, i);
            known = true;
        }
    return known;
}

/* Readings with one start are one reference: when one of them is known, the others were words that followed it. */
static void look_for_rf(struct found *found, struct str text)
{
    struct rf_found list[FOUND_MAX];
    size_t n = rf_find(text, FOUND_MAX, list);
    found->more = found->more || n == FOUND_MAX;
    for (size_t i = 0; i < n;) {
        bool known = false;
        size_t start = list[i].start;
        for (; i < n && list[i].start == start; i++)
            known = name_by_rf(found, str_of(list[i].rf)) || known;
        found->unknown_reference = found->unknown_reference || !known;
    }
}

/* Whether letters and digits from `at` on are those of `wanted` up to a word's end, in any case and with separators
 * anywhere. */
static bool reads(struct str text, size_t at, struct str wanted)
{
    size_t i = 0;
    while (at < text.n) {
        size_t gap = rf_separator(text, at);
        while (i < wanted.n && !is_word(wanted.p[i]))
            i++;
        if (i == wanted.n)
            return !is_word(text.p[at]);
        if (gap == 0) {
            char a = text.p[at], b = wanted.p[i];
            if (a != b && !(is_word(a) && is_word(b) && a > '9' && b > '9' && (a ^ b) == 0x20))
                return false;
            i++;
        }
        at += gap == 0 ? 1 : gap;
    }
    while (i < wanted.n && !is_word(wanted.p[i]))
        i++;
    return i == wanted.n;
}

/* Orders' references and documents' numbers, which begin and end with a word. */
static void look_for_numbers(struct found *found, struct str text)
{
    for (size_t at = 0; at < text.n; at++) {
        if (!is_word(text.p[at]) || (at != 0 && is_word(text.p[at - 1])))
            continue;
        for (size_t i = 0; i < found->count; i++) {
            const struct match_candidate *candidate = &found->candidates[i];
            if ((candidate->reference.n != 0 && reads(text, at, candidate->reference)) ||
                (candidate->document.n != 0 && reads(text, at, candidate->document)))
                name_candidate(found, i);
        }
    }
}

static bool has_iban(const struct match_candidate *candidate, struct str iban)
{
    for (size_t i = 0; i < candidate->payer_iban_count; i++)
        if (str_eq(candidate->payer_ibans[i], iban))
            return true;
    return false;
}

/* The one order of a known payer that has exactly this amount due; false when there is none or more than one. */
static bool propose(const struct bank_transfer *transfer, const struct match_candidate *candidates, size_t count,
                    size_t *ret_index)
{
    size_t fitting = 0, index = 0;
    for (size_t i = 0; i < count && transfer->payer_iban.n != 0; i++)
        if (candidates[i].due.v == transfer->amount.v && has_iban(&candidates[i], transfer->payer_iban)) {
            fitting++;
            index = i;
        }
    if (fitting != 1)
        return false;
    *ret_index = index;
    return true;
}

static void settle(struct bank_match *match, struct cents due, struct cents amount)
{
    match->settles = due.v < amount.v ? due : amount;
    match->excess = cents(amount.v - match->settles.v);
    match->kind = match->excess.v > 0 ? MATCH_OVER : due.v > amount.v ? MATCH_PART : MATCH_EXACT;
}

struct bank_match bank_match_of(const struct bank_transfer *transfer, const struct match_candidate *candidates,
                                size_t count)
{
    struct bank_match match = {.kind = MATCH_NONE};
    struct found found = {.candidates = candidates, .count = count};
    if (transfer->returned || transfer->amount.v <= 0)
        return match;
    for (size_t i = 0; i < transfer->reference_count; i++) {
        look_for_rf(&found, transfer->references[i]);
        look_for_numbers(&found, transfer->references[i]);
    }
    look_for_rf(&found, transfer->text);
    look_for_numbers(&found, transfer->text);
    memcpy(match.named, found.named, sizeof match.named);
    match.named_count = found.named_count;
    match.unknown_reference = found.unknown_reference;
    size_t referred = found.named_count + (found.unknown_reference ? 1 : 0);
    if (referred > 1 || found.more || (transfer->batch && referred > 0))
        match.kind = MATCH_REVIEW;
    else if (found.named_count == 1)
        settle(&match, candidates[found.named[0]].due, transfer->amount);
    else if (referred == 0 && !transfer->batch && propose(transfer, candidates, count, &match.named[0])) {
        match.kind = MATCH_PROPOSED;
        match.named_count = 1;
    }
    return match;
}

const char *bank_match_name(enum bank_match_kind kind)
{
    static const char *const names[] = {
        [MATCH_NONE] = "none", [MATCH_EXACT] = "exact",       [MATCH_PART] = "part",
        [MATCH_OVER] = "over", [MATCH_PROPOSED] = "proposed", [MATCH_REVIEW] = "review",
    };
    return names[kind];
}
