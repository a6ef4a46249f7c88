/* The demonstration's people: two accounts to sign in with, and other customers who only hold places. */
#include "domain/checks.h"
#include "domain/leader.h"
#include "service/demo_parts.h"
#include "store/queries.h"

/* As S(), for what is not made at run time. */
#define TEXT(literal) {(literal), sizeof(literal) - 1}

static const struct demo_account accounts[] = {
    {TEXT("agency"), TEXT("agence@voyages-lumiere.example"), TEXT("visites-en-groupe-2026")},
    {TEXT("school"), TEXT("college@jean-vilar.example"), TEXT("classe-au-monument-2026")},
};
enum { ACCOUNTS = sizeof(accounts) / sizeof(accounts[0]) };

const struct demo_account *demo_accounts(size_t *ret_count)
{
    *ret_count = ACCOUNTS;
    return accounts;
}

/* An organisation with its first person. The registration numbers pass their check and belong to nobody. */
struct member {
    const char *name, *kind, *registration, *vat_number, *address, *postcode, *city, *country;
    const char *first_name, *last_name, *email, *phone, *lang;
};

static const struct member members[ACCOUNTS] = {
    {"Voyages Lumière", "agency", "99999990700010", "", "8 rue de l’Exemple", "75002", "Paris", "FR", "Claire",
     "Fontaine", "agence@voyages-lumiere.example", "+33199002410", "fr"},
    {"Collège Jean-Vilar", "school", "99999991500013", "", "3 avenue de l’Exemple", "93200", "Saint-Denis", "FR",
     "Hélène", "Moreau", "college@jean-vilar.example", "+33199002425", "fr"},
};

static const struct member others[DEMO_CUSTOMERS] = {
    {"Atlas Voyages Groupes", "tour-operator", "99999992300017", "", "21 quai de l’Exemple", "69002", "Lyon", "FR",
     "Thomas", "Girard", "groupes@atlas-voyages.example", "+33465713011", "fr"},
    {"Autocars de la Plaine", "coach", "99999993100010", "", "4 route de l’Exemple", "51100", "Reims", "FR", "Nadia",
     "Perrin", "voyages@autocars-plaine.example", "+33353013012", "fr"},
    {"Comité d’entreprise Horizon", "works-council", "99999994900012", "", "60 rue de l’Exemple", "44000", "Nantes",
     "FR", "Yann", "Le Goff", "ce@horizon.example", "+33261913013", "fr"},
    {"Nordlicht Reisen", "tour-operator", "HRB 000000", "", "Beispielstraße 5", "20095", "Hamburg", "DE", "Jonas",
     "Petersen", "gruppen@nordlicht-reisen.example", "+49300000000", "en"},
    {"Hinode Travel", "tour-operator", "0000-00-000000", "", "1-2-3 Rei", "100-0000", "Tokyo", "JP", "Yuki", "Sato",
     "groups@hinode-travel.example", "+81300000000", "en"},
};

/* A person without a password never signs in. */
static enum err member_add(struct db *db, struct arena *arena, const struct member *m, struct str password_hash,
                           instant now, struct demo_customer *ret_ids, struct fault *fault)
{
    struct organisation_add_row organisation;
    struct person_add_row person;
    enum err err = q_organisation_add(
        db, arena,
        (struct organisation_add_in){
            .name = str_of(m->name), .kind = str_of(m->kind), .registration = str_of(m->registration),
            .vat_number = str_of(m->vat_number), .address = str_of(m->address), .postcode = str_of(m->postcode),
            .city = str_of(m->city), .country = str_of(m->country), .created_at = now},
        &organisation, NULL, fault);
    if (err != OK)
        return err;
    struct str email = str_of(m->email);
    err = q_person_add(
        db, arena,
        (struct person_add_in){.organisation_id = organisation.id, .email = email,
                               .email_key = email_key(arena, email), .first_name = str_of(m->first_name),
                               .last_name = str_of(m->last_name), .phone = str_of(m->phone),
                               .password_hash = password_hash, .lang = str_of(m->lang), .created_at = now},
        &person, NULL, fault);
    if (err == OK)
        err = q_person_verify(db, (struct person_verify_in){.id = person.id, .now = now}, NULL, fault);
    if (err == OK)
        *ret_ids = (struct demo_customer){.organisation_id = organisation.id, .person_id = person.id};
    return err;
}

