/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log lijst, log controleer, herstart. */
#include "cmd/app.h"
#include "cmd/choice.h"
#include "cmd/json.h"
#include "cmd/prune.h"
#include "cmd/table.h"
#include "cmd/view.h"

#include "core/base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* --- log lijst --- */

struct log_listing {
    struct mk_app *app;
    struct mk_table table;
    struct mk_json json;
    struct mk_buf out;
    size_t n;
};

static bool concerns_dossier(enum mk_audit kind)
{
    static const bool dossier[MK_AUDIT_MAX] = {
#define DOSSIER true
#define MEMBER false
#define NONE false
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    [number] = (object),
#include "core/defs/audit.def"
#undef MK_AUDIT
#undef DOSSIER
#undef MEMBER
#undef NONE
    };
    return (unsigned)kind < MK_AUDIT_MAX && dossier[kind];
}

static bool is_zero(const uint8_t id[static 16])
{
    static const uint8_t zero[16];
    return memcmp(id, zero, sizeof zero) == 0;
}

/* What was done: the kind, and of a change the verb. */
static void what_text(struct log_listing *l, const struct mk_log_item *item,
                      char out[static 128])
{
    const struct mk_verb_info *verb = mk_verb_get(item->verb);
    int n =
        snprintf(out, 128, "%s", mk_audit_label(item->kind, l->app->english));
    if (verb && item->kind == MK_AUDIT_CHANGE && n > 0 && n < 128)
        snprintf(out + n, 128 - (size_t)n, ": %s",
                 MK_T(l->app, verb->nl, verb->en));
    else if (item->count > 0 && n > 0 && n < 128)
        snprintf(out + n, 128 - (size_t)n, " (%" PRIu64 ")", item->count);
}

static void object_text(struct log_listing *l, const struct mk_log_item *item,
                        char out[static 80])
{
    snprintf(out, 80, "-");
    if (is_zero(item->object))
        return;
    if (concerns_dossier(item->kind))
        mk_tag_format(out, item->object);
    else
        snprintf(out, 80, "%s", mk_member_name(l->app, item->object));
}

static void log_row(struct log_listing *l, const struct mk_log_item *item)
{
    struct mk_table *t = &l->table;
    const struct mk_code *purpose =
        mk_code_get(MK_LIST_PURPOSE, item->purpose);
    char text[128];
    snprintf(text, sizeof text, "%" PRIu64, item->seq);
    mk_table_cell(t, text);
    mk_date_format_moment(text, item->time_ms);
    mk_table_cell(t, text);
    mk_table_cell(
        t, is_zero(item->actor) ? "-" : mk_member_name(l->app, item->actor));
    mk_table_cell(t, item->role == MK_ROLE_NONE
                         ? "-"
                         : mk_role_label(item->role, l->app->english));
    what_text(l, item, text);
    mk_table_cell(t, text);
    object_text(l, item, text);
    mk_table_cell(t, text);
    mk_table_cell(t, mk_outcome_label(item->outcome, l->app->english));
    mk_table_cell(t, purpose ? purpose->slug : "-");
}

static void log_json(struct log_listing *l, const struct mk_log_item *item)
{
    struct mk_json *j = &l->json;
    const struct mk_verb_info *verb = mk_verb_get(item->verb);
    const struct mk_code *purpose =
        mk_code_get(MK_LIST_PURPOSE, item->purpose);
    char moment[20];
    mk_date_format_moment(moment, item->time_ms);
    mk_json_object(j, NULL);
    mk_json_num(j, "seq", (int64_t)item->seq);
    mk_json_str(j, "time", moment);
    mk_json_num(j, "time_ms", item->time_ms);
    mk_json_hex(j, "session", item->session, 16);
    if (!is_zero(item->actor))
        mk_json_str(j, "person", mk_member_name(l->app, item->actor));
    if (item->role != MK_ROLE_NONE)
        mk_json_str(j, "role", mk_role_slug(item->role));
    mk_json_str(j, "kind", mk_audit_slug(item->kind));
    mk_json_str(j, "outcome", mk_outcome_slug(item->outcome));
    if (verb)
        mk_json_str(j, "verb", verb->en);
    if (!is_zero(item->object) && concerns_dossier(item->kind))
        mk_json_tag(j, "dossier", item->object);
    else if (!is_zero(item->object))
        mk_json_str(j, "member", mk_member_name(l->app, item->object));
    if (purpose)
        mk_json_str(j, "purpose", purpose->slug);
    mk_json_array(j, "shown");
    if (item->mask & MK_SHOWN_FACTS)
        mk_json_str(j, NULL, "facts");
    if (item->mask & MK_SHOWN_IDENTITY)
        mk_json_str(j, NULL, "identity");
    if (item->mask & MK_SHOWN_NARRATIVE)
        mk_json_str(j, NULL, "narrative");
    mk_json_end(j);
    mk_json_num(j, "count", (int64_t)item->count);
    mk_json_end(j);
}

static enum mk_err log_each(void *ctx, const struct mk_log_item *item)
{
    struct log_listing *l = ctx;
    l->n++;
    if (l->app->json)
        log_json(l, item);
    else
        log_row(l, item);
    return l->app->json ? l->json.rc : l->table.rc;
}

