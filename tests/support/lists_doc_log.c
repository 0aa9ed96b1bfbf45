/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/NEN7513.md, made from core/defs/audit.def and questions.def. */
#include "tests/support/lists_doc.h"

#include "core/log.h"

#include <string.h>

enum object { NONE, DOSSIER, MEMBER };
enum roles {
    NOBODY = 0,
    CUS = 1,
    INS = 2,
    ANA = 4,
    AUD = 8,
    ANY = CUS | INS | ANA | AUD
};

static const struct row {
    unsigned number;
    const char *slug, *nl, *en;
    enum object object;
    unsigned roles;
    const char *action;
} rows[] = {
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    {number, slug, nl, en, object, roles, #action},
#include "core/defs/audit.def"
#undef MK_AUDIT
};
#define N_ROWS (sizeof rows / sizeof rows[0])

static const struct {
    const char *code, *name, *what;
} actions[] = {
    {"C", "create", "something is made that was not there"},
    {"R", "read", "something is shown, counted, searched or written out"},
    {"U", "update", "something that is there is changed"},
    {"D", "delete", "something is taken away"},
    {"E", "execute", "a check or an attempt that neither shows nor changes"},
};
#define N_ACTIONS (sizeof actions / sizeof actions[0])

size_t lists_doc_rows_of_action(const char *code)
{
    size_t n = 0;
    for (size_t i = 0; i < N_ROWS; i++)
        n += strcmp(rows[i].action, code) == 0;
    return n;
}

const char *lists_doc_unmapped(void)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        bool known = false;
        for (size_t a = 0; a < N_ACTIONS; a++)
            known = known || strcmp(rows[i].action, actions[a].code) == 0;
        if (!known)
            return rows[i].slug;
    }
    return NULL;
}

static const char head[] =
    "# The access log and NEN 7513\n\n"
    "<!-- Made from core/defs; `make check` compares. To write it anew:\n"
    "     MK_WRITE_DOCS=1 build/test/tests/unit/check_lists -->\n\n"
    "NEN 7513 says what the log of access to personal records has to tell. "
    "It was written for care;\nthis vault follows it because the people in "
    "these dossiers deserve no less. The text of the standard is not\n"
    "repeated here.\n\n"
    "## What an entry tells\n\n"
    "| asked | where it stands in an entry |\n|---|---|\n"
    "| which kind of event | kind: a row of the table below, with its kind of "
    "access |\n"
    "| when | time, in milliseconds, of the machine that wrote |\n"
    "| who, and in which role | actor and role; the session leaf is signed by "
    "that person, and an entry under another name is not accepted |\n"
    "| whose record | object: the dossier. Commands over many dossiers say "
    "how many; a search also has an entry for each that it found |\n"
    "| what of it | mask: facts, identities, narrative |\n"
    "| for what purpose | purpose, of the list below |\n"
    "| with what result | outcome: asked, done, refused, not found, dry run "
    "|\n"
    "| from which system | store and session, in every leaf |\n\n"
    "An entry of access is durable before anything is shown: where the log "
    "cannot be written nothing is revealed\n"
    "(`tests/faults/60-notice.sh`). It has no free text, no name and no "
    "search term.\n\n"
    "## Purpose\n\n"
    "| situation | purpose |\n|---|---|\n"
    "| a dossier that one took in oneself | BEH, unless another is given |\n"
    "| a colleague's dossier: show, timeline, copy, change, related | must be "
    "given; without one the refusal is logged |\n"
    "| a search, or related, that finds a colleague's | must be given; the "
    "entry of the refusal says how many were found, nothing is shown |\n"
    "| list and clock of the own dossiers | BEH, unless another is given; "
    "the entry has no number |\n"
    "| list and clock of everybody's (`--all`, or a purpose) | must be given; "
    "without one the refusal is logged |\n"
    "| the log, for an auditor | CTL, unless another is given |\n"
    "| counts and releases | not asked: the kind of entry says what they are "
    "for |\n\n"
    "A purpose is what the person said. Whether the dossier was his own the "
    "log tells by itself: the intake entry names who\n"
    "took it in, and `log list --question outside-caseload` goes by that.\n\n";

static const char how_long[] =
    "\n## How long\n\n"
    "The standard leaves the term to who keeps the record; five years, 60 "
    "months, is its practice, and the least that\n"
    "`log term` takes (600 the most). There is no default: a custodian "
    "chooses, at `init` or later, and until one has chosen\n"
    "the vault is for practice: all is kept, nothing can be pruned, "
    "`doctor` finds fault, each command of a custodian ends with a\n"
    "reminder. Whether it was chosen has one answer "
    "(`mk_log_term_chosen`). Pruning: docs/FORMAT-export.md \"Pruned "
    "logs\".\n";

static void kinds_of_access(FILE *out)
{
    fputs("\n## Kinds of access\n\nBy the event action codes of DICOM PS3.15 "
          "A.5.\n\n"
          "| code | kind | what | entries |\n|---|---|---|---|\n",
          out);
    for (size_t a = 0; a < N_ACTIONS; a++) {
        const char *space = "";
        fprintf(out, "| %s | %s | %s | ", actions[a].code, actions[a].name,
                actions[a].what);
        for (size_t i = 0; i < N_ROWS; i++)
            if (strcmp(rows[i].action, actions[a].code) == 0) {
                fprintf(out, "%s%s", space, rows[i].slug);
                space = ", ";
            }
        fputs(" |\n", out);
    }
}

static void who_may(FILE *out, unsigned roles)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{CUS, "custodian"},
                 {INS, "inspector"},
                 {ANA, "analyst"},
                 {AUD, "auditor"}};
    const char *space = "";
    if (roles == ANY || roles == NOBODY) {
        fputs(roles == ANY ? "anybody" : "nobody: it failed", out);
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (roles & names[i].bit) {
            fprintf(out, "%s%s", space, names[i].name);
            space = ", ";
        }
}

static void entries(FILE *out)
{
    static const char *const objects[] = {"", "dossier", "person"};
    fputs("\n## Entries\n\nWho may: an entry of somebody else that was not "
          "refused is a breach.\n\n"
          "| number | entry | nl | en | access | object | who may |\n"
          "|---|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < N_ROWS; i++) {
        fprintf(out, "| %u | %s | %s | %s | %s | %s | ", rows[i].number,
                rows[i].slug, rows[i].nl, rows[i].en, rows[i].action,
                objects[rows[i].object]);
        who_may(out, rows[i].roles);
        fputs(" |\n", out);
    }
}

static void questions(FILE *out)
{
    fputs("\n## Questions of a reviewer\n\n`log list --question`; how each is "
          "judged stands in `core/log_watch.h`.\n\n"
          "| nl | en | what |\n|---|---|---|\n",
          out);
    for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
        fprintf(out, "| %s | %s | %s |\n",
                mk_question_slug((enum mk_log_question)q, false),
                mk_question_slug((enum mk_log_question)q, true),
                mk_question_text((enum mk_log_question)q, true));
}

void lists_doc_log(FILE *out)
{
    const struct mk_code *c;
    fputs(head, out);
    fputs("| code | nl | en | source |\n|---|---|---|---|\n", out);
    for (size_t i = 0; (c = mk_code_at(MK_LIST_PURPOSE, i)) != NULL; i++)
        fprintf(out, "| %s | %s | %s | %s |\n", c->slug, c->nl, c->en,
                c->source);
    fputs(how_long, out);
    kinds_of_access(out);
    entries(out);
    questions(out);
}
