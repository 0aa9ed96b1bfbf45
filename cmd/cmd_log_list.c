/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log lijst: entries, or how many there are of each. */
#include "cmd/choice.h"
#include "cmd/log_view.h"
#include "cmd/prune.h"
#include "cmd/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- entries --- */

struct listing {
    struct mk_app *app;
    enum mk_log_format format;
    struct mk_table table;
    struct mk_json json;
    struct mk_csv_out csv;
    struct mk_buf out;
    size_t n;
};

static enum mk_err each(void *ctx, const struct mk_log_item *item)
{
    struct listing *l = ctx;
    l->n++;
    if (l->format == MK_LOG_JSON) {
        mk_log_json_row(l->app, &l->json, item);
        return l->json.rc;
    }
    if (l->format == MK_LOG_CSV) {
        mk_log_csv_row(l->app, &l->csv, item);
        return l->csv.rc;
    }
    mk_log_text_row(l->app, &l->table, item);
    return l->table.rc;
}

static void begin(struct listing *l)
{
    mk_log_text_heads(l->app, &l->table);
    if (l->format == MK_LOG_JSON) {
        mk_json_begin(&l->json, &l->out);
        mk_json_array(&l->json, "entries");
    } else if (l->format == MK_LOG_CSV) {
        mk_csv_begin(&l->csv, &l->out);
        mk_log_csv_heads(&l->csv);
    }
}

static enum mk_err finish(struct listing *l)
{
    enum mk_err rc = l->csv.rc;
    if (l->format == MK_LOG_JSON) {
        mk_json_end(&l->json);
        rc = mk_json_finish(&l->json);
    } else if (l->format == MK_LOG_TEXT) {
        rc = mk_table_finish(&l->table, &l->out);
    }
    return rc;
}

static enum mk_err list(struct mk_app *app, const struct mk_log_filter *filter,
                        enum mk_log_format format, struct mk_output *file)
{
    enum mk_err rc, read;
    struct listing l = {.app = app, .format = format, .out = MK_BUF_INIT};
    begin(&l);
    read = mk_log_list(app->vault, &app->access, filter, each, &l, &app->diag);
    /* what could be read is shown, also where some entries could not */
    if (read != MK_OK &&
        (mk_err_exit(read) != MK_EXIT_INTEGRITY || l.n == 0)) {
        rc = read;
        goto out;
    }
    MK_TRY(finish(&l));
    MK_TRY(mk_log_give(app, file, &l.out));
    rc = read;
out:
    mk_table_release(&l.table);
    mk_buf_release(&l.out);
    return rc;
}

/* --- counts --- */

static enum mk_err by_option(struct mk_app *app, bool *given,
                             enum mk_count_by *by)
{
    const char *text = mk_args_value(&app->args, MK_OPT_TEL);
    *given = text != NULL;
    *by = text ? mk_choice_count(text) : MK_COUNT_NONE;
    if (text && *by == MK_COUNT_NONE)
        return mk_choice_refuse(&app->diag, MK_T(app, "--tel", "--count"),
                                MK_CHOICE_COUNT);
    return MK_OK;
}

struct counting {
    struct mk_app *app;
    enum mk_log_format format;
    enum mk_count_by by;
    struct mk_table table;
    struct mk_json json;
    struct mk_csv_out csv;
};

static void give_count(struct counting *c, const char *name, uint64_t n)
{
    char text[24];
    if (n == 0)
        return;
    switch (c->format) {
    case MK_LOG_JSON:
        mk_json_object(&c->json, NULL);
        mk_json_str(&c->json, mk_choice_count_name(c->by, true), name);
        mk_json_num(&c->json, "count", (int64_t)n);
        mk_json_end(&c->json);
        break;
    case MK_LOG_CSV:
        mk_csv_cell(&c->csv, name);
        mk_csv_num(&c->csv, n);
        mk_csv_end_row(&c->csv);
        break;
    case MK_LOG_TEXT:
    case MK_LOG_HTML:
        snprintf(text, sizeof text, "%" PRIu64, n);
        mk_table_cell(&c->table, text);
        mk_table_cell(&c->table, name);
        break;
    }
}

