/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same vault on a server.  tests/bench/run starts one, whose commits wait
 * for the disk as those of the file do, with the tables of a vault, and those
 * of the bare library:
 *
 *   bare (id BIGSERIAL PRIMARY KEY, body BYTEA), a row in it
 *   bare_tail (n BIGINT), one row
 *
 *   writers  clients that each take in one melding after the other, against
 *            as many clients of libpq that insert rows of the same sizes into
 *            one table, lock one row before and move it after; as many round
 *            trips (rows that are written go in one), prepared statements, in
 *            turns
 *   reading  show, list and the counts of a factsheet over the wire, against
 *            the same commands on the same dossiers in a file
 */
#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/cube.h"
#include "tests/bench/bench.h"
#include "tests/bench/kit.h"
#include "tests/bench/tape.h"

#define ROUNDS 3
#define MAX_STATEMENTS 64

static const struct mk_access access_own = {.purpose = 0};

/* ---- a vault on the server ---- */

struct remote {
    struct bench_vault at;
    const char *helper, *url;
};

static void remote_at(struct remote *r, const char *folder, const char *name)
{
    int ends[2];
    pid_t pid;
    struct mk_diag diag = MK_DIAG_INIT;

    bench_vault_at(&r->at, folder, name);
    bench_must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0,
               "socket pair");
    pid = fork();
    if (pid == 0) {
        if (dup2(ends[1], STDIN_FILENO) == STDIN_FILENO)
            execl(r->helper, r->helper, (char *)NULL);
        _exit(127);
    }
    bench_must(pid > 0, "fork");
    close(ends[1]);
    bench_ok(mk_server_open(&r->at.where.server, ends[0], r->url, &diag),
             &diag, "server");
    r->at.where.vault = r->url;
}

/* The vault, in a database that has the tables only. */
static void remote_make(struct remote *r, const char *folder)
{
    remote_at(r, folder, "maker");
    bench_vault_people(&r->at);
    mk_server_close(r->at.where.server);
}

static struct mk_vault *remote_open(struct remote *r, const char *folder,
                                    const char *name, const char *who)
{
    struct mk_diag diag = MK_DIAG_INIT;

    bench_ok(mk_init(&diag), &diag, "init");
    remote_at(r, folder, name);
    return bench_vault_open(&r->at, who);
}

static void remote_close(struct remote *r, struct mk_vault *v)
{
    mk_vault_close(v);
    mk_server_close(r->at.where.server);
    while (wait(NULL) > 0)
        ;
}

/* ---- what one intake sends ---- */

struct shape {
    size_t reads;                /* statements */
    size_t n;                    /* ... that write */
    size_t size[MAX_STATEMENTS]; /* bytes of what each writes */
};

static void add_write(void *ctx, const char *query, const size_t *size,
                      size_t n)
{
    struct shape *s = ctx;

    (void)query;
    bench_must(s->n < MAX_STATEMENTS, "statements of an intake");
    s->size[s->n] = 0;
    for (size_t i = 0; i < n; i++)
        s->size[s->n] += size[i];
    s->n++;
}

static void take_shape(struct shape *s, struct remote *r, const char *folder)
{
    struct mk_vault *v = remote_open(r, folder, "shape", "inspecteur");
    struct tape tape;

    *s = (struct shape){.n = 0};
    (void)bench_intake(v); /* the session's own entry goes with it */
    tape_insert(&tape, v->store);
    tape_start(&tape, TAPE_WRITES);
    (void)bench_intake(v);
    bench_must(tape.transactions == 1, "an intake is one transaction");
    s->reads = tape.reads;
    tape_each_row(&tape, add_write, s);
    tape_remove(&tape, v->store);
    remote_close(r, v);
}

/* ---- the bare library ---- */

static void bare(PGconn *db, PGresult *result)
{
    bench_must(PQresultStatus(result) == PGRES_COMMAND_OK ||
                   PQresultStatus(result) == PGRES_TUPLES_OK,
               PQerrorMessage(db));
    PQclear(result);
}

