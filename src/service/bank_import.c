/* Statement files come in, and the rule matches what is sure. */
#include "service/bank_desk.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "service/staff_session.h"
#include "service/transfer_parts.h"

enum { CHUNK = 200, CANDIDATE_DAYS = 400, LONGEST_NAME = 120, LONGEST_TEXT = 1000 };

/* ---- Entries ---------------------------------------------------------------------------------------------------- */

struct importing {
    struct service *service;
    const struct staff_caller *caller;
    struct str name, account;
    const struct bank_file *file;
    const struct bank_entry **entries; /* of our account */
    size_t count, next;
    int64_t file_id;
    bool file_known;
    struct bank_import result;
};

static enum err file_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct importing *im = argument;
    instant now = service_now(im->service);
    struct bank_file_note_row note;
    bool fresh = false;
    enum err err = q_bank_file_note(db, arena, (struct bank_file_note_in){
        .hash = im->file->hash, .name = im->name, .format = str_of(bank_format_name(im->file->format)), .now = now,
        .staff_id = im->caller->staff_id}, &note, &fresh, fault);
    if (err != OK)
        return err;
    im->file_known = !fresh;
    if (!fresh) {
        struct bank_file_known_row known;
        err = q_bank_file_known(db, arena, (struct bank_file_known_in){.hash = im->file->hash}, &known, NULL, fault);
        im->file_id = err == OK ? known.id : 0;
        return err;
    }
    im->file_id = note.id;
    return staff_audit(db, arena, im->caller, now, (struct staff_act){
        .act = S("bank.import"), .subject = im->name,
        .detail = str_format(arena, "%zu entries, %.*s", im->count, STR_ARG(str_sub(im->file->hash, 0, 16)))}, fault);
}

static struct str refs_of(struct arena *arena, const struct bank_entry *entry)
{
    struct buf buf = buf_new(64 * 1024);
    for (size_t i = 0; i < entry->structured_count; i++) {
        buf_str(&buf, entry->structured[i]);
        buf_c(&buf, "\n");
    }
    buf_str(&buf, entry->end_to_end);
    struct str refs = str_dup(arena, buf_view(&buf));
    buf_free(&buf);
    return str_sub(refs, 0, LONGEST_TEXT);
}

/* Each entry with a fresh key is new; money out and returns are kept to be seen, but nobody has to decide about them.
 * */
static enum err entries_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct importing *im = argument;
    size_t fresh = 0, aside = 0;
    enum err err = OK;
    for (size_t i = im->next; err == OK && i < im->count && i < im->next + CHUNK; i++) {
        const struct bank_entry *entry = im->entries[i];
        bool ours = entry->amount.v <= 0 || entry->returned || entry->reversal;
        int64_t added = 0;
        err = q_bank_entry_note(db,
                                (struct bank_entry_note_in){.file_id = im->file_id,
                                                            .account = im->account,
                                                            .key = entry->key,
                                                            .booked = entry->booked,
                                                            .amount_cents = entry->amount.v,
                                                            .payer = str_sub(entry->payer, 0, LONGEST_TEXT),
                                                            .payer_iban = entry->payer_iban,
                                                            .refs = refs_of(arena, entry),
                                                            .text = str_sub(entry->text, 0, LONGEST_TEXT),
                                                            .batch = entry->batch,
                                                            .state = ours ? S("aside") : S("new")},
                                &added, fault);
        fresh += err == OK && added > 0;
        aside += err == OK && added > 0 && ours;
    }
    if (err == OK) {
        im->result.fresh += fresh;
        im->result.aside += aside;
    }
    return err;
}

/* Our account alone, in euros alone: the rule knows nothing else. */
static void pick_entries(struct importing *im, struct arena *arena)
{
    size_t all = 0;
    for (size_t s = 0; s < im->file->statement_count; s++)
        all += im->file->statements[s].entry_count;
    im->entries = ARENA_ARRAY(arena, all + 1, const struct bank_entry *);
    bool any = false;
    for (size_t s = 0; s < im->file->statement_count; s++) {
        const struct bank_statement *statement = &im->file->statements[s];
        if (!statement->is_iban || !str_eq(statement->account, im->account) || !str_eq(statement->currency, S("EUR"))) {
            im->result.skipped++;
            continue;
        }
        any = true;
        for (size_t i = 0; i < statement->entry_count; i++)
            im->entries[im->count++] = &statement->entries[i];
    }
    im->result.entries = im->count;
    if (!any)
        im->result.refusal = BANK_NOT_OURS;
}