static void give_counts(struct counting *c, const struct mk_log_summary *s)
{
    bool words = c->format == MK_LOG_TEXT; /* for people, else slugs */
    char day[MK_DATE_TEXT];
    switch (c->by) {
    case MK_COUNT_PERSON:
        for (size_t i = 0; i < s->n_person; i++)
            give_count(c, mk_log_person(c->app, s->person[i].id),
                       s->person[i].n);
        break;
    case MK_COUNT_KIND:
        for (unsigned k = 0; k < MK_AUDIT_MAX; k++)
            give_count(c,
                       words
                           ? mk_audit_label((enum mk_audit)k, c->app->english)
                           : mk_audit_slug((enum mk_audit)k),
                       s->kind[k]);
        break;
    case MK_COUNT_DAY:
        for (size_t i = 0; i < s->n_day; i++) {
            mk_date_format(day, s->day[i].day);
            give_count(c, day, s->day[i].n);
        }
        break;
    case MK_COUNT_QUESTION:
        for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
            give_count(c,
                       mk_question_slug((enum mk_log_question)q,
                                        c->app->english || !words),
                       s->question[q]);
        break;
    case MK_COUNT_NONE:
        break;
    }
}

static enum mk_err render_counts(struct counting *c,
                                 const struct mk_log_summary *s,
                                 struct mk_buf *out)
{
    enum mk_err rc;
    mk_table_init(&c->table, 2);
    mk_table_cell(&c->table, MK_T(c->app, "aantal", "count"));
    mk_table_cell(&c->table, mk_choice_count_name(c->by, c->app->english));
    if (c->format == MK_LOG_JSON) {
        mk_json_begin(&c->json, out);
        mk_json_num(&c->json, "entries", (int64_t)s->n);
        mk_json_num(&c->json, "unreadable", (int64_t)s->unreadable);
        mk_json_array(&c->json, "counts");
    } else if (c->format == MK_LOG_CSV) {
        mk_csv_begin(&c->csv, out);
        mk_csv_cell(&c->csv, mk_choice_count_name(c->by, true));
        mk_csv_cell(&c->csv, "count");
        mk_csv_end_row(&c->csv);
    }
    give_counts(c, s);
    rc = c->csv.rc;
    if (c->format == MK_LOG_JSON) {
        mk_json_end(&c->json);
        rc = mk_json_finish(&c->json);
    } else if (c->format == MK_LOG_TEXT) {
        rc = mk_table_finish(&c->table, out);
    }
    mk_table_release(&c->table);
    return rc;
}

static enum mk_err count(struct mk_app *app,
                         const struct mk_log_filter *filter,
                         enum mk_log_format format, enum mk_count_by by,
                         struct mk_output *file)
{
    enum mk_err rc, read;
    struct counting c = {.app = app, .format = format, .by = by};
    struct mk_log_summary s;
    struct mk_buf out = MK_BUF_INIT;
    read = mk_log_summarise(app->vault, &app->access, filter, &s, &app->diag);
    if (read != MK_OK &&
        (mk_err_exit(read) != MK_EXIT_INTEGRITY || s.n == 0)) {
        rc = read;
        goto out;
    }
    MK_TRY(render_counts(&c, &s, &out));
    MK_TRY(mk_log_give(app, file, &out));
    rc = read;
out:
    mk_log_summary_release(&s);
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_cmd_log_list(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_output file = {.fd = -1, .dir = -1};
    struct mk_log_filter filter;
    struct mk_dossier_ref ref;
    enum mk_log_format format;
    enum mk_count_by by;
    bool counted;
    MK_TRY(mk_log_filter_of(app, &filter, &ref));
    MK_TRY(mk_log_format_of(app, MK_LOG_TEXT | MK_LOG_CSV | MK_LOG_JSON,
                            &format));
    MK_TRY(by_option(app, &counted, &by));
    MK_TRY(mk_log_begin(app, &file));
    MK_TRY(mk_log_filter_person(app, &filter));
    rc = counted ? count(app, &filter, format, by, &file)
                 : list(app, &filter, format, &file);
    if (rc == MK_OK)
        mk_prune_say(app);
    if (rc == MK_OK && filter.ref)
        mk_app_note(app, MK_T(app,
                              "wie lijsten en de klok zag, zag ook de "
                              "gecodeerde feiten van dit dossier: --soort "
                              "list, --soort clock",
                              "who saw lists and the clock saw the coded "
                              "facts of this dossier, too: --kind list, "
                              "--kind clock"));
out:
    mk_log_end(app, &file);
    return rc;
}
