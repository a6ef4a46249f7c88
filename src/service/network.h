/* The network's own rules, addresses, VAT regimes and legal texts, as an administrator keeps them (TASK_SETTINGS).
 * Every change is in the audit with what was before. */
#ifndef GUICHET_SERVICE_NETWORK_H
#define GUICHET_SERVICE_NETWORK_H

#include "service/monument_work.h"
#include "service/permit.h"
#include "service/settings.h"

struct network_setting {
    struct setting_info info;
    struct str value;
    bool changed; /* not the default */
};
struct network_settings {
    struct network_setting *p; /* in the order of settings_info */
    size_t n;
};
enum err network_settings_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               struct network_settings *ret_settings, struct fault *fault);

enum network_fault {
    NETWORK_GOOD,
    NETWORK_TYPE,   /* not a number in its bounds, not a text of its length, not such a list */
    NETWORK_EMPTY,
    NETWORK_EMAIL,
    NETWORK_SIREN,
    NETWORK_SIRET,
    NETWORK_VAT_NUMBER,
    NETWORK_IBAN,
    NETWORK_BIC,
    NETWORK_COUNTRY,
    NETWORK_URL,
    /* legal texts and VAT regimes */
    NETWORK_VERSION, /* letters, digits, dots and hyphens, at most NETWORK_VERSION_MOST */
    NETWORK_VERSION_TAKEN,
    NETWORK_DATE,    /* not before today, not before the version that is there */
    NETWORK_BODY_FR, /* missing or too long */
    NETWORK_BODY_EN,
    NETWORK_CODE,
    NETWORK_RATE,
    NETWORK_MENTION
};
enum { NETWORK_VERSION_MOST = 40, NETWORK_BODY_MOST = 60000 };

/* ERR_NOT_FOUND: there is no such setting. Numbers of banks and registers are stored without their blanks. */
enum err network_setting_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                             struct str key, struct str value, enum network_fault *ret_wrong, struct fault *fault);
/* Back to the default. */
enum err network_setting_reset(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               struct str key, struct fault *fault);

struct network_text {
    enum legal_kind kind;
    struct str version;
    instant effective_at;
    bool fr, en, in_force, announced;
};
struct network_texts {
    struct network_text *p; /* by kind, the newest first */
    size_t n;
};
enum err network_texts_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            struct network_texts *ret_texts, struct fault *fault);

struct network_text_new {
    enum legal_kind kind;
    struct str version, body_fr, body_en;
    day_number effective; /* from the beginning of that day; today: from now */
};
/* A new version in both languages. What orders accepted stays readable. */
enum err network_text_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          const struct network_text_new *text, enum network_fault *ret_wrong, struct fault *fault);
/* One language of a version, from the command line, with any date; *ret_added false: it is there already. */
enum err network_text_import(struct service *service, struct arena *arena, enum legal_kind kind, enum lang lang,
                             struct str version, day_number effective, struct str body, enum network_fault *ret_wrong,
                             bool *ret_added, struct fault *fault);

struct network_vat {
    struct str code, mention_fr, mention_en;
    int rate_bp; /* 0: outside of VAT, or exempt */
    bool exempt;
};
/* A VAT regime for tariffs. One that exists is never changed: documents that are out name it. */
enum err network_vat_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct network_vat *vat, enum network_fault *ret_wrong, struct fault *fault);

enum err network_vat_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct vat_choices *ret_regimes, struct fault *fault);

/* «terms», «privacy», «accessibility». */
struct str legal_kind_name(enum legal_kind kind);
bool legal_kind_parse(struct str name, enum legal_kind *ret_kind);

#endif
