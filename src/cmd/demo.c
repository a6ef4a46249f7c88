/* `guichet demo`: the demonstration network on this machine, with its mails in a folder and its own stand-in for the
 * payment provider, a second process of the same program. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/demo_data.h"
#include "pay/standin.h"
#include "service/demo.h"

#define DEMO_PAY_KEY "sk_test_standin"
#define DEMO_WEBHOOK_SECRET "whsec_standin"

struct demonstration {
    struct config *config;
    pid_t standin;
};

/* The agency's other people, and the operator's with what their second factor needs. */
static void say_others(const struct config *config)
{
    size_t members = 0, staff = 0;
    const struct demo_member *member = demo_members(&members);
    const struct demo_staff *one = demo_staff(&staff);
    printf("\n  The agency's other people have its password:\n");
    for (size_t i = 0; i < members; i++)
        printf("  %-10.*s %.*s\n", STR_ARG(member[i].role), STR_ARG(member[i].email));
    printf("\n  The operator's people sign in on %s/fr/service/connexion   password: %.*s\n"
           "  and the code that an app, or «guichet user code SECRET», makes of the secret:\n",
           config->public_url, STR_ARG(demo_staff_password()));
    for (size_t i = 0; i < staff; i++)
        printf("  %-17.*s %-31.*s %.*s\n", STR_ARG(one[i].role), STR_ARG(one[i].email), STR_ARG(one[i].secret));
}

static void say_ready(void *context, uint16_t port)
{
    const struct demonstration *demonstration = context;
    size_t count = 0;
    const struct demo_account *accounts = demo_accounts(&count);
    printf("\nguichet: the demonstration is served on %s (port %u)\n\n", demonstration->config->public_url, (unsigned)port);
    for (size_t i = 0; i < count; i++)
        printf("  %-10.*s %.*s   password: %.*s\n", STR_ARG(accounts[i].what), STR_ARG(accounts[i].email),
               STR_ARG(accounts[i].password));
    say_others(demonstration->config);
    printf("\n  Mails are shown on %s/fr/demonstration/courriels; no payment is real (card 4242 4242 4242 4242).\n\n",
           demonstration->config->public_url);
    fflush(stdout);
}

/* The stand-in says «stand-in provider: http://ADDRESS:PORT» once it listens; the rest of its output goes through. */
static enum err read_standin_url(int from, struct arena *arena, const char **ret_url, struct fault *fault)
{
    FILE *lines = fdopen(from, "r");
    char line[256];
    const char *mark = "stand-in provider: ";
    while (lines != NULL && fgets(line, sizeof line, lines) != NULL) {
        struct str text = str_trim(str_of(line));
        if (!str_starts(text, str_of(mark)))
            continue;
        struct str url = str_sub(text, strlen(mark), text.n);
        *ret_url = str_dup(arena, str_trim(str_cut(&url, ' '))).p;
        return OK; /* the pipe stays open, so that the stand-in never writes into nothing */
    }
    return fault_set(fault, ERR_IO, "the stand-in provider did not start");
}

static void run_standin(const struct config *config, struct arena *arena, int64_t port, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it ends with the demonstration, however that ends */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    dup2(out, STDOUT_FILENO);
    setenv("GUICHET_PAY_KEY", DEMO_PAY_KEY, 1);
    setenv("GUICHET_PAY_WEBHOOK_SECRET", DEMO_WEBHOOK_SECRET, 1);
    char *argv[20];
    int argc = 0;
    argv[argc++] = strdup("guichet");
    argv[argc++] = strdup("standin");
    argv[argc++] = strdup("--port");
    argv[argc++] = strdup(str_format(arena, "%lld", (long long)port).p);
    argv[argc++] = strdup("--data");
    argv[argc++] = strdup(config->data);
    argv[argc++] = strdup("--webhook");
    argv[argc++] = strdup(str_format(arena, "http://127.0.0.1:%lld/paiement/notification", (long long)config->port).p);
    argv[argc++] = strdup("--return-origin");
    argv[argc++] = strdup(config->public_url);
    argv[argc++] = strdup("--merchant");
    argv[argc++] = strdup("Réseau des monuments");
    if (*config->clock != '\0') {
        argv[argc++] = strdup("--clock");
        argv[argc++] = strdup(config->clock);
    }
    argv[argc] = NULL;
    execv("/proc/self/exe", argv);
    fprintf(stderr, "guichet: the stand-in provider: %s\n", strerror(errno));
    _exit(1);
}

