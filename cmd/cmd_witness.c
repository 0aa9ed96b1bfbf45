/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log getuige: which step, and the steps of the witness, who has no vault. */
#include "cmd/witness.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct step {
    const char *nl, *en;
    const char *what_nl, *what_en; /* "" for none */
    mk_options options;
    mk_command_run *run;
    const char *text_nl, *text_en;
} steps[] = {
    {"sleutel", "key", "NAAM", "NAME", 0, mk_witness_key,
     "getuige: maak een eigen sleutel; toont wat de bewaarder nodig heeft",
     "witness: make a key of one's own; prints what the custodian needs"},
    {"teken", "sign", "MAP", "FOLDER", MK_O(UIT) | MK_O(VKEY), mk_witness_sign,
     "getuige: bevestig een uitvoer van het logboek die op de vorige aansluit",
     "witness: cosign an export of the log that continues the last one"},
    {"vertrouw", "trust", "BESTAND", "FILE", 0, mk_witness_trust_step,
     "bewaarder: wijs een getuige aan, met zijn sleutel",
     "custodian: name a witness, by his key"},
    {"intrek", "drop", "NAAM", "NAME", 0, mk_witness_drop_step,
     "bewaarder: wie geen getuige meer is", "custodian: who is none any more"},
    {"neem", "take", "BESTAND", "FILE", 0, mk_witness_take_step,
     "neem de bevestiging van een getuige op",
     "take the cosignature of a witness in"},
    {"toon", "show", "", "", MK_O(MAAT), mk_witness_show_step,
     "toon hoe oud de bevestigingen zijn, en een checkpoint voor op papier",
     "show how old the cosignatures are, and a checkpoint for paper"},
    {"stempel", "stamp", "BESTAND", "FILE", MK_O(MAAT), mk_witness_stamp_step,
     "neem een tijdstempel (RFC 3161) over een checkpoint op",
     "take in a time stamp (RFC 3161) over a checkpoint"},
};
#define STEPS (sizeof steps / sizeof steps[0])

enum mk_err mk_witness_help(const struct mk_app *app, struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "\n%s\n", MK_T(app, "stappen:", "steps:")));
    for (size_t i = 0; i < STEPS; i++) {
        const struct step *s = &steps[i];
        char left[48];
        snprintf(left, sizeof left, "%s %s", MK_T(app, s->nl, s->en),
                 MK_T(app, s->what_nl, s->what_en));
        MK_TRY(mk_buf_addf(out, "    %-17s %s (%s: %s)\n", left,
                           MK_T(app, s->text_nl, s->text_en),
                           app->english ? "nl" : "en",
                           app->english ? s->nl : s->en));
    }
out:
    return rc;
}

static enum mk_err unfit(struct mk_app *app, const char *nl, const char *en,
                         const char *what)
{
    char text[96];
    snprintf(text, sizeof text, "%s %s", MK_T(app, nl, en), what);
    return mk_fail(&app->diag, MK_E_USAGE, text);
}

static enum mk_err check_options(struct mk_app *app, const struct step *s)
{
    for (size_t i = 0; i < app->args.n_given; i++) {
        const enum mk_option o = app->args.given[i].option;
        const struct mk_option_info *info = mk_option_get(o);
        if ((info->flags & MK_OPTION_GLOBAL) == 0 &&
            (s->options & MK_O_BIT(o)) == 0)
            return unfit(
                app, "bij deze stap hoort geen",
                "no option of this step:", MK_T(app, info->nl, info->en));
    }
    return MK_OK;
}

enum mk_err mk_cmd_log_witness(struct mk_app *app)
{
    const char *word = app->args.word[0];
    for (size_t i = 0; i < STEPS; i++) {
        const struct step *s = &steps[i];
        const size_t wanted = s->what_nl[0] != '\0' ? 2 : 1;
        if (strcmp(word, s->nl) != 0 && strcmp(word, s->en) != 0)
            continue;
        if (app->args.n_words != wanted)
            return wanted == 2
                       ? unfit(app, "verwacht wordt", "expected is",
                               MK_T(app, s->what_nl, s->what_en))
                       : unfit(app, "verwacht wordt geen verder woord na",
                               "expected is no further word after",
                               MK_T(app, s->nl, s->en));
        enum mk_err rc = check_options(app, s);
        return rc == MK_OK ? s->run(app) : rc;
    }
    return mk_fail(&app->diag, MK_E_USAGE,
                   MK_T(app, "onbekende stap van log getuige",
                        "unknown step of log witness"));
}

