/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meldkluis-verify: judges an export of the access log, for somebody who
 * trusts neither the vault, nor its people, nor the program that wrote it.
 * It reads what it is given, and before it looks at it gives up everything
 * but reading the export.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/complain.h"
#include "cmd/env.h"
#include "cmd/harden.h"
#include "cmd/verify/files.h"
#include "cmd/verify/key.h"
#include "cmd/verify/program.h"
#include "cmd/verify/seal.h"

#define GIVEN_MAX 65536 /* bytes of a note, key or mark */

struct program {
    struct mk_harden harden;
    struct mk_vf_options options;
    struct mk_vf_given_file witness[MK_VF_WITNESSES], since, key;
    int dir;
    uint8_t *secret; /* guarded */
    struct mk_vf_report report;
    struct mk_diag diag;
};

static const char help_nl[] =
    "meldkluis-verify UITVOER [OPTIE]...\n"
    "beoordeelt een uitvoer van het logboek (meldkluis log uitvoer)\n"
    "\n"
    "--sleutel BESTAND  sleutel van de auditor: beoordeelt ook wat er "
    "gebeurde\n"
    "--getuige BESTAND  controlepunt of sleutel van een getuige, of een\n"
    "                   hoogwaterstand (*.mark); herhaalbaar\n"
    "--sinds BESTAND    een eerder controlepunt van u zelf\n"
    "--passphrase-fd N  wachtwoord van het sleutelbestand, een regel\n"
    "--json             uitkomst voor programma's\n"
    "--taal nl|en       taal\n"
    "--version          versie\n"
    "\n"
    "Drie oordelen: ongeschonden, volledig, toegestaan (zie de handleiding).\n"
    "Status: 0 geen oordeel is nee, 4 een wel, 1 lezen mislukt, 2 onjuist\n"
    "gebruik, 3 het sleutelbestand blijft dicht.\n";

static const char help_en[] =
    "meldkluis-verify EXPORT [OPTION]...\n"
    "judges an export of the access log (meldkluis log export)\n"
    "\n"
    "--key FILE         the auditor's key: judges what was done too\n"
    "--witness FILE     checkpoint or key of a witness, or a high-water mark\n"
    "                   (*.mark); repeatable\n"
    "--since FILE       an older checkpoint of your own\n"
    "--passphrase-fd N  passphrase of the key file, one line\n"
    "--json             result for programs\n"
    "--lang nl|en       language\n"
    "--version          version\n"
    "\n"
    "Three verdicts: intact, complete, allowed (see the manual page).\n"
    "Status: 0 no verdict is no, 4 one is, 1 reading failed, 2 wrong usage,\n"
    "3 the key file stays shut.\n";

static enum mk_err print(struct program *p, const void *text, size_t n)
{
    if (!p->harden.is_heard)
        errno = EBADF;
    if (p->harden.is_heard && fwrite(text, 1, n, stdout) == n &&
        fflush(stdout) == 0)
        return MK_OK;
    return mk_fail_sys(&p->diag, MK_E_IO, "stdout");
}

/* Everything that a path names is opened here; after the sandbox only the
 * export can be. */
static enum mk_err open_all(struct program *p)
{
    enum mk_err rc;
    struct mk_vf_options *o = &p->options;

    rc = mk_vf_folder(&p->dir, o->export, &p->diag);
    if (rc == MK_E_NOT_FOUND)
        return mk_fail(&p->diag, MK_E_NO_EXPORT, o->export);
    if (rc != MK_OK)
        return rc;
    for (size_t i = 0; i < o->n_witnesses; i++) {
        p->witness[i].path = o->witness[i];
        MK_TRY(mk_vf_given(&p->witness[i].text, o->witness[i], GIVEN_MAX,
                           &p->diag));
    }
    if (o->since) {
        p->since.path = o->since;
        MK_TRY(mk_vf_given(&p->since.text, o->since, GIVEN_MAX, &p->diag));
    }
    if (o->key)
        MK_TRY(
            mk_vf_given(&p->key.text, o->key, MK_VF_KEY_FILE_MAX, &p->diag));
out:
    return rc;
}

