/* Writes, lists and reads the maildir; see the header. */
#include "mail/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/limits.h"
#include "mail/compose.h"

enum { NAME_MAX_CHARS = 100, HEADERS_READ = 16 * 1024 };

struct maildir {
    int folder; /* open on `path`: everything below is relative to it, whatever happens to the working folder */
    atomic_uint_fast64_t writes;
};

static enum err make_folders(int folder, struct fault *fault)
{
    static const char *const names[] = {"tmp", "new", "cur"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (mkdirat(folder, names[i], 0700) != 0 && errno != EEXIST) {
            return fault_set(fault, ERR_IO, "maildir %s: %s", names[i], strerror(errno));
        }
    }
    return OK;
}

enum err maildir_open(const char *path, struct maildir **ret_maildir, struct fault *fault)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return fault_set(fault, ERR_IO, "maildir %s: %s", path, strerror(errno));
    }
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return fault_set(fault, ERR_IO, "maildir %s: %s", path, strerror(errno));
    }
    enum err err = make_folders(folder, fault);
    if (err != OK) {
        close(folder);
        return err;
    }
    struct maildir *m = calloc(1, sizeof *m);
    if (m == NULL) {
        abort();
    }
    m->folder = folder;
    *ret_maildir = m;
    return OK;
}

void maildir_close(struct maildir **maildir)
{
    struct maildir *m = *maildir;
    if (m == NULL) {
        return;
    }
    close(m->folder);
    free(m);
    *maildir = NULL;
}

/* All bytes, on the disk, with the arrival time to the nanosecond: the list is ordered by it. */
static bool write_file(int folder, const char *name, struct str bytes)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    bool good = true;
    while (good && bytes.n != 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        good = n > 0 || (n < 0 && errno == EINTR);
        bytes = n > 0 ? str_sub(bytes, (size_t)n, SIZE_MAX) : bytes;
    }
    struct timespec times[2];
    clock_gettime(CLOCK_REALTIME, &times[1]);
    times[0] = times[1];
    good = good && futimens(fd, times) == 0 && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

static enum err store(struct maildir *m, const struct mail_message *message, struct str bytes, struct fault *fault)
{
    unsigned char digest[CRYPTO_DIGEST];
    struct arena *arena = arena_new();
    crypto_sha256(message->message_id, digest);
    const char *name = str_format(arena, "new/%" PRId64 ".%s.guichet", message->date,
                                  str_hex(arena, digest, 16).p).p;
    const char *temporary = str_format(arena, "tmp/%ld.%" PRIuFAST64, (long)getpid(),
                                       atomic_fetch_add(&m->writes, 1)).p;
    unlinkat(m->folder, temporary, 0); /* left by a process of the same number that was killed */
    enum err err = OK;
    if (!write_file(m->folder, temporary, bytes) || renameat(m->folder, temporary, m->folder, name) != 0) {
        err = fault_set(fault, ERR_IO, "maildir: %s", strerror(errno));
        unlinkat(m->folder, temporary, 0);
    }
    arena_free(&arena);
    return err;
}

static enum err send_message(void *context, const struct mail_message *message, struct mail_outcome *ret_outcome,
                             struct fault *fault)
{
    struct buf bytes = buf_new(LIMIT_MAIL_BYTES);
    enum err err = mail_compose(message, &bytes, fault);
    if (err == OK) {
        struct fault wrong;
        struct mail_outcome outcome = {.result = MAIL_SENT, .detail = "maildir"};
        if (store(context, message, buf_view(&bytes), &wrong) != OK) {
            outcome.result = MAIL_TEMPORARY;
            snprintf(outcome.detail, sizeof outcome.detail, "%.*s", (int)sizeof outcome.detail - 1, wrong.text);
        }
        *ret_outcome = outcome;
    }
    buf_free(&bytes);
    return err;
}

struct mailer maildir_mailer(struct maildir *maildir)
{
    return (struct mailer){.name = "maildir", .context = maildir, .send = send_message};
}

static bool id_ok(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                    (c == '.' && i != 0);
        if (!good) {
            return false;
        }
    }
    return id.n != 0 && id.n <= NAME_MAX_CHARS;
}

/* A file of the folder and when it arrived. */
struct seen {
    char name[NAME_MAX_CHARS + 1];
    struct timespec at;
};

