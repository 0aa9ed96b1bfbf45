/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the environment and the account say; read once, at the start. */
#ifndef MK_CMD_ENV_H
#define MK_CMD_ENV_H

#include "core/base/err.h"

#define MK_PATH 4096
#define MK_ENV_SERVER 40

struct mk_env {
    char vault[MK_PATH]; /* $MELDKLUIS, else the XDG data folder; "" if none */
    char state[MK_PATH]; /* the XDG state folder of this program; "" if none */
    bool english;        /* by the locale; Dutch unless it says en */
    bool plain;          /* NO_COLOR, or a terminal that can do nothing */
    /* NAME=value for meldkluis-pg, ends with NULL: HOME, and what libpq asks
     * for, but no passphrase and no options of the server */
    const char *server[MK_ENV_SERVER + 1];
};

/* Paths that do not fit are left empty. */
void mk_env_read(struct mk_env *env);

#endif
