/* What the files of the demonstration share; nobody else includes it. */
#ifndef GUICHET_SERVICE_DEMO_PARTS_H
#define GUICHET_SERVICE_DEMO_PARTS_H

#include "service/catalogue.h"
#include "service/demo.h"
#include "service/settings.h"

/* The embedded files of data/, made by tools/datagen. */
extern const struct str demo_monuments_csv;
extern const struct str demo_terms_fr, demo_terms_en;
extern const struct str demo_privacy_fr, demo_privacy_en;
extern const struct str demo_accessibility_fr, demo_accessibility_en;

enum { DEMO_MONUMENTS = 200, DEMO_CUSTOMERS = 5 };

/* Somebody else's organisation, whose options make the plannings look lived in. */
struct demo_customer {
    int64_t organisation_id, person_id;
};

/* What the command that fills the database knows. It is run afresh when the writer repeats its batch. */
struct demo {
    struct service *service;
    struct demo_options options;
    struct settings settings;
    instant now;
    day_number today;
    struct str password_hashes[2]; /* of demo_accounts, in their order */
    struct str staff_password_hash;
    struct monument monuments[DEMO_MONUMENTS];
    size_t monument_count;
    struct demo_customer customers[DEMO_CUSTOMERS];
    bool seeded;
};

/* Cuts one line of a table with ';' between the fields and '"' around those that need it; texts live in `arena`.
 * Returns the number of fields, 0 at the end of the table; more than `most` fields are not returned but counted. */
size_t demo_csv_line(struct arena *arena, struct str *rest, struct str *fields, size_t most);

/* demo_network.c: monuments, rules, tariffs; fills demo->monuments. */
enum err demo_add_network(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_people.c: the two accounts and the other customers. */
enum err demo_add_people(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_staff.c: the operator's people; and the agency's other people, called by demo_people.c. */
enum err demo_add_staff(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);
enum err demo_add_members(const struct demo *demo, struct db *db, struct arena *arena, int64_t organisation_id,
                          struct str password_hash, struct fault *fault);

/* demo_slots.c: slots of the monuments that have a planning or dated tickets, then options of other customers. */
enum err demo_add_slots(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* A moment that a monument keeps for its other visitors; how its slots lie in the day. */
enum {
    DEMO_STEP = 30,
    DEMO_LAST_START = 60,  /* the last slot starts so long before the closing time */
    DEMO_SALES_MONTHS = 12 /* sales of a month open so many months before, on the first at nine */
};
bool demo_slot_kept(struct str slug, enum weekday weekday, int minute);

/* demo_plan.c: the templates behind these slots; bookings by telephone and a private event. */
enum err demo_add_plans(const struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_gate.c: groups of today that are paid, at the monuments of the gate agent. */
enum err demo_add_gate(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_closure.c: a day that is closed. */
enum err demo_add_closure(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_rights.c: tickets in stock, the agency's right to use them, a layout that waits. */
enum err demo_add_rights(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_transfer.c: other customers' orders that wait for their transfer. */
enum err demo_add_transfers(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

/* demo_requests.c: requests to a monument without slots. */
enum err demo_add_requests(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault);

#endif
