/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verhuis: the whole vault to another place, and proof that it is the same. */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/json.h"

#include "core/base/bytes.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct moving {
    bool back;             /* --terug */
    struct mk_moved moved; /* what the vault says now */
    struct mk_where to;
    char parent[MK_PATH]; /* of a folder: where it is made */
};

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* This account has no mark by which it knows who the custodians are: whoever
 * can write here may have named any place, so a person names it, or says that
 * it is the one. */
static enum mk_err ask_place(struct mk_app *app, const struct moving *m)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    bool yes = false;
    if (app->term.fd < 0)
        return wrong(app,
                     "dit account heeft de kluis niet eerder gezien; geef de "
                     "plaats erbij: verhuis --terug PLAATS",
                     "this account has not seen the vault before; name the "
                     "place: migrate --back PLACE");
    MK_TRY(mk_buf_addf(&text,
                       MK_T(app,
                            "Hier staat dat de kluis verhuist naar %s. "
                            "Klopt dat?",
                            "It says here that the vault moves to %s. Is "
                            "that so?"),
                       m->moved.to));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(mk_ask_yes(app, (const char *)text.data, &yes));
    if (!yes)
        rc = mk_fail(&app->diag, MK_E_CANCELLED, NULL);
out:
    mk_buf_release(&text);
    return rc;
}

/* The place that a move is taken back from.  One that no custodian signed is
 * not looked at: nothing is there that would be ours. */
static enum mk_err choose_back(struct mk_app *app, struct moving *m)
{
    enum mk_err rc;
    MK_TRY(mk_session_connect(app));
    rc = mk_moved_read(&app->where, &m->moved, &app->diag);
    if (rc == MK_E_NOT_FOUND)
        rc = mk_session_no_vault(app);
    else if (rc == MK_OK && !m->moved.there)
        rc = mk_fail(&app->diag, MK_E_NOT_MOVING, NULL);
    if (rc != MK_OK)
        return rc;
    if (m->moved.proof == MK_MOVED_UNCHECKED)
        return mk_moved_refuse(&m->moved, &app->diag);
    if (m->moved.proof == MK_MOVED_DOUBT)
        return MK_OK;
    if (m->moved.done) /* nobody has to go there to know that */
        return mk_fail(&app->diag, MK_E_MOVE_DONE, m->moved.to);
    m->to.vault = app->args.n_words != 0 ? app->args.word[0] : m->moved.to;
    if (m->moved.proof == MK_MOVED_SIGNED && app->args.n_words == 0)
        rc = ask_place(app, m);
out:
    return rc;
}

static enum mk_err choose(struct mk_app *app, struct moving *m)
{
    m->back = mk_args_has(&app->args, MK_OPT_TERUG);
    if (m->back && app->access.dry_run)
        return wrong(app, "--terug kent geen --proef",
                     "--back knows no --dry-run");
    if (m->back)
        return choose_back(app, m);
    if (app->args.n_words == 0)
        return wrong(app, "geef de plaats waar de kluis heen gaat, of --terug",
                     "give the place that the vault goes to, or --back");
    m->to.vault = app->args.word[0];
    return mk_session_is_place(app, m->to.vault);
}

/* Who has worked at the new place already sees the old one as a copy of
 * before: what it is. */
static enum mk_err unlock(struct mk_app *app)
{
    struct mk_moved m;
    enum mk_err rc = mk_session_unlock(app);
    if (rc != MK_E_ROLLED_BACK ||
        mk_moved_read(&app->where, &m, NULL) != MK_OK || !m.there)
        return rc;
    return mk_moved_refuse(&m, &app->diag);
}

/* Both places stay within reach of the sandbox; a server is reached before. */
static enum mk_err reach(struct mk_app *app, struct moving *m)
{
    enum mk_err rc;
    struct mk_harden_place more = {m->parent, MK_HARDEN_WORK};
    const bool nowhere = m->to.vault == NULL;
    const bool on_server = !nowhere && mk_session_is_url(m->to.vault);
    m->to.state = app->state_path;
    m->to.progress = mk_app_progress;
    m->to.progress_ctx = app;
    if (on_server)
        MK_TRY(mk_session_reach(app, m->to.vault, &m->to.server));
    else if (!nowhere)
        MK_TRY(mk_session_parent(app, m->to.vault, m->parent));
    MK_TRY(mk_session_sandbox(app, &more, on_server || nowhere ? 0 : 1));
    MK_TRY(unlock(app));
out:
    return rc;
}

/* --- what became of it --- */

static enum mk_err add_text(const struct mk_app *app,
                            const struct mk_move_report *r, struct mk_buf *out)
{
    enum mk_err rc;
    char root[65];
    mk_hex(root, r->log_root, sizeof r->log_root);
    if (r->ahead)
        return mk_buf_addf(
            out,
            MK_T(app,
                 "daar is al gewerkt: het logboek heeft er %" PRIu64
                 " regels\n",
                 "somebody has worked there already: the log "
                 "has %" PRIu64 " entries there\n"),
            r->log_size);
    MK_TRY(mk_buf_addf(
        out,
        MK_T(app,
             "dossiers: %" PRIu64 ", waarvan %" PRIu64 " vernietigd\n"
             "gebeurtenissen: %" PRIu64 "; telregels: %" PRIu64
             "; register: %" PRIu64 "\n"
             "logboek: %" PRIu64 " regels, waarvan %" PRIu64
             " opgeschoond; hoofden: %" PRIu64 "\n"
             "rijen: %" PRIu64 "; documenten: %" PRIu64 "\n"
             "wortel van het log: %s\n",
             "dossiers: %" PRIu64 ", %" PRIu64 " of them destroyed\n"
             "events: %" PRIu64 "; records: %" PRIu64 "; register: %" PRIu64
             "\n"
             "log: %" PRIu64 " entries, %" PRIu64
             " of them pruned; heads: %" PRIu64 "\n"
             "rows: %" PRIu64 "; documents: %" PRIu64 "\n"
             "root of the log: %s\n"),
        r->dossiers, r->destroyed, r->entries, r->records, r->registers,
        r->log_size, r->pruned, r->heads, r->rows, r->documents, root));
out:
    return rc;
}

