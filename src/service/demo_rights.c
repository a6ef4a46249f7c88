/* The demonstration's tickets in stock, the right to use them, and a voucher layout that waits for its answer (STK-1,
 * TKT-2). */
#include "service/demo_parts.h"
#include "store/queries.h"

enum { NUMBERS = 60, EXPIRED = 5, DAYS = 500 };

/* «DEMO00001» to «DEMO00060». */
static const char *const monuments[] = {"conciergerie", "sainte-chapelle"};

static const char layout[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1"
    "/BaseFont/Helvetica>>>>>>>>endobj\n"
    "4 0 obj<</Length 116>>stream\nBT /F 20 Tf 30 150 Td (Voyages Lumiere) Tj 0 -40 Td (Bon d'echange) Tj 0 -40 Td "
    "(Code QR ici : 30 x 30 mm) Tj ET          \nendstream endobj\n"
    "xref\n0 5\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \n0000000243 00000 n \n"
    "trailer<</Size 5/Root 1 0 R>>\nstartxref\n409\n%%EOF\n";

static int64_t monument_id(const struct demo *demo, const char *slug)
{
    for (size_t i = 0; i < demo->monument_count; i++)
        if (str_eq(demo->monuments[i].slug, str_of(slug)))
            return demo->monuments[i].id;
    return 0;
}

static enum err numbers_add(const struct demo *demo, struct db *db, struct arena *arena, int64_t staff_id,
                            struct fault *fault)
{
    struct stock_import_add_row import;
    enum err err = q_stock_import_add(db, arena,
                                      (struct stock_import_add_in){.hash = S("demonstration"),
                                                                   .file_name = S("billets-en-stock.csv"),
                                                                   .added = NUMBERS,
                                                                   .staff_id = staff_id,
                                                                   .now = demo->now},
                                      &import, NULL, fault);
    for (int i = 0; err == OK && i < NUMBERS; i++)
        err = q_stock_add(
            db,
            (struct stock_add_in){.number = str_format(arena, "DEMO%05d", i + 1),
                                  .monument_id = monument_id(demo, monuments[i >= NUMBERS / 2]),
                                  .expires_on = i < NUMBERS - EXPIRED ? demo->today + DAYS : demo->today - 1,
                                  .import_id = import.id,
                                  .now = demo->now},
            NULL, fault);
    return err;
}

enum err demo_add_rights(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    struct person_by_email_row agency;
    struct staff_by_email_row service;
    struct layout_add_row added;
    size_t count = 0;
    struct str bytes = {layout, sizeof layout - 1};
    enum err err = q_person_by_email(
        db, arena, (struct person_by_email_in){.email_key = demo_accounts(&count)[0].email}, &agency, NULL, fault);
    if (err == OK)
        err = q_staff_by_email(db, arena, (struct staff_by_email_in){.email_key = demo_staff(&count)[1].email},
                               &service, NULL, fault);
    if (err == OK)
        err = numbers_add(demo, db, arena, service.id, fault);
    if (err == OK)
        err = q_stock_right_add(
            db,
            (struct stock_right_add_in){.organisation_id = agency.organisation_id,
                                        .now = demo->now,
                                        .staff_id = service.id,
                                        .reason = S("Demande par e-mail, billets achetés au guichet")},
            NULL, fault);
    if (err == OK)
        err = q_layout_add(db, arena,
                           (struct layout_add_in){.organisation_id = agency.organisation_id,
                                                  .person_id = agency.id,
                                                  .name = S("Bon d’échange, saison d’été"),
                                                  .note = S("Le code QR fera 30 mm de côté."),
                                                  .kind = S("pdf"),
                                                  .size = (int64_t)bytes.n,
                                                  .hash = S("demonstration"),
                                                  .bytes = bytes,
                                                  .request_key = S("demonstration"),
                                                  .now = demo->now},
                           &added, NULL, fault);
    return err;
}
