/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/lists_doc.h"

#include "core/workflow.h"

#include <string.h>

static const char made[] =
    "<!-- Made from core/defs; `make check` compares. To write it anew:\n"
    "     MK_WRITE_DOCS=1 build/test/tests/unit/check_lists -->\n\n";

/* ---- the workflow -------------------------------------------------------- */

static const struct {
    const char *name, *en;
} guards[] = {
#define MK_GUARD(name, en) {#name, en},
#include "core/defs/transitions.def"
};

static const char *guard_text(const char *name)
{
    for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
        if (strcmp(guards[i].name, name) == 0)
            return guards[i].en;
    }
    return "?";
}

static const char *kind_text(enum mk_state_kind kind)
{
    switch (kind) {
    case MK_KIND_OPEN:
        return "on the clock";
    case MK_KIND_HANDED:
        return "off the clock, the workflow goes on";
    case MK_KIND_END:
        return "an end";
    case MK_KIND_TERMINAL:
        return "final";
    }
    return "?";
}

static void states(FILE *out)
{
    fputs("## States\n\n| number | state | nl | en | kind |\n"
          "|---|---|---|---|---|\n",
          out);
    for (enum mk_state s = 1; s < MK_STATE_MAX; s++) {
        if (mk_state_slug(s)[0])
            fprintf(out, "| %d | %s | %s | %s | %s |\n", s, mk_state_slug(s),
                    mk_state_label(s, false), mk_state_label(s, true),
                    kind_text(mk_state_kind(s)));
    }
}

static void keys(FILE *out, const enum mk_field *key)
{
    for (size_t i = 0; key[i] != MK_F_NONE; i++)
        fprintf(out, "%s%s", i ? " " : "", mk_field_get(key[i])->key);
}

static void verbs(FILE *out)
{
    fputs("\n## Verbs and their keys\n\n"
          "An event whose milestone is corrected to NR is corrected away: it "
          "never happened.\n\n"
          "| number | nl | en | required | optional | milestone |\n"
          "|---|---|---|---|---|---|\n",
          out);
    for (enum mk_verb v = 1; v < MK_VERB_MAX; v++) {
        const struct mk_verb_info *info = mk_verb_get(v);
        if (!info)
            continue;
        fprintf(out, "| %d | %s | %s | ", v, info->nl, info->en);
        keys(out, info->required);
        fputs(" | ", out);
        keys(out, info->optional);
        if (info->imported[0] != MK_F_NONE) {
            fputs(" (imported only: ", out);
            keys(out, info->imported);
            fputs(")", out);
        }
        fprintf(out, " | %s |\n",
                info->milestone ? mk_field_get(info->milestone)->key : "");
    }
}

static void from(FILE *out, uint32_t set)
{
    const char *space = "";
    if (set == mk_states_open) {
        fputs("any state where the workflow goes on", out);
        return;
    }
    if (set == mk_states_alive) {
        fputs("any but vernietigd", out);
        return;
    }
    if (set == MK_STATE_BIT(MK_STATE_NONE)) {
        fputs("-", out);
        return;
    }
    for (enum mk_state s = 1; s < MK_STATE_MAX; s++) {
        if (set & MK_STATE_BIT(s)) {
            fprintf(out, "%s%s", space, mk_state_slug(s));
            space = ", ";
        }
    }
}

static void steps(FILE *out)
{
    const struct mk_transition *row;
    fputs("\n## Steps\n\nThe first row of a verb that fits is taken.\n\n"
          "| verb | from | to | if | source |\n|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; (row = mk_transition_at(i)) != NULL; i++) {
        fprintf(out, "| %s | ", mk_verb_get(row->verb)->nl);
        from(out, row->from);
        fprintf(out, " | %s | %s | %s |\n",
                row->to ? mk_state_slug(row->to) : "same",
                guard_text(row->guard), row->source);
    }
}

