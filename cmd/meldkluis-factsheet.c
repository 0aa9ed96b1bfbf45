/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * meldkluis-factsheet: the publication gate.  Reads counts and writes tables.
 * No key and no dossier ever reaches this process; before it looks at its
 * input it gives up everything but its output folder.  The solver runs in a
 * process of its own, which has not even that.
 */
#include <string.h>
#include <unistd.h>

#include "cmd/factsheet/program.h"

static enum mk_err run(struct mk_fs *fs, int argc, char **argv)
{
    enum mk_err rc;
    MK_TRY(mk_harden_begin(&fs->harden, &fs->diag));
    mk_harden_environment(&fs->harden);
    /* nothing that whoever started us had open is for us, but the way up of
     * publish (3); no such call in the kernel is no harm: the sandbox follows */
    bool up = argc > 1 && strcmp(argv[1], "publish") == 0;
    (void)close_range(up ? 4 : 3, ~0u, 0);
    fs->english = mk_fs_english_wanted(argc, argv);
    fs->verb = argc > 1 ? mk_fs_verb_find(argv[1]) : NULL;
    if (argc > 1 && mk_fs_help_is(argv[1]))
        rc = mk_fs_help(fs, argc > 2 ? mk_fs_verb_find(argv[2]) : NULL);
    else if (fs->verb)
        rc = fs->verb->run(fs, argc, argv);
    else
        rc = mk_fs_usage(fs, argc > 1 ? argv[1] : "meldkluis-factsheet",
                         MK_FS_WRONG_VERB);
out:
    return rc;
}

int main(int argc, char **argv)
{
    struct mk_fs fs = {.diag = MK_DIAG_INIT};
    enum mk_err rc = run(&fs, argc, argv);
    mk_fs_solver_stop(&fs.solver);
    if (rc == MK_OK || fs.helped)
        return MK_EXIT_DONE;
    if (fs.diag.err != rc)
        (void)mk_fail(&fs.diag, rc, "factsheet");
    return fs.silent ? (int)mk_err_exit(rc) : mk_fs_complain(&fs);
}
