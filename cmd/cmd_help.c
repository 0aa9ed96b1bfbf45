/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help, completion, and what is reserved: all derived from the tables. */
#include "cmd/app.h"
#include "cmd/choice.h"
#include "cmd/witness.h"

#include <stdio.h>
#include <string.h>

enum mk_err mk_cmd_not_yet(struct mk_app *app)
{
    char name[64];
    mk_command_name(&app->command, app->english, name);
    return mk_fail(&app->diag, MK_E_NOT_YET, name);
}

/* A line for each option of the set which. */
static enum mk_err add_options(struct mk_app *app, struct mk_buf *out,
                               mk_options which)
{
    enum mk_err rc = MK_OK;
    for (unsigned i = 0; i < MK_OPT_COUNT; i++) {
        const struct mk_option_info *o = mk_option_get((enum mk_option)i);
        char left[64];
        if (!(which & MK_O_BIT(i)))
            continue;
        int n = snprintf(left, sizeof left, "%s--%s %s",
                         o->letter == 'k'   ? "-k, "
                         : o->letter == 'g' ? "-g, "
                         : o->letter == 'h' ? "-h, "
                                            : "",
                         app->english ? o->en : o->nl,
                         MK_T(app, o->arg_nl, o->arg_en));
        MK_TRY(mk_buf_addf(out, "  %-24s", left));
        if (n > 24)
            MK_TRY(mk_buf_addf(out, "\n  %-24s", ""));
        MK_TRY(mk_buf_addf(out, " %s", MK_T(app, o->text_nl, o->text_en)));
        if (strcmp(o->nl, o->en) != 0)
            MK_TRY(mk_buf_addf(out, " (%s: --%s)", app->english ? "nl" : "en",
                               app->english ? o->nl : o->en));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    return rc;
}

static mk_options global_options(void)
{
    mk_options set = 0;
    for (unsigned i = 0; i < MK_OPT_COUNT; i++)
        if (mk_option_get((enum mk_option)i)->flags & MK_OPTION_GLOBAL)
            set |= MK_O_BIT(i);
    return set;
}

static enum mk_err add_command(struct mk_app *app, struct mk_buf *out,
                               const struct mk_command *c)
{
    enum mk_err rc;
    char name[64], other[64], left[128];
    mk_command_name(c, app->english, name);
    mk_command_name(c, !app->english, other);
    snprintf(left, sizeof left, "%s %s", name,
             MK_T(app, c->words_nl, c->words_en));
    MK_TRY(mk_buf_addf(out, "  %-26s %s", left,
                       MK_T(app, c->text_nl, c->text_en)));
    if (strcmp(name, other) != 0)
        MK_TRY(
            mk_buf_addf(out, " (%s: %s)", app->english ? "nl" : "en", other));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

/* The commands of a group; none is added when the word is no group. */
static enum mk_err add_group(struct mk_app *app, struct mk_buf *out,
                             const char *group)
{
    enum mk_err rc = MK_OK;
    struct mk_command c;
    for (size_t i = 0; mk_command_at(i, &c); i++)
        if (c.group_nl[0] &&
            (strcmp(group, c.group_nl) == 0 || strcmp(group, c.group_en) == 0))
            MK_TRY(add_command(app, out, &c));
out:
    return rc;
}

static enum mk_err overview(struct mk_app *app, struct mk_buf *out)
{
    enum mk_err rc;
    struct mk_command c;
    MK_TRY(mk_buf_addf(out, "meldkluis %s: %s\n\n", MK_VERSION,
                       MK_T(app, "register voor vertrouwensinspecteurs",
                            "a registry for confidential inspectors")));
    MK_TRY(mk_buf_addf(
        out, "%s: meldkluis [%s] %s [%s]\n\n", MK_T(app, "gebruik", "usage"),
        MK_T(app, "opties", "options"), MK_T(app, "OPDRACHT", "COMMAND"),
        MK_T(app, "woorden", "words")));
    for (size_t i = 0; mk_command_at(i, &c); i++)
        MK_TRY(add_command(app, out, &c));
    MK_TRY(
        mk_buf_addf(out, "\n%s\n",
                    MK_T(app, "bij elke opdracht:", "with every command:")));
    MK_TRY(add_options(app, out, global_options()));
    MK_TRY(mk_buf_addf(
        out, "\n%s\n",
        MK_T(app,
             "status: 0 gedaan; 1 mislukt; 2 gebruik of invoer; 3 gesloten of "
             "geen recht; 4 geschonden;\n        5 kan niet in deze stand; 6 "
             "onthullingscontrole; 7 onbekend",
             "status: 0 done; 1 failed; 2 usage or input; 3 locked or no "
             "right; 4 integrity;\n        5 not in this state; 6 disclosure "
             "control; 7 unknown")));
out:
    return rc;
}

static const char *type_text(struct mk_app *app, enum mk_field_type type)
{
    switch (type) {
    case MK_T_CODE:
        return MK_T(app, "een code", "one code");
    case MK_T_CODES:
        return MK_T(app, "codes met een spatie ertussen",
                    "codes with a space between");
    case MK_T_DATE:
        return MK_T(app, "JJJJ-MM-DD", "YYYY-MM-DD");
    case MK_T_PERIOD:
        return MK_T(app, "JJJJ, JJJJ-MM, JJJJ-MM-DD of DAG/DAG",
                    "YYYY, YYYY-MM, YYYY-MM-DD or DAY/DAY");
    case MK_T_LINE:
        return MK_T(app, "een regel tekst", "one line of text");
    case MK_T_TEXT:
        return MK_T(app, "tekst; een vervolgregel begint met een spatie",
                    "text; a further line begins with a space");
    case MK_T_LRK:
        return MK_T(app, "negen cijfers", "nine digits");
    case MK_T_TAG:
        return MK_T(app, "kenmerk van een dossier", "tag of a dossier");
    case MK_T_NUMBER:
        return MK_T(app, "een getal", "a number");
    case MK_T_KEY:
        return MK_T(app, "naam van een sleutel", "name of a key");
    case MK_T_MEMBER:
        return MK_T(app, "iemand uit gebruiker lijst",
                    "somebody of user list");
    }
    return "";
}

static enum mk_err add_codes(struct mk_app *app, struct mk_buf *out,
                             const struct mk_field_info *f)
{
    enum mk_err rc = MK_OK;
    const struct mk_code *code;
    for (size_t i = 0; (code = mk_code_at((enum mk_list)f->list, i)); i++) {
        if (code->flags & (MK_CODE_IMPORTED | MK_CODE_RESERVED))
            continue;
        MK_TRY(mk_buf_addf(out, "        %-9s %s", code->slug,
                           MK_T(app, code->nl, code->en)));
        if (code->from_year)
            MK_TRY(mk_buf_addf(out, " (%s %d)", MK_T(app, "vanaf", "from"),
                               code->from_year));
        if (code->to_year)
            MK_TRY(mk_buf_addf(out, " (%s %d)",
                               MK_T(app, "tot en met", "until"),
                               code->to_year));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    return rc;
}

static enum mk_err add_keys(struct mk_app *app, struct mk_buf *out,
                            const enum mk_field *keys, bool required)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; keys[i] != MK_F_NONE; i++) {
        const struct mk_field_info *f = mk_field_get(keys[i]);
        MK_TRY(mk_buf_addf(out, "    %-14s %s; %s; %s%s\n", f->key,
                           required ? MK_T(app, "verplicht", "required")
                                    : MK_T(app, "mag ontbreken", "optional"),
                           MK_T(app, f->nl, f->en), type_text(app, f->type),
                           f->flags & MK_FIELD_UNKNOWN
                               ? MK_T(app, ", ONB of NR", ", ONB or NR")
                               : ""));
        if (f->list >= 0)
            MK_TRY(add_codes(app, out, f));
    }
out:
    return rc;
}

/* Something that a key of this kind takes. */
static const char *example_of(struct mk_app *app, enum mk_verb verb,
                              const struct mk_field_info *f)
{
    const struct mk_code *code;
    switch (f->type) {
    case MK_T_CODE:
    case MK_T_CODES:
        for (size_t i = 0; (code = mk_code_at((enum mk_list)f->list, i)); i++)
            if (!(code->flags & (MK_CODE_IMPORTED | MK_CODE_RESERVED)))
                return code->slug;
        return "";
    case MK_T_DATE:
        return f->flags & MK_FIELD_FUTURE ? "2026-04-02" : "2026-03-02";
    case MK_T_PERIOD:
        return "2026-02";
    case MK_T_LINE:
        return MK_T(app, "een regel", "one line");
    case MK_T_TEXT:
        return verb == MK_VERB_CORRIGEER
                   ? "2026-03-01"
                   : MK_T(app, "Eerste regel.\n     Vervolg.",
                          "First line.\n     Continued.");
    case MK_T_LRK:
        return "123456782";
    case MK_T_TAG:
        return "MK-7Q4D-K2XZ";
    case MK_T_NUMBER:
        return "1";
    case MK_T_KEY:
        return "received";
    case MK_T_MEMBER:
        return "00112233445566778899aabbccddeeff";
    }
    return "";
}

static enum mk_err add_example(struct mk_app *app, struct mk_buf *out,
                               const struct mk_command *c,
                               const struct mk_verb_info *verb)
{
    enum mk_err rc;
    char name[64];
    mk_command_name(c, app->english, name);
    MK_TRY(mk_buf_addf(
        out, "\n%s: meldkluis %s%s%s --%s %s\n",
        MK_T(app, "voorbeeld van een formulier, voor",
             "example of a form, for"),
        name, c->words_nl[0] ? " " : "", MK_T(app, c->words_nl, c->words_en),
        MK_T(app, "formulier", "form"), MK_T(app, "BESTAND", "FILE")));
    for (size_t i = 0; verb->required[i] != MK_F_NONE; i++) {
        const struct mk_field_info *f = mk_field_get(verb->required[i]);
        enum mk_verb number = mk_command_form(c);
        MK_TRY(mk_buf_addf(out, "    %s: %s\n", f->key,
                           example_of(app, number, f)));
    }
out:
    return rc;
}

/* Kinds of entries and questions: a list of entries tells them by their
 * labels, an option wants the word. */
static enum mk_err add_labelled(struct mk_app *app, struct mk_buf *out,
                                mk_options options)
{
    enum mk_err rc = MK_OK;
    if (options & MK_O(SOORT)) {
        MK_TRY(mk_buf_addf(out, "\n%s:\n", MK_T(app, "SOORT", "KIND")));
        for (unsigned k = 1; k < MK_AUDIT_MAX; k++) {
            const char *slug = mk_audit_slug((enum mk_audit)k);
            if (mk_audit_find(slug) != MK_AUDIT_NONE)
                MK_TRY(mk_buf_addf(
                    out, "    %-16s %s\n", slug,
                    mk_audit_label((enum mk_audit)k, app->english)));
        }
    }
    if (options & MK_O(VRAAG)) {
        MK_TRY(mk_buf_addf(out, "\n%s:\n", MK_T(app, "VRAAG", "QUESTION")));
        for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
            MK_TRY(mk_buf_addf(
                out, "    %-16s %s\n",
                mk_question_slug((enum mk_log_question)q, app->english),
                mk_question_text((enum mk_log_question)q, app->english)));
    }
out:
    return rc;
}

/* What an option takes, where a list of ours says it. */
static enum mk_err add_choices(struct mk_app *app, struct mk_buf *out,
                               const struct mk_command *c)
{
    const mk_options options = c->options;
    static const struct {
        enum mk_option option;
        enum mk_choice which;
    } lists[] = {{MK_OPT_STAND, MK_CHOICE_STATE},
                 {MK_OPT_TEL, MK_CHOICE_COUNT}};
    const struct {
        enum mk_option option;
        enum mk_list list;
    } codes[] = {
        {MK_OPT_REDEN, c->run == mk_cmd_hold ? MK_LIST_HOLD : MK_LIST_RESTART},
        {MK_OPT_WAAROM, MK_LIST_EMERGENCY},
        {MK_OPT_CONCLUSIE, MK_LIST_REVIEW}};
    enum mk_err rc = MK_OK;
    const struct mk_code *code;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct mk_option_info *o = mk_option_get(lists[i].option);
        if (!(options & MK_O_BIT(lists[i].option)))
            continue;
        MK_TRY(mk_buf_addf(out, "\n%s: ", MK_T(app, o->arg_nl, o->arg_en)));
        MK_TRY(mk_choices_add(out, lists[i].which, app->english));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (!(options & MK_O_BIT(codes[i].option)))
            continue;
        MK_TRY(mk_buf_add_str(out, "\nCODE:\n"));
        for (size_t k = 0; (code = mk_code_at(codes[i].list, k)); k++)
            MK_TRY(mk_buf_addf(out, "    %-9s %s\n", code->slug,
                               MK_T(app, code->nl, code->en)));
    }
out:
    return rc;
}

