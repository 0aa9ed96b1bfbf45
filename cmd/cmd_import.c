/* SPDX-License-Identifier: GPL-3.0-or-later */
/* invoer: dossiers from CSV. */
#include "cmd/app.h"
#include "cmd/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN_MAX = 100, HEADER_MAX = 4096 };

struct importing {
    struct mk_app *app;
    int in;
    struct mk_output refused;
    char path[MK_PATH]; /* of refused */
    bool partial;
    struct mk_buf header; /* first line of the file, for that of the refused */
    bool header_done, header_written;
    uint64_t shown, hidden;
};

/* Keeps the first line as it passes. */
static enum mk_err keep_header(struct importing *im, const char *p, size_t n)
{
    const char *end = memchr(p, '\n', n);
    size_t len = end ? (size_t)(end - p) + 1 : n;
    if (im->header_done)
        return MK_OK;
    im->header_done = end != NULL || im->header.len + len > HEADER_MAX;
    return mk_buf_add(&im->header, p, len);
}

static enum mk_err read_more(void *ctx, void *p, size_t n, size_t *got)
{
    struct importing *im = ctx;
    for (;;) {
        ssize_t done = read(im->in, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return mk_fail_sys(
                &im->app->diag, MK_E_IO,
                MK_T(im->app, "het invoerbestand", "the input file"));
        *got = (size_t)done;
        return keep_header(im, p, (size_t)done);
    }
}

/* Of a warning only what happened: the row was taken in. */
static enum mk_err first_part(const struct importing *im, struct mk_buf *text,
                              size_t head)
{
    const uint8_t *end = memchr(text->data + head, ';', text->len - head);
    if (end)
        text->len = (size_t)(end - text->data);
    return mk_buf_addf(text, "; %s",
                       MK_T(im->app,
                            "ingevoerd met de reden ONB; controleer de datums",
                            "imported with the reason ONB; check the dates"));
}

/* "nothing was saved" would be false: other rows are. */
static void without_second_part(struct mk_buf *text, size_t head)
{
    uint8_t *from = memchr(text->data + head, ';', text->len - head);
    uint8_t *to = from ? memchr(from + 1, ';',
                                text->len - (size_t)(from + 1 - text->data))
                       : NULL;
    if (to == NULL)
        return;
    size_t rest = text->len - (size_t)(to - text->data);
    memmove(from, to, rest);
    text->len = (size_t)(from - text->data) + rest;
}

static enum mk_err say_row(struct importing *im, const struct mk_diag *why,
                           bool warning)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    mk_app_progress_end(im->app);
    if (im->shown == SHOWN_MAX) {
        im->hidden++;
        return MK_OK;
    }
    im->shown++;
    size_t head = text.len;
    MK_TRY(mk_app_describe(im->app, why, &text));
    if (warning)
        MK_TRY(first_part(im, &text, head));
    else if (im->partial)
        without_second_part(&text, head);
    MK_TRY(mk_buf_terminate(&text));
    if (warning)
        mk_app_warn(im->app, (const char *)text.data);
    else
        mk_app_say(im->app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err keep_row(struct importing *im, const void *raw, size_t n)
{
    enum mk_err rc;
    struct mk_buf row = MK_BUF_INIT;
    if (!im->header_written)
        MK_TRY(mk_output_write(&im->refused, &im->header, &im->app->diag));
    im->header_written = true;
    MK_TRY(mk_buf_add(&row, raw, n));
    if (n == 0 || row.data[n - 1] != '\n')
        MK_TRY(mk_buf_add_u8(&row, '\n'));
    MK_TRY(mk_output_write(&im->refused, &row, &im->app->diag));
out:
    mk_buf_release(&row);
    return rc;
}

static enum mk_err report(void *ctx, const struct mk_diag *why, bool warning,
                          const void *raw, size_t n)
{
    enum mk_err rc;
    struct importing *im = ctx;
    MK_TRY(say_row(im, why, warning));
    if (!warning && im->refused.fd >= 0)
        MK_TRY(keep_row(im, raw, n));
out:
    return rc;
}

static enum mk_err print_result(struct mk_app *app,
                                const struct mk_import_result *r)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_json_num(&j, "rows", (int64_t)r->rows);
        mk_json_num(&j, "imported", (int64_t)r->imported);
        mk_json_num(&j, "refused", (int64_t)r->refused);
        mk_json_num(&j, "warnings", (int64_t)r->warnings);
        mk_json_bool(&j, "saved", !app->access.dry_run);
        MK_TRY(mk_json_finish(&j));
    } else {
        if (app->access.dry_run)
            MK_TRY(mk_buf_addf(
                &out, "%s: ",
                MK_T(app, "proef, er is niets opgeslagen; het zou zijn",
                     "dry run, nothing was saved; it would be")));
        MK_TRY(
            mk_buf_addf(&out,
                        MK_T(app,
                             "%" PRIu64 " dossiers ingevoerd, %" PRIu64
                             " regels geweigerd, %" PRIu64 " waarschuwingen\n",
                             "%" PRIu64 " dossiers imported, %" PRIu64
                             " rows refused, %" PRIu64 " warnings\n"),
                        r->imported, r->refused, r->warnings));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

/* Where refused rows go: only rows that were left out need a file. */
static enum mk_err open_refused(struct mk_app *app, struct importing *im)
{
    const char *given = mk_args_value(&app->args, MK_OPT_GEWEIGERD);
    if (!mk_args_has(&app->args, MK_OPT_PARTIAL)) {
        if (given)
            return mk_fail(&app->diag, MK_E_USAGE,
                           MK_T(app, "--geweigerd hoort bij --partial",
                                "--refused goes with --partial"));
        return MK_OK;
    }
    if (app->access.dry_run)
        return MK_OK;
    if (given) {
        snprintf(im->path, sizeof im->path, "%s", given);
        return mk_output_open(app, &im->refused, given);
    }
    int n = snprintf(im->path, sizeof im->path, "%s.geweigerd.csv",
                     app->args.word[0]);
    if (n < 0 || (size_t)n >= sizeof im->path)
        return mk_fail(
            &app->diag, MK_E_USAGE,
            MK_T(app, "de naam is te lang", "the name is too long"));
    return mk_output_open(app, &im->refused, im->path);
}

static enum mk_err keep_refused(struct mk_app *app, struct importing *im)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_output_close(&im->refused, true, &app->diag));
    MK_TRY(mk_buf_addf(
        &text, "%s: %s",
        MK_T(app, "de geweigerde regels staan in", "the refused rows are in"),
        im->path));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cmd_import(struct mk_app *app)
{
    enum mk_err rc;
    struct importing im = {.app = app, .in = -1, .header = MK_BUF_INIT};
    struct mk_import_result result;
    im.refused.fd = im.refused.dir = -1;
    im.partial = mk_args_has(&app->args, MK_OPT_PARTIAL);
    memset(&result, 0, sizeof result);
    const struct mk_harden_place more = {im.refused.folder, MK_HARDEN_REMOVE};
    MK_TRY(mk_input_open(&im.in, app->args.word[0], &app->diag));
    MK_TRY(open_refused(app, &im));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, im.refused.fd >= 0 ? 1 : 0));
    MK_TRY(mk_session_unlock(app));
    rc = mk_import(app->vault, &app->access, read_more, &im,
                   mk_args_has(&app->args, MK_OPT_PARTIAL), report, &im,
                   &result, &app->diag);
    mk_app_progress_end(app);
    if (im.hidden > 0) {
        char text[96];
        snprintf(text, sizeof text,
                 MK_T(app, "en nog %" PRIu64 " regels",
                      "and %" PRIu64 " lines more"),
                 im.hidden);
        mk_app_warn(app, text);
    }
    mk_app_keep_request(app, rc, result.request, "");
    if (rc == MK_OK)
        rc = print_result(app, &result);
    if (rc == MK_OK && result.repeated)
        mk_app_warn(app,
                    MK_T(app,
                         "dit was al ingevoerd, zoals het bestand toen was; "
                         "er is niets toegevoegd, en wat er nu in staat is "
                         "niet vergeleken",
                         "this was imported already, as the file was then; "
                         "nothing was added, and what it holds now was not "
                         "compared"));
    if (rc == MK_OK && im.header_written)
        rc = keep_refused(app, &im);
out:
    if (mk_output_close(&im.refused, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
    if (im.in >= 0)
        close(im.in);
    mk_buf_release(&im.header);
    return rc;
}