static enum mk_err add_json(struct mk_app *app, const struct moving *m,
                            const struct mk_move_report *r, struct mk_buf *out)
{
    struct mk_json j;
    mk_json_begin(&j, out);
    mk_json_bool(&j, "saved", !app->access.dry_run);
    mk_json_str(&j, "to", m->to.vault);
    mk_json_bool(&j, "there", r->there);
    mk_json_bool(&j, "ahead", r->ahead);
    mk_json_num(&j, "log_size", (int64_t)r->log_size);
    if (!r->ahead) {
        mk_json_hex(&j, "log_root", r->log_root, sizeof r->log_root);
        mk_json_num(&j, "dossiers", (int64_t)r->dossiers);
        mk_json_num(&j, "destroyed", (int64_t)r->destroyed);
        mk_json_num(&j, "entries", (int64_t)r->entries);
        mk_json_num(&j, "records", (int64_t)r->records);
        mk_json_num(&j, "registers", (int64_t)r->registers);
        mk_json_num(&j, "heads", (int64_t)r->heads);
        mk_json_num(&j, "pruned", (int64_t)r->pruned);
        mk_json_num(&j, "rows", (int64_t)r->rows);
        mk_json_num(&j, "documents", (int64_t)r->documents);
    }
    return mk_json_finish(&j);
}

/* It is ciphertext and keys in envelopes, and erasing it is nothing that a
 * program does on its own. */
static enum mk_err tell_left(struct mk_app *app)
{
    static const char *const names[] = {"vault.db",        "keyring",
                                        "retention",       "failed",
                                        "retention.place", "checkpoints"};
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    char path[MK_PATH];
    if (mk_session_is_url(app->vault_path)) {
        mk_app_note(
            app, MK_T(app,
                      "op de oude server staan de versleutelde rijen nog; "
                      "laat de beheerder dat schema wissen (OPERATIONS.md)",
                      "the encrypted rows are still on the old server; have "
                      "the administrator drop that schema (OPERATIONS.md)"));
        return MK_OK;
    }
    MK_TRY(mk_buf_addf(&text, MK_T(app, "in %s ligt nog:", "still in %s:"),
                       app->vault_path));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int n =
            snprintf(path, sizeof path, "%s/%s", app->vault_path, names[i]);
        if (n > 0 && (size_t)n < sizeof path && access(path, F_OK) == 0)
            MK_TRY(mk_buf_addf(&text, " %s", names[i]));
    }
    MK_TRY(mk_buf_add_str(
        &text,
        MK_T(app,
             "; versleuteld, maar met sleutels erbij: wis ze als u zeker bent "
             "(SECURITY.md), en laat moved staan",
             "; encrypted, but with keys beside: erase them when you are sure "
             "(SECURITY.md), and leave moved")));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err tell_where(struct mk_app *app, const struct moving *m)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(&text, MK_T(app,
                                      "de kluis staat nu hier: ieder geeft "
                                      "voortaan --kluis ",
                                      "the vault is here now: everybody gives "
                                      "from now on --vault ")));
    MK_TRY(mk_text_shell(&text, m->to.vault));
    MK_TRY(mk_buf_add_str(&text, MK_T(app, ", of zet MELDKLUIS daarop",
                                      ", or sets MELDKLUIS to it")));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err tell(struct mk_app *app, const struct moving *m,
                        const struct mk_move_report *r)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    if (app->json)
        MK_TRY(add_json(app, m, r, &out));
    else
        MK_TRY(add_text(app, r, &out));
    MK_TRY(mk_app_print(app, &out));
    if (app->access.dry_run) {
        mk_app_note(app, MK_T(app,
                              "proef: alleen de logregel is geschreven; dit "
                              "zou verhuizen",
                              "dry run: only the log entry was written; this "
                              "would be moved"));
        goto out;
    }
    MK_TRY(tell_where(app, m));
    MK_TRY(tell_left(app));
out:
    mk_buf_release(&out);
    return rc;
}

static enum mk_err move(struct mk_app *app, struct moving *m)
{
    struct mk_move_report report;
    enum mk_err rc =
        mk_move(app->vault, &app->access, &m->to, &report, &app->diag);
    mk_app_progress_end(app);
    if (rc == MK_E_UNKNOWN_OUTCOME)
        mk_app_warn(app, MK_T(app,
                              "geef dezelfde opdracht nog eens: die ziet of "
                              "de kluis er staat, en maakt het af",
                              "give the same command again: it sees whether "
                              "the vault is there, and finishes"));
    return rc == MK_OK ? tell(app, m, &report) : rc;
}

enum mk_err mk_cmd_move(struct mk_app *app)
{
    enum mk_err rc;
    struct moving m = {.to = {.vault = NULL}};
    app->where.moved = true;
    MK_TRY(mk_session_state(app)); /* who this account has seen */
    MK_TRY(choose(app, &m));
    MK_TRY(reach(app, &m));
    if (!m.back) {
        rc = move(app, &m);
        goto out;
    }
    MK_TRY(mk_move_back(app->vault, m.to.vault ? &m.to : NULL, &app->diag));
    MK_TRY(mk_app_done(app,
                       "verhuizing teruggenomen; de kluis kan hier weer "
                       "worden gebruikt",
                       "move taken back; the vault can be used here again"));
out:
    mk_server_close(m.to.server);
    return rc;
}
