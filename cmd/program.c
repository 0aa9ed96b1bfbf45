/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
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

/* Where the program says nothing to the user: not the terminal, on which
 * passphrases are typed.  What is open for writing there can be read, too. */
static int take_terminal(posix_spawn_file_actions_t *files)
{
    int rc = posix_spawn_file_actions_addopen(files, STDOUT_FILENO,
                                              "/dev/null", O_WRONLY, 0);
#ifndef __SANITIZE_ADDRESS__ /* what that finds has to be seen */
    if (rc == 0)
        rc = posix_spawn_file_actions_addopen(files, STDERR_FILENO,
                                              "/dev/null", O_WRONLY, 0);
#endif
    return rc;
}

/* Nothing else goes over: not the passphrases that were given. */
static int choose_files(posix_spawn_file_actions_t *files, int in, int back,
                        bool speaks)
{
    int rc = posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO);
    if (rc == 0 && !speaks)
        rc = take_terminal(files);
    if (rc == 0 && back >= 0)
        rc = posix_spawn_file_actions_adddup2(files, back, MK_PROGRAM_ANSWER);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(
            files, back >= 0 ? MK_PROGRAM_ANSWER + 1 : MK_PROGRAM_ANSWER);
    return rc;
}

static int spawn(pid_t *pid, const char *path, const union words *argv,
                 const union words *environment, int in, int back, bool speaks)
{
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
    rc = choose_files(&files, in, back, speaks);
    if (rc == 0)
        rc = posix_spawnattr_setsigdefault(&attr, &defaults);
    if (rc == 0)
        rc = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
    if (rc == 0)
        rc =
            posix_spawn(pid, path, &files, &attr, argv->out, environment->out);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

enum mk_err mk_program_start(pid_t *pid, const char *name,
                             const char *const argv[],
                             const char *const environment[], int in, int back,
                             bool speaks, struct mk_diag *diag)
{
    const union words words = {.in = argv};
    const union words variables = {.in = environment};
    char path[MK_PATH];
    int rc;
    *pid = 0;
    if (!find(path, name))
        return mk_fail(diag, MK_E_PROGRAM, name);
    rc = spawn(pid, path, &words, &variables, in, back, speaks);
    if (rc == 0)
        return MK_OK;
    *pid = 0;
    errno = rc;
    return mk_fail_sys(diag, MK_E_PROGRAM, name);
}