/* ---- whom the two accounts know ---- */

struct acquaintance {
    int account;
    const char *kind, *first_name, *last_name, *email, *phone, *lang;
};

/* The first two of each account are the placeholders that every account has (COM-1). */
static const struct acquaintance leaders[] = {
    {0, "guide", "Guide", "Type", "", "", ""},
    {0, "accompanying", "Accompagnateur", "Type", "", "", ""},
    {0, "guide", "Irène", "Valmont", "irene.valmont@guides.example", "+33199002431", ""},
    {0, "accompanying", "Marc", "Lavigne", "marc.lavigne@voyages-lumiere.example", "+33199002432", ""},
    {1, "guide", "Guide", "Type", "", "", ""},
    {1, "accompanying", "Accompagnateur", "Type", "", "", ""},
    {1, "accompanying", "Hélène", "Moreau", "helene.moreau@jean-vilar.example", "+33199002433", ""},
};

static const struct acquaintance contacts[] = {
    {0, "customer", "Kenji", "Tanaka", "kenji.tanaka@clients.example", "+81300000001", "en"},
    {0, "colleague", "Sophie", "Martin", "sophie.martin@voyages-lumiere.example", "+33199002434", "fr"},
    {0, "guide", "Irène", "Valmont", "irene.valmont@guides.example", "+33199002431", "fr"},
    {1, "colleague", "Paul", "Renard", "paul.renard@jean-vilar.example", "+33199002435", "fr"},
};

/* A guide's professional card is valid for some time yet (COM-5). */
enum { CARD_DAYS = 500 };

static enum err leaders_add(struct db *db, struct arena *arena, const int64_t *organisations, instant now,
                            struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < sizeof(leaders) / sizeof(leaders[0]); i++) {
        const struct acquaintance *l = &leaders[i];
        bool card = str_eq(str_of(l->kind), S("guide")) && l->email[0] != '\0';
        struct leader_add_row row;
        err = q_leader_add(db, arena,
                           (struct leader_add_in){.organisation_id = organisations[l->account], .kind = str_of(l->kind),
                                                  .placeholder = l->email[0] == '\0', .last_name = str_of(l->last_name),
                                                  .first_name = str_of(l->first_name), .email = str_of(l->email),
                                                  .phone = str_of(l->phone),
                                                  .card_number = card ? S("GC-75-0117") : S(""),
                                                  .card_until = {.is = card, .v = now / SECONDS_A_DAY + CARD_DAYS},
                                                  .created_at = now},
                           &row, NULL, fault);
    }
    return err;
}

static enum err contacts_add(struct db *db, struct arena *arena, const int64_t *organisations, instant now,
                             struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < sizeof(contacts) / sizeof(contacts[0]); i++) {
        const struct acquaintance *c = &contacts[i];
        struct contact_add_row row;
        err = q_contact_add(db, arena,
                            (struct contact_add_in){.organisation_id = organisations[c->account],
                                                    .kind = str_of(c->kind), .last_name = str_of(c->last_name),
                                                    .first_name = str_of(c->first_name), .email = str_of(c->email),
                                                    .phone = str_of(c->phone), .lang = str_of(c->lang),
                                                    .created_at = now},
                            &row, NULL, fault);
    }
    return err;
}

enum err demo_add_people(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    int64_t organisations[ACCOUNTS];
    enum err err = OK;
    for (size_t i = 0; err == OK && i < ACCOUNTS; i++) {
        struct demo_customer ids = {0};
        err = member_add(db, arena, &members[i], demo->password_hashes[i], demo->now, &ids, fault);
        organisations[i] = ids.organisation_id;
    }
    for (size_t i = 0; err == OK && i < DEMO_CUSTOMERS; i++)
        err = member_add(db, arena, &others[i], S(""), demo->now, &demo->customers[i], fault);
    if (err == OK) /* the first account is the agency's */
        err = demo_add_members(demo, db, arena, organisations[0], demo->password_hashes[0], fault);
    if (err == OK)
        err = leaders_add(db, arena, organisations, demo->now, fault);
    if (err == OK)
        err = contacts_add(db, arena, organisations, demo->now, fault);
    return err;
}
