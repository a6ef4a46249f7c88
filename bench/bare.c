/* What SQLite itself can do with the statements of one option or of one look at a ticket: the same SQL as the product's, in a
 * bare loop of one thread, without HTTP, sessions or checks. script/bench divides our figures by these.
 *
 *   bare hold DATABASE BATCH SECONDS SLOTS   options, BATCH in one transaction; SLOTS: a file with «monument start» lines
 *   bare ticket DATABASE SECONDS             one ticket by its number, as a gate asks
 *
 * Prints one line of JSON. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS_MOST = 100000, STEPS = 9, TICKETS_MOST = 100000 };

static sqlite3 *db;
static uint64_t dice = 88172645463325252u;

static uint64_t throw_dice(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice;
}

static void check(int code, const char *what)
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        return;
    fprintf(stderr, "bare: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static void run(const char *sql)
{
    check(sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement = NULL;
    check(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
    return statement;
}

static void number(sqlite3_stmt *statement, int at, int64_t value)
{
    check(sqlite3_bind_int64(statement, at, value), "bind");
}

static void text(sqlite3_stmt *statement, int at, const char *value)
{
    check(sqlite3_bind_text(statement, at, value, -1, SQLITE_TRANSIENT), "bind");
}

/* To the end; the first column of the first row, 0 when there is none. */
static int64_t finish(sqlite3_stmt *statement)
{
    int64_t first = 0;
    bool row = false;
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW) {
        if (!row && sqlite3_column_count(statement) > 0)
            first = sqlite3_column_int64(statement, 0);
        row = true;
        code = sqlite3_step(statement);
    }
    check(code, sqlite3_sql(statement));
    sqlite3_reset(statement);
    return first;
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *const statements[STEPS] = {
    "SELECT id, state, ends_at FROM visit WHERE organisation_id = ?1 AND request_key = ?2",
    "SELECT key, value FROM setting ORDER BY key",
    "SELECT count(*) FROM visit WHERE organisation_id = ?1 AND state = 'option' AND (ends_at > ?2 OR order_id IS NOT NULL)",
    "SELECT m.slug, m.name, m.sale_mode, s.day, s.minutes, s.whole_day, s.capacity, s.taken, s.for_groups, s.closed_fr,"
    " s.on_sale_from, r.min_persons, r.max_persons, r.option_days FROM slot s JOIN monument m ON m.id = s.monument_id"
    " LEFT JOIN group_rule r ON r.monument_id = s.monument_id WHERE s.monument_id = ?1 AND s.start_at = ?2 AND m.published = 1",
    "SELECT code, audience, min_persons, amount_cents, vat_code FROM tariff WHERE monument_id = ?1 AND valid_from <= ?2"
    " AND (valid_to IS NULL OR valid_to >= ?2) ORDER BY valid_from DESC, id LIMIT 100",
    "UPDATE slot SET taken = taken + ?3 WHERE monument_id = ?1 AND start_at = ?2 AND closed_fr IS NULL"
    " AND taken + ?3 <= capacity RETURNING taken, capacity",
    "INSERT INTO visit (organisation_id, person_id, monument_id, kind, start_at, persons, audience, leader_kind, state,"
    " placed_at, ends_at, in_cart, request_key) VALUES (?1, ?2, ?3, 'slot', ?4, ?5, 'adults', 'accompanying', 'option', ?6,"
    " ?7, 0, ?8) RETURNING id",
    "INSERT INTO outbox (kind, organisation_id, visit_id, recipient, recipient_name, lang, state, next_at, created_at)"
    " SELECT 'option-placed', ?1, ?2, p.email, p.first_name || ' ' || p.last_name, 'fr', 'waiting', ?3, ?3 FROM person p"
    " WHERE p.id = ?4",
    "INSERT INTO audit (at, person_id, organisation_id, act, subject) VALUES (?1, ?2, ?3, 'option.place', ?4)",
};

struct slot {
    int64_t monument, start;
};
static struct slot slots[SLOTS_MOST];
static size_t slot_count;
static int64_t people[SLOTS_MOST], organisations[SLOTS_MOST];
static size_t people_count;
static sqlite3_stmt *steps[STEPS];

static void read_slots(const char *path)
{
    FILE *file = fopen(path, "r");
    long long monument = 0, start = 0;
    while (file != NULL && slot_count < SLOTS_MOST && fscanf(file, "%lld %lld", &monument, &start) == 2)
        slots[slot_count++] = (struct slot){monument, start};
    if (file == NULL || slot_count == 0) {
        fprintf(stderr, "bare: no slots in %s\n", path);
        exit(1);
    }
    fclose(file);
}

