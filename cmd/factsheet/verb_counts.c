/* SPDX-License-Identifier: GPL-3.0-or-later */
/* protect, audit, round, advise: any table of counts, without a vault. */
#include <stdio.h>
#include <string.h>

#include "cmd/factsheet/counts.h"
#include "core/base/text.h"
#include "reports/sdc/release_file.h"
#include "reports/sdc/report.h"
#include "reports/sdc/write.h"

#define BIT(name) (1u << MK_FS_##name)
#define BASIC \
    (BIT(SPEC) | BIT(PREVIOUS) | BIT(OUT) | BIT(WORK) | BIT(TIME) | BIT(LANG))

/* ---- protect ---- */

static enum mk_err write_protected(struct mk_fs *fs,
                                   const struct mk_folder *folder,
                                   const struct mk_sdc_task *task)
{
    struct mk_buf cells = MK_BUF_INIT, plan = MK_BUF_INIT;
    struct mk_buf proof = MK_BUF_INIT, release = MK_BUF_INIT;
    const struct mk_fs_file file[] = {{"cells.csv", &cells},
                                      {"plan.csv", &plan},
                                      {"proof.json", &proof},
                                      {"release.json", &release}};
    enum mk_err rc;
    MK_TRY(mk_sdc_write_cells(&cells, &task->model, &fs->diag));
    MK_TRY(mk_sdc_write_plan(&plan, &task->model, &fs->diag));
    MK_TRY(mk_sdc_write_proof(&proof, task, true));
    MK_TRY(mk_sdc_release_write(&release, &task->model, NULL, &fs->diag));
    MK_TRY(mk_fs_write_files(folder, file, 4, &fs->diag));
out:
    mk_buf_release(&cells);
    mk_buf_release(&plan);
    mk_buf_release(&proof);
    mk_buf_release(&release);
    return rc;
}

static enum mk_err say_protected(struct mk_fs *fs,
                                 const struct mk_sdc_task *task)
{
    const struct mk_sdc_result *r = &task->result;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_sdc_counts n;
    enum mk_err rc;
    mk_sdc_count_cells(&task->model, &n);
    MK_TRY(mk_buf_addf(&text,
                       MK_FS_T(fs,
                               "%zu cellen: %zu gepubliceerd, %zu verborgen "
                               "(%zu primair, %zu secundair)\n",
                               "%zu cells: %zu published, %zu hidden (%zu "
                               "primary, %zu secondary)\n"),
                       n.cells, n.published, n.hidden, n.primary,
                       n.secondary));
    if (r->optimal)
        MK_TRY(mk_buf_add_str(
            &text, MK_FS_T(fs, "bewezen: het kan niet met minder\n",
                           "proven: it cannot be done with less\n")));
    else
        MK_TRY(mk_buf_addf(
            &text,
            MK_FS_T(fs,
                    "kosten %.0f, zeker niet minder dan %.0f (grens van "
                    "--work bereikt)\n",
                    "cost %.0f, surely not less than %.0f (limit of --work "
                    "reached)\n"),
            r->cost, r->bound > 0 ? r->bound - 0.5 : 0));
    rc = mk_fs_write(fs, &text);
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_fs_protect(struct mk_fs *fs, int argc, char **argv)
{
    struct mk_fs_counts c;
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_fs_counts_run(&c, fs, argc, argv, MK_SDC_JOB_PROTECT,
                            BASIC | BIT(DATA),
                            BIT(SPEC) | BIT(DATA) | BIT(OUT)));
    if (!c.task->result.safe || c.task->result.n_faults > 0) {
        MK_TRY(mk_sdc_write_refusal(&text, c.task, fs->english));
        fwrite(text.data, 1, text.len, stderr);
        rc = mk_fail(&fs->diag, MK_E_DISCLOSURE, NULL);
        goto out;
    }
    /* first what can be lost: then no file is there either */
    MK_TRY(say_protected(fs, c.task));
    MK_TRY(write_protected(fs, &c.folder, c.task));
out:
    mk_buf_release(&text);
    mk_fs_counts_end(&c);
    return rc;
}

