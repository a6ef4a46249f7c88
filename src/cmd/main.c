/* guichet: one program, several commands. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/commands.h"
#include "pay/standin.h"

static const struct command {
    const char *name, *use, *what;
    int (*run)(struct config *config, int argc, char **argv);
} commands[] = {
    {"serve", "", "serves pages, notifications and jobs until a signal ends it", command_serve},
    {"demo", "[--fresh] [--quiet]", "the demonstration network, with its own payment stand-in and mailbox", command_demo},
    {"migrate", "", "brings the database to this program's version", command_migrate},
    {"doctor", "", "checks every invariant of the data; exit code 1 when one is broken", command_doctor},
    {"gate-key", "[rotate]", "the key that signs the codes of tickets; a new one, and old codes stay good", command_gate_key},
    {"settings", "[KEY VALUE]", "lists the network's settings, or changes one", command_settings},
    {"user", "add|list|disable …", "the operator's people; the first administrator is made so", command_user},
    {"monuments", "import FILE", "the monuments of a network, from a table", command_monuments},
    {"texts", "import …", "legal texts: KIND LANG VERSION DATE FILE", command_texts},
    {"public-emails", "import FILE", "addresses that the public ticket shop knows", command_public_emails},
};

static void help(FILE *out)
{
    fputs("usage: guichet COMMAND\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-14s %-20s %s\n", commands[i].name, commands[i].use, commands[i].what);
    fprintf(out, "  %-14s %-20s %s\n\nEnvironment:\n", "standin", "…", "the demonstration's payment provider, see standin --help");
    config_help(out);
}

static enum log_level level_of(const char *name)
{
    return strcmp(name, "debug") == 0     ? LOG_DEBUG
           : strcmp(name, "warning") == 0 ? LOG_WARNING
           : strcmp(name, "error") == 0   ? LOG_ERROR : LOG_INFO;
}

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        help(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "standin") == 0)
        return standin_main(argc - 1, argv + 1);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        serve_block_signals();
        struct arena *arena = arena_new();
        struct config config;
        struct fault fault = {.err = OK};
        int code = 1;
        if (config_read(arena, &config, &fault) != OK) {
            command_failed(&fault);
        } else {
            log_threshold(level_of(config.log));
            code = commands[i].run(&config, argc - 2, argv + 2);
        }
        arena_free(&arena);
        return code;
    }
    fprintf(stderr, "guichet: there is no command «%s»\n\n", argv[1]);
    help(stderr);
    return 2;
}
