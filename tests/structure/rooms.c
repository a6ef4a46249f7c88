/* The house's plan as a test: which room may look into which, which foreign library lives where, how long a file may
 * be. Reads the includes of every source file; the plan itself is the two tables below.
 *
 * Usage: rooms SOURCE_FOLDER */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_FILE = 32 * 1024, LEAST_FILES = 20 };

/* A room and, in a blank-separated list, the rooms whose headers it may include beside its own. */
static const struct {
    const char *room, *sees;
} plan[] = {
    {"base", ""},
    {"domain", "base"},
    {"text", "base domain"},
    {"bank", "base domain"},
    {"image", "base"},
    {"db", "base"},
    {"store", "base domain db"},
    {"service", "base domain bank image text db store"},
    {"doc", "base domain text service"},
    {"mail", "base domain text service"},
    {"pay", "base domain text service http"}, /* the stand-in provider is itself a web server */
    {"http", "base"},
    {"web", "base domain text store service http"},
    {"api", "base domain text store service http"},
    {"job", "base domain text store service"},
    {"cmd", "base domain bank text db store service doc mail pay http web api job"},
};

/* How a foreign header's name begins, and the rooms that may know it. What is not listed is the C library. */
static const struct {
    const char *begins, *rooms;
} foreign[] = {
    {"microhttpd", "http"}, {"sqlite3", "db"},     {"libpq", "db"},        {"curl/", "mail pay"}, {"jansson", "pay api"},
    {"hb", "doc"},          {"fribidi", "doc"},    {"qrencode", "doc"},    {"zlib", "doc http"},  {"sodium", "base"},
    {"liboath", "base"},    {"libxml", "bank"},    {"jpeglib", "image"}, {"png.h", "image"}, {"openssl", ""},
    {"gnutls", ""},
};

static bool lists(const char *list, const char *word, size_t length)
{
    for (const char *at = list; *at != '\0';) {
        size_t n = strcspn(at, " ");
        if (n == length && strncmp(at, word, n) == 0)
            return true;
        at += n + strspn(at + n, " ");
    }
    return false;
}

/* NULL when a file in `room` may include «header»; otherwise what is wrong. */
static const char *own_header(const char *room, const char *header)
{
    size_t length = strcspn(header, "/");
    if (strstr(header, "..") != NULL)
        return "names a folder above";
    if (header[length] == '\0') /* beside the file */
        return NULL;
    if (strlen(room) == length && strncmp(header, room, length) == 0)
        return NULL;
    for (size_t i = 0; i < sizeof plan / sizeof plan[0]; i++)
        if (strcmp(plan[i].room, room) == 0)
            return lists(plan[i].sees, header, length) ? NULL : "is of a room that this room must not see";
    return "is included by a room that is not in the plan";
}

static const char *foreign_header(const char *room, const char *header)
{
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        if (strncmp(header, foreign[i].begins, strlen(foreign[i].begins)) == 0)
            return lists(foreign[i].rooms, room, strlen(room)) ? NULL : "is a library's that lives in another room";
    return NULL;
}

/* What is wrong with one line of a file in `room`, its header's name in ret_header; NULL when nothing is. */
static const char *judge(const char *room, const char *line, char ret_header[200])
{
    line += strspn(line, " \t");
    if (*line != '#')
        return NULL;
    line += 1 + strspn(line + 1, " \t");
    if (strncmp(line, "include", 7) != 0)
        return NULL;
    line += 7 + strspn(line + 7, " \t");
    if (*line != '"' && *line != '<')
        return "is not a plain include";
    size_t n = strcspn(line + 1, "\">\n");
    if (n >= 200)
        return "has too long a name";
    memcpy(ret_header, line + 1, n);
    ret_header[n] = '\0';
    const char *wrong = foreign_header(room, ret_header);
    return wrong != NULL || *line == '<' ? wrong : own_header(room, ret_header);
}

/* nftw passes no context, so what it finds is counted here. */
static struct {
    size_t root_length;
    int files, wrong;
} walk;