static void read_people(void)
{
    sqlite3_stmt *statement = prepare("SELECT id, organisation_id FROM person ORDER BY id LIMIT 100000");
    while (sqlite3_step(statement) == SQLITE_ROW && people_count < SLOTS_MOST) {
        people[people_count] = sqlite3_column_int64(statement, 0);
        organisations[people_count++] = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
}

static void hold(int64_t n)
{
    enum { PERSONS = 10 };
    const struct slot *slot = &slots[throw_dice() % slot_count];
    size_t who = throw_dice() % people_count;
    int64_t now = (int64_t)time(NULL), organisation = organisations[who], person = people[who];
    char key[64], subject[40];
    snprintf(key, sizeof key, "bare-%lld-%lld.0123456789abcdef", (long long)now, (long long)n);

    number(steps[0], 1, organisation);
    text(steps[0], 2, key);
    finish(steps[0]);
    finish(steps[1]);
    number(steps[2], 1, organisation);
    number(steps[2], 2, now);
    finish(steps[2]);
    number(steps[3], 1, slot->monument);
    number(steps[3], 2, slot->start);
    finish(steps[3]);
    number(steps[4], 1, slot->monument);
    number(steps[4], 2, slot->start / 86400);
    finish(steps[4]);
    number(steps[5], 1, slot->monument);
    number(steps[5], 2, slot->start);
    number(steps[5], 3, PERSONS);
    finish(steps[5]);
    number(steps[6], 1, organisation);
    number(steps[6], 2, person);
    number(steps[6], 3, slot->monument);
    number(steps[6], 4, slot->start);
    number(steps[6], 5, PERSONS);
    number(steps[6], 6, now);
    number(steps[6], 7, now + 86400);
    text(steps[6], 8, key);
    int64_t visit = finish(steps[6]);
    number(steps[7], 1, organisation);
    number(steps[7], 2, visit);
    number(steps[7], 3, now);
    number(steps[7], 4, person);
    finish(steps[7]);
    snprintf(subject, sizeof subject, "visit %lld", (long long)visit);
    number(steps[8], 1, now);
    number(steps[8], 2, person);
    number(steps[8], 3, organisation);
    text(steps[8], 4, subject);
    finish(steps[8]);
}

static void holds(int batch, double seconds)
{
    read_people();
    for (int i = 0; i < STEPS; i++)
        steps[i] = prepare(statements[i]);
    int64_t done = 0;
    double begin = seconds_now(), now = begin;
    while (now - begin < seconds) {
        run("BEGIN IMMEDIATE");
        for (int i = 0; i < batch; i++)
            hold(done++);
        run("COMMIT");
        now = seconds_now();
    }
    printf("{\"seconds\": %.3f, \"done\": %lld, \"per_second\": %.1f}\n", now - begin, (long long)done,
           (double)done / (now - begin));
    for (int i = 0; i < STEPS; i++)
        sqlite3_finalize(steps[i]);
}

static void tickets(double seconds)
{
    static char numbers[TICKETS_MOST][24];
    size_t count = 0;
    sqlite3_stmt *all = prepare("SELECT number FROM ticket LIMIT 100000");
    while (sqlite3_step(all) == SQLITE_ROW && count < TICKETS_MOST)
        snprintf(numbers[count++], sizeof numbers[0], "%s", (const char *)sqlite3_column_text(all, 0));
    sqlite3_finalize(all);
    sqlite3_stmt *one = prepare("SELECT id, state, visit_id, valid_from, valid_until FROM ticket WHERE number = ?1");
    int64_t done = 0, found = 0;
    double begin = seconds_now(), now = begin;
    while (count > 0 && now - begin < seconds) {
        for (int i = 0; i < 1000; i++) {
            text(one, 1, numbers[throw_dice() % count]);
            found += finish(one) != 0;
            done++;
        }
        now = seconds_now();
    }
    sqlite3_finalize(one);
    printf("{\"seconds\": %.3f, \"done\": %lld, \"found\": %lld, \"per_second\": %.1f}\n", now - begin, (long long)done,
           (long long)found, (double)done / (now - begin));
}

int main(int argc, char **argv)
{
    bool holding = argc == 6 && strcmp(argv[1], "hold") == 0;
    if (!holding && !(argc == 4 && strcmp(argv[1], "ticket") == 0)) {
        fprintf(stderr, "bare hold DATABASE BATCH SECONDS SLOTS | bare ticket DATABASE SECONDS\n");
        return 2;
    }
    check(sqlite3_open_v2(argv[2], &db, SQLITE_OPEN_READWRITE, NULL), argv[2]);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
        "PRAGMA cache_size = -8000; PRAGMA mmap_size = 67108864; PRAGMA journal_size_limit = 67108864");
    if (holding) {
        read_slots(argv[5]);
        holds(atoi(argv[3]), atof(argv[4]));
    } else {
        tickets(atof(argv[3]));
    }
    sqlite3_close(db);
    return 0;
}