/* A setting may have blanks in it. */
static struct str without_blanks(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != ' ')
            out[n++] = text.p[i];
    return (struct str){out, n};
}

/* ---- The rule --------------------------------------------------------------------------------------------------- */

struct matching {
    struct service *service;
    size_t seen, matched, proposed, unmatched;
};

struct candidates {
    struct match_candidate *p;
    struct bank_candidates_list rows;
    struct bank_ibans_list ibans;
};

static enum err read_candidates(struct db *db, struct arena *arena, instant now, day_number today,
                                struct candidates *ret_candidates, struct fault *fault)
{
    struct candidates c = {0};
    enum err err = q_bank_candidates(db, arena, (struct bank_candidates_in){
        .since = now - (int64_t)CANDIDATE_DAYS * SECONDS_A_DAY}, &c.rows, fault);
    if (err == OK)
        err = q_bank_ibans(db, arena, (struct bank_ibans_in){.since = today - 2 * CANDIDATE_DAYS}, &c.ibans, fault);
    if (err != OK)
        return err;
    c.p = ARENA_ARRAY(arena, c.rows.n + 1, struct match_candidate);
    for (size_t i = 0; i < c.rows.n; i++) {
        const struct bank_candidates_row *row = &c.rows.p[i];
        bool wanted = str_eq(row->state, S("pending")) || str_eq(row->state, S("expired"));
        struct str *ibans = NULL;
        size_t count = 0;
        for (size_t k = 0; k < c.ibans.n; k++) {
            if (c.ibans.p[k].organisation_id != row->organisation_id)
                continue;
            if (ibans == NULL)
                ibans = ARENA_ARRAY(arena, c.ibans.n, struct str);
            ibans[count++] = c.ibans.p[k].payer_iban;
        }
        c.p[i] = (struct match_candidate){
            .order_id = row->order_id, .reference = row->ref, .rf = row->rf, .document = row->document,
            .due = cents(wanted ? row->total_cents - row->waiting_cents : 0), .payer_ibans = ibans,
            .payer_iban_count = count};
    }
    *ret_candidates = c;
    return OK;
}

static struct bank_transfer transfer_of_row(struct arena *arena, const struct bank_entries_new_row *row)
{
    struct str *references = ARENA_ARRAY(arena, row->refs.n + 1, struct str), rest = row->refs;
    size_t count = 0;
    while (!str_empty(rest))
        references[count++] = str_cut(&rest, '\n');
    return (struct bank_transfer){.amount = cents(row->amount_cents),
                                  .batch = row->batch != 0,
                                  .references = references,
                                  .reference_count = count,
                                  .text = row->text,
                                  .payer_iban = row->payer_iban};
}

static enum err settle_entry(struct matching *m, struct db *db, struct arena *arena,
                             const struct bank_entries_new_row *row, int64_t order_id, instant now, struct fault *fault)
{
    struct transfer_outcome outcome;
    struct transfer_money money = {
        .order_id = order_id, .amount = cents(row->amount_cents), .day = (day_number)row->booked, .bank_ref = row->text,
        .reason = S(""), .entry_id = row->id, .request_key = str_format(arena, "entry-%lld", (long long)row->id)};
    return transfer_receive(m->service, db, arena, &money, now, &outcome, fault);
}

