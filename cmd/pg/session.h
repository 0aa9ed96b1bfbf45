/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What meldkluis-pg does for who asks: statements by number, in transactions.
 *
 *   serve      takes a question, gives its answer, until the other end closes
 *   replay     begins a write again when the server wants that, and nobody
 *              needs to know as long as every answer is what it was
 *   run        one question, on the server
 *   statement  of those, the statements of the store
 *   rows       what the server gave, as it goes over
 */
#ifndef MK_CMD_PG_SESSION_H
#define MK_CMD_PG_SESSION_H

#include "cmd/harden.h"
#include "cmd/pg/server.h"
#include "core/store/wire.h"

/* Bytes of questions of one write that are kept to ask them again. */
#define MK_TAPE_MAX ((size_t)16 << 20)

/* What was asked in this write, and SHA-256 of what was answered: a row of
 * kind u8 | length u32 | body | hash. */
struct mk_tape {
    struct mk_buf asked;
    bool full; /* too much to keep: no second try */
};

struct mk_statement {
    bool prepared;
    bool preparing; /* that was sent, and is owed */
    bool walking;   /* its cursor is open on the server */
    PGresult *rest; /* of a batch that is not given yet; NULL: none */
    int at;         /* the next row of it */
    unsigned batch; /* rows to fetch next */
    unsigned asked; /* rows that were asked for last */
    uint16_t blobs; /* bit i: parameter i is bytes; as it was prepared */
    uint8_t n_params;
};

/* Bytes of rows that are put before their results are taken. */
#define MK_PUT_MAX ((size_t)1 << 20)

struct mk_session {
    struct mk_harden *harden;
    struct mk_server server;
    struct mk_address address;
    bool open; /* a transaction */
    bool write;
    struct mk_statement statements[MK_QUERY_COUNT];
    size_t put;          /* bytes, since results were taken last */
    struct mk_diag late; /* of a PUT that failed and nobody was told; MK_OK */
    struct mk_tape tape;
};

/*
 * Answers one question: out becomes the frame of the answer, empty for a PUT,
 * whose error may come with a later one.  An error ends the transaction.
 * (run.c)
 */
MK_MUST_USE enum mk_err mk_session_run(struct mk_session *s, uint8_t kind,
                                       const struct mk_buf *body,
                                       struct mk_buf *out,
                                       struct mk_diag *diag);
/* Undoes what is open; the connection is lost if it cannot. */
void mk_session_rollback(struct mk_session *s);
MK_MUST_USE enum mk_err mk_session_begin(struct mk_session *s, bool write,
                                         bool wait, struct mk_diag *diag);

/*
 * RUN, PUT and NEXT (wire.h); r reads their body.  A PUT is sent and not
 * waited for: rows that follow each other are one round trip.  (statement.c)
 */
MK_MUST_USE enum mk_err mk_statement_run(struct mk_session *s,
                                         struct mk_reader *r,
                                         struct mk_buf *out,
                                         struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_statement_put(struct mk_session *s,
                                         struct mk_reader *r,
                                         struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_statement_next(struct mk_session *s,
                                          struct mk_reader *r,
                                          struct mk_buf *out,
                                          struct mk_diag *diag);
void mk_statements_end(struct mk_session *s); /* of all walks */
/* As mk_server_take, also for what was put. */
MK_MUST_USE enum mk_err mk_session_take(struct mk_session *s, const char *what,
                                        PGresult **out, struct mk_diag *diag);
/* What was put is done, or fails now. */
MK_MUST_USE enum mk_err mk_session_settle(struct mk_session *s,
                                          struct mk_diag *diag);

/* As mk_session_run, with further tries.  (replay.c) */
MK_MUST_USE enum mk_err mk_replay_run(struct mk_session *s, uint8_t kind,
                                      const struct mk_buf *body,
                                      struct mk_buf *out,
                                      struct mk_diag *diag);

/*
 * Makes an answer of the rows from *at on, or of what a command touched.  It
 * stops behind the row with which it has as many bytes as enough says; *at is
 * the next one then.  more: the server has more.  (rows.c)
 */
MK_MUST_USE enum mk_err mk_rows_add(struct mk_buf *out, const PGresult *result,
                                    int *at, size_t enough, bool more,
                                    struct mk_diag *diag);

#endif
