/* Finding a customer by whatever they quote, and the newest orders; see desk.h. */
#include "service/desk.h"

#include "domain/reference.h"
#include "domain/when.h"
#include "store/queries.h"

enum { WORDS = 8 };

struct searching {
    const struct zone *zone;
    struct str text;
    struct str words[WORDS];
    size_t word_count;
    struct desk_hits hits;
};

static void add(struct searching *s, struct desk_hit hit)
{
    if (s->hits.n == DESK_HITS)
        s->hits.more = true;
    else
        s->hits.p[s->hits.n++] = hit;
}

static enum err find_order(struct db *db, struct arena *arena, struct searching *s, struct fault *fault)
{
    char ref[REFERENCE_SIZE];
    struct desk_order_row row;
    bool found = false;
    if (!reference_parse(s->text, ref))
        return OK;
    enum err err = q_desk_order(db, arena, (struct desk_order_in){.ref = str_of(ref)}, &row, &found, fault);
    if (err == OK && found)
        add(s, (struct desk_hit){.found = DESK_ORDER, .organisation_id = row.organisation_id,
                                 .organisation = row.organisation, .label = row.ref, .detail = row.ref});
    return err;
}

static enum err find_ticket(struct db *db, struct arena *arena, struct searching *s, struct fault *fault)
{
    char number[TICKET_NUMBER_SIZE], shown[TICKET_NUMBER_DISPLAY];
    struct desk_ticket_row row;
    bool found = false;
    if (!ticket_number_parse(s->text, number) || !ticket_number_display(str_of(number), shown))
        return OK;
    enum err err = q_desk_ticket(db, arena, (struct desk_ticket_in){.number = str_of(number)}, &row, &found, fault);
    if (err == OK && found)
        add(s, (struct desk_hit){.found = DESK_TICKET, .organisation_id = row.organisation_id,
                                 .organisation = row.organisation, .label = str_dup(arena, str_of(shown)),
                                 .detail = row.ref});
    return err;
}

