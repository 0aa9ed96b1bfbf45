/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Landlock by its system calls.  The layout and the bits below are the
 * kernel's (linux/landlock.h up to ABI 6); the header of an older system
 * knows fewer of them, so they stand here.
 */
#include "cmd/harden.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FS_EXECUTE (1ull << 0)
#define FS_WRITE_FILE (1ull << 1)
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)
#define FS_REMOVE_DIR (1ull << 4)
#define FS_REMOVE_FILE (1ull << 5)
#define FS_MAKE_DIR (1ull << 7)
#define FS_MAKE_REG (1ull << 8)
#define FS_ABI1 ((1ull << 13) - 1)
#define FS_REFER (1ull << 13)     /* ABI 2 */
#define FS_TRUNCATE (1ull << 14)  /* ABI 3 */
#define FS_IOCTL_DEV (1ull << 15) /* ABI 5 */
#define NET_BIND_TCP (1ull << 0)  /* ABI 4 */
#define NET_CONNECT_TCP (1ull << 1)
#define SCOPE_ABSTRACT_UNIX (1ull << 0) /* ABI 6 */
#define SCOPE_SIGNAL (1ull << 1)

#define CREATE_VERSION 1u
#define RULE_PATH_BENEATH 1

struct ruleset {
    uint64_t fs, net, scoped;
};
struct path_beneath {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));

/* What the kernel takes of a struct ruleset grew with its ABI. */
static size_t ruleset_size(int abi)
{
    return abi >= 6   ? sizeof(struct ruleset)
           : abi >= 4 ? 2 * sizeof(uint64_t)
                      : sizeof(uint64_t);
}

static struct ruleset everything(int abi, bool connects)
{
    struct ruleset r = {.fs = FS_ABI1};
    if (abi >= 2)
        r.fs |= FS_REFER;
    if (abi >= 3)
        r.fs |= FS_TRUNCATE;
    if (abi >= 5)
        r.fs |= FS_IOCTL_DEV;
    if (abi >= 4)
        r.net = NET_BIND_TCP | (connects ? 0 : NET_CONNECT_TCP);
    if (abi >= 6)
        r.scoped = SCOPE_SIGNAL | (connects ? 0 : SCOPE_ABSTRACT_UNIX);
    return r;
}

static uint64_t rights_of(enum mk_harden_right right)
{
    switch (right) {
    case MK_HARDEN_WORK:
        return FS_READ_FILE | FS_READ_DIR | FS_WRITE_FILE | FS_REMOVE_FILE |
               FS_MAKE_REG | FS_MAKE_DIR | FS_REMOVE_DIR | FS_TRUNCATE;
    case MK_HARDEN_READ:
        return FS_READ_FILE | FS_READ_DIR;
    case MK_HARDEN_RUN:
        return FS_READ_FILE | FS_READ_DIR | FS_EXECUTE;
    case MK_HARDEN_WRITE:
        return FS_READ_FILE | FS_READ_DIR | FS_WRITE_FILE | FS_REMOVE_FILE |
               FS_MAKE_REG | FS_MAKE_DIR | FS_TRUNCATE;
    case MK_HARDEN_REMOVE:
        return FS_REMOVE_FILE;
    case MK_HARDEN_EMPTY:
        return FS_REMOVE_DIR;
    }
    return 0;
}

static enum mk_err allow(int set, const struct mk_harden_place *place,
                         uint64_t handled, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct stat st;
    int fd = open(place->path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES
                   ? MK_OK
                   : mk_fail_sys(diag, MK_E_INTERNAL, "landlock");
    struct path_beneath rule = {.allowed = rights_of(place->right) & handled,
                                .fd = fd};
    if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed &= FS_READ_FILE | FS_WRITE_FILE | FS_TRUNCATE |
                        FS_EXECUTE;
    if (rule.allowed != 0 &&
        syscall(SYS_landlock_add_rule, set, RULE_PATH_BENEATH, &rule, 0u) != 0)
        rc = mk_fail_sys(diag, MK_E_INTERNAL, "landlock");
    close(fd);
    return rc;
}

static enum mk_err restrict_to(struct mk_harden *h,
                               const struct mk_harden_place *places, size_t n,
                               bool connects, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    long abi =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_VERSION);
    if (abi < 1) {
        h->landlock_errno = errno;
        return MK_OK;
    }
    h->landlock_abi = (int)abi;
    struct ruleset all = everything(h->landlock_abi, connects);
    int set = (int)syscall(SYS_landlock_create_ruleset, &all,
                           ruleset_size(h->landlock_abi), 0u);
    if (set < 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "landlock");
    for (size_t i = 0; i < n; i++)
        MK_TRY(allow(set, &places[i], all.fs, diag));
    if (syscall(SYS_landlock_restrict_self, set, 0u) != 0) {
        rc = mk_fail_sys(diag, MK_E_INTERNAL, "landlock");
        goto out;
    }
    h->landlock = true;
    h->landlock_net = (all.net & NET_CONNECT_TCP) != 0;
out:
    close(set);
    return rc;
}

enum mk_err mk_harden_landlock(struct mk_harden *h,
                               const struct mk_harden_place *places, size_t n,
                               struct mk_diag *diag)
{
    return restrict_to(h, places, n, false, diag);
}

enum mk_err mk_harden_landlock_files(struct mk_harden *h,
                                     const struct mk_harden_place *places,
                                     size_t n, struct mk_diag *diag)
{
    return restrict_to(h, places, n, true, diag);
}
