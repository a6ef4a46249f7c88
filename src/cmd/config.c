/* Configuration: one table of variables. */
#include "cmd/config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum kind { TEXT, NUMBER };

static const struct variable {
    const char *name, *fallback, *what;
    size_t offset;
    enum kind kind;
    int64_t least, most;
} variables[] = {
#define V_TEXT(name, member, fallback, what) {name, fallback, what, offsetof(struct config, member), TEXT, 0, 0}
#define V_NUMBER(name, member, fallback, least, most, what)                                                          \
    {name, fallback, what, offsetof(struct config, member), NUMBER, least, most}
    V_TEXT("GUICHET_MODE", mode, "production", "«demonstration» or «production»"),
    V_TEXT("GUICHET_DATA", data, "var", "folder for the database, the key and the demonstration's mails"),
    V_TEXT("GUICHET_DB", db, "", "postgresql://… or the path of an SQLite file; else guichet.db in the data folder"),
    V_TEXT("GUICHET_LISTEN", listen, "127.0.0.1", "address to listen on"),
    V_NUMBER("PORT", port, "8080", 0, 65535, "port to listen on; 0 picks a free one"),
    V_TEXT("GUICHET_PUBLIC_URL", public_url, "", "address that readers use, without a slash at the end"),
    V_TEXT("GUICHET_TRUSTED_PROXY", trusted_proxy, "", "address of the proxy whose X-Forwarded-For is believed"),
    V_TEXT("GUICHET_CLOCK", clock, "", "file with an offset (+86400) or an instant (@1795000000); not in production"),
    V_TEXT("GUICHET_SECRET", secret, "", "64 hexadecimal digits, the same on all servers; else kept in the data folder"),
    V_TEXT("GUICHET_FONTS", fonts, "", "folder of the documents' fonts, when not where Debian puts them"),
    V_TEXT("GUICHET_LOG", log, "info", "«debug», «info», «warning» or «error»"),
    V_TEXT("GUICHET_SMTP_HOST", smtp_host, "", "mail host; the demonstration writes mails to a folder without it"),
    V_NUMBER("GUICHET_SMTP_PORT", smtp_port, "0", 0, 65535, "its port; 0: the usual one"),
    V_TEXT("GUICHET_SMTP_TLS", smtp_tls, "required", "«required», «implicit» or «none»"),
    V_TEXT("GUICHET_SMTP_USER", smtp_user, "", "mail account"),
    V_TEXT("GUICHET_SMTP_PASSWORD", smtp_password, "", "its password"),
    V_TEXT("GUICHET_PAY_URL", pay_url, "", "the payment provider's API; the demonstration starts its stand-in without it"),
    V_TEXT("GUICHET_PAY_PAGE_ORIGIN", pay_page_origin, "", "origin of the provider's hosted page"),
    V_TEXT("GUICHET_PAY_KEY", pay_key, "", "the provider's secret key"),
    V_TEXT("GUICHET_PAY_WEBHOOK_SECRET", pay_webhook_secret, "", "secret of its signed notifications"),
    V_TEXT("GUICHET_PAY_WEBHOOK_SECRET_PREVIOUS", pay_webhook_secret_previous, "", "the one being replaced"),
    V_NUMBER("GUICHET_STANDIN_PORT", standin_port, "0", 0, 65535, "port of the demonstration's stand-in provider; 0: the next one after PORT"),
    V_NUMBER("GUICHET_READERS", readers, "8", 1, 64, "read connections to the database"),
};

static enum err read_variable(const struct variable *variable, struct config *config, struct fault *fault)
{
    const char *value = getenv(variable->name);
    if (value == NULL || *value == '\0')
        value = variable->fallback;
    char *place = (char *)config + variable->offset;
    if (variable->kind == TEXT) {
        memcpy(place, &value, sizeof value);
        return OK;
    }
    int64_t number = 0;
    if (!str_int(str_of(value), &number) || number < variable->least || number > variable->most)
        return fault_set(fault, ERR_INPUT, "%s must be a number from %lld to %lld", variable->name,
                         (long long)variable->least, (long long)variable->most);
    memcpy(place, &number, sizeof number);
    return OK;
}

enum err config_read(struct arena *arena, struct config *ret_config, struct fault *fault)
{
    struct config config = {0};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        enum err err = read_variable(&variables[i], &config, fault);
        if (err != OK)
            return err;
    }
    config.production = strcmp(config.mode, "production") == 0;
    if (!config.production && strcmp(config.mode, "demonstration") != 0)
        return fault_set(fault, ERR_INPUT, "GUICHET_MODE must be «demonstration» or «production»");
    if (config.production && *config.clock != '\0')
        return fault_set(fault, ERR_INPUT, "GUICHET_CLOCK is refused in production: its clock cannot be moved");
    if (*config.public_url == '\0')
        config.public_url = str_format(arena, "http://localhost:%lld", (long long)config.port).p;
    if (*config.db == '\0')
        config.db = str_format(arena, "%s/guichet.db", config.data).p;
    *ret_config = config;
    return OK;
}

void config_help(FILE *out)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        fprintf(out, "  %-36s %s%s%s%s\n", variables[i].name, variables[i].what, *variables[i].fallback ? " (" : "",
                variables[i].fallback, *variables[i].fallback ? ")" : "");
}
