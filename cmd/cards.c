/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cards.h"

#include "core/base/io.h"
#include "core/base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum mk_err usage(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* --- cards that are given --- */

enum mk_err mk_cards_open(struct mk_app *app, struct mk_cards_in *in)
{
    enum mk_err rc = MK_OK;
    memset(in, 0, sizeof *in);
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *path = app->args.given[i].value;
        if (app->args.given[i].option != MK_OPT_KAART)
            continue;
        if (strcmp(path, "-") == 0) {
            in->ask = true;
            continue;
        }
        in->fd[in->n] = -1;
        MK_TRY(mk_input_open(&in->fd[in->n], path, &app->diag));
        const char *slash = strrchr(path, '/');
        in->text[in->n].what = slash ? slash + 1 : path;
        in->n++;
    }
    in->ask = in->ask || in->n == 0;
out:
    return rc;
}

static enum mk_err read_files(struct mk_app *app, struct mk_cards_in *in)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < in->n; i++) {
        rc = mk_input_read(&in->file[i], in->fd[i], (size_t)64 * 1024,
                           &app->diag);
        if (rc != MK_OK)
            return mk_fail(&app->diag, rc, in->text[i].what);
        in->text[i].text = in->file[i].data;
        in->text[i].n = in->file[i].len;
    }
    return rc;
}

/* From a descriptor: one line is one code. */
static enum mk_err take_line(struct mk_app *app, struct mk_cards_in *in,
                             const char *card)
{
    enum mk_err rc;
    size_t i = in->n;
    MK_TRY(mk_session_secret(app, "", "", card, &in->typed[i]));
    in->text[i].text = mk_secret_peek(in->typed[i]);
    in->text[i].n = mk_secret_len(in->typed[i]);
    in->n++;
out:
    return rc;
}

static enum mk_err ask_one(struct mk_app *app, struct mk_cards_in *in,
                           unsigned threshold)
{
    size_t i = in->n;
    char card[32];
    snprintf(card, sizeof card, "%zu/%u", i + 1, threshold);
    snprintf(in->name[i], sizeof in->name[i],
             MK_T(app, "de %zue getypte kaart", "typed card number %zu"),
             i + 1);
    in->text[i].what = in->name[i];
    return app->passphrase_fd >= 0 ? take_line(app, in, card)
                                   : mk_card_ask(app, in, card);
}

enum mk_err mk_cards_take(struct mk_app *app, struct mk_cards_in *in)
{
    enum mk_err rc = MK_OK;
    struct mk_recovery_facts facts;
    MK_TRY(read_files(app, in));
    if (!in->ask)
        return MK_OK;
    mk_keyring_recovery_facts(mk_vault_keyring(app->vault), &facts);
    if (facts.in_force.number == 0)
        return mk_fail(&app->diag, MK_E_NO_CARDS, "");
    while (in->n < facts.in_force.threshold)
        MK_TRY(ask_one(app, in, facts.in_force.threshold));
out:
    return rc;
}

void mk_cards_in_release(struct mk_cards_in *in)
{
    for (size_t i = 0; i < in->n; i++) {
        mk_buf_release(&in->file[i]);
        mk_secret_free(in->typed[i]);
        if (in->fd[i] > 0)
            close(in->fd[i]);
    }
    in->n = 0;
}

/* --- cards that are made --- */

static void name_of(char out[48], uint32_t set, unsigned number)
{
    snprintf(out, 48, "herstelkaart-%u-%u.txt", (unsigned)set, number);
}

static enum mk_err write_card(int fd, const struct mk_buf *text,
                              struct mk_diag *diag)
{
    if (!mk_io_write(fd, text->data, text->len))
        return mk_fail_sys(diag, errno == ENOSPC ? MK_E_DISK_FULL : MK_E_IO,
                           "--cards");
    return fsync(fd) == 0 ? MK_OK : mk_fail_sys(diag, MK_E_IO, "--cards");
}

