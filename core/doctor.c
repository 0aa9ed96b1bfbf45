/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What doctor can tell without opening a dossier. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/caseload.h"
#include "core/destroy.h"
#include "core/mark.h"
#include "core/move_impl.h"
#include "core/server.h"
#include "core/store/file.h"
#include "core/store/store.h"
#include "core/vault.h"

#define VALUE 192

/* --- the machine --- */

static bool swap_in_use(void)
{
    FILE *f = fopen("/proc/swaps", "re");
    char line[256];
    size_t lines = 0;

    if (f == NULL)
        return false;
    while (fgets(line, sizeof line, f) != NULL)
        lines++;
    fclose(f);
    return lines > 1; /* the first is a heading */
}

static void limits(mk_doctor_each *each, void *ctx)
{
    struct rlimit core = {.rlim_cur = 1};
    struct rlimit lock = {.rlim_cur = 0};
    char value[VALUE];

    (void)getrlimit(RLIMIT_CORE, &core);
    (void)getrlimit(RLIMIT_MEMLOCK, &lock);
    each(ctx, "core-dumps", core.rlim_cur == 0 && prctl(PR_GET_DUMPABLE) == 0,
         core.rlim_cur == 0 ? "off" : "on",
         "dit programma zet ze uit; werk met de uitgeleverde versie",
         "this program turns them off; use the released version");
    if (lock.rlim_cur == RLIM_INFINITY)
        snprintf(value, sizeof value, "unlimited");
    else
        snprintf(value, sizeof value, "%llu KiB",
                 (unsigned long long)lock.rlim_cur / 1024);
    each(ctx, "locked-memory", lock.rlim_cur >= 512 * 1024, value,
         "verhoog memlock in /etc/security/limits.conf tot 1024 KiB",
         "raise memlock in /etc/security/limits.conf to 1024 KiB");
}

void mk_machine_doctor(mk_doctor_each *each, void *ctx)
{
    char sodium[32];
    char gcrypt[32];
    char engine_text[64];

    mk_crypto_versions(sodium, gcrypt);
    each(ctx, "libsodium", true, sodium, "", "");
    each(ctx, "libgcrypt", true, gcrypt, "", "");
    if (mk_store_engine(engine_text, NULL) == MK_OK)
        each(ctx, "sqlcipher", true, engine_text, "", "");
    each(ctx, "passphrase-cost", strcmp(mk_argon2_build(), "test") != 0,
         mk_argon2_build(), "dit is een testversie: gebruik haar nooit echt",
         "this is a test build: never use it for real");
    limits(each, ctx);
    each(ctx, "swap", !swap_in_use(), swap_in_use() ? "on" : "off",
         "zet swap uit of versleutel hem: geheugen kan op schijf komen",
         "turn swap off or encrypt it: memory may reach the disk");
}

/* --- the vault --- */

static void modes(const struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    static const char *const files[] = {"vault.db", MK_KEYRING_FILE,
                                        MK_RETENTION_FILE};
    struct stat s;
    char value[VALUE];

    /* the last of them may lie elsewhere */
    for (size_t i = 0; i < (v->places.n == 0 ? 3 : 2); i++) {
        bool there = fstatat(v->docs.dir, files[i], &s, AT_SYMLINK_NOFOLLOW) ==
                     0;

        snprintf(value, sizeof value, there ? "%03o, %llu bytes" : "missing",
                 there ? s.st_mode & 07777 : 0,
                 there ? (unsigned long long)s.st_size : 0ULL);
        each(ctx, files[i], there && (s.st_mode & 077) == 0, value,
             "zet de rechten op 600, of zet een reservekopie terug",
             "set its mode to 600, or restore a backup");
    }
}

/* Secrets that somebody who left still knows, until each is replaced. */
static void stale_keys(const struct mk_vault *v, mk_doctor_each *each,
                       void *ctx)
{
    unsigned stale = mk_keyring_stale(v->keyring);
    char value[VALUE] = "none";
    size_t n = 0;

    for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
        if (stale & (1u << kind))
            n += (size_t)snprintf(value + n, sizeof value - n, "%s%s",
                                  n > 0 ? " " : "",
                                  mk_key_slug((enum mk_key_kind)kind));
    each(ctx, "stale-keys", stale == 0, value,
         "wie weg is kent ze nog; laat een houder ze vervangen: hersleutel",
         "somebody who left knows them; have a holder replace them: rekey");
}