static PGconn *bare_open(const char *url)
{
    /* what is the vault's own in the URL is no word of the library's */
    char plain[1024];
    const char *own = strstr(url, "&answer_timeout=");
    PGconn *db;

    snprintf(plain, sizeof plain, "%.*s",
             own ? (int)(own - url) : (int)strlen(url), url);
    db = PQconnectdb(plain);
    bench_must(PQstatus(db) == CONNECTION_OK, PQerrorMessage(db));
    bare(db, PQprepare(db, "read",
                       "SELECT body FROM public.bare WHERE id = $1", 1, NULL));
    bare(db, PQprepare(db, "write",
                       "INSERT INTO public.bare (body) VALUES ($1)", 1, NULL));
    bare(db, PQprepare(db, "move", "UPDATE public.bare_tail SET n = n + 1", 0,
                       NULL));
    return db;
}

/* All rows in one round trip. */
static void bare_rows(PGconn *db, const struct shape *s)
{
    static const char body[1 << 16];

    bench_must(PQenterPipelineMode(db) == 1, "pipeline");
    for (size_t i = 0; i + 1 < s->n; i++) {
        const char *const value[] = {body};
        const int size[] = {(int)s->size[i]};
        const int binary[] = {1};

        bench_must(s->size[i] <= sizeof body, "size of a row");
        bench_must(
            PQsendQueryPrepared(db, "write", 1, value, size, binary, 1) == 1,
            "write");
    }
    bench_must(PQsendQueryPrepared(db, "move", 0, NULL, NULL, NULL, 1) == 1 &&
                   PQpipelineSync(db) == 1,
               "move");
    for (size_t i = 0; i < s->n; i++) {
        bare(db, PQgetResult(db));
        bench_must(PQgetResult(db) == NULL, "one result each");
    }
    PQclear(PQgetResult(db)); /* the end of the pipeline */
    bench_must(PQexitPipelineMode(db) == 1, "pipeline");
}

static void bare_transaction(PGconn *db, const struct shape *s)
{
    const char *const first[] = {"1"};

    bare(db, PQexec(db, "BEGIN; SELECT n FROM public.bare_tail FOR UPDATE"));
    for (size_t i = 0; i < s->reads; i++)
        bare(db, PQexecPrepared(db, "read", 1, first, NULL, NULL, 1));
    bare_rows(db, s);
    bare(db, PQexec(db, "COMMIT"));
}

/* ---- clients ---- */

/*
 * Each client has a vault and a connection of the bare library, and works with
 * one and with the other in turns, by the clock that all share.
 */
struct client {
    struct mk_vault *v;
    PGconn *db;
    const struct shape *shape;
};
typedef void work(struct client *c);

static void intake(struct client *c)
{
    (void)bench_intake(c->v);
}

static void insert(struct client *c)
{
    bare_transaction(c->db, c->shape);
}

static uint64_t work_until(double end, work *job, struct client *c)
{
    uint64_t n = 0;

    for (; bench_now() < end; n++)
        job(c);
    return n;
}

struct gate {
    int turn[2];  /* a byte: who has it may derive a key, which takes memory */
    int ready[2]; /* a byte of each client */
    int start[2]; /* for each client: when */
    int done[2];  /* of each client: his counts */
};
struct counts {
    uint64_t ours[ROUNDS], bare[ROUNDS];
};

static void put(const int pipe_ends[2], const void *p, size_t n)
{
    bench_must(write(pipe_ends[1], p, n) == (ssize_t)n, "pipe");
}

static void get(const int pipe_ends[2], void *p, size_t n)
{
    bench_must(read(pipe_ends[0], p, n) == (ssize_t)n, "a client");
}

