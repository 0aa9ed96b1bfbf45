/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry of the access log as text, JSON and CSV. */
#include "cmd/log_view.h"

#include "cmd/member.h"
#include "cmd/view.h"
#include "core/base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_zero(const uint8_t id[static 16])
{
    static const uint8_t zero[16];
    return memcmp(id, zero, sizeof zero) == 0;
}

const char *mk_log_person(const struct mk_app *app,
                          const uint8_t id[static 16])
{
    return is_zero(id) ? "-" : mk_member_name(app, id);
}

static const char *slug_of(enum mk_list list, unsigned number,
                           const char *none)
{
    const struct mk_code *code = mk_code_get(list, number);
    return code ? code->slug : none;
}

/* Which keys were replaced: bits 1 << kind; none: retention keys. */
static unsigned rotated(const struct mk_log_item *item)
{
    unsigned kinds = 0;
    if (item->kind == MK_AUDIT_KEY_ROTATE)
        for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
            kinds |= (unsigned)item->mask & 1u << kind;
    return kinds;
}

/* "sleutel vervangen: dossiers (rd), generatie 2" */
static void rotation(const struct mk_app *app, const struct mk_log_item *item,
                     char out[static 128])
{
    struct mk_buf names = MK_BUF_INIT;
    const char *kind = mk_audit_label(item->kind, app->english);
    if (mk_member_add_kinds(app, &names, rotated(item)) == MK_OK &&
        mk_buf_terminate(&names) == MK_OK)
        snprintf(out, 128,
                 MK_T(app, "%s: %s, generatie %" PRIu64,
                      "%s: %s, generation %" PRIu64),
                 kind, (const char *)names.data, item->count);
    else
        snprintf(out, 128, "%s", kind);
    mk_buf_release(&names);
}

void mk_log_what(const struct mk_app *app, const struct mk_log_item *item,
                 char out[static 128])
{
    const struct mk_verb_info *verb = mk_verb_get(item->verb);
    const char *kind = mk_audit_label(item->kind, app->english);
    if (verb && item->kind == MK_AUDIT_CHANGE)
        snprintf(out, 128, "%s: %s", kind, MK_T(app, verb->nl, verb->en));
    else if (item->kind == MK_AUDIT_LOG_REVIEW)
        snprintf(out, 128, "%s: %" PRIu64 "-%" PRIu64 " %s", kind, item->from,
                 item->to, slug_of(MK_LIST_REVIEW, item->conclusion, "?"));
    else if (rotated(item) != 0)
        rotation(app, item, out);
    else if (!is_zero(item->member))
        snprintf(out, 128, "%s: %s", kind, mk_member_name(app, item->member));
    else if (item->count > 0)
        snprintf(out, 128, "%s (%" PRIu64 ")", kind, item->count);
    else
        snprintf(out, 128, "%s", kind);
}

void mk_log_object(const struct mk_app *app, const struct mk_log_item *item,
                   char out[static 80])
{
    if (is_zero(item->object))
        snprintf(out, 80, "-");
    else if (mk_audit_of_dossier(item->kind))
        mk_tag_format(out, item->object);
    else
        snprintf(out, 80, "%s", mk_member_name(app, item->object));
}

void mk_log_moment(const struct mk_app *app, int64_t ms, char out[static 32])
{
    static const char *const days[][2] = {
        {"ma", "Mon"}, {"di", "Tue"}, {"wo", "Wed"}, {"do", "Thu"},
        {"vr", "Fri"}, {"za", "Sat"}, {"zo", "Sun"},
    };
    char moment[20];
    mk_date_format_moment(moment, ms);
    snprintf(out, 32, "%s %s",
             days[mk_date_weekday(mk_date_amsterdam(ms))][app->english],
             moment);
}

/* --- text --- */

void mk_log_text_heads(const struct mk_app *app, struct mk_table *t)
{
    static const char *const heads[][2] = {
        {"nr", "no"},          {"moment", "time"},  {"wie", "who"},
        {"rol", "role"},       {"wat", "what"},     {"waarvan", "of what"},
        {"afloop", "outcome"}, {"doel", "purpose"},
    };
    mk_table_init(t, 8);
    for (size_t i = 0; i < 8; i++)
        mk_table_cell(t, heads[i][app->english]);
}

void mk_log_text_row(const struct mk_app *app, struct mk_table *t,
                     const struct mk_log_item *item)
{
    char text[128];
    snprintf(text, sizeof text, "%" PRIu64, item->seq);
    mk_table_cell(t, text);
    mk_date_format_moment(text, item->time_ms);
    mk_table_cell(t, text);
    mk_table_cell(t, mk_log_person(app, item->actor));
    mk_table_cell(t, item->role == MK_ROLE_NONE
                         ? "-"
                         : mk_role_label(item->role, app->english));
    mk_log_what(app, item, text);
    mk_table_cell(t, text);
    mk_log_object(app, item, text);
    mk_table_cell(t, text);
    mk_table_cell(t, mk_outcome_label(item->outcome, app->english));
    mk_table_cell(t, slug_of(MK_LIST_PURPOSE, item->purpose, "-"));
}

/* --- what was shown, and which questions it answers, as words --- */

static const struct {
    uint64_t bit;
    const char *name;
} parts[] = {{MK_SHOWN_FACTS, "facts"},
             {MK_SHOWN_IDENTITY, "identity"},
             {MK_SHOWN_NARRATIVE, "narrative"}};

/* The mask of an entry about keys says which of them. */
static bool shows(const struct mk_log_item *item, uint64_t bit)
{
    return (item->mask & bit) != 0 && rotated(item) == 0;
}