static enum mk_err shut(struct program *p)
{
    const struct mk_harden_place places[] = {
        {p->options.export, MK_HARDEN_READ}};

    mk_harden_close_inherited(&p->harden, -1);
    return mk_harden_sandbox(&p->harden, places, 1, &p->diag);
}

static enum mk_err judge(struct program *p)
{
    const struct mk_vf_job job = {.dir = p->dir,
                                  .secret = p->secret,
                                  .witness = p->witness,
                                  .n_witnesses = p->options.n_witnesses,
                                  .since = p->options.since ? &p->since
                                                            : NULL};
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;

    rc = mk_vf_judge(&job, &p->report, &p->diag);
    if (rc == MK_E_NO_EXPORT)
        rc = mk_fail(&p->diag, rc, p->options.export);
    MK_TRY(rc);
    MK_TRY(p->options.json
               ? mk_vf_json(&text, &p->report, p->options.english)
               : mk_vf_text(&text, &p->report, p->options.english));
    MK_TRY(print(p, text.data, text.len));
out:
    mk_buf_release(&text);
    return rc;
}

/* The passphrase is asked before the sandbox shuts the terminal out, and used
 * behind it. */
static enum mk_err run_with_key(struct program *p)
{
    enum mk_err rc;
    struct mk_vf_key_file file;
    char *phrase = mk_vf_guarded(MK_VF_PHRASE_MAX + 2);
    size_t n;

    p->secret = mk_vf_guarded(32);
    if (!phrase || !p->secret) {
        rc = mk_fail(&p->diag, MK_E_MEMORY, "key");
        goto out;
    }
    MK_TRY(mk_vf_ask(phrase, MK_VF_PHRASE_MAX + 1, &n,
                     p->options.passphrase_fd, p->options.english, &p->diag));
    MK_TRY(shut(p));
    if (!mk_vf_key_file_parse(&file, p->key.text.data, p->key.text.len)) {
        rc = mk_fail(&p->diag, MK_E_VERIFY_KEY, p->options.key);
        goto out;
    }
    MK_TRY(mk_vf_key_open(p->secret, &file, phrase, n, &p->diag));
    mk_vf_guarded_free(phrase);
    phrase = NULL;
    rc = judge(p);
out:
    mk_vf_guarded_free(phrase);
    return rc;
}

static enum mk_err run(struct program *p, int argc, char **argv)
{
    enum mk_err rc;
    struct mk_env env;
    static const char version[] = "meldkluis-verify " MK_VERSION "\n";

    MK_TRY(mk_harden_begin(&p->harden, &p->diag));
    mk_env_read(&env);
    p->options.english = env.english;
    mk_harden_environment(&p->harden);
    MK_TRY(mk_vf_options(&p->options, argc, argv, &p->diag));
    if (p->options.version)
        return print(p, version, sizeof version - 1);
    if (p->options.help)
        return p->options.english ? print(p, help_en, sizeof help_en - 1)
                                  : print(p, help_nl, sizeof help_nl - 1);
    MK_TRY(mk_vf_seal_init(&p->diag));
    MK_TRY(open_all(p));
    if (p->options.key)
        return run_with_key(p);
    MK_TRY(shut(p));
    rc = judge(p);
out:
    return rc;
}

static void release(struct program *p)
{
    for (size_t i = 0; i < p->options.n_witnesses; i++)
        mk_buf_release(&p->witness[i].text);
    mk_buf_release(&p->since.text);
    mk_buf_release(&p->key.text);
    mk_vf_guarded_free(p->secret);
    if (p->dir >= 0)
        close(p->dir);
}

int main(int argc, char **argv)
{
    static struct program p = {
        .options = {.passphrase_fd = -1}, .dir = -1, .diag = MK_DIAG_INIT};
    const enum mk_err rc = run(&p, argc, argv);
    const bool passed = mk_vf_passed(&p.report);

    release(&p);
    if (rc == MK_OK)
        return passed ? MK_EXIT_DONE : MK_EXIT_INTEGRITY;
    if (p.diag.err != rc)
        (void)mk_fail(&p.diag, rc, "verify");
    return mk_complain("meldkluis-verify", "meldkluis-verify --help", &p.diag,
                       p.options.english);
}