static void be_client(const struct gate *g, struct remote *r,
                      const char *folder, const struct shape *shape,
                      unsigned number, double seconds)
{
    struct client c = {.shape = shape};
    struct counts n;
    char name[32];
    char byte = 0;
    double at;

    /* its helper may end as it likes; the bench ends with all its clients */
    (void)signal(SIGCHLD, SIG_DFL);
    bench_must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
    snprintf(name, sizeof name, "client-%u", number);
    get(g->turn, &byte, 1);
    c.v = remote_open(r, folder, name, "inspecteur");
    put(g->turn, &byte, 1);
    c.db = bare_open(r->url);
    put(g->ready, &byte, 1);
    get(g->start, &at, sizeof at);
    for (size_t i = 0; i < ROUNDS; i++) {
        n.ours[i] = work_until(at += seconds, intake, &c);
        n.bare[i] = work_until(at += seconds, insert, &c);
    }
    put(g->done, &n, sizeof n);
    PQfinish(c.db);
    remote_close(r, c.v);
    exit(0);
}

/* A client that failed has said why; the others would wait for him. */
static void end_with_client(int number)
{
    int status;

    (void)number;
    while (waitpid(-1, &status, WNOHANG) > 0)
        if (status != 0)
            _exit(1);
}

static void all_at_once(struct remote *r, const char *folder,
                        const struct shape *shape, double seconds, unsigned n,
                        struct bench_pairs *p)
{
    const struct sigaction watch = {.sa_handler = end_with_client,
                                    .sa_flags = SA_RESTART};
    struct gate g;
    struct counts sum = {.ours = {0}};
    char byte = 0;
    double at;

    bench_must(pipe(g.turn) == 0 && pipe(g.ready) == 0 && pipe(g.start) == 0 &&
                   pipe(g.done) == 0,
               "pipe");
    bench_must(sigaction(SIGCHLD, &watch, NULL) == 0, "sigaction");
    fflush(stdout);
    for (unsigned i = 0; i < n; i++) {
        pid_t pid = fork();

        bench_must(pid >= 0, "fork");
        if (pid == 0)
            be_client(&g, r, folder, shape, i, seconds);
    }
    put(g.turn, &byte, 1);
    for (unsigned i = 0; i < n; i++)
        get(g.ready, &byte, 1);
    at = bench_now() + 0.1;
    for (unsigned i = 0; i < n; i++)
        put(g.start, &at, sizeof at);
    for (unsigned i = 0; i < n; i++) {
        struct counts one;

        get(g.done, &one, sizeof one);
        for (size_t k = 0; k < ROUNDS; k++) {
            sum.ours[k] += one.ours[k];
            sum.bare[k] += one.bare[k];
        }
    }
    while (wait(NULL) > 0)
        ;
    for (size_t k = 0; k < ROUNDS; k++)
        bench_pairs_add(p, (double)sum.ours[k], (double)sum.bare[k]);
}

static void writers(struct remote *r, const char *folder, double seconds,
                    unsigned n)
{
    static struct bench_pairs p;
    struct shape shape;

    take_shape(&shape, r, folder);
    all_at_once(r, folder, &shape, seconds, n, &p);
    bench_ratio(bench_pairs_ratio(&p), 0,
                "intakes of %u clients / bare inserts of as many (more is "
                "better; %zu round trips each, %d rounds of %.0f s)",
                n, shape.reads + 3, ROUNDS, seconds);
}

/* ---- reading ---- */

struct side {
    struct mk_vault *v;
    uint8_t (*id)[16]; /* of every dossier */
    size_t n, n_id;
};

static enum mk_err take_id(void *ctx, const struct mk_list_item *item)
{
    struct side *s = ctx;

    bench_must(s->n_id < s->n, "list");
    memcpy(s->id[s->n_id++], item->id, 16);
    return MK_OK;
}

