/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log getuige: the steps where the vault is. */
#include "cmd/table.h"
#include "cmd/witness.h"

#include "core/base/clock.h"
#include "core/base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The line of a key, with the words that were printed below it. */
#define PRINTED_MAX (4 * MK_VKEY_MAX)

/* The file of the step, opened before the sandbox and read after it; then the
 * vault is unlocked. */
static enum mk_err read_and_unlock(struct mk_app *app, size_t max,
                                   struct mk_buf *out)
{
    enum mk_err rc;
    int fd = -1;
    MK_TRY(mk_input_open(&fd, app->args.word[1], &app->diag));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_input_read(out, fd, max, &app->diag));
    MK_TRY(mk_session_unlock(app));
out:
    if (fd >= 0)
        close(fd);
    return rc;
}

static void say_done(struct mk_app *app, const char *nl, const char *en)
{
    mk_app_note(app, app->access.dry_run
                         ? MK_T(app, "proef: er is niets opgeslagen",
                                "dry run: nothing was saved")
                         : MK_T(app, nl, en));
}

/* --size, or 0. */
static enum mk_err size_option(struct mk_app *app, uint64_t *size)
{
    const char *text = mk_args_value(&app->args, MK_OPT_MAAT);
    *size = 0;
    if (text && !mk_num_parse(text, strlen(text), 1, INT64_MAX, size))
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "--maat wil een aantal regels",
                            "--size wants a number of entries"));
    return MK_OK;
}

/* --- vertrouw, intrek --- */

enum mk_err mk_witness_trust_step(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT, out = MK_BUF_INIT;
    struct mk_note_key key;
    struct mk_json j;
    MK_TRY(read_and_unlock(app, PRINTED_MAX, &text));
    MK_TRY(mk_witness_trust(app->vault, &app->access, text.data, text.len,
                            &key, &app->diag));
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_witness_json_key(&j, &key);
        mk_json_bool(&j, "saved", !app->access.dry_run);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(mk_witness_add_key(app, &out, &key));
    }
    MK_TRY(mk_app_print(app, &out));
    say_done(
        app,
        "getuige aangewezen; lees de woorden samen na, en trek hem in als "
        "ze verschillen",
        "witness named; compare the words aloud, and drop him if they "
        "differ");
out:
    mk_buf_release(&text);
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_witness_drop_step(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_witness_drop(app->vault, &app->access, app->args.word[1],
                           &app->diag));
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_json_bool(&j, "saved", !app->access.dry_run);
        MK_TRY(mk_json_finish(&j));
        MK_TRY(mk_app_print(app, &out));
    }
    say_done(app, "getuige ingetrokken; wat hij bevestigde blijft",
             "witness dropped; what he cosigned stays");
out:
    mk_buf_release(&out);
    return rc;
}

/* --- neem, stempel --- */

enum mk_err mk_witness_take_step(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT, out = MK_BUF_INIT;
    struct mk_witness_taken taken;
    struct mk_json j;
    MK_TRY(read_and_unlock(app, MK_NOTE_MAX, &text));
    MK_TRY(mk_witness_take(app->vault, &app->access, text.data, text.len,
                           &taken, &app->diag));
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_witness_json_checkpoint(&j, &taken.checkpoint, taken.words);
        mk_json_num(&j, "witnesses", (int64_t)taken.signers);
        mk_json_bool(&j, "saved", !app->access.dry_run);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(mk_witness_add_checkpoint(app, &out, &taken.checkpoint,
                                         taken.words));
    }
    MK_TRY(mk_app_print(app, &out));
    say_done(app, "bevestiging opgenomen", "cosignature taken in");
out:
    mk_buf_release(&text);
    mk_buf_release(&out);
    return rc;
}

static enum mk_err stamp_json(struct mk_app *app, const struct mk_tsr *tsr,
                              uint64_t size, unsigned number,
                              struct mk_buf *out)
{
    struct mk_json j;
    mk_json_begin(&j, out);
    mk_json_num(&j, "size", (int64_t)size);
    mk_json_num(&j, "number", number);
    mk_json_num(&j, "time", tsr->time);
    mk_json_hex(&j, "imprint", tsr->imprint, MK_HASH);
    mk_json_bool(&j, "saved", !app->access.dry_run);
    return mk_json_finish(&j);
}

