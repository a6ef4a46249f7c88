/* `guichet user`: the operator's people from the command line. It makes the first administrator of a network, and lets
 * one in again who lost everything; the rest is done on the pages. */
#include <stdio.h>
#include <string.h>

#include "base/totp.h"
#include "cmd/commands.h"
#include "service/staff.h"

enum { MOST_MONUMENTS = 100 };

static const char usage[] =
    "usage: guichet user add --role ROLE --email ADDRESS [--first-name NAME --last-name NAME] [--lang fr|en]\n"
    "                        [--monument SLUG]…      prints the link to set the account up\n"
    "       guichet user list\n"
    "       guichet user disable --email ADDRESS\n"
    "       guichet user enable --email ADDRESS\n"
    "       guichet user link --email ADDRESS [--forget-factor]    a new link: lost password, or lost device too\n"
    "       guichet user code SECRET                 the code of now, for the demonstration's people\n"
    "roles: administrator, customer-service, monument-manager, gate-agent, accountant\n"
    "       (a monument manager and a gate agent need at least one --monument)\n";

struct order {
    struct service *service;
    struct arena *arena;
    struct staff_fields fields;
    int64_t monuments[MOST_MONUMENTS];
    bool has_role, forget_factor;
};

static const struct {
    enum account_refusal refusal;
    const char *says;
} sayings[] = {
    {ACCOUNT_EMAIL, "this is not an e-mail address"},
    {ACCOUNT_EMAIL_TAKEN, "this address has an account already (guichet user link makes a new link)"},
    {ACCOUNT_ROLE, "there is no such role"},
    {ACCOUNT_FIRST_NAME, "the first name is missing or cannot be used"},
    {ACCOUNT_LAST_NAME, "the last name is missing or cannot be used"},
    {ACCOUNT_MONUMENTS, "this role needs at least one --monument"},
    {ACCOUNT_LAST_ADMINISTRATOR, "the network keeps at least one administrator"},
};

static int refused(enum account_refusal refusal)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        if (sayings[i].refusal == refusal) {
            fprintf(stderr, "guichet: %s\n", sayings[i].says);
            return 1;
        }
    fprintf(stderr, "guichet: refused (%.*s)\n", STR_ARG(account_refusal_word(refusal)));
    return 1;
}

/* ---- the words of the command line ---- */

static enum err take_monument(struct order *order, struct str slug, struct fault *fault)
{
    if (order->fields.monument_count == MOST_MONUMENTS)
        return fault_set(fault, ERR_LIMIT, "more than %d monuments", MOST_MONUMENTS);
    enum err err = staff_monument_id(order->service, order->arena, slug,
                                     &order->monuments[order->fields.monument_count], fault);
    if (err == OK)
        order->fields.monument_count++;
    return err;
}

static enum err take_option(struct order *order, struct str name, struct str value, struct fault *fault)
{
    struct staff_fields *fields = &order->fields;
    if (str_eq(name, S("--email")))
        fields->email = value;
    else if (str_eq(name, S("--first-name")))
        fields->first_name = value;
    else if (str_eq(name, S("--last-name")))
        fields->last_name = value;
    else if (str_eq(name, S("--monument")))
        return take_monument(order, value, fault);
    else if (str_eq(name, S("--role")))
        order->has_role = staff_role_parse(value, &fields->role);
    else if (!str_eq(name, S("--lang")) || !lang_parse(value, &fields->lang))
        return fault_set(fault, ERR_INPUT, "%.*s %.*s is not understood; see guichet user", STR_ARG(name),
                         STR_ARG(str_sub(value, 0, 60)));
    return OK;
}

static enum err take_options(struct order *order, int argc, char **argv, struct fault *fault)
{
    order->fields.monuments = order->monuments;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--forget-factor") == 0) {
            order->forget_factor = true;
            continue;
        }
        if (i + 1 == argc)
            return fault_set(fault, ERR_INPUT, "%s needs a value", argv[i]);
        enum err err = take_option(order, str_of(argv[i]), str_of(argv[i + 1]), fault);
        if (err != OK)
            return err;
        i++;
    }
    return OK;
}

/* ---- what is done ---- */

