/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of an export: files that are written whole and then renamed, in
 * folders that are made as they are needed.
 *
 * Paths are relative to that folder, with '/' between the parts.  No link is
 * followed.  Files get mode 600 and folders 700; what a stick makes of that
 * is its own affair, so unlike files of the vault these are not refused for
 * their modes.  Place of all errors: "export".
 */
#ifndef MK_CORE_EXPORT_DIR_H
#define MK_CORE_EXPORT_DIR_H

#include "core/base/buf.h"
#include "core/tiles.h"

#define MK_EXPORT_NEW ".new" /* what is being written, in each folder */
#define MK_EXPORT_FOLDERS 10 /* that stay open */

struct mk_export_dir {
    int root; /* borrowed */
    struct {
        int fd; /* -1: free */
        char path[MK_TILE_PATH];
    } open[MK_EXPORT_FOLDERS];
    unsigned next;  /* folder that makes room */
    uint64_t files; /* written */
};

void mk_export_dir_init(struct mk_export_dir *d, int root);
/* Without making anything durable; see sync. */
void mk_export_dir_release(struct mk_export_dir *d);
/* Only one process at a time writes an export; held until root is closed.
 * Errors: E_BUSY. */
MK_MUST_USE enum mk_err mk_export_dir_lock(const struct mk_export_dir *d,
                                           struct mk_diag *diag);
/* Nothing is in it (what was cut off while it was written does not count). */
MK_MUST_USE enum mk_err mk_export_dir_empty(const struct mk_export_dir *d,
                                            bool *empty, struct mk_diag *diag);

/* Temporary file, fsync, rename; the folders that hold it are durable after
 * the next sync.  Errors: E_DISK_FULL, E_IO. */
MK_MUST_USE enum mk_err mk_export_put(struct mk_export_dir *d,
                                      const char *path, const void *p,
                                      size_t n, struct mk_diag *diag);
/* The same, unless the file is so already. */
MK_MUST_USE enum mk_err mk_export_renew(struct mk_export_dir *d,
                                        const char *path, const void *p,
                                        size_t n, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_export_sync(struct mk_export_dir *d,
                                       struct mk_diag *diag);

/* The whole of a plain file of at most max bytes; *found false if there is
 * none.  Errors: E_TOO_LARGE, E_IO, E_MEMORY. */
MK_MUST_USE enum mk_err mk_export_get(struct mk_export_dir *d,
                                      const char *path, size_t max,
                                      bool *found, struct mk_buf *out,
                                      struct mk_diag *diag);
/* Fine if it is not there. */
MK_MUST_USE enum mk_err mk_export_remove(struct mk_export_dir *d,
                                         const char *path,
                                         struct mk_diag *diag);
/* A folder and the files in it (no folders). */
MK_MUST_USE enum mk_err mk_export_remove_folder(struct mk_export_dir *d,
                                                const char *path,
                                                struct mk_diag *diag);

/* A long file in the folder itself, written piece by piece. */
struct mk_export_file {
    const char *name;
    int fd; /* -1: closed */
    bool is_new;
    struct mk_buf pending;
};
/*
 * keep 0: a new file, which takes the place of name when it is closed; else
 * the first keep bytes of name stay, what stands behind them goes, and more
 * is added at the end.
 */
MK_MUST_USE enum mk_err mk_export_file_open(struct mk_export_dir *d,
                                            struct mk_export_file *f,
                                            const char *name, uint64_t keep,
                                            struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_export_file_add(struct mk_export_file *f,
                                           const void *p, size_t n,
                                           struct mk_diag *diag);
/* fsync, and in its place. */
MK_MUST_USE enum mk_err mk_export_file_close(struct mk_export_dir *d,
                                             struct mk_export_file *f,
                                             struct mk_diag *diag);
/* After an error; fine when it is closed or was never opened. */
void mk_export_file_drop(struct mk_export_file *f);
/* The last whole record of n bytes that ends at or before *end, which becomes
 * where it begins; the length of the file at first: UINT64_MAX.  *found false
 * when there is none. */
MK_MUST_USE enum mk_err mk_export_record_back(struct mk_export_dir *d,
                                              const char *name, void *out,
                                              size_t n, uint64_t *end,
                                              bool *found,
                                              struct mk_diag *diag);

#endif