/* ---- audit ---- */

static enum mk_err write_audit(struct mk_fs *fs, const struct mk_fs_counts *g)
{
    const struct mk_sdc_task *task = g->task;
    struct mk_buf text = MK_BUF_INIT, cells = MK_BUF_INIT;
    struct mk_buf proof = MK_BUF_INIT;
    const struct mk_fs_file file[] = {
        {"audit.csv", &cells},
        {"proof.json", &proof},
        {"derivations.txt", &task->result.derivations}};
    struct mk_sdc_counts n;
    enum mk_err rc;
    MK_TRY(mk_sdc_write_audit(&cells, task));
    MK_TRY(mk_sdc_write_proof(&proof, task, true));
    MK_TRY(mk_sdc_write_faults(&text, task, fs->english));
    mk_sdc_count_cells(&task->model, &n);
    MK_TRY(mk_buf_addf(
        &text,
        MK_FS_T(fs,
                "%zu cellen, %zu verborgen%s: %zu geven iets "
                "weg\n",
                "%zu cells, %zu hidden%s: %zu give something "
                "away\n"),
        n.cells, n.hidden,
        n.rounded ? MK_FS_T(fs, ", de rest afgerond", ", the others rounded")
                  : "",
        task->result.n_faults));
    /* the solver wrote it: no terminal obeys it */
    MK_TRY(mk_text_visible(&text, task->result.derivations.data,
                           task->result.derivations.len, true));
    MK_TRY(mk_fs_write(fs, &text));
    if (g->path[MK_FS_OUT])
        MK_TRY(mk_fs_write_files(&g->folder, file, 3, &fs->diag));
out:
    mk_buf_release(&text);
    mk_buf_release(&cells);
    mk_buf_release(&proof);
    return rc;
}

enum mk_err mk_fs_audit(struct mk_fs *fs, int argc, char **argv)
{
    struct mk_fs_counts c;
    enum mk_err rc;
    MK_TRY(mk_fs_counts_run(&c, fs, argc, argv, MK_SDC_JOB_AUDIT,
                            BASIC | BIT(DATA) | BIT(CELLS) | BIT(BASE),
                            BIT(SPEC) | BIT(CELLS)));
    MK_TRY(write_audit(fs, &c));
    if (c.task->result.n_faults > 0)
        rc = mk_fail(&fs->diag, MK_E_LEAKS, c.path[MK_FS_CELLS]);
out:
    mk_fs_counts_end(&c);
    return rc;
}

/* ---- round ---- */

static enum mk_err write_rounded(struct mk_fs *fs,
                                 const struct mk_folder *folder,
                                 const struct mk_sdc_task *task)
{
    const struct mk_sdc_model *seen = &task->rounded.seen;
    struct mk_buf cells = MK_BUF_INIT, proof = MK_BUF_INIT;
    struct mk_buf release = MK_BUF_INIT;
    const struct mk_fs_file file[] = {{"cells.csv", &cells},
                                      {"proof.json", &proof},
                                      {"release.json", &release}};
    enum mk_err rc;
    MK_TRY(mk_sdc_write_cells(&cells, seen, &fs->diag));
    MK_TRY(mk_sdc_write_round_proof(&proof, task, true));
    MK_TRY(mk_sdc_release_write(&release, seen, NULL, &fs->diag));
    MK_TRY(mk_fs_write_files(folder, file, 3, &fs->diag));
out:
    mk_buf_release(&cells);
    mk_buf_release(&proof);
    mk_buf_release(&release);
    return rc;
}

