/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of doctor: what a server says of itself that can cost a dossier.  It may
 * lie; these are slips of who looks after it, not attacks. */
#include <string.h>

#include "core/server.h"
#include "core/store/store.h"

static const struct {
    const char *word; /* as the settings say it, with a blank at both ends */
    const char *what, *bad, *good, *nl, *en;
} faults[] = {
    {" standby=none ", "server-standby", "none", "two servers",
     "wat is opgeslagen staat op een machine: richt een tweede in "
     "(docs/OPERATIONS.md)",
     "what is saved stands on one machine: set up a second one "
     "(docs/OPERATIONS.md)"},
    {" fsync=off ", "server-fsync", "off", "on",
     "na stroomuitval kan alles weg zijn: zet fsync aan",
     "a power cut may take everything: turn fsync on"},
    {" full_page_writes=off ", "server-pages", "off", "on",
     "na stroomuitval kan alles weg zijn: zet full_page_writes aan",
     "a power cut may take everything: turn full_page_writes on"},
    {" tls=off ", "server-tls", "off", "on, or on this machine",
     "wie op het netwerk meekijkt ziet wie wanneer werkt: gebruik "
     "sslmode=verify-full, of een socket op deze machine",
     "who watches the network sees who works when: use sslmode=verify-full, "
     "or a socket on this machine"},
};

/* "host=/run/postgresql sslmode=..." */
static bool on_this_machine(const char *settings)
{
    static const char *const begins[] = {"host=/", "host=localhost ",
                                         "host=127.", "host=::1 "};

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(settings, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

void mk_server_doctor(const struct mk_vault *v, mk_doctor_each *each,
                      void *ctx)
{
    struct mk_store_facts facts;
    char settings[sizeof facts.settings + 2];
    size_t n;

    if (!mk_vault_on_server(v) || v->store == NULL ||
        mk_store_facts(v->store, &facts, NULL) != MK_OK)
        return;
    n = strlen(facts.settings);
    memcpy(settings, facts.settings, n);
    memcpy(settings + n, " ", 2);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        bool there = strstr(settings, faults[i].word) != NULL;

        if (strcmp(faults[i].what, "server-tls") == 0 &&
            on_this_machine(settings))
            there = false;
        each(ctx, faults[i].what, !there,
             there ? faults[i].bad : faults[i].good, faults[i].nl,
             faults[i].en);
    }
}
