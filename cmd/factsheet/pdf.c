/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/pdf.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cmd/harden.h"
#include "pdf_py.h"

#define START_SECONDS 60 /* a slow disk, and no cache of fonts yet */
#define MAKE_SECONDS 600
#define PDF_BYTES ((size_t)64 << 20)

static const char python[] = "/usr/bin/python3";

/* ---- the child ---- */

/* At most that much, and less where whoever started us said so. */
static bool limit(int what, rlim_t most)
{
    struct rlimit r;
    if (getrlimit(what, &r) != 0)
        return false;
    if (r.rlim_max > most)
        r.rlim_max = most;
    r.rlim_cur = r.rlim_max;
    return setrlimit(what, &r) == 0;
}

/* 0 and 1 are the pipes, 2 is nothing, 3 is life, and there is no more. */
static bool arrange(int in, int out, int life)
{
    int nothing = open("/dev/null", O_WRONLY);
    return nothing >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 &&
           dup2(nothing, 2) == 2 && (life == 3 || dup2(life, 3) == 3) &&
           fcntl(3, F_SETFD, 0) == 0 && close_range(4, ~0u, 0) == 0;
}

static bool confine(void)
{
    /* programs, libraries and fonts, and where they are listed */
    static const struct mk_harden_place places[] = {
        {"/usr", MK_HARDEN_RUN},
        {"/lib", MK_HARDEN_RUN},
        {"/lib64", MK_HARDEN_RUN},
        {"/etc/ld.so.cache", MK_HARDEN_READ},
        {"/etc/fonts", MK_HARDEN_READ},
        {"/var/cache/fontconfig", MK_HARDEN_READ},
    };
    struct mk_harden harden = {0};
    struct mk_diag diag = MK_DIAG_INIT;
    /* memory last: what watches over a build for tests needs much of it */
    return chdir("/") == 0 &&
           mk_harden_program(&harden, places, sizeof places / sizeof places[0],
                             python, &diag) == MK_OK &&
           limit(RLIMIT_CPU, MAKE_SECONDS) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_NOFILE, 64) && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_AS, (rlim_t)2 << 30);
}

static void work(int in, int out, int life)
{
    /* -P, -s: modules of the system only; -B: none is compiled to a file.
     * Which order a set has, and the date in a subset of a font, are fixed. */
    char path[] = "PATH=/usr/bin:/bin", lang[] = "LANG=C.UTF-8",
         zone[] = "TZ=UTC", order[] = "PYTHONHASHSEED=0",
         date[] = "SOURCE_DATE_EPOCH=0";
    char *const env[] = {path, lang, zone, order, date, NULL};
    if (arrange(in, out, life) && mk_fs_child_bind(3) && confine())
        (void)execle(python, python, "-P", "-s", "-B", "-c", pdf_py,
                     (char *)NULL, env);
    _exit(MK_EXIT_FAILED);
}

/* ---- the parent ---- */

static enum mk_err receive(struct mk_fs_pdf *pdf, struct mk_buf *out,
                           uint64_t seconds, struct mk_diag *diag)
{
    enum mk_err rc = mk_fs_child_receive(pdf->child.from, out, PDF_BYTES,
                                         mk_fs_child_end(seconds));
    if (rc == MK_OK || rc == MK_E_MEMORY)
        return rc;
    mk_buf_clear(out);
    return mk_fail(diag, MK_E_NO_PDF, "pdf");
}

enum mk_err mk_fs_pdf_start(struct mk_fs_pdf *pdf, struct mk_diag *diag)
{
    struct mk_buf version = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_fs_child_start(&pdf->child, work, "pdf", diag));
    rc = receive(pdf, &version, START_SECONDS, diag);
    mk_buf_release(&version);
out:
    return rc;
}

enum mk_err mk_fs_pdf_make(struct mk_fs_pdf *pdf, const struct mk_buf *html,
                           struct mk_buf *out, struct mk_diag *diag)
{
    if (pdf->child.pid == 0 || mk_fs_child_send(pdf->child.to, html) != MK_OK)
        return mk_fail(diag, MK_E_NO_PDF, "pdf");
    return receive(pdf, out, MAKE_SECONDS, diag);
}

void mk_fs_pdf_stop(struct mk_fs_pdf *pdf)
{
    mk_fs_child_stop(&pdf->child);
}
