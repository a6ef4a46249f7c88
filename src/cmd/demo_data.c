/* Demonstration data: what belongs to it, and removing just that. */
#include "cmd/demo_data.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

static const char *const files[] = {"guichet.db", "guichet.db-wal", "guichet.db-shm", "standin.jsonl", "secret.key"};
static const char *const folders[] = {"mail/tmp", "mail/new", "mail/cur", "mail"};

static void empty_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (entry->d_name[0] != '.')
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}

static enum err remove_old(const struct config *config, struct fault *fault)
{
    if (strncmp(config->db, "postgres", 8) == 0)
        return fault_set(fault, ERR_INPUT, "--fresh does not empty a PostgreSQL database: make a new one");
    char path[4096];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", config->data, files[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", config->data, folders[i]);
        empty_folder(path);
        (void)rmdir(path);
    }
    return OK;
}

enum err demo_data_prepare(const struct config *config, bool fresh, struct fault *fault)
{
    if (mkdir(config->data, 0750) != 0 && errno != EEXIST)
        return fault_set(fault, ERR_IO, "%s: %s", config->data, strerror(errno));
    return fresh ? remove_old(config, fault) : OK;
}
