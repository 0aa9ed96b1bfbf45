/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meldkluis-factsheet: the publication gate.  Reads counts and writes tables.
 * No key and no dossier ever reaches this process; before it looks at its
 * input it gives up everything but its output folder.  The solver runs in a
 * process of its own, which has not even that.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/factsheet/program.h"

typedef enum mk_err verb(struct mk_fs *fs, int argc, char **argv);

static const struct {
    const char *name;
    verb *run;
} verbs[] = {
    {"tables", mk_fs_tables},   {"publish", mk_fs_publish},
    {"release", mk_fs_release}, {"check", mk_fs_check},
    {"protect", mk_fs_protect}, {"audit", mk_fs_audit},
    {"round", mk_fs_round},     {"advise", mk_fs_advise},
};

static void help(void)
{
    fputs("meldkluis-factsheet VERB OPTION...\n"
          "\n"
          "protect --spec SPEC.json --data DATA.csv --out FOLDER\n"
          "audit   --spec SPEC.json --cells CELLS.csv [--data DATA.csv] "
          "[--base 3|5]\n"
          "        [--out FOLDER]\n"
          "round   --spec SPEC.json --data DATA.csv --base 3|5 --key FILE "
          "--out FOLDER\n"
          "advise  --spec SPEC.json --data DATA.csv [--out FOLDER]\n"
          "    of all four: [--previous RELEASE.json]... [--work N] "
          "[--time SECONDS]\n"
          "    [--lang nl|en]\n"
          "tables  --policy internal|exact [--threshold N] "
          "[--format text|csv|json|html]...\n"
          "    [--out FOLDER] [--lang nl|en]; counts on standard input\n"
          "publish, release, check: started by meldkluis\n"
          "\n"
          "plan.csv holds what is hidden: it is never to be shown.\n"
          "Status: 0 done, 2 wrong input, 6 refused by disclosure control.\n",
          stdout);
}

static enum mk_err run(struct mk_fs *fs, int argc, char **argv)
{
    enum mk_err rc;
    MK_TRY(mk_harden_begin(&fs->harden, &fs->diag));
    mk_harden_environment(&fs->harden);
    /* nothing that whoever started us had open is for us, but the way up of
     * publish (3); no such call in the kernel is no harm: the sandbox follows */
    bool up = argc > 1 && strcmp(argv[1], "publish") == 0;
    (void)close_range(up ? 4 : 3, ~0u, 0);
    if (argc < 2)
        return mk_fail(&fs->diag, MK_E_USAGE, "meldkluis-factsheet");
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        help();
        return MK_OK;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run ? verbs[i].run(fs, argc, argv)
                                : mk_fail(&fs->diag, MK_E_NOT_YET, argv[1]);
    rc = mk_fail(&fs->diag, MK_E_USAGE, "meldkluis-factsheet");
out:
    return rc;
}

int main(int argc, char **argv)
{
    struct mk_fs fs = {.diag = MK_DIAG_INIT};
    enum mk_err rc = run(&fs, argc, argv);
    mk_fs_solver_stop(&fs.solver);
    if (rc == MK_OK)
        return MK_EXIT_DONE;
    if (fs.diag.err != rc)
        (void)mk_fail(&fs.diag, rc, "factsheet");
    return fs.silent ? (int)mk_err_exit(rc)
                     : mk_fs_complain(&fs.diag, fs.english);
}