static enum mk_err sink(void *ctx, uint32_t set, unsigned number,
                        const struct mk_buf *text, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_cards_out *out = ctx;
    char name[48];
    int fd;
    name_of(name, set, number);
    out->set = set;
    fd = openat(out->dir, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? mk_fail(diag, MK_E_EXISTS, name)
                               : mk_fail_sys(diag, MK_E_IO, "--cards");
    out->made[number] = true;
    rc = write_card(fd, text, diag);
    if (close(fd) != 0 && rc == MK_OK)
        rc = mk_fail_sys(diag, MK_E_IO, "--cards");
    if (rc == MK_OK && fsync(out->dir) != 0)
        rc = mk_fail_sys(diag, MK_E_IO, "--cards");
    return rc;
}

static enum mk_err parse_share(struct mk_app *app, struct mk_share_plan *plan)
{
    const char *text = mk_args_value(&app->args, MK_OPT_DEEL);
    const char *slash = text ? strchr(text, '/') : NULL;
    uint64_t k, n;
    if (text == NULL)
        return MK_OK;
    if (slash == NULL ||
        !mk_num_parse(text, (size_t)(slash - text), 0, 99, &k) ||
        !mk_num_parse(slash + 1, strlen(slash + 1), 0, 99, &n) ||
        !mk_share_plan_fits(&(struct mk_share_plan){.threshold = (unsigned)k,
                                                    .n = (unsigned)n}))
        return usage(app,
                     "--deel wil K/N, zoals 3/5: K van 2 tot N kaarten, N "
                     "hoogstens 16",
                     "--share wants K/N, such as 3/5: K from 2 to N cards, N "
                     "at most 16");
    plan->threshold = (unsigned)k;
    plan->n = (unsigned)n;
    return MK_OK;
}

enum mk_err mk_cards_folder(struct mk_app *app, struct mk_cards_out *out)
{
    enum mk_err rc;
    unsigned holders = 0;
    *out = (struct mk_cards_out){.dir = -1};
    out->fresh.sink = sink;
    out->fresh.ctx = out;
    out->folder = mk_args_value(&app->args, MK_OPT_KAARTEN);
    if (out->folder == NULL)
        return usage(app, "--kaarten MAP ontbreekt",
                     "--cards FOLDER is missing");
    MK_TRY(parse_share(app, &out->fresh.plan));
    for (size_t i = 0; i < app->args.n_given; i++) {
        if (app->args.given[i].option != MK_OPT_KAARTHOUDER)
            continue;
        if (holders == MK_SHARES_MOST)
            return usage(app, "meer dan 16 kaarthouders",
                         "more than 16 holders");
        out->fresh.plan.holder[holders++] = app->args.given[i].value;
    }
    MK_TRY(mk_output_folder(app, &out->dir, out->folder));
out:
    return rc;
}

enum mk_err mk_cards_plan(struct mk_app *app, struct mk_cards_out *out)
{
    struct mk_share_plan *plan = &out->fresh.plan;
    struct mk_recovery_facts facts;
    if (plan->n == 0 && app->vault != NULL) {
        mk_keyring_recovery_facts(mk_vault_keyring(app->vault), &facts);
        plan->threshold = facts.in_force.threshold;
        plan->n = facts.in_force.n;
    }
    if (plan->n == 0)
        return usage(app, "--deel K/N ontbreekt", "--share K/N is missing");
    for (unsigned i = plan->n; i < MK_SHARES_MOST; i++)
        if (plan->holder[i] != NULL)
            return usage(app, "er zijn meer kaarthouders dan kaarten",
                         "there are more holders than cards");
    return MK_OK;
}

enum mk_err mk_cards_close(struct mk_app *app, struct mk_cards_out *out,
                           enum mk_err rc)
{
    char name[48];
    if (rc != MK_OK && rc != MK_E_UNKNOWN_OUTCOME)
        for (unsigned i = 0; i <= MK_SHARES_MOST; i++) {
            name_of(name, out->set, i);
            if (out->made[i] && unlinkat(out->dir, name, 0) != 0)
                mk_app_warn(app, MK_T(app,
                                      "er blijft een kaart achter die nergens "
                                      "bij hoort; wis haar",
                                      "a card that belongs to nothing stays "
                                      "behind; erase it"));
        }
    if (out->dir >= 0)
        close(out->dir);
    out->dir = -1;
    return rc;
}