static enum mk_err say_rounded(struct mk_fs *fs,
                               const struct mk_sdc_rounded *round)
{
    struct mk_buf text = MK_BUF_INIT;
    struct mk_sdc_counts n;
    enum mk_err rc;
    mk_sdc_count_cells(&round->seen, &n);
    MK_TRY(mk_buf_addf(&text,
                       MK_FS_T(fs,
                               "%zu cellen afgerond op %u, %zu ervan klein of "
                               "herleidbaar\n",
                               "%zu cells rounded to %u, %zu of them small or "
                               "traceable\n"),
                       n.rounded, round->base, n.unsafe));
    if (round->n_moved > 0)
        MK_TRY(mk_buf_addf(
            &text,
            MK_FS_T(fs,
                    "%zu veelvouden staan er als een ander veelvoud: zeg dat "
                    "erbij\n",
                    "%zu multiples are printed as another one: say so beside "
                    "it\n"),
            round->n_moved));
    rc = mk_fs_write(fs, &text);
out:
    mk_buf_release(&text);
    return rc;
}

/* What is wrong, above the message of E_DISCLOSURE. */
static void say_why_not(const struct mk_fs *fs, uint64_t base)
{
    if (fs->diag.num[0] > 0)
        fprintf(stderr,
                MK_FS_T(fs,
                        "geen afronding doorstaat de toets: in de laatste "
                        "zijn %lld cijfers te nauwkeurig bekend\n",
                        "no rounding passes: in the last one %lld figures are "
                        "known too closely\n"),
                (long long)fs->diag.num[0]);
    else
        fprintf(stderr,
                MK_FS_T(fs,
                        "er zijn geen veelvouden van %llu dichtbij waarmee "
                        "alle tabellen optellen; neem minder detail\n",
                        "no multiples of %llu nearby make all tables add up; "
                        "take less detail\n"),
                (unsigned long long)base);
}

enum mk_err mk_fs_round(struct mk_fs *fs, int argc, char **argv)
{
    struct mk_fs_counts c;
    enum mk_err rc;
    MK_TRY(mk_fs_counts_run(&c, fs, argc, argv, MK_SDC_JOB_ROUND,
                            BASIC | BIT(DATA) | BIT(BASE) | BIT(KEY),
                            BIT(SPEC) | BIT(DATA) | BIT(BASE) | BIT(KEY) |
                                BIT(OUT)));
    if (c.task->rounded.audit.n_faults > 0) {
        rc = mk_fail_at(&fs->diag, MK_E_DISCLOSURE, "rounding", 0,
                        (int64_t)c.task->rounded.audit.n_faults, 0);
        goto out;
    }
    MK_TRY(say_rounded(fs, &c.task->rounded));
    MK_TRY(write_rounded(fs, &c.folder, c.task));
out:
    if (rc == MK_E_DISCLOSURE)
        say_why_not(fs, c.base);
    mk_fs_counts_end(&c);
    return rc;
}

/* ---- advise ---- */

static enum mk_err write_advice(struct mk_fs *fs, const struct mk_fs_counts *c)
{
    const struct mk_sdc_advice *advice = &c->task->advice;
    struct mk_buf text = MK_BUF_INIT, csv = MK_BUF_INIT;
    const struct mk_fs_file file = {"advice.csv", &csv};
    enum mk_err rc;
    MK_TRY(mk_sdc_advise_text(&text, advice, fs->english, &fs->diag));
    MK_TRY(mk_sdc_advise_csv(&csv, advice, &fs->diag));
    MK_TRY(mk_fs_write(fs, &text));
    if (c->path[MK_FS_OUT])
        MK_TRY(mk_fs_write_files(&c->folder, &file, 1, &fs->diag));
out:
    mk_buf_release(&text);
    mk_buf_release(&csv);
    return rc;
}

enum mk_err mk_fs_advise(struct mk_fs *fs, int argc, char **argv)
{
    struct mk_fs_counts c;
    enum mk_err rc;
    MK_TRY(mk_fs_counts_run(&c, fs, argc, argv, MK_SDC_JOB_ADVISE,
                            BASIC | BIT(DATA), BIT(SPEC) | BIT(DATA)));
    MK_TRY(write_advice(fs, &c));
out:
    mk_fs_counts_end(&c);
    return rc;
}
