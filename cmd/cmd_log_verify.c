/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log controleer: the whole log and the whole vault, recomputed. */
#include "cmd/app.h"
#include "cmd/json.h"
#include "cmd/prune.h"

#include "core/base/bytes.h"

#include <inttypes.h>
#include <string.h>

struct findings {
    struct mk_app *app;
    struct mk_json json;
    struct mk_buf out;
    struct mk_buf text; /* for people: a line each, the same one once */
    uint64_t n;
};

static bool said_before(const struct mk_buf *all, const struct mk_buf *line)
{
    return all->len > 0 && memmem(all->data, all->len, line->data, line->len);
}

static void finding(void *ctx, const struct mk_diag *what)
{
    struct findings *f = ctx;
    struct mk_buf line = MK_BUF_INIT;
    enum mk_err rc;
    f->n++;
    MK_TRY(mk_buf_addf(&line, "%s: ", MK_T(f->app, "gevonden", "found")));
    size_t head = line.len;
    MK_TRY(mk_app_describe(f->app, what, &line));
    mk_json_object(&f->json, NULL);
    mk_json_str(&f->json, "error", mk_err_name(what->err));
    mk_json_str(&f->json, "place", what->place);
    mk_json_text(&f->json, "text", line.data + head, line.len - head);
    mk_json_end(&f->json);
    MK_TRY(mk_buf_add_u8(&line, '\n'));
    if (!said_before(&f->text, &line))
        MK_TRY(mk_buf_add(&f->text, line.data, line.len));
out:
    if (rc != MK_OK && f->json.rc == MK_OK)
        f->json.rc = rc;
    mk_buf_release(&line);
}

static enum mk_err verify_text(struct mk_app *app,
                               const struct mk_verify_report *r,
                               struct mk_buf *out)
{
    enum mk_err rc;
    char root[65];
    mk_hex(root, r->log_root, sizeof r->log_root);
    MK_TRY(mk_buf_addf(
        out,
        MK_T(app,
             "log: %" PRIu64 " regels, %" PRIu64 " ondertekende hoofden, "
             "%" PRIu64 " handtekeningen\n"
             "kluis: %" PRIu64 " dossiers, %" PRIu64 " gebeurtenissen, "
             "%" PRIu64 " telregels, %" PRIu64 " instellingen\n"
             "wortel van het log: %s\n",
             "log: %" PRIu64 " entries, %" PRIu64 " signed heads, "
             "%" PRIu64 " signatures\n"
             "vault: %" PRIu64 " dossiers, %" PRIu64 " events, "
             "%" PRIu64 " statistics records, %" PRIu64 " settings\n"
             "root of the log: %s\n"),
        r->log_size, r->heads, r->signatures, r->dossiers, r->entries,
        r->stats, r->registers, root));
    if (r->destroyed != 0)
        MK_TRY(mk_buf_addf(
            out,
            MK_T(app,
                 "vernietigd: %" PRIu64 " dossiers, elk met zijn besluit\n",
                 "destroyed: %" PRIu64 " dossiers, each with its record\n"),
            r->destroyed));
out:
    return rc;
}

static void verify_json(struct findings *f, const struct mk_verify_report *r)
{
    struct mk_json *j = &f->json;
    mk_json_end(j);
    mk_json_bool(j, "intact", f->n == 0 && !r->rolled_back);
    mk_json_bool(j, "rolled_back", r->rolled_back);
    mk_json_num(j, "log_size", (int64_t)r->log_size);
    mk_json_hex(j, "log_root", r->log_root, sizeof r->log_root);
    mk_json_num(j, "pruned", (int64_t)r->pruned);
    mk_json_num(j, "heads", (int64_t)r->heads);
    mk_json_num(j, "signatures", (int64_t)r->signatures);
    mk_json_num(j, "dossiers", (int64_t)r->dossiers);
    mk_json_num(j, "events", (int64_t)r->entries);
    mk_json_num(j, "destroyed", (int64_t)r->destroyed);
    mk_json_num(j, "statistics", (int64_t)r->stats);
    mk_json_num(j, "registers", (int64_t)r->registers);
}

enum mk_err mk_cmd_log_verify(struct mk_app *app)
{
    enum mk_err rc, verdict;
    struct findings f = {.app = app, .out = MK_BUF_INIT, .text = MK_BUF_INIT};
    struct mk_verify_report report;
    struct mk_diag unlocked = MK_DIAG_INIT;
    memset(&report, 0, sizeof report);
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    rc = mk_session_unlock(app);
    /* what is wrong with a vault that opens at all is for the verification to
     * name in full */
    if (rc != MK_OK &&
        (app->vault == NULL || mk_vault_user(app->vault) == NULL ||
         mk_err_exit(rc) != MK_EXIT_INTEGRITY))
        goto out;
    enum mk_err opened = rc;
    unlocked = app->diag;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    mk_json_begin(&f.json, &f.out);
    mk_json_array(&f.json, "findings");
    verdict = mk_log_verify(app->vault, &app->access, &report, finding, &f,
                            &app->diag);
    mk_app_progress_end(app);
    if (verdict != MK_OK && mk_err_exit(verdict) != MK_EXIT_INTEGRITY) {
        rc = verdict; /* it could not be verified: no verdict */
        goto out;
    }
    verify_json(&f, &report);
    MK_TRY(mk_json_finish(&f.json));
    if (!app->json) {
        mk_buf_take(&f.out, &f.text);
        MK_TRY(verify_text(app, &report, &f.out));
        if (verdict == MK_OK && opened == MK_OK)
            MK_TRY(mk_buf_addf(&f.out, "%s\n",
                               MK_T(app, "alles klopt", "all is whole")));
    }
    MK_TRY(mk_app_print(app, &f.out));
    if (verdict == MK_OK && opened == MK_OK)
        mk_prune_say(app);
    rc = verdict;
    if (verdict == MK_OK && opened != MK_OK) {
        app->diag = unlocked;
        rc = opened;
    }
out:
    mk_buf_release(&f.text);
    mk_buf_release(&f.out);
    return rc;
}
