/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading an export that may be hostile: below its folder no symbolic link is
 * followed, nothing but a plain file is read, nothing is read without a limit.
 */
#ifndef MK_CMD_VERIFY_FILES_H
#define MK_CMD_VERIFY_FILES_H

#include "core/base/buf.h"

#define MK_VF_PATH 128 /* longest path below the export, with its NUL */

enum mk_vf_file {
    MK_VF_READ,
    MK_VF_ABSENT,
    MK_VF_STRANGE, /* a link, a folder, a device, or longer than it may be */
};

/*
 * Puts the file path below the folder dir into out (replaced), at most max
 * bytes.  path has no part that is empty or begins with a dot.
 * Errors: E_IO when the disk fails, E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_vf_load(enum mk_vf_file *what, struct mk_buf *out,
                                   int dir, const char *path, size_t max,
                                   struct mk_diag *diag);

/* A file that is read from front to back in pieces of one size. */
struct mk_vf_stream {
    int fd; /* -1: none */
    size_t piece, have, at;
    uint8_t data[65536];
};
/* piece <= 4096.  Errors: as mk_vf_load. */
MK_MUST_USE enum mk_err mk_vf_stream_open(struct mk_vf_stream *s,
                                          enum mk_vf_file *what, int dir,
                                          const char *path, size_t piece,
                                          struct mk_diag *diag);
/* *p is the next piece, borrowed until the next call; NULL at the end, and at
 * a last piece that is not whole. */
MK_MUST_USE enum mk_err mk_vf_stream_next(struct mk_vf_stream *s,
                                          const uint8_t **p,
                                          struct mk_diag *diag);
void mk_vf_stream_close(struct mk_vf_stream *s);

/* "tile/1/x001/234", of a partial tile with ".p/" and its width behind it;
 * level < 0: of entries.  width 1..256.  Source: C2SP tlog-tiles. */
void mk_vf_tile_path(char out[static MK_VF_PATH], int level, uint64_t n,
                     unsigned width);

/*
 * Opens the folder path, which may be a link: whoever runs us names it.
 * Errors: E_NOT_FOUND, E_IO.
 */
MK_MUST_USE enum mk_err mk_vf_folder(int *dir, const char *path,
                                     struct mk_diag *diag);
/* A file that the command line names: a plain file, or what a shell gives as
 * /dev/fd/N; at most max bytes.  Errors: E_NO_FILE, E_IO, E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_vf_given(struct mk_buf *out, const char *path,
                                    size_t max, struct mk_diag *diag);

/* Numbers that are names of files in the folder path below dir, ascending; other
 * names are passed over.  Owns: the caller frees *list.  Errors: E_IO,
 * E_MEMORY, E_TOO_LARGE beyond max. */
MK_MUST_USE enum mk_err mk_vf_numbers(uint64_t **list, size_t *n, int dir,
                                      const char *path, size_t max,
                                      struct mk_diag *diag);

/* A name that a witness's program gives its note: "witness-96-8fa15334.note". */
struct mk_vf_note_name {
    char text[48];
};
/* Such names in the folder dir itself, ascending; other names are passed over.
 * Owns: the caller frees *list.  Errors: as mk_vf_numbers. */
MK_MUST_USE enum mk_err mk_vf_note_names(struct mk_vf_note_name **list,
                                         size_t *n, int dir, size_t max,
                                         struct mk_diag *diag);

#endif