/* --- sleutel --- */

static enum mk_err no_dry_run(struct mk_app *app)
{
    if (!app->access.dry_run)
        return MK_OK;
    return mk_fail(&app->diag, MK_E_USAGE,
                   MK_T(app, "een getuige kent geen --proef",
                        "a witness knows no --dry-run"));
}

enum mk_err mk_witness_key(struct mk_app *app)
{
    enum mk_err rc;
    const char *name = app->args.word[1];
    struct mk_secret *passphrase = NULL;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_note_key key;
    struct mk_json j;
    MK_TRY(no_dry_run(app));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_session_new_passphrase(app, name, &passphrase));
    MK_TRY(
        mk_cosigner_make(app->state_path, name, passphrase, &key, &app->diag));
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_witness_json_key(&j, &key);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(mk_witness_add_key(app, &out, &key));
    }
    MK_TRY(mk_app_print(app, &out));
    mk_app_note(app,
                MK_T(app,
                     "geef de eerste regel als bestand aan een bewaarder en "
                     "lees hem de woorden voor",
                     "give the first line as a file to a custodian, and read "
                     "the words to him"));
out:
    mk_secret_free(passphrase);
    mk_buf_release(&out);
    return rc;
}

/* --- teken --- */

/* What stays reachable: the export, and where the note goes. */
struct signing {
    int export;
    int vkey;              /* -1: not given */
    struct mk_output note; /* only with --uit */
    bool elsewhere;
    char name[MK_COSIGNER_NAME];
    struct mk_cosigned cosigned;
};

static enum mk_err open_places(struct mk_app *app, struct signing *s)
{
    enum mk_err rc;
    const char *folder = app->args.word[1];
    const char *out = mk_args_value(&app->args, MK_OPT_UIT);
    const char *vkey = mk_args_value(&app->args, MK_OPT_VKEY);
    s->export = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->export < 0)
        return mk_fail_sys(&app->diag, MK_E_NO_EXPORT, folder);
    if (vkey)
        MK_TRY(mk_input_open(&s->vkey, vkey, &app->diag));
    MK_TRY(mk_session_state(app));
    if (out) {
        MK_TRY(mk_output_open(app, &s->note, out));
        s->elsewhere = true;
    }
    const struct mk_harden_place more[] = {
        {folder, out ? MK_HARDEN_READ : MK_HARDEN_WORK},
        {s->note.folder, MK_HARDEN_REMOVE},
    };
    MK_TRY(mk_session_sandbox(app, more, out ? 2 : 1));
out:
    return rc;
}

/* The key that somebody gave the witness beside the export. */
static enum mk_err wanted_key(struct mk_app *app, int fd,
                              struct mk_note_key *out)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_input_read(&text, fd, MK_VKEY_MAX, &app->diag));
    size_t n = text.len;
    if (n > 0 && text.data[n - 1] == '\n')
        n--;
    if (!mk_vkey_parse(out, (const char *)text.data, n) ||
        out->type != MK_NOTE_ED25519)
        rc = mk_fail(&app->diag, MK_E_SYNTAX, "vkey");
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err hand_out(struct mk_app *app, struct signing *s,
                            const struct mk_cosigner *c)
{
    enum mk_err rc;
    if (!s->elsewhere)
        return mk_cosigner_put(c, s->export, &s->cosigned, s->name,
                               &app->diag);
    MK_TRY(mk_output_write(&s->note, &s->cosigned.note, &app->diag));
    s->elsewhere = false;
    MK_TRY(mk_output_close(&s->note, true, &app->diag));
out:
    return rc;
}