static void check_file(const char *path, const char *room, long size)
{
    FILE *file = fopen(path, "re");
    char line[1000], header[200] = "";
    if (file == NULL) {
        print_error("%s cannot be read\n", path);
        walk.wrong++;
        return;
    }
    walk.files++;
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        const char *wrong = judge(room, line, header);
        if (wrong == NULL)
            continue;
        print_error("%s:%d: «%s» %s\n", path, number, header, wrong);
        walk.wrong++;
    }
    (void)fclose(file);
    if (size > LONGEST_FILE) {
        print_error("%s: %ld bytes, more than %d\n", path, size, LONGEST_FILE);
        walk.wrong++;
    }
}

static int visit(const char *path, const struct stat *stat, int kind, struct FTW *position)
{
    const char *end = strrchr(path, '.');
    (void)position;
    if (kind != FTW_F || end == NULL || (strcmp(end, ".c") != 0 && strcmp(end, ".h") != 0))
        return 0;
    const char *room = path + walk.root_length + 1;
    char name[64] = "";
    size_t n = strcspn(room, "/");
    if (room[n] == '\0' || n >= sizeof name) {
        print_error("%s lies in no room\n", path);
        walk.wrong++;
        return 0;
    }
    memcpy(name, room, n);
    check_file(path, name, (long)stat->st_size);
    return 0;
}

static void the_tree_follows_the_plan(void **state)
{
    const char *root = *state;
    walk.root_length = strlen(root);
    assert_int_equal(nftw(root, visit, 16, FTW_PHYS), 0);
    assert_int_equal(walk.wrong, 0);
    assert_true(walk.files >= LEAST_FILES); /* an empty folder would follow any plan */
}

/* That the judge can say no. */
static void the_judge_knows_wrong_from_right(void **state)
{
    (void)state;
    static const struct {
        const char *room, *line;
        bool right;
    } samples[] = {
        {"domain", "#include \"base/str.h\"", true},
        {"domain", "#include \"domain/vat.h\"", true},
        {"domain", "#include <string.h>", true},
        {"domain", "/* #include \"web/page.h\" */", true},
        {"base", "#include \"domain/vat.h\"", false},
        {"domain", "  #  include \"db/db.h\"", false},
        {"store", "#include \"service/place.h\"", false},
        {"http", "#include \"domain/vat.h\"", false},
        {"web", "#include \"db/db.h\"", false},
        {"web", "#include \"doc/ticket.h\"", false},
        {"web", "#include \"service/place.h\"", true},
        {"doc", "#include \"mail/smtp.h\"", false},
        {"doc", "#include \"pdf_inner.h\"", true},
        {"doc", "#include \"../base/str.h\"", false},
        {"doc", "#include <hb-subset.h>", true},
        {"web", "#include <hb.h>", false},
        {"service", "#include <sodium.h>", false},
        {"base", "#include <sodium.h>", true},
        {"service", "#include \"sqlite3.h\"", false},
        {"db", "#include <libpq-fe.h>", true},
        {"web", "#include <microhttpd.h>", false},
        {"pay", "#include <curl/curl.h>", true},
        {"mail", "#include \"http/http.h\"", false},
        {"job", "#include <curl/curl.h>", false},
        {"bank", "#include <libxml/xmlreader.h>", true},
        {"service", "#include <libxml/tree.h>", false},
        {"bank", "#include \"service/order.h\"", false},
        {"service", "#include \"bank/statement.h\"", true},
        {"web", "#include \"bank/statement.h\"", false},
        {"attic", "#include \"base/str.h\"", false},
        {"cmd", "#include HEADER", false},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char header[200] = "";
        const char *wrong = judge(samples[i].room, samples[i].line, header);
        if ((wrong == NULL) != samples[i].right)
            fail_msg("%s: %s", samples[i].room, samples[i].line);
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: rooms SOURCE_FOLDER\n");
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_knows_wrong_from_right),
        cmocka_unit_test_prestate(the_tree_follows_the_plan, argv[1]),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