static int newest_first(const void *left, const void *right)
{
    const struct seen *a = left, *b = right;
    if (a->at.tv_sec != b->at.tv_sec) {
        return a->at.tv_sec < b->at.tv_sec ? 1 : -1;
    }
    if (a->at.tv_nsec != b->at.tv_nsec) {
        return a->at.tv_nsec < b->at.tv_nsec ? 1 : -1;
    }
    return strcmp(b->name, a->name);
}

static void see(int folder, const char *name, struct seen **all, size_t *count, size_t *room)
{
    struct stat info;
    if (!id_ok(str_of(name)) || *count == MAILDIR_SEEN_MAX || fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(info.st_mode)) {
        return;
    }
    if (*count == *room) {
        *room = *room == 0 ? 64 : *room * 2;
        *all = realloc(*all, *room * sizeof **all);
        if (*all == NULL) {
            abort();
        }
    }
    struct seen *s = &(*all)[(*count)++];
    memcpy(s->name, name, strlen(name) + 1); /* id_ok bounds it */
    s->at = info.st_mtim;
}

static enum err look(struct maildir *m, struct seen **ret_all, size_t *ret_count, struct fault *fault)
{
    int fd = openat(m->folder, "new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (folder == NULL) {
        enum err err = fault_set(fault, ERR_IO, "maildir new: %s", strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    struct seen *all = NULL;
    size_t count = 0, room = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        see(fd, entry->d_name, &all, &count, &room);
    }
    closedir(folder);
    if (count != 0) {
        qsort(all, count, sizeof *all, newest_first);
    }
    *ret_all = all;
    *ret_count = count;
    return OK;
}

/* At most `max` bytes of a message. */
static enum err load(struct maildir *m, struct arena *arena, struct str id, size_t max, struct str *ret_bytes,
                     struct fault *fault)
{
    const char *path = str_format(arena, "new/%.*s", STR_ARG(id)).p;
    int fd = openat(m->folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    if (fd < 0) {
        return fault_set(fault, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "maildir: %s", strerror(errno));
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return fault_set(fault, ERR_NOT_FOUND, "maildir: not a file");
    }
    size_t want = (size_t)info.st_size < max ? (size_t)info.st_size : max, have = 0;
    char *bytes = arena_alloc(arena, want + 1);
    ssize_t n = 1;
    while (have < want && (n = read(fd, bytes + have, want - have)) > 0) {
        have += (size_t)n;
    }
    close(fd);
    if (n < 0) {
        return fault_set(fault, ERR_IO, "maildir: %s", strerror(errno));
    }
    *ret_bytes = (struct str){bytes, have};
    return OK;
}

enum err maildir_list(struct maildir *maildir, struct arena *arena, size_t offset, size_t limit,
                      struct maildir_list *ret_list, struct fault *fault)
{
    struct seen *all = NULL;
    size_t count = 0;
    enum err err = look(maildir, &all, &count, fault);
    if (err != OK) {
        return err;
    }
    size_t left = offset < count ? count - offset : 0;
    limit = limit < LIMIT_LIST ? limit : LIMIT_LIST;
    struct maildir_list list = {.n = left < limit ? left : limit, .total = count};
    list.p = ARENA_ARRAY(arena, list.n + 1, struct maildir_entry);
    for (size_t i = 0; i < list.n && err == OK; i++) {
        struct str bytes = {0};
        list.p[i].id = str_dup(arena, str_of(all[offset + i].name));
        err = load(maildir, arena, list.p[i].id, HEADERS_READ, &bytes, fault);
        list.p[i].headers = mail_parse_headers(arena, bytes);
    }
    free(all);
    if (err == OK) {
        *ret_list = list;
    }
    return err;
}

enum err maildir_bytes(struct maildir *maildir, struct arena *arena, struct str id, struct str *ret_bytes,
                       struct fault *fault)
{
    if (!id_ok(id)) {
        return fault_set(fault, ERR_NOT_FOUND, "maildir: not an id");
    }
    return load(maildir, arena, id, LIMIT_MAIL_BYTES, ret_bytes, fault);
}

enum err maildir_read(struct maildir *maildir, struct arena *arena, struct str id, struct mail_read *ret_message,
                      struct fault *fault)
{
    struct str bytes;
    enum err err = maildir_bytes(maildir, arena, id, &bytes, fault);
    if (err == OK) {
        *ret_message = mail_parse(arena, bytes);
    }
    return err;
}
