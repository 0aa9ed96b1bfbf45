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
};

/* "host=/run/postgresql sslmode=..." */
static bool on_this_machine(const char *settings)
{
    static const char *const begins[] = {"host=/", "host=@", "host=localhost ",
                                         "host=::1 "};
    static const char loopback[] = "host=127.";
    const size_t n = sizeof loopback - 1;

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(settings, begins[i], strlen(begins[i])) == 0)
            return true;
    /* an address, not a name that begins like one */
    return strncmp(settings, loopback, n) == 0 &&
           settings[n + strspn(settings + n, "0123456789.")] == ' ';
}

/* Beyond this machine anybody can listen on the way, or answer in place of the
 * server, unless it has to prove who it is. */
static void judge_tls(const char *settings, mk_doctor_each *each, void *ctx)
{
    const bool local = on_this_machine(settings);
    const bool off = strstr(settings, " tls=off ") != NULL;
    const bool ok =
        local || (!off && strstr(settings, " sslmode=verify-full ") != NULL);

    each(ctx, "server-tls", ok,
         ok    ? "on and verified, or on this machine"
         : off ? "off"
               : "encrypted, but the server proves not who it is",
         "wie op het netwerk zit kan meekijken, of zich voor de server "
         "uitgeven: geef sslmode=verify-full in het adres (en sslrootcert, "
         "zie man meldkluis-pg), of gebruik een socket op deze machine",
         "who is on the network can watch, or stand in for the server: give "
         "sslmode=verify-full in the address (and sslrootcert, see man "
         "meldkluis-pg), or use a socket on this machine");
}

void mk_server_judge(const char *settings, mk_doctor_each *each, void *ctx)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const bool there = strstr(settings, faults[i].word) != NULL;

        each(ctx, faults[i].what, !there,
             there ? faults[i].bad : faults[i].good, faults[i].nl,
             faults[i].en);
    }
    judge_tls(settings, each, ctx);
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
    mk_server_judge(settings, each, ctx);
}