/* After a theft everybody replaces what he holds: whose turn it is, by kind. */
static void stolen_keys(const struct mk_vault *v, mk_doctor_each *each,
                        void *ctx)
{
    const struct mk_keyring *k = v->keyring;
    unsigned stolen = mk_keyring_stolen(k);
    struct mk_buf value = MK_BUF_INIT;
    enum mk_err rc = MK_OK;

    for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++) {
        const char *between = ": ";

        if ((stolen & (1u << kind)) == 0)
            continue;
        MK_TRY(mk_buf_addf(&value, "%s%s", value.len != 0 ? "; " : "",
                           mk_key_slug((enum mk_key_kind)kind)));
        for (size_t i = 0; i < mk_keyring_count(k); i++) {
            const struct mk_member *m = mk_keyring_member(k, i);

            if ((mk_keyring_stolen_of(k, m->id) & (1u << kind)) == 0)
                continue;
            MK_TRY(mk_buf_addf(&value, "%s%s", between, m->name));
            between = ", ";
        }
    }
    MK_TRY(mk_buf_terminate(&value));
out:
    each(ctx, "stolen-keys", stolen == 0 && rc == MK_OK,
         rc != MK_OK   ? "cannot be read"
         : stolen == 0 ? "none"
                       : (const char *)value.data,
         "van voor de melding van diefstal; laat per sleutel een van hen "
         "hersleutel-alles doen",
         "of before the theft was reported; have one of them, for each key, "
         "do rekey-all");
    mk_buf_release(&value);
}

static void generations(const struct mk_vault *v, mk_doctor_each *each,
                        void *ctx)
{
    char value[VALUE] = "";
    size_t n = 0;

    for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
        n += (size_t)snprintf(value + n, sizeof value - n, "%s%s %u",
                              n > 0 ? ", " : "",
                              mk_key_slug((enum mk_key_kind)kind),
                              (unsigned)mk_keyring_generation(
                                  v->keyring, (enum mk_key_kind)kind));
    each(ctx, "key-generations", true, value, "", "");
}

static void people(const struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    char value[VALUE];
    size_t custodians = 0;
    size_t waiting = 0;
    size_t suspended = 0;

    for (size_t i = 0; i < mk_keyring_count(v->keyring); i++) {
        const struct mk_member *m = mk_keyring_member(v->keyring, i);
        unsigned roles = mk_keyring_roles(v->keyring, m->id);

        if ((roles & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) != 0)
            custodians++;
        if (mk_keyring_standing(v->keyring, m->id) == MK_STANDING_SUSPENDED)
            suspended++;
        else if ((m->certified & ~roles) != 0)
            waiting++;
    }
    snprintf(value, sizeof value, "%zu members, serial %llu",
             mk_keyring_count(v->keyring),
             (unsigned long long)mk_keyring_serial(v->keyring));
    each(ctx, MK_KEYRING_FILE, true, value, "", "");
    snprintf(value, sizeof value, "%zu", custodians);
    each(ctx, "custodians", custodians >= 2, value,
         "laat een tweede bewaarder toe: wie alleen staat kan niet herstellen",
         "admit a second custodian: one alone cannot recover");
    snprintf(value, sizeof value, "%zu", waiting);
    each(ctx, "roles-not-granted", waiting == 0, value,
         "laat iemand met de rol de sleutel geven: rol geef",
         "have a holder of the role wrap its key: role grant");
    snprintf(value, sizeof value, "%zu", suspended);
    each(ctx, "suspended", true, value, "", "");
    stale_keys(v, each, ctx);
    stolen_keys(v, each, ctx);
    generations(v, each, ctx);
}

/* Once a year. */
#define DRILL_DAYS 365

static size_t holders_gone(const struct mk_vault *v,
                           const struct mk_recovery_set *set)
{
    static const uint8_t outside[MK_ID];
    size_t n = 0;

    for (unsigned i = 0; i < set->n; i++)
        if (memcmp(set->holder[i], outside, MK_ID) != 0 &&
            mk_keyring_standing(v->keyring, set->holder[i]) == MK_STANDING_OUT)
            n++;
    return n;
}

