/* The demonstration's other people: one of the operator's for each role, and for each role one of the agency's. Their
 * second factors have secrets that are printed, so that anybody can sign in as any of them. */
#include "base/totp.h"
#include "domain/checks.h"
#include "service/demo_parts.h"
#include "service/second_factor_parts.h"
#include "store/queries.h"

/* As S(), for what is not made at run time. */
#define TEXT(literal) {(literal), sizeof(literal) - 1}

static const struct demo_staff staff[] = {
    {TEXT("administrator"), TEXT("administration@reseau.example"), TEXT("ADMINISTRATEURDEMONSTRATIONAAAAA")},
    {TEXT("customer-service"), TEXT("service-clients@reseau.example"), TEXT("SERVICECLIENTSDEMONSTRATIONAAAAA")},
    {TEXT("monument-manager"), TEXT("monuments@reseau.example"), TEXT("RESPONSABLEDEMONSTRATIONAAAAAAAA")},
    {TEXT("gate-agent"), TEXT("controle@reseau.example"), TEXT("CONTROLEDEMONSTRATIONAAAAAAAAAAA")},
    {TEXT("accountant"), TEXT("comptabilite@reseau.example"), TEXT("COMPTABILITEDEMONSTRATIONAAAAAAA")},
};
enum { STAFF = sizeof staff / sizeof *staff };

static const struct {
    const char *first_name, *last_name;
} staff_names[STAFF] = {
    {"Agnès", "Berger"}, {"Karim", "Haddad"}, {"Louise", "Caron"}, {"Mathieu", "Prévost"}, {"Sylvie", "Tessier"},
};

/* Of the manager and of the gate agent: two with group slots, one that is asked first. */
static const char *const staff_monuments[] = {"conciergerie", "sainte-chapelle", "basilique-saint-denis"};

static const struct demo_member members[] = {
    {TEXT("booker"), TEXT("reservation@voyages-lumiere.example")},
    {TEXT("accountant"), TEXT("comptabilite@voyages-lumiere.example")},
    {TEXT("read-only"), TEXT("lecture@voyages-lumiere.example")},
};
enum { MEMBERS = sizeof members / sizeof *members };

static const struct {
    const char *first_name, *last_name, *phone;
} member_names[MEMBERS] = {
    {"Amina", "Diallo", "+33199002436"}, {"Bruno", "Keller", "+33199002437"}, {"Chloé", "Marchand", "+33199002438"},
};

const struct demo_staff *demo_staff(size_t *ret_count)
{
    *ret_count = STAFF;
    return staff;
}

struct str demo_staff_password(void)
{
    return S("coulisses-du-reseau-2026");
}

const struct demo_member *demo_members(size_t *ret_count)
{
    *ret_count = MEMBERS;
    return members;
}

/* ---- the operator's people ---- */

static enum err monuments_give(const struct demo *demo, struct db *db, int64_t staff_id, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < demo->monument_count; i++)
        for (size_t k = 0; err == OK && k < sizeof staff_monuments / sizeof *staff_monuments; k++)
            if (str_eq(demo->monuments[i].slug, str_of(staff_monuments[k])))
                err = q_staff_monument_add(
                    db,
                    (struct staff_monument_add_in){.staff_id = staff_id, .monument_id = demo->monuments[i].id}, NULL,
                    fault);
    return err;
}

static enum err factor_give(const struct demo *demo, struct db *db, struct arena *arena, int64_t staff_id,
                            struct str secret, struct fault *fault)
{
    struct factor_draw draw = {.codes = {{NULL, 0}}};
    if (!totp_parse(secret, draw.secret))
        return fault_set(fault, ERR_BUG, "a secret of the demonstration");
    random_fill(&demo->service->random, draw.nonce, sizeof draw.nonce);
    return factor_install_in(demo->service, db, arena, (struct factor_owner){.staff_id = staff_id}, &draw, demo->now,
                             fault);
}

static enum err one_add(const struct demo *demo, struct db *db, struct arena *arena, size_t index, struct fault *fault)
{
    const struct demo_staff *one = &staff[index];
    enum role role = ROLE_NONE;
    struct staff_add_row row;
    if (!staff_role_parse(one->role, &role))
        return fault_set(fault, ERR_BUG, "a role of the demonstration");
    enum err err = q_staff_add(db, arena,
                               (struct staff_add_in){.email = one->email,
                                                     .email_key = email_key(arena, one->email),
                                                     .first_name = str_of(staff_names[index].first_name),
                                                     .last_name = str_of(staff_names[index].last_name),
                                                     .lang = S("fr"),
                                                     .role = one->role,
                                                     .created_at = demo->now},
                               &row, NULL, fault);
    if (err == OK)
        err = q_staff_password(
            db, (struct staff_password_in){.id = row.id, .password_hash = demo->staff_password_hash}, NULL, fault);
    if (err == OK && role_has_monuments(role))
        err = monuments_give(demo, db, row.id, fault);
    return err != OK ? err : factor_give(demo, db, arena, row.id, one->secret, fault);
}

/* What customer service knows of the agency (OPS-1). */
static enum err note_add(const struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    struct staff_by_email_row clerk;
    struct person_by_email_row manager;
    struct customer_note_add_row note;
    bool clerk_found = false, manager_found = false;
    enum err err = q_staff_by_email(db, arena, (struct staff_by_email_in){.email_key = staff[1].email}, &clerk,
                                    &clerk_found, fault);
    if (err == OK)
        err = q_person_by_email(db, arena, (struct person_by_email_in){.email_key = S("agence@voyages-lumiere.example")},
                                &manager, &manager_found, fault);
    if (err != OK || !clerk_found || !manager_found)
        return err;
    return q_customer_note_add(
        db, arena,
        (struct customer_note_add_in){.organisation_id = manager.organisation_id, .staff_id = clerk.id,
                                      .at = demo->now,
                                      .body = S("Préfère être rappelée le matin. Réserve souvent pour deux groupes.")},
        &note, NULL, fault);
}

enum err demo_add_staff(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < STAFF; i++)
        err = one_add(demo, db, arena, i, fault);
    return err != OK ? err : note_add(demo, db, arena, fault);
}

/* ---- the agency's people ---- */

enum err demo_add_members(const struct demo *demo, struct db *db, struct arena *arena, int64_t organisation_id,
                          struct str password_hash, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < MEMBERS; i++) {
        struct member_add_row row;
        err = q_member_add(db, arena,
                           (struct member_add_in){.organisation_id = organisation_id,
                                                  .email = members[i].email,
                                                  .email_key = email_key(arena, members[i].email),
                                                  .first_name = str_of(member_names[i].first_name),
                                                  .last_name = str_of(member_names[i].last_name),
                                                  .phone = str_of(member_names[i].phone),
                                                  .password_hash = password_hash,
                                                  .lang = S("fr"),
                                                  .role = members[i].role,
                                                  .now = demo->now},
                           &row, NULL, fault);
    }
    return err;
}
