/* The sub-commands of `guichet`. Each returns the exit code: 0 done, 1 it failed and said why, 2 wrong use. */
#ifndef GUICHET_CMD_COMMANDS_H
#define GUICHET_CMD_COMMANDS_H

#include "cmd/config.h"
#include "cmd/root.h"

int command_serve(struct config *config, int argc, char **argv);
int command_demo(struct config *config, int argc, char **argv);
int command_migrate(struct config *config, int argc, char **argv);
int command_doctor(struct config *config, int argc, char **argv);
int command_gate_key(struct config *config, int argc, char **argv);
int command_settings(struct config *config, int argc, char **argv);
int command_user(struct config *config, int argc, char **argv);
int command_monuments(struct config *config, int argc, char **argv);
int command_texts(struct config *config, int argc, char **argv);
int command_public_emails(struct config *config, int argc, char **argv);

/* «guichet: why» on standard error; returns 1. */
int command_failed(const struct fault *fault);

/* Serves until SIGINT or SIGTERM. `ready` (may be NULL) is called once it listens, with the port. */
int serve_until_signal(const struct config *config, struct root *root, void (*ready)(void *context, uint16_t port),
                       void *context);

/* Makes `signals` the ones that serve_until_signal waits for; called before any thread starts. */
void serve_block_signals(void);

#endif