static enum err find_invoice(struct db *db, struct arena *arena, struct searching *s, struct fault *fault)
{
    struct desk_invoice_row row;
    bool found = false;
    char *number = arena_alloc(arena, s->text.n + 1);
    for (size_t i = 0; i < s->text.n; i++) {
        char c = s->text.p[i];
        number[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    enum err err = q_desk_invoice(db, arena, (struct desk_invoice_in){.number = {number, s->text.n}}, &row, &found,
                                  fault);
    if (err == OK && found)
        add(s, (struct desk_hit){.found = DESK_INVOICE, .organisation_id = row.organisation_id,
                                 .organisation = row.organisation, .label = row.number, .detail = row.ref});
    return err;
}

static void search_words(struct searching *s, struct str folded)
{
    while (folded.n > 0 && s->word_count < WORDS) {
        struct str word = str_cut(&folded, ' ');
        if (word.n > 0)
            s->words[s->word_count++] = word;
    }
}

static bool has_all(const struct searching *s, struct str folded)
{
    for (size_t i = 0; i < s->word_count; i++)
        if (!str_has(folded, s->words[i]))
            return false;
    return s->word_count > 0;
}

/* The organisation itself when its own words fit, else each of its people whose words fit together with it. */
static enum err find_names(struct db *db, struct arena *arena, struct searching *s, struct fault *fault)
{
    struct desk_names_list rows;
    enum err err = q_desk_names(db, arena, &rows, fault);
    if (err != OK)
        return err;
    int64_t last = 0;
    bool whole = false;
    for (size_t i = 0; i < rows.n && !s->hits.more; i++) {
        const struct desk_names_row *row = &rows.p[i];
        struct str own = str_format(arena, "%.*s %.*s %.*s", STR_ARG(row->organisation), STR_ARG(row->city),
                                    STR_ARG(row->registration));
        if (row->organisation_id != last) {
            last = row->organisation_id;
            whole = has_all(s, str_fold(arena, own));
            if (whole)
                add(s, (struct desk_hit){.found = DESK_ORGANISATION, .organisation_id = last,
                                         .organisation = row->organisation, .label = row->organisation,
                                         .detail = row->city});
        }
        struct str name = str_format(arena, "%.*s %.*s", STR_ARG(row->first_name), STR_ARG(row->last_name));
        struct str all = str_format(arena, "%.*s %.*s %.*s", STR_ARG(own), STR_ARG(name), STR_ARG(row->email));
        if (!whole && has_all(s, str_fold(arena, all)))
            add(s, (struct desk_hit){.found = DESK_PERSON, .organisation_id = last, .organisation = row->organisation,
                                     .label = name, .detail = row->email, .gone = row->gone != 0});
    }
    return OK;
}

/* A monument and a day: what stands there (OPS-1). */
static enum err find_slots(struct db *db, struct arena *arena, struct searching *s, struct fault *fault)
{
    struct when when;
    struct catalogue_desk_names_list rows;
    if (!when_find(arena, str_fold(arena, s->text), &when) || when.rest.n < DESK_TEXT_LEAST)
        return OK;
    enum err err = q_catalogue_desk_names(db, arena, &rows, fault);
    struct searching names = {.word_count = 0};
    search_words(&names, when.rest);
    for (size_t i = 0; err == OK && i < rows.n && !s->hits.more; i++) {
        const struct catalogue_desk_names_row *row = &rows.p[i];
        struct desk_slot_count_row count;
        struct str all = str_format(arena, "%.*s %.*s", STR_ARG(row->name), STR_ARG(row->city));
        if (!has_all(&names, str_fold(arena, all)))
            continue;
        err = q_desk_slot_count(db, arena,
                                (struct desk_slot_count_in){.monument_id = row->id,
                                                            .from_at = instant_of(s->zone, when.day, 0),
                                                            .to_at = instant_of(s->zone, when.day + 1, 0)},
                                &count, NULL, fault);
        if (err == OK && count.slots > 0)
            add(s, (struct desk_hit){.found = DESK_SLOT, .label = row->name, .detail = row->slug, .day = when.day,
                                     .persons = (int)count.persons});
    }
    return err;
}

static enum err search_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct searching *s = argument;
    enum err err = find_order(db, arena, s, fault);
    if (err == OK)
        err = find_ticket(db, arena, s, fault);
    if (err == OK)
        err = find_invoice(db, arena, s, fault);
    if (err == OK)
        err = find_slots(db, arena, s, fault);
    return err != OK ? err : find_names(db, arena, s, fault);
}

enum err desk_search(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str text,
                     struct desk_hits *ret_hits, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SEARCH, 0, fault);
    if (err != OK)
        return err;
    struct searching s = {.zone = &service->zone, .text = str_trim(text), .hits = {.p = ARENA_ARRAY(arena, DESK_HITS, struct desk_hit)}};
    search_words(&s, str_fold(arena, s.text));
    if (s.text.n >= DESK_TEXT_LEAST && s.text.n <= DESK_TEXT_MOST)
        err = service_read(service, arena, search_read, &s, fault);
    if (err == OK)
        *ret_hits = s.hits;
    return err;
}

static enum err orders_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct desk_orders *orders = argument;
    struct desk_latest_orders_list rows;
    enum err err = q_desk_latest_orders(db, arena, &rows, fault);
    if (err != OK)
        return err;
    *orders = (struct desk_orders){ARENA_ARRAY(arena, rows.n + 1, struct desk_order), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct desk_latest_orders_row *row = &rows.p[i];
        orders->p[i] = (struct desk_order){
            .organisation_id = row->organisation_id, .organisation = row->organisation, .ref = row->ref,
            .state = row->state, .total = {row->total_cents}, .created_at = row->created_at,
            .buyer = str_format(arena, "%.*s %.*s", STR_ARG(row->first_name), STR_ARG(row->last_name))};
    }
    return OK;
}

enum err desk_orders(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     struct desk_orders *ret_orders, struct fault *fault)
{
    struct desk_orders orders = {.n = 0};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, orders_read, &orders, fault);
    if (err == OK)
        *ret_orders = orders;
    return err;
}
