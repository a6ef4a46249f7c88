/* Use cases: one function is one transaction is one sentence of the requirements.
 *
 * A use case gets the service (what the process has), an arena, who asks, and what is asked; it answers with a value.
 * A refusal (full, too late, not yours) is in that value; a failure is an `enum err`. Whose row it is is checked here,
 * in the statement itself: a row of another organisation is simply not found. */
#ifndef GUICHET_SERVICE_SERVICE_H
#define GUICHET_SERVICE_SERVICE_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "db/db.h"
#include "db/writer.h"
#include "domain/role.h"
#include "text/lang.h"

struct payer;
struct mailer;
struct documents;

/* What a process has; made once by the root of the program, read-only afterwards. */
struct service {
    struct clock clock;
    struct random random;
    struct zone zone;
    struct db_pool *reads;
    struct writer *writer;
    const struct payer *payer;
    const struct mailer *mailer;
    const struct documents *documents;
    struct password_gate *passwords; /* bounds how many password hashes run at once */
    unsigned char secret[32];        /* key of links, CSRF tokens and the public shop's hashes */
    struct str public_url;           /* «http://localhost:8080», no slash at the end */
    bool demonstration;
};

/* Who asks. `person_id` 0: nobody is signed in. Services that do something for a customer ask permit() first. */
struct caller {
    int64_t person_id;
    int64_t organisation_id;
    enum lang lang;
    enum role role;   /* in the organisation (ACC-5); ROLE_NONE may nothing */
    int64_t staff_id; /* who acts on the person's behalf (OPS-1), with ROLE_ACTING; 0: the person */
    struct str why;   /* the reason for that, for the audit; empty: the person */
    enum lang own_lang; /* with staff_id: the person's own language, in which they get their mails */
};

/* The language of the mails that an act of this caller causes: what the person reads, not who acts for them. */
static inline enum lang caller_mail_lang(const struct caller *caller)
{
    return caller->staff_id != 0 ? caller->own_lang : caller->lang;
}

static inline instant service_now(const struct service *service)
{
    return clock_now(&service->clock);
}

/* The network's local day at `at`. */
static inline day_number service_day(const struct service *service, instant at)
{
    return local_of(&service->zone, at).day;
}

/* A stored «fr» or «en»; French for anything else. */
static inline enum lang lang_of(struct str code)
{
    enum lang lang = LANG_FR;
    (void)lang_parse(code, &lang);
    return lang;
}

/* Runs `read` with a read connection of the pool. */
typedef enum err (*service_read_function)(struct db *db, struct arena *arena, void *argument, struct fault *fault);
enum err service_read(struct service *service, struct arena *arena, service_read_function read, void *argument,
                      struct fault *fault);

/* Runs `write` in the writer's transaction; `order` is the start of the slot it touches, or 0. */
enum err service_write(struct service *service, struct arena *arena, write_command write, int64_t order, void *argument,
                       struct fault *fault);

#endif
