/* The sub-commands that do one thing and end: migrate, doctor, settings, public-emails. */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "service/doctor.h"
#include "service/gate_key.h"
#include "service/public_email.h"
#include "service/settings.h"

int command_failed(const struct fault *fault)
{
    fprintf(stderr, "guichet: %s (%s)\n", fault->text, err_name(fault->err));
    return 1;
}

int command_migrate(struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 0) {
        fputs("usage: guichet migrate\n", stderr);
        return 2;
    }
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    if (root_open(config, 0, &root, &fault) != OK) /* opening migrates */
        return command_failed(&fault);
    root_close(&root);
    puts("guichet: the database is at this program's version");
    return 0;
}

int command_doctor(struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 0) {
        fputs("usage: guichet doctor\n", stderr);
        return 2;
    }
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    if (root_open(config, 0, &root, &fault) != OK)
        return command_failed(&fault);
    struct arena *arena = arena_new();
    int findings = 0;
    int code = doctor_check(root_service(root), arena, stdout, &findings, &fault) == OK ? findings > 0 : command_failed(&fault);
    if (code == 0)
        puts("guichet doctor: every invariant holds");
    else if (findings > 0)
        printf("guichet doctor: %d findings\n", findings);
    arena_free(&arena);
    root_close(&root);
    return code;
}

int command_gate_key(struct config *config, int argc, char **argv)
{
    bool rotate = argc == 1 && strcmp(argv[0], "rotate") == 0;
    if (argc > 0 && !rotate) {
        fputs("usage: guichet gate-key [rotate]\n", stderr);
        return 2;
    }
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    if (root_open(config, 0, &root, &fault) != OK)
        return command_failed(&fault);
    struct arena *arena = arena_new();
    int key_id = 0;
    enum err err = rotate ? gate_key_rotate(root_service(root), arena, &key_id, &fault)
                          : gate_key_signing(root_service(root), arena, &key_id, &fault);
    int code = err == OK ? 0 : command_failed(&fault);
    if (code == 0)
        printf("guichet: key %d signs the codes of tickets\n", key_id);
    arena_free(&arena);
    root_close(&root);
    return code;
}

static void list_settings(void)
{
    for (size_t i = 0; i < settings_count(); i++) {
        struct setting_info info = settings_info(i);
        printf("%-28s %s (default: %s)\n", info.key, info.what, info.default_value);
    }
}

int command_settings(struct config *config, int argc, char **argv)
{
    if (argc == 0) {
        list_settings();
        return 0;
    }
    if (argc != 2) {
        fputs("usage: guichet settings [KEY VALUE]\n", stderr);
        return 2;
    }
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    if (root_open(config, 0, &root, &fault) != OK)
        return command_failed(&fault);
    struct arena *arena = arena_new();
    int code = settings_put(root_service(root), arena, str_of(argv[0]), str_of(argv[1]), &fault) == OK
                   ? 0 : command_failed(&fault);
    arena_free(&arena);
    root_close(&root);
    return code;
}

int command_public_emails(struct config *config, int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[0], "import") != 0) {
        fputs("usage: guichet public-emails import FILE\n", stderr);
        return 2;
    }
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    struct public_email_import counts = {0};
    int code = 0;
    if (root_open(config, 0, &root, &fault) != OK || public_email_import(root_service(root), file, &counts, &fault) != OK)
        code = command_failed(&fault);
    printf("%lld added, %lld known already, %lld not an address", (long long)counts.added, (long long)counts.known,
           (long long)counts.bad);
    if (counts.first_bad > 0)
        printf(" (the first in line %lld)", (long long)counts.first_bad);
    putchar('\n');
    fclose(file);
    root_close(&root);
    return code;
}
