/* `guichet standin`: reads its options, runs the stand-in until it is told to stop. */
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/str.h"
#include "pay/standin.h"

struct options {
    struct standin_config config;
    const char *clock;
};

static bool number(const char *text, int64_t max, int64_t *ret)
{
    int64_t value;
    if (!str_int(str_of(text), &value) || value < 0 || value > max) {
        return false;
    }
    *ret = value;
    return true;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {
        {"listen", required_argument, NULL, 'l'},        {"port", required_argument, NULL, 'p'},
        {"data", required_argument, NULL, 'd'},          {"webhook", required_argument, NULL, 'w'},
        {"public-url", required_argument, NULL, 'u'},    {"return-origin", required_argument, NULL, 'r'},
        {"merchant", required_argument, NULL, 'm'},      {"clock", required_argument, NULL, 'c'},
        {"retry-base-ms", required_argument, NULL, 'b'}, {NULL, 0, NULL, 0},
    };
    int option;
    int64_t value;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'l': o->config.address = optarg; break;
        case 'd': o->config.folder = optarg; break;
        case 'w': o->config.webhook_url = optarg; break;
        case 'u': o->config.public_url = optarg; break;
        case 'r': o->config.return_origin = optarg; break;
        case 'm': o->config.merchant = optarg; break;
        case 'c': o->clock = optarg; break;
        case 'p':
            if (!number(optarg, 65535, &value)) {
                return false;
            }
            o->config.port = (uint16_t)value;
            break;
        case 'b':
            if (!number(optarg, 3600000, &value)) {
                return false;
            }
            o->config.retry_base_ms = (long)value;
            break;
        default:
            return false;
        }
    }
    return optind == argc;
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

int standin_main(int argc, char **argv)
{
    struct options o = {.config = {.port = 8081, .clock = clock_system(), .random = random_system()}};
    struct fault fault = {0};
    struct standin *standin;
    sigset_t stop;
    int which;
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: guichet standin [--listen ADDRESS] [--port N] [--data FOLDER] [--webhook URL] "
                        "[--public-url URL]\n       [--return-origin ORIGIN] [--merchant NAME] [--clock FILE] "
                        "[--retry-base-ms N]\n");
        return 2;
    }
    if (o.clock != NULL) {
        o.config.clock = clock_movable(o.clock);
    }
    o.config.key = environment("GUICHET_PAY_KEY");
    o.config.webhook_secret = environment("GUICHET_PAY_WEBHOOK_SECRET");
    /* Blocked before the threads start, so that only sigwait sees them; a closed pipe is an error, not the end. */
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if (crypto_init(&fault) != OK || standin_start(&o.config, &standin, &fault) != OK) {
        fprintf(stderr, "guichet standin: %s\n", fault.text);
        return 1;
    }
    printf("stand-in provider: http://%s:%u\n", o.config.address != NULL ? o.config.address : "127.0.0.1",
           (unsigned)standin_port(standin));
    fflush(stdout);
    sigwait(&stop, &which);
    standin_stop(&standin);
    return 0;
}