static void add_word(char *out, size_t size, const char *word)
{
    size_t n = strlen(out);
    snprintf(out + n, size - n, "%s%s", n ? " " : "", word);
}

/* --- JSON --- */

void mk_log_json_row(const struct mk_app *app, struct mk_json *j,
                     const struct mk_log_item *item)
{
    const struct mk_verb_info *verb = mk_verb_get(item->verb);
    char moment[20];
    mk_date_format_moment(moment, item->time_ms);
    mk_json_object(j, NULL);
    mk_json_num(j, "seq", (int64_t)item->seq);
    mk_json_str(j, "time", moment);
    mk_json_num(j, "time_ms", item->time_ms);
    mk_json_hex(j, "session", item->session, 16);
    if (!is_zero(item->actor))
        mk_json_str(j, "person", mk_member_name(app, item->actor));
    if (item->role != MK_ROLE_NONE)
        mk_json_str(j, "role", mk_role_slug(item->role));
    mk_json_str(j, "kind", mk_audit_slug(item->kind));
    mk_json_str(j, "outcome", mk_outcome_slug(item->outcome));
    if (verb)
        mk_json_str(j, "verb", verb->en);
    if (!is_zero(item->object) && mk_audit_of_dossier(item->kind))
        mk_json_tag(j, "dossier", item->object);
    else if (!is_zero(item->object))
        mk_json_str(j, "member", mk_member_name(app, item->object));
    if (!is_zero(item->member))
        mk_json_str(j, "other", mk_member_name(app, item->member));
    if (item->purpose != MK_CODE_NONE)
        mk_json_str(j, "purpose",
                    slug_of(MK_LIST_PURPOSE, item->purpose, "?"));
    mk_json_array(j, "shown");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (shows(item, parts[i].bit))
            mk_json_str(j, NULL, parts[i].name);
    mk_json_end(j);
    if (rotated(item) != 0) {
        mk_json_array(j, "keys");
        for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
            if (rotated(item) & 1u << kind)
                mk_json_str(j, NULL, mk_key_slug((enum mk_key_kind)kind));
        mk_json_end(j);
    }
    mk_json_num(j, "count", (int64_t)item->count);
    if (item->kind == MK_AUDIT_LOG_REVIEW) {
        mk_json_num(j, "from", (int64_t)item->from);
        mk_json_num(j, "to", (int64_t)item->to);
        mk_json_str(j, "conclusion",
                    slug_of(MK_LIST_REVIEW, item->conclusion, "?"));
    }
    mk_json_array(j, "questions");
    for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
        if (item->answers & MK_QUESTION_BIT(q))
            mk_json_str(j, NULL,
                        mk_question_slug((enum mk_log_question)q, true));
    mk_json_end(j);
    mk_json_end(j);
}

/* --- CSV --- */

void mk_log_csv_heads(struct mk_csv_out *csv)
{
    static const char *const heads[] = {
        "seq",    "time",       "time_ms",   "session", "person",
        "role",   "kind",       "outcome",   "verb",    "dossier",
        "member", "purpose",    "shown",     "count",   "from",
        "to",     "conclusion", "questions", "other",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        mk_csv_cell(csv, heads[i]);
    mk_csv_end_row(csv);
}

/* Four cells: reviews and questions. */
static void csv_review(struct mk_csv_out *csv, const struct mk_log_item *item)
{
    char words[160] = "";
    if (item->kind == MK_AUDIT_LOG_REVIEW) {
        mk_csv_num(csv, item->from);
        mk_csv_num(csv, item->to);
        mk_csv_cell(csv, slug_of(MK_LIST_REVIEW, item->conclusion, ""));
    } else {
        for (int i = 0; i < 3; i++)
            mk_csv_cell(csv, "");
    }
    for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
        if (item->answers & MK_QUESTION_BIT(q))
            add_word(words, sizeof words,
                     mk_question_slug((enum mk_log_question)q, true));
    mk_csv_cell(csv, words);
}

void mk_log_csv_row(const struct mk_app *app, struct mk_csv_out *csv,
                    const struct mk_log_item *item)
{
    const struct mk_verb_info *verb = mk_verb_get(item->verb);
    bool has = !is_zero(item->object);
    bool dossier = has && mk_audit_of_dossier(item->kind);
    char text[80];
    mk_csv_num(csv, item->seq);
    mk_date_format_moment(text, item->time_ms);
    mk_csv_cell(csv, text);
    snprintf(text, sizeof text, "%" PRId64, item->time_ms);
    mk_csv_cell(csv, text);
    mk_hex(text, item->session, 16);
    mk_csv_cell(csv, text);
    mk_csv_cell(csv,
                is_zero(item->actor) ? "" : mk_member_name(app, item->actor));
    mk_csv_cell(csv, mk_role_slug(item->role));
    mk_csv_cell(csv, mk_audit_slug(item->kind));
    mk_csv_cell(csv, mk_outcome_slug(item->outcome));
    mk_csv_cell(csv, verb ? verb->en : "");
    mk_log_object(app, item, text);
    mk_csv_cell(csv, dossier ? text : "");
    mk_csv_cell(csv, has && !dossier ? text : "");
    mk_csv_cell(csv, slug_of(MK_LIST_PURPOSE, item->purpose, ""));
    text[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (shows(item, parts[i].bit))
            add_word(text, sizeof text, parts[i].name);
    mk_csv_cell(csv, text);
    mk_csv_num(csv, item->count);
    csv_review(csv, item);
    mk_csv_cell(
        csv, is_zero(item->member) ? "" : mk_member_name(app, item->member));
    mk_csv_end_row(csv);
}