static void say_link(struct str email, struct str link)
{
    printf("%.*s chooses a password and sets up the second factor here, once and within %d days:\n\n  %.*s\n\n",
           STR_ARG(email), INVITATION_SECONDS / SECONDS_A_DAY, STR_ARG(link));
}

static int user_add(struct order *order, struct fault *fault)
{
    struct staff_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    if (!order->has_role)
        return refused(ACCOUNT_ROLE);
    if (staff_add(order->service, order->arena, NULL, order->fields, false, &answer, fault) != OK)
        return command_failed(fault);
    if (answer.refusal != ACCOUNT_REFUSED_NOT)
        return refused(answer.refusal);
    say_link(str_trim(order->fields.email), answer.link);
    return 0;
}

static int user_list(struct order *order, struct fault *fault)
{
    struct staff_list list;
    if (staff_list(order->service, order->arena, NULL, &list, fault) != OK)
        return command_failed(fault);
    for (size_t i = 0; i < list.n; i++) {
        const struct staff_member *m = &list.p[i];
        printf("%-17s %-32.*s %-10s %.*s%s%.*s", role_name(m->role), STR_ARG(m->email),
               m->disabled_at != 0 ? "disabled" : !m->is_set_up ? "invited" : m->factor ? "active" : "no factor",
               STR_ARG(m->first_name), m->first_name.n > 0 ? " " : "", STR_ARG(m->last_name));
        for (size_t k = 0; k < m->monument_count; k++)
            printf("%s%.*s", k == 0 ? "  " : ", ", STR_ARG(m->monuments[k].slug));
        putchar('\n');
    }
    return 0;
}

static int set_disabled(struct order *order, bool disabled, struct fault *fault)
{
    int64_t id = 0;
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    if (staff_id_of_email(order->service, order->arena, order->fields.email, &id, fault) != OK ||
        staff_set_disabled(order->service, order->arena, NULL, id, disabled, &refusal, fault) != OK)
        return command_failed(fault);
    return refusal == ACCOUNT_REFUSED_NOT ? 0 : refused(refusal);
}

static int user_disable(struct order *order, struct fault *fault)
{
    return set_disabled(order, true, fault);
}

static int user_enable(struct order *order, struct fault *fault)
{
    return set_disabled(order, false, fault);
}

static int user_link(struct order *order, struct fault *fault)
{
    int64_t id = 0;
    struct staff_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    if (staff_id_of_email(order->service, order->arena, order->fields.email, &id, fault) != OK ||
        staff_link(order->service, order->arena, NULL, id, order->forget_factor, false, &answer, fault) != OK)
        return command_failed(fault);
    say_link(str_trim(order->fields.email), answer.link);
    return 0;
}

static int user_code(const struct config *config, const char *secret)
{
    unsigned char bytes[TOTP_SECRET];
    char code[TOTP_DIGITS + 1];
    struct fault fault = {.err = OK};
    if (crypto_init(&fault) != OK)
        return command_failed(&fault);
    if (!totp_parse(str_of(secret), bytes)) {
        fputs("guichet: a secret has 32 letters and digits\n", stderr);
        return 1;
    }
    struct clock clock = *config->clock == '\0' ? clock_system() : clock_movable(config->clock);
    totp_code(bytes, totp_step(clock_now(&clock)), code);
    puts(code);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(struct order *order, struct fault *fault);
} verbs[] = {{"add", user_add},       {"list", user_list}, {"disable", user_disable},
             {"enable", user_enable}, {"link", user_link}};

static int run_verb(struct config *config, int (*run)(struct order *order, struct fault *fault), int argc, char **argv)
{
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    if (root_open(config, 0, &root, &fault) != OK)
        return command_failed(&fault);
    struct order order = {.service = root_service(root), .arena = arena_new()};
    int code = take_options(&order, argc, argv, &fault) == OK ? run(&order, &fault) : command_failed(&fault);
    arena_free(&order.arena);
    root_close(&root);
    return code;
}

int command_user(struct config *config, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[0], "code") == 0)
        return user_code(config, argv[1]);
    for (size_t i = 0; argc > 0 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[0], verbs[i].name) == 0)
            return run_verb(config, verbs[i].run, argc - 1, argv + 1);
    fputs(usage, stderr);
    return 2;
}