/* Mermaid takes no hyphen in a name. */
static void node(FILE *out, enum mk_state s)
{
    if (s == MK_STATE_NONE)
        fputs("[*]", out);
    for (const char *p = mk_state_slug(s); *p; p++)
        fputc(*p == '-' ? '_' : *p, out);
}

static void diagram(FILE *out)
{
    const struct mk_transition *row;
    fputs("\n## Diagram\n\nWithout what leaves the state as it is.\n\n"
          "```mermaid\nstateDiagram-v2\n",
          out);
    for (size_t i = 0; (row = mk_transition_at(i)) != NULL; i++) {
        for (enum mk_state s = 0; s < MK_STATE_MAX; s++) {
            if (row->to == MK_STATE_NONE || row->to == s ||
                !(row->from & MK_STATE_BIT(s)))
                continue;
            fputs("    ", out);
            node(out, s);
            fputs(" --> ", out);
            node(out, row->to);
            fprintf(out, ": %s\n", mk_verb_get(row->verb)->nl);
        }
    }
    fputs("```\n", out);
}

void lists_doc_workflow(FILE *out)
{
    fputs("# The workflow\n\n", out);
    fputs(made, out);
    states(out);
    verbs(out);
    steps(out);
    diagram(out);
}

/* ---- keys and codes ------------------------------------------------------ */

static const char *type_text(enum mk_field_type type)
{
    switch (type) {
    case MK_T_CODE:
        return "code";
    case MK_T_CODES:
        return "codes, a space between";
    case MK_T_DATE:
        return "YYYY-MM-DD";
    case MK_T_PERIOD:
        return "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DD/YYYY-MM-DD";
    case MK_T_LINE:
        return "one line";
    case MK_T_TEXT:
        return "text";
    case MK_T_LRK:
        return "nine digits that pass the 11-proof";
    case MK_T_TAG:
        return "tag";
    case MK_T_NUMBER:
        return "number";
    case MK_T_KEY:
        return "name of a key";
    case MK_T_MEMBER:
        return "a member: 32 hex digits";
    }
    return "?";
}

static void all_keys(FILE *out)
{
    fputs("## Keys\n\n| number | key | nl | en | value | list | ONB, NR | "
          "sealed as text |\n|---|---|---|---|---|---|---|---|\n",
          out);
    for (enum mk_field k = 1; k < MK_FIELD_MAX; k++) {
        const struct mk_field_info *f = mk_field_get(k);
        if (!f)
            continue;
        fprintf(out, "| %d | %s | %s | %s | %s | %s | %s | %s |\n", k, f->key,
                f->nl, f->en, type_text(f->type),
                f->list < 0 ? "" : mk_list_slug((enum mk_list)f->list),
                f->flags & MK_FIELD_UNKNOWN ? "yes" : "",
                f->flags & MK_FIELD_IDENTITY ? "yes" : "");
    }
}

static void remarks(FILE *out, const struct mk_code *c)
{
    if (c->from_year)
        fprintf(out, "from %d", c->from_year);
    if (c->to_year)
        fprintf(out, "until %d", c->to_year);
    if (c->flags & MK_CODE_IMPORTED)
        fputs("imported events only", out);
    if (c->flags & MK_CODE_MTBP)
        fputs("mtbp", out);
    if (c->flags & MK_CODE_RESERVED)
        fputs("reserved", out);
}

void lists_doc_codes(FILE *out)
{
    const struct mk_code *c;
    fputs("# Keys and codes\n\n", out);
    fputs(made, out);
    all_keys(out);
    for (enum mk_list l = 0; l < MK_LIST_COUNT; l++) {
        fprintf(out,
                "\n## %s: %s\n\n| number | code | nl | en | remark | source "
                "|\n|---|---|---|---|---|---|\n",
                mk_list_slug(l), mk_list_label(l, true));
        for (size_t i = 0; (c = mk_code_at(l, i)) != NULL; i++) {
            fprintf(out, "| %u | %s | %s | %s | ", c->number, c->slug, c->nl,
                    c->en);
            remarks(out, c);
            fprintf(out, " | %s |\n", c->source);
        }
    }
}