/* What stands behind the command, where a list says it. */
static enum mk_err add_words(struct mk_app *app, struct mk_buf *out,
                             const struct mk_command *c)
{
    enum mk_err rc = MK_OK;
    if (strstr(c->words_en, "NAME") != NULL)
        MK_TRY(mk_buf_add_str(out,
                              MK_T(app, "\nNAAM: iemand uit gebruiker lijst\n",
                                   "\nNAME: somebody of user list\n")));
    if (strstr(c->words_en, "ROLE") == NULL)
        goto out;
    MK_TRY(mk_buf_add_str(out, MK_T(app, "\nROL: ", "\nROLE: ")));
    MK_TRY(mk_choices_add(out, MK_CHOICE_ROLE, app->english));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

static enum mk_err details(struct mk_app *app, const struct mk_command *c,
                           struct mk_buf *out)
{
    enum mk_err rc;
    char name[64], other[64];
    const struct mk_verb_info *verb = mk_verb_get(mk_command_form(c));
    mk_command_name(c, app->english, name);
    mk_command_name(c, !app->english, other);
    MK_TRY(mk_buf_addf(out, "meldkluis %s %s\n  %s: %s\n  %s\n", name,
                       MK_T(app, c->words_nl, c->words_en),
                       app->english ? "nl" : "en", other,
                       MK_T(app, c->text_nl, c->text_en)));
    if (c->role != MK_ROLE_NONE)
        MK_TRY(mk_buf_addf(out, "  %s: %s\n", MK_T(app, "rol", "role"),
                           mk_role_label(c->role, app->english)));
    if (c->audit != MK_AUDIT_NONE)
        MK_TRY(mk_buf_addf(out, "  %s: %s\n",
                           MK_T(app, "in het logboek", "in the access log"),
                           mk_audit_label(c->audit, app->english)));
    if (c->options) {
        MK_TRY(mk_buf_addf(out, "\n%s\n", MK_T(app, "opties:", "options:")));
        MK_TRY(add_options(app, out, c->options));
        MK_TRY(add_choices(app, out, c));
        MK_TRY(add_labelled(app, out, c->options));
    }
    MK_TRY(add_words(app, out, c));
    if (c->run == mk_cmd_log_witness)
        MK_TRY(mk_witness_help(app, out));
    if (c->run == mk_cmd_search)
        MK_TRY(mk_buf_addf(
            out, "\n%s\n    text           %s\n\n%s\n    text: %s\n",
            MK_T(app, "sleutel van het formulier:", "key of the form:"),
            MK_T(
                app,
                "verplicht; woorden die alle in een dossier voorkomen, zonder "
                "onderscheid van hoofdletters en accenten",
                "required; words that all occur in a dossier, without regard "
                "to case and accents"),
            MK_T(app, "voorbeeld:", "example:"), "de vries molenweg"));
    if (verb) {
        MK_TRY(mk_buf_addf(
            out, "\n%s\n",
            MK_T(app, "sleutels van het formulier:", "keys of the form:")));
        MK_TRY(add_keys(app, out, verb->required, true));
        MK_TRY(add_keys(app, out, verb->optional, false));
        MK_TRY(add_example(app, out, c, verb));
    }
out:
    return rc;
}

enum mk_err mk_cmd_help(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_command c;
    size_t used;
    if (app->args.n_words == 0)
        MK_TRY(overview(app, &out));
    else if (mk_command_find(app->args.word, app->args.n_words, &c, &used))
        MK_TRY(details(app, &c, &out));
    else {
        if (app->args.n_words == 1)
            MK_TRY(add_group(app, &out, app->args.word[0]));
        if (out.len > 0) {
            rc = mk_app_print(app, &out);
            goto out;
        }
        rc = mk_fail(&app->diag, MK_E_USAGE,
                     MK_T(app, "onbekende opdracht", "unknown command"));
        goto out;
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

/* Names of commands or, with options, names of options; one language after
 * the other. */
static enum mk_err words(struct mk_buf *out, bool options)
{
    enum mk_err rc = MK_OK;
    struct mk_command c;
    for (size_t i = 0; !options && mk_command_at(i, &c); i++) {
        MK_TRY(mk_buf_addf(out, " %s %s", c.nl, c.en));
        if (c.group_nl[0])
            MK_TRY(mk_buf_addf(out, " %s %s", c.group_nl, c.group_en));
    }
    for (unsigned i = 0; options && i < MK_OPT_COUNT; i++) {
        const struct mk_option_info *o = mk_option_get((enum mk_option)i);
        MK_TRY(mk_buf_addf(out, " --%s --%s", o->nl, o->en));
    }
out:
    return rc;
}

enum mk_err mk_cmd_completion(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(&out,
                          "# bash completion for meldkluis; load it with:\n"
                          "#   source <(meldkluis completion)\n"
                          "_meldkluis() {\n"
                          "    local word=${COMP_WORDS[COMP_CWORD]} words\n"
                          "    case $word in\n"
                          "    -*) words=\""));
    MK_TRY(words(&out, true));
    MK_TRY(mk_buf_add_str(&out, "\" ;;\n    *) words=\""));
    MK_TRY(words(&out, false));
    MK_TRY(mk_buf_add_str(
        &out, "\" ;;\n"
              "    esac\n"
              "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
              "\"$word\")\n"
              "}\n"
              "complete -o default -F _meldkluis meldkluis\n"));
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}
