/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/harden.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static enum mk_err open_standard(struct mk_diag *diag)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        /* the lowest free number is given out: it is fd */
        int got = open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
        if (got != fd)
            return mk_fail_sys(diag, MK_E_INTERNAL, "/dev/null");
    }
    return MK_OK;
}

static void note_inherited(struct mk_harden *h)
{
    h->is_heard = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    for (int fd = 3; fd < MK_HARDEN_FDS; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            h->inherited[fd / 64] |= UINT64_C(1) << (fd % 64);
}

void mk_harden_close_inherited(struct mk_harden *h, int keep)
{
    for (int fd = 3; fd < MK_HARDEN_FDS; fd++)
        if (fd != keep &&
            (h->inherited[fd / 64] & UINT64_C(1) << (fd % 64)) != 0)
            (void)close(fd);
    memset(h->inherited, 0, sizeof h->inherited);
}

enum mk_err mk_harden_begin(struct mk_harden *h, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct rlimit none = {0, 0};
    memset(h, 0, sizeof *h);
    note_inherited(h);
    umask(077);
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "RLIMIT_CORE");
    h->no_core = true;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_DUMPABLE");
    h->not_dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return mk_fail_sys(diag, MK_E_INTERNAL, "SIGPIPE");
    MK_TRY(open_standard(diag));
out:
    return rc;
}

static bool is_harmless(const char *variable)
{
    static const char *const whole[] = {
        "LANG=", "TZ=", "TERM=", "NO_COLOR=", "HOME="};
    static const char *const begin[] = {
        "LC_",
        "XDG_",
#ifdef MK_TEST_BUILD
        "MELDKLUIS_TEST_",
#endif
    };
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strncmp(variable, whole[i], strlen(whole[i])) == 0)
            return true;
    for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++)
        if (strncmp(variable, begin[i], strlen(begin[i])) == 0)
            return true;
    return false;
}

void mk_harden_environment(struct mk_harden *h)
{
    char **to = environ;
    for (char **from = environ; from && *from; from++)
        if (is_harmless(*from))
            *to++ = *from;
    if (to)
        *to = NULL;
    h->environment = true;
}

enum mk_err mk_harden_sandbox(struct mk_harden *h,
                              const struct mk_harden_place *places, size_t n,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    /* neither a set-user-id program nor anything else gives rights back */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_NO_NEW_PRIVS");
    MK_TRY(mk_harden_landlock(h, places, n, diag));
    MK_TRY(mk_harden_seccomp(h, diag));
out:
    return rc;
}