static void drill(const struct mk_recovery_facts *f, mk_doctor_each *each,
                  void *ctx)
{
    char value[VALUE];
    int64_t days = (mk_clock_now() - f->drill_ms) / 86400000;

    if (f->drill_ms == 0)
        snprintf(value, sizeof value, "%s", "never: for practice only");
    else if (f->drill_set != f->in_force.number)
        snprintf(value, sizeof value, "not with these cards");
    else
        snprintf(value, sizeof value, "%lld days ago", (long long)days);
    each(ctx, "recovery-drill",
         f->drill_ms != 0 && f->drill_set == f->in_force.number &&
             days <= DRILL_DAYS,
         value, "oefen met de kaarten: herstel oefen (elk jaar)",
         "rehearse with the cards: recover drill (every year)");
}

static void recovery(const struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_recovery_facts f;
    char value[VALUE];
    size_t gone;

    mk_keyring_recovery_facts(v->keyring, &f);
    if (f.in_force.number == 0)
        snprintf(value, sizeof value, "none");
    else
        snprintf(value, sizeof value, "set %u: %u of %u",
                 (unsigned)f.in_force.number, f.in_force.threshold,
                 f.in_force.n);
    each(ctx, "recovery-cards", f.in_force.number != 0, value,
         "maak herstelkaarten: herstel deel (docs/RECOVERY.md)",
         "make recovery cards: recover share (docs/RECOVERY.md)");
    if (f.proposed.number != 0) {
        snprintf(value, sizeof value, "set %u%s", (unsigned)f.proposed.number,
                 f.accepted ? ", accepted" : "");
        each(ctx, "recovery-proposed", false, value,
             f.accepted ? "laat wie een sleutel heeft hem bergen: herstel berg"
                        : "laat een tweede bewaarder aanvaarden: herstel "
                          "aanvaard",
             f.accepted ? "have who holds a key store it: recover store"
                        : "have a second custodian accept: recover accept");
    }
    if (f.in_force.number == 0)
        return;
    each(ctx, "recovery-keys", f.missing == 0,
         f.missing == 0 ? "all" : "not all",
         "laat wie de sleutel heeft hem bergen: herstel berg",
         "have a holder of the key store it: recover store");
    gone = holders_gone(v, &f.in_force);
    if (gone != 0) {
        snprintf(value, sizeof value, "%zu", gone);
        each(ctx, "recovery-holders-gone", false, value,
             "een kaarthouder is weg: maak nieuwe kaarten, herstel deel",
             "a holder is gone: make new cards, recover share");
    }
    drill(&f, each, ctx);
}

static void mark(const struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_head_row row;
    char value[VALUE];
    bool has_mark = false;
    bool readable;

    readable = mk_mark_load(v->state, mk_keyring_store(v->keyring), &has_mark,
                            &row, NULL) == MK_OK;
    if (has_mark)
        snprintf(value, sizeof value, "%llu log entries seen",
                 (unsigned long long)row.log_size);
    else
        snprintf(value, sizeof value, "%s",
                 readable ? "none yet: trusted on first use" : "damaged");
    each(ctx, "high-water-mark", readable && has_mark, value,
         "eerste gebruik: vergelijk de stand van het logboek met een collega",
         "first use: compare the state of the log with a colleague");
}

static void log_term(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_log_keeping k;
    char value[VALUE];

    if (v->store == NULL || mk_log_keeping(v, &k, NULL) != MK_OK)
        return;
    if (k.months == 0)
        snprintf(value, sizeof value, "%s",
                 "chosen by nobody: for practice only");
    else
        snprintf(value, sizeof value, "%u months, %llu entries pruned",
                 k.months, (unsigned long long)k.pruned);
    each(ctx, "log-term", k.months != 0, value,
         "laat een bewaarder kiezen: log termijn MAANDEN",
         "have a custodian choose: log term MONTHS");
}

static void engine(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_store_facts facts;
    char value[VALUE];

    if (v->store == NULL || mk_store_facts(v->store, &facts, NULL) != MK_OK)
        return;
    each(ctx, "engine", true, facts.engine, "", "");
    each(ctx, "engine-settings", true, facts.settings, "", "");
    snprintf(value, sizeof value, "%u", facts.schema);
    each(ctx, "schema", true, value, "", "");
    if (v->suspect != MK_OK) {
        each(ctx, "integrity", false, mk_err_name(v->suspect),
             "laat log controleer lopen; na een echt herstel: herstart",
             "run log verify; after a real restore: accept-restore");
        return;
    }
    snprintf(value, sizeof value,
             "epoch %u, %llu log entries, %llu dossiers, %llu records",
             v->head.epoch, (unsigned long long)v->head.log_size,
             (unsigned long long)v->head.n_dossiers,
             (unsigned long long)v->head.n_stats);
    each(ctx, "head", true, value, "", "");
}