static double list(struct side *s)
{
    const struct mk_list_filter all = {.year = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    double start = bench_now();
    uint64_t others;

    s->n_id = 0;
    bench_ok(mk_list(s->v, &access_own, &all, take_id, s, &others, &diag),
             &diag, "list");
    bench_must(s->n_id == s->n, "list is not whole");
    return bench_now() - start;
}

static double show(struct side *s)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    struct mk_view view;
    char tag[MK_TAG_TEXT];
    double start;

    mk_tag_format(tag, s->id[(size_t)(drand48() * (double)s->n)]);
    bench_ok(mk_dossier_ref_parse(&ref, tag, &diag), &diag, "tag");
    mk_view_init(&view);
    start = bench_now();
    bench_ok(
        mk_dossier_open(s->v, &access_own, MK_AUDIT_SHOW, &ref, &view, &diag),
        &diag, "show");
    start = bench_now() - start;
    mk_view_release(&view);
    return start;
}

static double count(struct side *s)
{
    const struct mk_count_request request = {.by_day = false};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_cube cube;
    double start;

    mk_cube_init(&cube);
    cube.n_years = 3;
    for (int i = 0; i < 3; i++)
        cube.years[i] = 2018 + i;
    start = bench_now();
    bench_ok(mk_count(s->v, &access_own, &request, &cube, &diag), &diag,
             "count");
    start = bench_now() - start;
    mk_cube_release(&cube);
    return start;
}

static void compare(const char *what, double (*command)(struct side *),
                    struct side *wire, struct side *file, size_t n)
{
    static struct bench_pairs p;

    p.n = 0;
    for (size_t i = 0; i < n; i++) {
        double b = command(file);

        bench_pairs_add(&p, command(wire), b);
    }
    bench_ratio(bench_pairs_ratio(&p), 0,
                "%s of %zu dossiers over the wire / in a file (%zu pairs)",
                what, wire->n, n);
}

static void fill(struct mk_vault *v, size_t n, const char *where)
{
    double start = bench_now();

    bench_import(v, n);
    bench_note("import of %zu dossiers %s: %.2f ms each", n, where,
               (bench_now() - start) * 1e3 / (double)n);
}

static void reading(struct remote *r, const char *folder, size_t n)
{
    struct bench_vault at;
    struct side wire = {.n = n, .id = calloc(n, 16)};
    struct side file = {.n = n, .id = calloc(n, 16)};
    struct mk_server *server;

    bench_must(wire.id != NULL && file.id != NULL, "memory");
    bench_vault_make(&at, folder, "file");
    file.v = bench_vault_open(&at, "inspecteur");
    wire.v = remote_open(r, folder, "wire", "inspecteur");
    server = r->at.where.server;
    fill(file.v, n, "in a file");
    fill(wire.v, n, "over the wire");
    compare("list", list, &wire, &file, 5);
    compare("showing one", show, &wire, &file, 200);
    mk_vault_close(file.v);
    mk_vault_close(wire.v);
    file.v = bench_vault_open(&at, "analist");
    wire.v = bench_vault_open(&r->at, "analist");
    compare("counting for a factsheet", count, &wire, &file, 9);
    mk_vault_close(file.v);
    mk_vault_close(wire.v);
    mk_server_close(server);
    bench_vault_remove(&at);
    free(wire.id);
    free(file.id);
}

int main(int argc, char **argv)
{
    struct remote r;
    struct mk_diag diag = MK_DIAG_INIT;
    bool writing = argc == 7 && strcmp(argv[1], "writers") == 0;

    bench_must(writing || (argc == 6 && strcmp(argv[1], "reading") == 0),
               "bench_pg writers HELPER FOLDER URL SECONDS CLIENTS, or "
               "reading HELPER FOLDER URL DOSSIERS");
    bench_ok(mk_init(&diag), &diag, "init");
    r = (struct remote){.helper = argv[2], .url = argv[4]};
    remote_make(&r, argv[3]);
    if (writing)
        writers(&r, argv[3], strtod(argv[5], NULL),
                (unsigned)strtoul(argv[6], NULL, 10));
    else
        reading(&r, argv[3], strtoull(argv[5], NULL, 10));
    return 0;
}