static enum err start_standin_on(struct demonstration *demonstration, struct arena *arena, int64_t port,
                                 struct fault *fault)
{
    struct config *config = demonstration->config;
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0)
        return fault_set(fault, ERR_IO, "pipe: %s", strerror(errno));
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        return fault_set(fault, ERR_IO, "fork: %s", strerror(errno));
    if (child == 0)
        run_standin(config, arena, port, pipe_ends[1]);
    close(pipe_ends[1]);
    demonstration->standin = child;
    config->pay_key = DEMO_PAY_KEY;
    config->pay_webhook_secret = DEMO_WEBHOOK_SECRET;
    enum err err = read_standin_url(pipe_ends[0], arena, &config->pay_url, fault);
    if (err == OK)
        config->pay_page_origin = config->pay_url;
    return err;
}

static void stop_standin(struct demonstration *demonstration)
{
    if (demonstration->standin <= 0)
        return;
    kill(demonstration->standin, SIGTERM);
    waitpid(demonstration->standin, NULL, 0);
    demonstration->standin = 0;
}

/* Beside the server's own port, so that the addresses of payments under way live on over a restart; where that port is
 * taken, anywhere. */
static enum err start_standin(struct demonstration *demonstration, struct arena *arena, struct fault *fault)
{
    const struct config *config = demonstration->config;
    if (config->standin_port != 0)
        return start_standin_on(demonstration, arena, config->standin_port, fault);
    enum err err = config->port < 65535 ? start_standin_on(demonstration, arena, config->port + 1, fault) : ERR_IO;
    if (err == OK)
        return OK;
    stop_standin(demonstration);
    return start_standin_on(demonstration, arena, 0, fault);
}

static int run_demo(struct demonstration *demonstration, struct arena *arena, const struct demo_options *options)
{
    struct config *config = demonstration->config;
    struct fault fault = {.err = OK};
    if (*config->pay_url == '\0' && start_standin(demonstration, arena, &fault) != OK)
        return command_failed(&fault);
    struct root *root = NULL;
    if (root_open(config, ROOT_WITH_OUTSIDE, &root, &fault) != OK)
        return command_failed(&fault);
    bool seeded = false;
    int code = 0;
    if (demo_seed(root_service(root), *options, &seeded, &fault) != OK)
        code = command_failed(&fault);
    else
        code = serve_until_signal(config, root, say_ready, demonstration);
    root_close(&root);
    return code;
}

int command_demo(struct config *config, int argc, char **argv)
{
    struct demo_options options = {.seed = 1};
    bool fresh = false;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--fresh") == 0)
            fresh = true;
        else if (strcmp(argv[i], "--quiet") == 0)
            options.quiet = true;
        else {
            fputs("usage: guichet demo [--fresh] [--quiet]\n", stderr);
            return 2;
        }
    }
    if (config->production) {
        fputs("guichet: the demonstration does not run in production mode\n", stderr);
        return 1;
    }
    struct arena *arena = arena_new();
    struct demonstration demonstration = {.config = config};
    struct fault fault = {.err = OK};
    int code = 0;
    if (demo_data_prepare(config, fresh, &fault) != OK)
        code = command_failed(&fault);
    else
        code = run_demo(&demonstration, arena, &options);
    stop_standin(&demonstration);
    arena_free(&arena);
    return code;
}