static enum mk_err day_option(struct mk_app *app, enum mk_option o,
                              mk_day *day)
{
    const char *text = mk_args_value(&app->args, o);
    *day = MK_DAY_NONE;
    if (text && !mk_date_parse(text, strlen(text), day))
        return wrong(app, "--van en --tot willen JJJJ-MM-DD",
                     "--from and --until want YYYY-MM-DD");
    return MK_OK;
}

/* Everything but the person, whom only the keyring knows. */
static enum mk_err filter_of(struct mk_app *app, struct mk_log_filter *f,
                             struct mk_dossier_ref *ref)
{
    enum mk_err rc;
    const char *tag = mk_args_value(&app->args, MK_OPT_DOSSIER);
    const char *kind = mk_args_value(&app->args, MK_OPT_SOORT);
    memset(f, 0, sizeof *f);
    MK_TRY(day_option(app, MK_OPT_VAN, &f->from));
    MK_TRY(day_option(app, MK_OPT_TOT, &f->until));
    if (tag) {
        MK_TRY(mk_dossier_ref_parse(ref, tag, &app->diag));
        f->ref = ref;
    }
    if (kind) {
        f->kind = mk_audit_find(kind);
        if (f->kind == MK_AUDIT_NONE)
            rc = mk_choice_refuse(&app->diag, MK_T(app, "--soort", "--kind"),
                                  MK_CHOICE_KIND);
    }
out:
    return rc;
}

static void log_heads(struct log_listing *l)
{
    static const char *const heads[][2] = {
        {"nr", "no"},          {"moment", "time"},  {"wie", "who"},
        {"rol", "role"},       {"wat", "what"},     {"waarvan", "of what"},
        {"afloop", "outcome"}, {"doel", "purpose"},
    };
    mk_table_init(&l->table, 8);
    for (size_t i = 0; i < 8; i++)
        mk_table_cell(&l->table, heads[i][l->app->english]);
    mk_json_begin(&l->json, &l->out);
    mk_json_array(&l->json, "entries");
}

enum mk_err mk_cmd_log_list(struct mk_app *app)
{
    enum mk_err rc, read;
    const char *who = mk_args_value(&app->args, MK_OPT_WIE);
    struct log_listing l = {.app = app, .out = MK_BUF_INIT};
    struct mk_log_filter filter;
    struct mk_dossier_ref ref;
    log_heads(&l);
    MK_TRY(filter_of(app, &filter, &ref));
    MK_TRY(mk_session_start(app));
    if (who) {
        const struct mk_member *m =
            mk_keyring_by_name(mk_vault_keyring(app->vault), who);
        if (m == NULL) {
            rc = mk_fail(&app->diag, MK_E_NOT_FOUND, who);
            goto out;
        }
        filter.actor = m->id;
    }
    read = mk_log_list(app->vault, &app->access, &filter, log_each, &l,
                       &app->diag);
    /* what could be read is shown, also where some entries could not */
    if (read != MK_OK &&
        (mk_err_exit(read) != MK_EXIT_INTEGRITY || l.n == 0)) {
        rc = read;
        goto out;
    }
    mk_json_end(&l.json);
    MK_TRY(mk_json_finish(&l.json));
    if (!app->json) {
        mk_buf_clear(&l.out);
        MK_TRY(mk_table_finish(&l.table, &l.out));
    }
    MK_TRY(mk_app_print(app, &l.out));
    if (read == MK_OK)
        mk_prune_say(app);
    rc = read;
out:
    mk_table_release(&l.table);
    mk_buf_release(&l.out);
    return rc;
}

/* --- log controleer --- */

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

/* --- herstart --- */

enum mk_err mk_cmd_restart(struct mk_app *app)
{
    enum mk_err rc;
    const char *auditor = mk_args_value(&app->args, MK_OPT_AUDITOR);
    const char *reason = mk_args_value(&app->args, MK_OPT_REDEN);
    struct mk_secret *passphrase = NULL;
    if (app->access.dry_run)
        return wrong(app, "herstart kent geen --proef",
                     "accept-restore knows no --dry-run");
    if (auditor == NULL)
        return wrong(app, "--auditor ontbreekt: herstellen doet u met twee",
                     "--auditor is missing: restoring takes two");
    const struct mk_code *code =
        reason ? mk_code_find(MK_LIST_RESTART, reason, strlen(reason)) : NULL;
    if (code == NULL) {
        app->diag.list = MK_LIST_RESTART;
        return mk_fail(&app->diag, MK_E_BAD_CODE,
                       MK_T(app, "--reden", "--reason"));
    }
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    rc = mk_session_unlock(app);
    if (rc == MK_OK)
        return wrong(app,
                     "de kluis is niet teruggezet: er is niets te aanvaarden",
                     "the vault was not put back: there is nothing to accept");
    if (rc != MK_E_ROLLED_BACK)
        goto out;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    MK_TRY(mk_session_passphrase(app, auditor, &passphrase));
    MK_TRY(
        mk_restart(app->vault, auditor, passphrase, code->number, &app->diag));
    mk_app_note(
        app, MK_T(app, "herstel aanvaard; de kluis kan weer worden gebruikt",
                  "restore accepted; the vault can be used again"));
out:
    mk_secret_free(passphrase);
    return rc;
}