/* How long nobody outside has seen the log. */
static void witnesses(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_witness_report r;
    struct mk_diag diag = MK_DIAG_INIT;
    char value[VALUE];
    int64_t days;

    if (v->store == NULL || v->suspect != MK_OK)
        return;
    if (mk_witness_report(v, 0, &r, &diag) != MK_OK) {
        each(ctx, "witnesses", false, mk_err_name(diag.err),
             "laat log getuige toon lopen, bewaar checkpoints, bel de auditor",
             "run log witness show, keep checkpoints, call the auditor");
        return;
    }
    days = (mk_clock_now() / 1000 - r.since) / 86400;
    days = days < 0 ? 0 : days;
    snprintf(value, sizeof value,
             "%zu witnesses, %llu entries uncovered, "
             "%lld days",
             r.n_trusted, (unsigned long long)(r.log_size - r.covered),
             (long long)days);
    each(ctx, "witnesses", days <= MK_WITNESS_DAYS, value,
         "laat een getuige het logboek bevestigen: docs/WITNESS.md",
         "have a witness cosign the log: docs/WITNESS.md");
    for (size_t i = 0; i < r.n; i++)
        if (r.w[i].trusted && r.w[i].ahead)
            each(ctx, "witness-clock", false, r.w[i].key.name,
                 "zijn bevestiging is van later dan nu en telt niet als vers: "
                 "zet zijn klok of deze goed en laat opnieuw bevestigen",
                 "his cosignature is dated in the future and does not count "
                 "as fresh: set his clock or this one right, cosign again");
    if (r.damaged == 0)
        return;
    snprintf(value, sizeof value, "%zu", r.damaged);
    each(ctx, "checkpoints-damaged", false, value,
         "neem de bevestigingen van de getuige opnieuw op",
         "take the witness's cosignatures in again");
}

/* It went elsewhere, or is on its way: nobody works here any more; or somebody
 * who is no custodian says so. */
static void moved(const struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct mk_moved m;
    char value[MK_MOVE_PLACE + 32];

    if (mk_moved_load(&v->docs, &m, NULL) != MK_OK) {
        each(ctx, MK_MOVED_FILE, false, "damaged",
             "laat de beheerder uitzoeken wie moved schreef",
             "have the administrator find out who wrote moved");
        return;
    }
    if (!m.there)
        return;
    snprintf(value, sizeof value, "%s to %s", m.done ? "moved" : "moving",
             m.to);
    if (mk_moved_judge(&v->docs, v->state, &m) == MK_MOVED_DOUBT) {
        if (mk_moved_readable(&m))
            snprintf(value, sizeof value, "not signed: moving to %s", m.to);
        else
            snprintf(value, sizeof value, "damaged");
        each(ctx, MK_MOVED_FILE, false, value,
             "ga daar niet heen; een bewaarder verwerpt het met verhuis "
             "--terug",
             "do not go there; a custodian dismisses it with migrate --back");
        return;
    }
    each(ctx, MK_MOVED_FILE, false, value,
         m.done ? "geef --kluis die plaats, of zet MELDKLUIS daarop"
                : "maak de verhuizing af (verhuis), of neem haar terug "
                  "(verhuis --terug)",
         m.done ? "give --vault that place, or set MELDKLUIS to it"
                : "finish the move (migrate), or take it back (migrate "
                  "--back)");
}

void mk_vault_doctor(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    moved(v, each, ctx);
    if (!mk_vault_on_server(v))
        modes(v, each, ctx);
    mk_destroy_doctor(v, each, ctx);
    people(v, each, ctx);
    recovery(v, each, ctx);
    mark(v, each, ctx);
    engine(v, each, ctx);
    mk_server_doctor(v, each, ctx);
    log_term(v, each, ctx);
    witnesses(v, each, ctx);
    mk_caseload_doctor(v, each, ctx);
}