static enum err match_entry(struct matching *m, struct db *db, struct arena *arena,
                            const struct bank_entries_new_row *row, struct candidates *candidates, instant now,
                            struct fault *fault)
{
    struct bank_transfer transfer = transfer_of_row(arena, row);
    struct bank_match match = bank_match_of(&transfer, candidates->p, candidates->rows.n);
    bool one = match.named_count == 1 && match.kind != MATCH_REVIEW && match.kind != MATCH_NONE;
    struct match_candidate *named = one ? &candidates->p[match.named[0]] : NULL;
    bool sure = match.kind == MATCH_EXACT;
    struct receipt_by_hand_row hand;
    bool by_hand = false;
    enum err err = OK;
    if (sure) /* recorded by a person already, and then wanted once more? Such a thing is looked at */
        err = q_receipt_by_hand(db, arena, (struct receipt_by_hand_in){.order_id = named->order_id,
            .amount_cents = row->amount_cents}, &hand, &by_hand, fault);
    sure = sure && !by_hand;
    struct str state = sure ? S("matched") : one ? S("proposed") : S("unmatched");
    if (err == OK)
        err = q_bank_entry_decide(db, (struct bank_entry_decide_in){
            .id = row->id, .was = S("new"), .state = state, .found = str_of(bank_match_name(match.kind)),
            .order_id = {.is = one, .v = one ? named->order_id : 0}, .now = now, .reason = S("")}, NULL, fault);
    if (err == OK && sure)
        err = settle_entry(m, db, arena, row, named->order_id, now, fault);
    if (err == OK && sure)
        named->due = cents(0); /* a second one in this batch is a second payment */
    m->matched += sure;
    m->proposed += !sure && one;
    m->unmatched += !one;
    return err;
}

static enum err match_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct matching *m = argument;
    instant now = service_now(m->service);
    *m = (struct matching){.service = m->service};
    struct bank_entries_new_list list;
    struct candidates candidates = {0};
    enum err err = q_bank_entries_new(db, arena, &list, fault);
    if (err != OK || list.n == 0)
        return err;
    err = read_candidates(db, arena, now, service_day(m->service, now), &candidates, fault);
    for (size_t i = 0; err == OK && i < list.n; i++)
        err = match_entry(m, db, arena, &list.p[i], &candidates, now, fault);
    m->seen = list.n;
    return err;
}

static enum err match_all(struct service *service, struct arena *arena, struct matching *ret_sum, struct fault *fault)
{
    struct matching m = {.service = service}, sum = {.service = service};
    enum err err = OK;
    do {
        err = service_write(service, arena, match_command, 0, &m, fault);
        if (err != OK)
            break;
        sum.seen += m.seen;
        sum.matched += m.matched;
        sum.proposed += m.proposed;
        sum.unmatched += m.unmatched;
    } while (m.seen > 0);
    *ret_sum = sum;
    return err;
}

enum err bank_match_step(struct service *service, struct arena *arena, int *ret_done, struct fault *fault)
{
    struct matching sum;
    enum err err = match_all(service, arena, &sum, fault);
    *ret_done = (int)sum.seen;
    return err;
}

/* ---- The whole -------------------------------------------------------------------------------------------------- */

static enum err import_all(struct importing *im, struct arena *arena, struct fault *fault)
{
    enum err err = service_write(im->service, arena, file_command, 0, im, fault);
    for (; err == OK && im->next < im->count; im->next += CHUNK)
        err = service_write(im->service, arena, entries_command, 0, im, fault);
    struct matching sum = {0};
    if (err == OK)
        err = match_all(im->service, arena, &sum, fault);
    im->result.known = im->file_known && im->result.fresh == 0;
    im->result.matched = sum.matched;
    im->result.proposed = sum.proposed;
    im->result.unmatched = sum.unmatched;
    return err;
}

enum err bank_import(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str name,
                     struct str bytes, struct bank_import *ret_import, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_BANK_IMPORT, 0, fault);
    if (may != OK)
        return may;
    struct settings settings;
    struct bank_file file;
    struct importing im = {.service = service, .caller = caller, .file = &file, .name = str_sub(name, 0, LONGEST_NAME)};
    enum err err = settings_load(service, arena, &settings, fault);
    if (err != OK)
        return err;
    im.account = without_blanks(arena, settings.seller_iban);
    if (!utf8_valid(im.name))
        im.name = S("?");
    if (bank_read_any(arena, bytes, &file, &im.result.problem) != OK)
        im.result.refusal = BANK_FILE;
    else
        pick_entries(&im, arena);
    if (im.result.refusal == BANK_NOT_REFUSED)
        err = import_all(&im, arena, fault);
    if (err != OK)
        return err;
    LOG(LOG_INFO, "bank.import", LOG_INT("entries", (int64_t)im.result.entries),
        LOG_INT("fresh", (int64_t)im.result.fresh), LOG_INT("matched", (int64_t)im.result.matched),
        LOG_INT("refusal", im.result.refusal));
    *ret_import = im.result;
    return OK;
}