static enum mk_err sign_text(struct mk_app *app, const struct signing *s,
                             const char *const *words, struct mk_buf *out)
{
    enum mk_err rc;
    const struct mk_cosigned *c = &s->cosigned;
    MK_TRY(mk_witness_add_checkpoint(app, out, &c->checkpoint, words));
    if (c->first_use) {
        MK_TRY(mk_buf_addf(
            out, "%s:\n",
            MK_T(app, "sleutel van het logboek", "key of the log")));
        MK_TRY(mk_witness_add_key(app, out, &c->log));
    }
    MK_TRY(mk_buf_addf(out, "%s %llu -> %llu\n",
                       MK_T(app, "bevestigd, regels:", "cosigned, entries:"),
                       (unsigned long long)c->before,
                       (unsigned long long)c->checkpoint.size));
    if (s->name[0] != '\0')
        MK_TRY(mk_buf_addf(out, "%s: %s\n", MK_T(app, "bestand", "file"),
                           s->name));
out:
    return rc;
}

static void sign_json(const struct signing *s, const struct mk_cosigner *c,
                      const char *const *words, struct mk_json *j)
{
    const struct mk_cosigned *done = &s->cosigned;
    char vkey[MK_VKEY_MAX];
    mk_vkey_format(vkey, &done->log);
    mk_witness_json_checkpoint(j, &done->checkpoint, words);
    mk_json_str(j, "log_vkey", vkey);
    mk_json_bool(j, "first_use", done->first_use);
    mk_json_num(j, "before", (int64_t)done->before);
    mk_json_str(j, "witness", mk_cosigner_key(c)->name);
    if (s->name[0] != '\0')
        mk_json_str(j, "file", s->name);
    mk_json_text(j, "note", done->note.data, done->note.len);
}

static enum mk_err print_signed(struct mk_app *app, const struct signing *s,
                                const struct mk_cosigner *c)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT, text = MK_BUF_INIT;
    struct mk_json j;
    const char *words[MK_WORDS];
    MK_TRY(mk_checkpoint_format(&text, &s->cosigned.checkpoint));
    mk_words_of(words, text.data, text.len);
    if (app->json) {
        mk_json_begin(&j, &out);
        sign_json(s, c, words, &j);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(sign_text(app, s, words, &out));
    }
    MK_TRY(mk_app_print(app, &out));
    if (s->cosigned.new_key)
        mk_app_warn(app,
                    MK_T(app,
                         "dit logboek heeft een nieuwe sleutel, die u met "
                         "--vkey gaf; vanaf nu geldt die",
                         "this log has a new key, which you gave with "
                         "--vkey; from now on that one counts"));
    if (s->cosigned.first_use)
        mk_app_warn(app,
                    MK_T(app,
                         "dit logboek is hier nieuw: vergelijk de woorden van "
                         "zijn sleutel met het kantoor (log getuige toon) "
                         "voordat u de bevestiging teruggeeft",
                         "this log is new here: compare the words of its key "
                         "with the office (log witness show) before you give "
                         "the cosignature back"));
out:
    mk_buf_release(&out);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_witness_sign(struct mk_app *app)
{
    enum mk_err rc;
    struct signing s = {
        .export = -1, .vkey = -1, .note = {.fd = -1, .dir = -1}};
    struct mk_cosigner *c = NULL;
    struct mk_secret *passphrase = NULL;
    struct mk_note_key log;
    MK_TRY(no_dry_run(app));
    MK_TRY(open_places(app, &s));
    MK_TRY(mk_cosigner_load(&c, app->state_path, &app->diag));
    if (s.vkey >= 0)
        MK_TRY(wanted_key(app, s.vkey, &log));
    MK_TRY(mk_session_passphrase(app, mk_cosigner_key(c)->name, &passphrase));
    MK_TRY(mk_cosigner_unlock(c, passphrase, &app->diag));
    MK_TRY(mk_cosigner_sign(c, s.export, s.vkey >= 0 ? &log : NULL,
                            &s.cosigned, &app->diag));
    MK_TRY(hand_out(app, &s, c));
    MK_TRY(print_signed(app, &s, c));
out:
    if (s.elsewhere && mk_output_close(&s.note, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
    if (s.export >= 0)
        close(s.export);
    if (s.vkey >= 0)
        close(s.vkey);
    mk_buf_release(&s.cosigned.note);
    mk_cosigner_free(c);
    mk_secret_free(passphrase);
    return rc;
}