enum mk_err mk_witness_stamp_step(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf der = MK_BUF_INIT, out = MK_BUF_INIT;
    struct mk_tsr tsr;
    uint64_t size;
    unsigned number;
    char moment[20];
    MK_TRY(size_option(app, &size));
    if (size == 0)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "--maat ontbreekt", "--size is missing"));
    MK_TRY(read_and_unlock(app, MK_TSR_MAX, &der));
    MK_TRY(mk_witness_stamp(app->vault, &app->access, der.data, der.len, size,
                            &tsr, &number, &app->diag));
    if (app->json) {
        MK_TRY(stamp_json(app, &tsr, size, number, &out));
    } else {
        mk_date_format_moment(moment, tsr.time * 1000);
        MK_TRY(
            mk_buf_addf(&out, "%s %" PRIu64 ": %s\n",
                        MK_T(app, "tijdstempel over het checkpoint van maat",
                             "time stamp over the checkpoint of size"),
                        size, moment));
    }
    MK_TRY(mk_app_print(app, &out));
    say_done(app,
             "opgenomen; de handtekening van de dienst controleert openssl ts "
             "-verify (docs/WITNESS.md)",
             "taken in; the signature of the authority is for openssl ts "
             "-verify (docs/WITNESS.md)");
out:
    mk_buf_release(&der);
    mk_buf_release(&out);
    return rc;
}

/* --- toon --- */

static int64_t days_since(int64_t seconds)
{
    const int64_t days = (mk_clock_now() / 1000 - seconds) / 86400;
    return days < 0 ? 0 : days;
}

static enum mk_err witness_table(struct mk_app *app,
                                 const struct mk_witness_report *r,
                                 struct mk_buf *out)
{
    enum mk_err rc;
    struct mk_table t;
    char text[32];
    mk_table_init(&t, 5);
    mk_table_cell(&t, MK_T(app, "getuige", "witness"));
    mk_table_cell(&t, MK_T(app, "telt", "counts"));
    mk_table_cell(&t, MK_T(app, "regels", "entries"));
    mk_table_cell(&t, MK_T(app, "bevestigd", "cosigned"));
    mk_table_cell(&t, MK_T(app, "dagen", "days"));
    for (size_t i = 0; i < r->n; i++) {
        const struct mk_witness_state *w = &r->w[i];
        mk_table_cell(&t, w->key.name);
        mk_table_cell(&t, w->trusted ? MK_T(app, "ja", "yes")
                                     : MK_T(app, "nee", "no"));
        snprintf(text, sizeof text, "%" PRIu64, w->size);
        mk_table_cell(&t, w->size ? text : "-");
        if (w->size)
            mk_date_format_moment(text, w->time * 1000);
        mk_table_cell(&t, w->size ? text : "-");
        snprintf(text, sizeof text, "%" PRId64, days_since(w->time));
        mk_table_cell(&t, !w->size   ? "-"
                          : w->ahead ? MK_T(app, "toekomst", "future")
                                     : text);
    }
    rc = mk_table_finish(&t, out);
    mk_table_release(&t);
    return rc;
}

static enum mk_err stamp_table(struct mk_app *app,
                               const struct mk_witness_report *r,
                               struct mk_buf *out)
{
    enum mk_err rc;
    struct mk_table t;
    char text[64];
    mk_table_init(&t, 3);
    mk_table_cell(&t, MK_T(app, "tijdstempel", "time stamp"));
    mk_table_cell(&t, MK_T(app, "regels", "entries"));
    mk_table_cell(&t, MK_T(app, "bestand", "file"));
    for (size_t i = 0; i < r->n_stamp; i++) {
        const struct mk_witness_stamp *s = &r->stamp[i];
        mk_date_format_moment(text, s->time * 1000);
        mk_table_cell(&t, text);
        snprintf(text, sizeof text, "%" PRIu64, s->size);
        mk_table_cell(&t, text);
        snprintf(text, sizeof text,
                 MK_CHECKPOINTS_FOLDER "/%" PRIu64 ".%u.tsr", s->size,
                 s->number);
        mk_table_cell(&t, text);
    }
    rc = mk_table_finish(&t, out);
    mk_table_release(&t);
    if (rc == MK_OK && r->stamps > r->n_stamp)
        rc = mk_buf_addf(out,
                         MK_T(app, "... van %zu tijdstempels\n",
                              "... of %zu time stamps\n"),
                         r->stamps);
    return rc;
}

