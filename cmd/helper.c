/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool beside(char out[static MK_PATH], const char *name)
{
    char own[MK_PATH];
    ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
    if (n <= 0)
        return false;
    own[n] = '\0';
    char *slash = strrchr(own, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    int len = snprintf(out, MK_PATH, "%s/%s", own, name);
    return len > 0 && len < MK_PATH && access(out, X_OK) == 0;
}

static bool find(char out[static MK_PATH], const char *name)
{
    if (beside(out, name))
        return true;
#ifdef MK_LIBEXEC
    int len = snprintf(out, MK_PATH, "%s/%s", MK_LIBEXEC, name);
    return len > 0 && len < MK_PATH && access(out, X_OK) == 0;
#else
    return false;
#endif
}

/* posix_spawn wants a row of text that it could change, and does not. */
union words {
    const char *const *in;
    char *const *out;
};

static int spawn(struct mk_helper *h, const char *path,
                 const char *const argv[], int in)
{
#ifdef __SANITIZE_ADDRESS__
    /* the leak check reads places that the sandbox shuts */
    static char option[] = "ASAN_OPTIONS=detect_leaks=0";
    static char *const nothing[] = {option, NULL};
#else
    static char *const nothing[] = {NULL};
#endif
    const union words words = {.in = argv};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t defaults;
    int rc;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    if (posix_spawn_file_actions_init(&files) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attr) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return ENOMEM;
    }
    rc = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    /* nothing else goes over: not the passphrases, not the terminal */
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(&attr, &defaults);
    if (rc == 0)
        rc = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
    if (rc == 0)
        rc = posix_spawn(&h->pid, path, &files, &attr, words.out, nothing);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

enum mk_err mk_helper_start(struct mk_helper *h, const char *name,
                            const char *const argv[], struct mk_diag *diag)
{
    char path[MK_PATH];
    int ends[2];
    h->pid = 0;
    h->in = -1;
    if (!find(path, name))
        return mk_fail(diag, MK_E_PROGRAM, name);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return mk_fail_sys(diag, MK_E_IO, "pipe");
    int rc = spawn(h, path, argv, ends[0]);
    close(ends[0]);
    if (rc != 0) {
        close(ends[1]);
        h->pid = 0;
        errno = rc;
        return mk_fail_sys(diag, MK_E_PROGRAM, name);
    }
    h->in = ends[1];
    return MK_OK;
}

enum mk_err mk_helper_send(struct mk_helper *h, const struct mk_buf *buf,
                           struct mk_diag *diag)
{
    for (size_t done = 0; done < buf->len;) {
        ssize_t n = write(h->in, buf->data + done, buf->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return mk_fail_sys(diag, MK_E_PROGRAM, "meldkluis-factsheet");
        done += (size_t)n;
    }
    return MK_OK;
}

enum mk_err mk_helper_finish(struct mk_helper *h, int *status,
                             struct mk_diag *diag)
{
    int raw = 0;
    pid_t got;
    if (h->in >= 0)
        close(h->in);
    h->in = -1;
    do
        got = waitpid(h->pid, &raw, 0);
    while (got < 0 && errno == EINTR);
    h->pid = 0;
    if (got < 0 || !WIFEXITED(raw))
        return mk_fail(diag, MK_E_PROGRAM, "meldkluis-factsheet");
    *status = WEXITSTATUS(raw);
    return MK_OK;
}
