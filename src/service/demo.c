/* Filling an empty database with the demonstration network: the order of things, and the legal texts. */
#include "service/demo.h"

#include <stdio.h>

#include "service/demo_parts.h"
#include "service/public_email.h"
#include "store/queries.h"

/* Addresses that the public shop knows, so that ACC-2 can be seen. */
static const char public_emails[] =
    "visiteur@tickets.example\nfamille.durand@tickets.example\njane.doe@tickets.example\n";

struct str demo_public_email(void)
{
    return S("visiteur@tickets.example");
}

static const char legal_version[] = "2026-11";

static enum err legal_texts_add(const struct demo *demo, struct db *db, struct fault *fault)
{
    const struct {
        const char *kind, *lang;
        struct str body;
    } texts[] = {
        {"terms", "fr", demo_terms_fr},
        {"terms", "en", demo_terms_en},
        {"privacy", "fr", demo_privacy_fr},
        {"privacy", "en", demo_privacy_en},
        {"accessibility", "fr", demo_accessibility_fr},
        {"accessibility", "en", demo_accessibility_en},
    };
    /* In force at once, also for a clock that stands before the version's month. */
    instant effective = instant_of(&demo->settings.zone, day_of((struct date){2026, 11, 1}), 0);
    if (effective > demo->now)
        effective = demo->now;
    enum err err = OK;
    for (size_t i = 0; err == OK && i < sizeof(texts) / sizeof(texts[0]); i++)
        err = q_demo_legal_text_add(db,
                                    (struct demo_legal_text_add_in){.kind = str_of(texts[i].kind),
                                                                    .version = str_of(legal_version),
                                                                    .lang = str_of(texts[i].lang),
                                                                    .effective_at = effective, .body = texts[i].body},
                                    NULL, fault);
    return err;
}

static enum err count_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct demo_monument_count_row *row = argument;
    return q_demo_monument_count(db, arena, row, NULL, fault);
}

/* One transaction: a demonstration is there whole or not at all. */
static enum err fill(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct demo *demo = argument;
    struct demo_monument_count_row count;
    demo->seeded = false;
    enum err err = q_demo_monument_count(db, arena, &count, NULL, fault);
    if (err != OK || count.n > 0)
        return err;
    err = settings_read(db, arena, &demo->settings, fault);
    if (err != OK)
        return err;
    demo->today = local_of(&demo->settings.zone, demo->now).day;
    err = legal_texts_add(demo, db, fault);
    if (err == OK)
        err = demo_add_network(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_people(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_staff(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_slots(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_plans(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_closure(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_gate(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_requests(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_rights(demo, db, arena, fault);
    if (err == OK)
        err = demo_add_transfers(demo, db, arena, fault);
    demo->seeded = err == OK;
    return err;
}

/* Before the rest and not with it: the import has its own transactions, and running it twice changes nothing. */
static enum err public_emails_add(struct service *service, struct fault *fault)
{
    struct public_email_import counts;
    FILE *file = tmpfile();
    if (!file)
        return fault_set(fault, ERR_IO, "no temporary file");
    fputs(public_emails, file);
    rewind(file);
    enum err err = public_email_import(service, file, &counts, fault);
    fclose(file);
    return err;
}

static enum err seed_empty(struct service *service, struct arena *arena, struct demo_options options, bool *ret_seeded,
                           struct fault *fault)
{
    struct demo *demo = ARENA_NEW(arena, struct demo);
    *demo = (struct demo){.service = service, .options = options, .now = service_now(service)};
    if (demo->options.months == 0)
        demo->options.months = 15;
    size_t count = 0;
    const struct demo_account *accounts = demo_accounts(&count);
    enum err err = public_emails_add(service, fault);
    for (size_t i = 0; err == OK && i < count; i++)
        err = password_hash(service->passwords, arena, accounts[i].password, &demo->password_hashes[i], fault);
    if (err == OK)
        err = password_hash(service->passwords, arena, demo_staff_password(), &demo->staff_password_hash, fault);
    if (err == OK)
        err = service_write(service, arena, fill, 0, demo, fault);
    if (err == OK && ret_seeded)
        *ret_seeded = demo->seeded;
    return err;
}

enum err demo_seed(struct service *service, struct demo_options options, bool *ret_seeded, struct fault *fault)
{
    struct arena *arena = arena_new();
    struct demo_monument_count_row count;
    enum err err = service_read(service, arena, count_read, &count, fault);
    if (err == OK && count.n > 0) {
        if (ret_seeded)
            *ret_seeded = false;
    } else if (err == OK) {
        err = seed_empty(service, arena, options, ret_seeded, fault);
    }
    arena_free(&arena);
    return err;
}