static enum mk_err show_text(struct mk_app *app,
                             const struct mk_witness_report *r,
                             struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    if (r->n > 0)
        MK_TRY(witness_table(app, r, out));
    MK_TRY(mk_buf_addf(
        out,
        MK_T(app,
             "regels in het logboek: %" PRIu64 ", niet bevestigd: %" PRIu64
             ", sinds %" PRId64 " dagen\n",
             "entries in the log: %" PRIu64 ", uncovered: %" PRIu64
             ", for %" PRId64 " days\n"),
        r->log_size, r->log_size - r->covered, days_since(r->since)));
    if (r->n_stamp > 0)
        MK_TRY(stamp_table(app, r, out));
    if (r->damaged > 0)
        MK_TRY(mk_buf_addf(out, "%s: %zu\n",
                           MK_T(app,
                                "bestanden in checkpoints/ die niets bewijzen",
                                "files in checkpoints/ that prove nothing"),
                           r->damaged));
    MK_TRY(mk_witness_add_checkpoint(app, out, &r->checkpoint, r->words));
    MK_TRY(mk_buf_addf(
        out, "%s:\n", MK_T(app, "sleutel van het logboek", "key of the log")));
    MK_TRY(mk_witness_add_key(app, out, &r->log));
out:
    return rc;
}

static enum mk_err show_json(const struct mk_witness_report *r,
                             struct mk_buf *out)
{
    struct mk_json j;
    mk_json_begin(&j, out);
    mk_json_array(&j, "witnesses");
    for (size_t i = 0; i < r->n; i++) {
        const struct mk_witness_state *w = &r->w[i];
        mk_json_object(&j, NULL);
        mk_witness_json_key(&j, &w->key);
        mk_json_bool(&j, "trusted", w->trusted);
        mk_json_num(&j, "size", (int64_t)w->size);
        mk_json_num(&j, "time", w->time);
        mk_json_bool(&j, "ahead", w->ahead);
        mk_json_end(&j);
    }
    mk_json_end(&j);
    mk_json_num(&j, "log_size", (int64_t)r->log_size);
    mk_json_num(&j, "covered", (int64_t)r->covered);
    mk_json_num(&j, "uncovered", (int64_t)(r->log_size - r->covered));
    mk_json_num(&j, "days", days_since(r->since));
    mk_json_num(&j, "damaged", (int64_t)r->damaged);
    mk_json_num(&j, "stamps", (int64_t)r->stamps);
    mk_json_array(&j, "time_stamps");
    for (size_t i = 0; i < r->n_stamp; i++) {
        mk_json_object(&j, NULL);
        mk_json_num(&j, "size", (int64_t)r->stamp[i].size);
        mk_json_num(&j, "number", r->stamp[i].number);
        mk_json_num(&j, "time", r->stamp[i].time);
        mk_json_end(&j);
    }
    mk_json_end(&j);
    mk_witness_json_checkpoint(&j, &r->checkpoint, r->words);
    mk_json_object(&j, "log");
    mk_witness_json_key(&j, &r->log);
    mk_json_end(&j);
    return mk_json_finish(&j);
}

enum mk_err mk_witness_show_step(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_witness_report r;
    uint64_t size;
    MK_TRY(size_option(app, &size));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_witness_report(app->vault, size, &r, &app->diag));
    if (app->json)
        MK_TRY(show_json(&r, &out));
    else
        MK_TRY(show_text(app, &r, &out));
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}
